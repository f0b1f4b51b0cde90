# SPDX-License-Identifier: Apache-2.0
"""An agent that hangs is started again by systemd, and goes on where it was."""

import unittest

from lab.process import wait_until
from node_case import NodeCase, config_maps, smoke


class WatchdogTest(NodeCase):

    @smoke
    def test_a_hang_is_ended_by_the_watchdog_and_the_agent_goes_on(self):
        commit = self.deploy(config_maps(5))
        pid, watchdog = self.unit("MainPID", "WatchdogUSec")
        self.assertNotIn(watchdog, ("0", "infinity"))
        self.assertIn(watchdog, ("30s", "1min"))  # longer, and a hang stays for too long

        # While it hangs, somebody interferes and Git moves on.
        self.node.run(f"kill -STOP {pid}")
        newer = self.repository.commit(config_maps(5, "new"))
        self.cluster.kubectl("delete", "configmap", "number-003", "-n", "home")
        self.git.forget_requests()

        wait_until(lambda: self.unit("NRestarts") != "0", "the watchdog fires", seconds=200, pause=1)
        self.wait_applied(newer)
        self.assertEqual(self.values(), {f"number-{n:03}": "new" for n in range(5)})
        self.assertNotEqual(self.unit("MainPID"), pid)
        self.assertEqual(self.unit("NRestarts"), "1")
        self.assertIn("watchdog", self.journal("-o", "cat").lower())

        # Where it was: the mirror is there, so nothing is fetched as if it were the first time.
        self.assertNotEqual(commit, newer)
        events = [record["PRIMOCANE_EVENT"] for record in self.records()]
        self.assertNotIn("mirror-damaged", events)
        self.assertFalse([record["MESSAGE"] for record in self.records()
                          if record.get("PRIMOCANE_ACTION") == "adopt"])


if __name__ == "__main__":
    unittest.main()
