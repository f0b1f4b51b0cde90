# SPDX-License-Identifier: Apache-2.0
"""A node is switched on, and something that the agent needs isn't there yet."""

import datetime
import re
import time
import unittest

from lab.git import GitServer
from node_case import GIT_ARGUMENTS, HOST, KUBECONFIG, NodeCase, config_maps


SET_BACK = """
[Unit]
Before=primocane.service
[Service]
Type=oneshot
ExecStart=/usr/bin/date -u -s @1000000
[Install]
WantedBy=multi-user.target
"""


class BootTest(NodeCase):

    def uids(self):
        text = self.cluster.kubectl("get", "configmap", "-n", "home", "-o",
                                    "jsonpath={.items[*].metadata.uid}")
        return sorted(text.split())

    def wait_problem(self, words):
        """Waits until a problem is told in these words; while the network comes up, others are."""
        self.wait_status(lambda status: any(words in problem["message"]
                                            for problem in status["problems"]),
                         f"a problem is told that names {words}")

    def assert_never_restarted(self):
        self.assertEqual(self.unit("ActiveState", "NRestarts"), ("active", "0"))

    def test_a_reboot(self):
        commit = self.deploy(config_maps(20))
        before = self.uids()
        self.node.reboot()
        self.wait_applied(commit)
        self.assertEqual(self.uids(), before)
        self.assert_never_restarted()
        newer = self.repository.commit(config_maps(20, "new"))
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})

    def test_the_api_server_is_down_and_comes_up(self):
        self.deploy(config_maps(5))
        self.node.power_off()
        self.cluster.stop()
        newer = self.repository.commit(config_maps(5, "new"))
        self.node.boot()
        self.node.wait_for("systemctl is-active primocane", "the service runs")
        # Git has the same address, so the port tells which of them is meant.
        port = re.search(r"server: https://\S+:(\d+)", self.cluster.kubeconfig.read_text())[1]
        self.wait_problem(f"{HOST}:{port}")
        self.assertIn("Status:", self.node.text("systemctl status --no-pager -l primocane"))
        self.cluster.start()
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})
        self.assert_never_restarted()

    def test_it_starts_before_k3s_was_ever_started(self):
        commit = self.repository.commit(config_maps(5))
        self.write_configuration()
        self.node.run("rm -rf /etc/rancher && sync")
        self.node.reboot()
        self.node.wait_for("systemctl is-active primocane", "the service runs without K3s")
        self.wait_problem(KUBECONFIG)
        self.write_kubeconfig()
        self.wait_applied(commit)
        self.assert_never_restarted()

    def test_git_is_down_and_the_agent_goes_on_from_disk(self):
        commit = self.deploy(config_maps(5))
        self.node.power_off()
        self.git.stop()
        self.cluster.kubectl("delete", "configmap", "number-003", "-n", "home")
        self.cluster.kubectl("patch", "configmap", "number-001", "-n", "home", "--type=merge",
                             "-p", '{"data":{"k":"by hand"}}')
        self.node.boot()
        self.wait_status(lambda status: status.get("appliedRevision", "").endswith(commit)
                         and self.value("number-003") == "v" and self.value("number-001") == "v",
                         "what is on disk is in force")
        self.assertTrue(self.status()["problems"])  # and Git's silence isn't hidden
        newer = self.repository.commit(config_maps(5, "new"))
        self.lab.git = self.git = GitServer(self.lab.folder / "git", self.lab.folder / "gitserver",
                                           *GIT_ARGUMENTS)
        self.wait_applied(newer)
        self.assert_never_restarted()

    def test_the_clock_is_in_1970_and_is_set(self):
        self.spoils_node()
        self.deploy(config_maps(5))
        newer = self.repository.commit(config_maps(5, "new"))
        # systemd itself begins no earlier than when it was built, so the clock is set back behind it.
        self.node.write("/etc/systemd/system/set-back.service", SET_BACK)
        self.node.run("systemctl enable set-back")
        self.node.reboot(clock="1970-01-01T00:00:00")
        self.assertEqual(self.node.text("date +%Y"), "1970")
        self.node.wait_for("systemctl is-active primocane", "the service runs in 1970")
        self.node.wait_for("systemctl show primocane -P StatusText | grep -i clock",
                           "the status tells about the clock")
        self.assertEqual(set(self.values().values()), {"v"})

        now = datetime.datetime.now(datetime.timezone.utc)
        self.node.run(f"date -u -s '{now:%Y-%m-%d %H:%M:%S}'")
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})
        self.assert_never_restarted()
        # What it tells about ages is right from then on.
        committed = self.status()["committedAt"]
        age = time.time() - datetime.datetime.fromisoformat(committed).timestamp()
        self.assertLess(abs(age), 3600)
        self.assertNotIn("20000 d", self.unit("StatusText"))

    def test_a_kernel_without_the_memory_cgroup_is_noticed(self):
        self.spoils_node()
        commit = self.deploy(config_maps(5))
        self.node.reboot("cgroup_disable=memory")
        controllers = self.node.text("cat /sys/fs/cgroup/cgroup.controllers").split()
        self.assertNotIn("memory", controllers)
        self.wait_applied(commit)
        self.cursor = None
        self.wait_journal(("memory", "cgroup"))
        self.assert_never_restarted()


if __name__ == "__main__":
    unittest.main()
