# SPDX-License-Identifier: Apache-2.0
"""The power is cut at twenty moments: after each the node boots and converges, and nobody helps."""

import os
import tempfile
import time
import unittest

from lab.process import wait_until
from node_case import STATE, NodeCase, config_maps
from upgrade_test import package_with_version

CUTS = 5  # for each of the four things that are interrupted
MOVED = 60  # objects


class PowerTest(NodeCase):
    """Each scenario measures once how long the undisturbed thing takes, then cuts the power at
    moments spread evenly over it; all cuts hit the same card."""

    def take_node(self):
        super().take_node()
        self.spoils_node()

    def cut_while(self, begin, seconds, prepare=lambda: None, check=lambda: None):
        """For each moment: prepare, begin the thing, cut the power, boot, converge, check."""
        for number in range(CUTS):
            after = seconds * (number + 0.5) / CUTS
            with self.subTest(f"after {after:.1f} of {seconds:.1f} s"):
                prepare()
                commit = begin(number)
                time.sleep(after)  # the moment itself, not a wait for anything
                self.node.cut_power()
                self.node.boot()
                self.wait_applied(commit)
                self.check_nothing_is_half_written()
                check()
                print(f"    cut after {after:.1f} s: converged", flush=True)

    def check_nothing_is_half_written(self):
        """Nothing of an interrupted write is left, and a look at everything finds nothing to do."""
        left = self.node.text(f"find {STATE} -name '*.new' -o -path '*/incoming/*'")
        self.assertEqual(left, "")
        plan = self.node.run("primocane plan", check=False)
        self.assertEqual(plan.code, 0, plan.output + plan.errors)
        self.assertEqual(self.unit("ActiveState", "NRestarts"), ("active", "0"))
        self.assertEqual(len(self.values()), MOVED)

    def measured(self, begin):
        """How long the thing takes when nobody disturbs it."""
        began = time.monotonic()
        commit = begin(CUTS)
        self.wait_applied(commit)
        return time.monotonic() - began

    def test_during_the_first_start(self):
        self.configure()
        commit = self.repository.commit(config_maps(MOVED))

        def forget():
            self.node.run(f"systemctl stop primocane; rm -rf {STATE} && sync")
            self.cluster.kubectl("delete", "namespace", "primocane-system", "home",
                                 "--ignore-not-found")

        def start(_):
            self.node.start("systemctl start primocane")
            return commit

        forget()
        self.cut_while(start, self.measured(start), prepare=forget)

    def test_during_a_fetch(self):
        self.deploy(config_maps(MOVED))
        # So slow that all the moments lie within the fetch.
        self.git.fail_with({"kind": "slow", "match": "/home.git/git-upload-pack",
                            "bytes_per_second": 400_000})

        def commit_much(number):
            commit = self.repository.commit(config_maps(MOVED, f"fetched-{number}")
                                            | {"noise.bin": os.urandom(4_000_000)})
            self.git.forget_requests()
            self.node.run("primocane reconcile")
            wait_until(self.git.requests, "the agent asks for the commit")
            return commit

        self.cut_while(commit_much, self.measured(commit_much))
        self.assertEqual(set(self.values().values()), {f"fetched-{CUTS - 1}"})

    def test_during_an_apply(self):
        self.deploy(config_maps(MOVED))

        def change_all(number):
            commit = self.repository.commit(config_maps(MOVED, f"applied-{number}"))
            self.node.run("primocane reconcile")
            return commit

        self.cut_while(change_all, self.measured(change_all))
        self.assertEqual(set(self.values().values()), {f"applied-{CUTS - 1}"})

    def test_during_an_upgrade(self):
        commit = self.deploy(config_maps(MOVED))
        with tempfile.TemporaryDirectory() as folder:
            for number in range(CUTS + 1):
                self.node.copy_in(package_with_version(folder, f"99:{number}.0"),
                                  f"/root/{number}.deb")

            def upgrade(number):
                self.node.start(f"dpkg -i /root/{number}.deb")
                return commit

            began = time.monotonic()
            upgrade(0)
            self.node.wait_for("dpkg-query -W -f '${Version} ${db:Status-Status}' primocane "
                               "| grep -x '99:0.0 installed' && systemctl is-active primocane",
                               "the undisturbed upgrade")
            self.cut_while(lambda number: upgrade(number + 1), time.monotonic() - began,
                           check=self.check_the_upgrade_can_be_repeated)

    def check_the_upgrade_can_be_repeated(self):
        """The agent went on by itself; dpkg leaves a package half done, which is a person's to end."""
        self.node.text("DEBIAN_FRONTEND=noninteractive dpkg --configure -a 2>&1", seconds=300)
        for number in range(CUTS + 1):
            self.node.run(f"test -s /root/{number}.deb")
        version = self.node.text("dpkg-query -W -f '${Version}' primocane")
        number = version.partition(":")[2].partition(".")[0]
        self.node.text(f"DEBIAN_FRONTEND=noninteractive dpkg -i /root/{number}.deb 2>&1", seconds=300)
        self.assertEqual(self.node.text("dpkg --audit"), "")
        self.node.wait_for("systemctl is-active primocane", "the service runs")


if __name__ == "__main__":
    unittest.main()
