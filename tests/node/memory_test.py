# SPDX-License-Identifier: Apache-2.0
"""A repository that wants more memory than there is costs a rendering, never the agent."""

import re
import unittest

from node_case import NodeCase, config_maps, smoke

# Each of them is within every limit of a file; together they need about a gigabyte.
HOSTILE_FILES = 8
ENTRIES = 300_000


def hostile():
    entries = "".join(f"  k{number:07}: v\n" for number in range(ENTRIES))
    return {f"large-{file}.yaml": "apiVersion: v1\nkind: ConfigMap\n"
            f"metadata:\n  name: large-{file}\n  namespace: home\ndata:\n{entries}"
            for file in range(HOSTILE_FILES)}


class MemoryTest(NodeCase):

    @smoke
    def test_the_limit_of_the_child_is_hit_and_only_the_child_dies(self):
        limit = self.unit("MemoryMax")
        self.assertNotEqual(limit, "infinity")
        self.assertLess(256 << 20, int(limit))  # render.memory's default
        message = self.spare_the_agent()
        self.assertIn("memory", message.lower())

    @smoke
    def test_the_limit_of_the_service_is_hit_and_only_the_child_dies(self):
        before = self.oom_kills()
        # The agent has given its children less than it may use itself; by now it may use less.
        self.spare_the_agent("systemctl set-property --runtime primocane MemoryMax=96M",
                             render={"memory": "3Gi", "cpuTime": "20m"})
        self.assertGreater(self.oom_kills(), before)
        (notice,) = [notice for notice in self.status()["notices"] if "render.memory" in notice]
        self.assertIn("MemoryMax", notice)

    def spare_the_agent(self, before="true", **sections):
        """Lets the agent meet the hostile commit, after this command; returns what it told about it."""
        good = self.deploy(config_maps(5), **sections)
        self.node.run(before)
        self.addCleanup(self.node.run, "systemctl revert primocane")
        pid = self.unit("MainPID")
        bad = self.repository.commit(hostile())
        status = self.wait_status(lambda status: status["state"] == "failing"
                                  and status["problems"], "the hostile commit is a failure",
                                  seconds=420)
        self.assertTrue(status["appliedRevision"].endswith(good))
        message = " ".join(problem["message"] for problem in status["problems"])
        records = [record for record in self.records()
                   if record["PRIMOCANE_EVENT"] == "render-failed"]
        self.assertTrue(records, message)

        # The last good revision is still kept in force, by the same process.
        self.cluster.kubectl("delete", "configmap", "number-002", "-n", "home")
        self.node.run("primocane reconcile --wait", seconds=420, check=False)
        self.assertEqual(self.value("number-002"), "v")
        self.assertEqual(self.unit("MainPID", "NRestarts", "ActiveState"), (pid, "0", "active"))

        # The next good commit is applied, by the same process.
        better = self.repository.commit(config_maps(5, "new")
                                        | {path: None for path in hostile()})
        self.wait_applied(better)
        self.assertEqual(self.unit("MainPID", "NRestarts"), (pid, "0"))
        self.assertNotEqual(good, bad)
        return message

    def oom_kills(self):
        """How often the kernel has killed in the service's cgroup."""
        group = self.unit("ControlGroup")
        text = self.node.text(f"cat /sys/fs/cgroup{group}/memory.events 2>/dev/null || true")
        found = re.search(r"^oom_kill (\d+)", text, re.MULTILINE)
        return int(found[1]) if found else 0


if __name__ == "__main__":
    unittest.main()
