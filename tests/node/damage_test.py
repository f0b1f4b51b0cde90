# SPDX-License-Identifier: Apache-2.0
"""Cards that are full, read-only or damaged: no damage reaches the cluster, and what can heal does."""

import os
import unittest

from node_case import STATE, NodeCase, config_maps

FILLER = "/filler"


class DamageTest(NodeCase):

    def uids(self):
        """Uid and version of each object: nobody has deleted, made or written one if they are equal."""
        text = self.cluster.kubectl("get", "configmap", "-n", "home", "-o",
                                    "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid} "
                                    "{.metadata.resourceVersion}{'\\n'}{end}")
        return sorted(text.split("\n"))

    def assert_it_lives(self, pid):
        self.assertEqual(self.unit("MainPID", "ActiveState", "NRestarts"), (pid, "active", "0"))

    def assert_in_force(self):
        """What somebody deletes comes back, from memory if need be."""
        self.cluster.kubectl("delete", "configmap", "number-002", "-n", "home")
        self.node.run("primocane reconcile --wait", check=False)
        self.assertIsNotNone(self.value("number-002"))

    def test_the_disk_is_full_and_is_freed(self):
        self.spoils_node()
        good = self.deploy(config_maps(5))
        pid = self.unit("MainPID")
        # Blocks that are reserved for root are taken as well.
        self.node.run(f"fallocate -l $(df -B1 --output=avail / | tail -n 1) {FILLER}; "
                      f"dd if=/dev/zero of={FILLER}.rest bs=64k 2>/dev/null; "
                      f"dd if=/dev/zero of={FILLER}.crumbs bs=4k 2>/dev/null; sync", check=False)
        self.assertNotEqual(self.node.run("echo x >/full", check=False).code, 0)

        newer = self.repository.commit(
            config_maps(5, "new") | {"notes/large.bin": os.urandom(2_000_000)})
        status = self.wait_status(lambda status: "space" in " ".join(
            problem["message"].lower() for problem in status["problems"]), "the full disk is told")
        self.assertTrue(status["appliedRevision"].endswith(good))
        self.assert_in_force()
        self.assert_it_lives(pid)

        self.node.run(f"rm -f {FILLER} {FILLER}.rest {FILLER}.crumbs /full")
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})
        self.assert_it_lives(pid)

    def test_the_root_file_system_is_read_only(self):
        self.spoils_node()
        self.deploy(config_maps(5))
        pid = self.unit("MainPID")
        # As the kernel does it when a card gives errors: at once, whoever has files open.
        self.node.run("sync; echo u >/proc/sysrq-trigger")
        self.node.wait_for("! touch /probe 2>/dev/null", "nothing can be written any more")
        self.assert_in_force()
        newer = self.repository.commit(config_maps(5, "new"))
        self.wait_status(lambda status: "read-only" in " ".join(
            problem["message"].lower() for problem in status["problems"]), "the card's state is told")
        self.assert_it_lives(pid)

        self.node.cut_power()
        self.node.boot()
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})

    def test_the_mirror_is_damaged(self):
        commit = self.deploy(config_maps(5))
        before = self.uids()
        pack = f"$(ls -S {STATE}/mirror.git/objects/pack/*.pack | head -n 1)"
        harm = {
            "a pack is cut off": f"truncate -s 40 {pack}",
            "a pack has other bytes": f"dd if=/dev/urandom of={pack} bs=1 seek=60 count=200 conv=notrunc",
            "a pack is empty": f": >{pack}",
            "a pack is gone": f"rm {pack}",
            "its index has other bytes":
                f"for f in {STATE}/mirror.git/objects/pack/*.idx; do chmod u+w $f; "
                "dd if=/dev/urandom of=$f bs=1 seek=1040 count=200 conv=notrunc; done",
            "all its refs are empty":
                f"find {STATE}/mirror.git -path '*refs*' -type f -exec truncate -s 0 {{}} +; "
                f": >{STATE}/mirror.git/packed-refs",
            "its HEAD is noise": f"head -c 40 /dev/urandom >{STATE}/mirror.git/HEAD",
            "its configuration is noise": f"head -c 400 /dev/urandom >{STATE}/mirror.git/config",
        }
        for what, command in harm.items():
            with self.subTest(what):
                self.damage(command)
                self.wait_applied(commit)
                self.assertEqual(self.uids(), before)
                self.assertEqual(self.unit("NRestarts", "Result"), ("0", "success"))
        newer = self.repository.commit(config_maps(5, "new"))
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})

    def test_a_file_in_the_mirrors_place_is_told_and_left_to_its_owner(self):
        commit = self.deploy(config_maps(5))
        self.damage(f"rm -r {STATE}/mirror.git && echo x >{STATE}/mirror.git")
        self.wait_status(lambda status: any("is not a folder" in problem["message"]
                                            for problem in status["problems"]), "what is in the way")
        self.node.run(f"rm {STATE}/mirror.git")
        self.wait_applied(commit)

    def test_the_mirror_is_damaged_while_the_agent_runs(self):
        self.deploy(config_maps(5))
        pid = self.unit("MainPID")
        self.node.run(f"for f in {STATE}/mirror.git/objects/pack/*; do : >$f; done; sync")
        newer = self.repository.commit(config_maps(5, "new"))
        self.wait_applied(newer)
        self.assertEqual(set(self.values().values()), {"new"})
        self.assert_it_lives(pid)

    def test_files_of_the_state_are_damaged(self):
        commit = self.deploy(config_maps(5))
        self.node.run("systemctl stop primocane")
        names = self.node.text(f"find {STATE} -maxdepth 1 -type f ! -name lock -printf '%f\\n'").split()
        self.assertTrue(names)
        self.start_agent()
        self.wait_applied(commit)
        self.node.run("primocane reconcile --wait")
        before = self.uids()
        harm = {
            "is noise": "head -c 4096 /dev/urandom >{}",
            "is empty": ": >{}",
            "is cut off": "truncate -s $(($(stat -c %s {}) / 2)) {}",
            "is gone": "rm {}",
            "is very large": "truncate -s 1G {}",
            "may not be read": "rm {} && ln -s /proc/kcore {}",
            # The last, because it stays: the agent does without.
            "is a folder": "rm -f {} && mkdir {}",
        }
        for name in names:
            for what, command in harm.items():
                with self.subTest(f"{name} {what}"):
                    self.damage(command.format(*[f"{STATE}/{name}"] * 2))
                    self.wait_applied(commit)
                    self.assertEqual(self.uids(), before)
                    self.assertEqual(self.unit("NRestarts", "Result"), ("0", "success"))

    def damage(self, command):
        self.node.run(f"systemctl stop primocane && {{ {command}; }} && sync")
        self.start_agent()


if __name__ == "__main__":
    unittest.main()
