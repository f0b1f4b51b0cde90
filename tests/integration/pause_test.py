# SPDX-License-Identifier: Apache-2.0
"""Maintenance windows, on a real API server: what `primocane suspend` leaves alone, and until when."""

import pathlib
import shutil
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.manifests import config_map
from lab.process import wait_until

MAP = "/api/v1/namespaces/default/configmaps/window"
PARENT = "/api/v1/namespaces/primocane-system/configmaps/primocane-system.root"
UNTIL = "primocane.dev/suspended-until"


class PauseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.lab.repository.commit({"window.yaml": config_map("window")})
        cls.agent = cls.lab.agent(settings={"git": {"interval": "1h"}, "log": {"format": "json"}})
        cls.agent.start()
        cls.agent.reconcile()
        # The watches begin after the pass.
        cls.change("before")
        wait_until(lambda: cls.value() == "v", "the first revert")

    def tearDown(self):
        self.agent.run("resume")
        wait_until(lambda: self.value() == "v", "what Git says")

    @classmethod
    def change(cls, value):
        cls.cluster.ask(f"{MAP}?fieldManager=kubectl-edit", "PATCH", {"data": {"k": value}},
                        "application/merge-patch+json")

    @classmethod
    def value(cls):
        found = cls.cluster.ask(MAP)
        return found and found["data"]["k"]

    def until(self):
        return self.cluster.ask(PARENT)["metadata"].get("annotations", {}).get(UNTIL)

    def suspend(self, *arguments):
        done = self.agent.run("suspend", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_what_is_changed_during_a_pause_is_reverted_after_it(self):
        self.assertIn("until further notice", self.suspend())
        self.assertEqual(self.until(), "further-notice")
        self.change("other")
        time.sleep(2)
        self.agent.reconcile()
        self.assertEqual(self.value(), "other")
        self.assertIn("suspended until further notice", self.agent.run("get").stdout)
        self.assertIn("everything is suspended", self.agent.run("status").stdout)
        self.assertIn("is resumed", self.agent.run("resume").stdout)
        self.assertIsNone(self.until())
        wait_until(lambda: self.value() == "v", "the revert", seconds=5)

    def test_a_short_pause_ends_by_itself(self):
        self.suspend("primocane-system/root", "--for", "6s")
        self.change("other")
        time.sleep(2)
        self.assertEqual(self.value(), "other")
        wait_until(lambda: self.value() == "v", "the end of the pause", seconds=30)
        self.assertIsNone(self.until())

    def test_a_pause_outlives_the_agent_and_its_card(self):
        self.suspend("--for", "1h")
        self.agent.stop()
        shutil.rmtree(self.agent.state)
        self.change("other")
        self.agent.start()
        self.agent.reconcile()
        time.sleep(1)
        self.assertEqual(self.value(), "other")
        self.assertIsNotNone(self.until())

    def test_an_annotation_by_hand_counts_and_is_taken_away(self):
        self.cluster.ask(f"{PARENT}?fieldManager=kubectl-annotate", "PATCH",
                         {"metadata": {"annotations": {UNTIL: "2999-01-01T00:00:00Z"}}},
                         "application/merge-patch+json")
        time.sleep(0.5)
        self.change("other")
        time.sleep(2)
        self.assertEqual(self.value(), "other")
        self.assertEqual(self.agent.run("resume").returncode, 0)
        self.assertIsNone(self.until())

    def test_an_unknown_name_is_refused(self):
        done = self.agent.run("suspend", "rot")
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean root?", done.stderr)
        self.assertIsNone(self.until())
        self.assertEqual(self.agent.run("suspend", "--for", "soon").returncode, 64)


if __name__ == "__main__":
    unittest.main()
