# SPDX-License-Identifier: Apache-2.0
"""Three server nodes with an agent each, on one real API server. Nobody runs kubelets here: the
Nodes and their conditions are written by the test."""

import json
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.git import GitServer
from lab.lab import Lab
from lab.manifests import config_map
from lab.process import wait_until

MERGE = "application/merge-patch+json"
PATH = "/api/v1/namespaces/default/configmaps/x"
PARENT = "/api/v1/namespaces/primocane-system/configmaps/primocane-system.root"
# What a node waits for each one before it, and passes for what is new in Git besides.
PATIENCE = 30
INTERVAL = 5


class ServersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.other_git = GitServer(cls.lab.folder / "git", cls.lab.folder / "gitserver-a")
        cls.addClassCleanup(cls.other_git.stop)
        cls.lab.repository.commit({"x.yaml": config_map("x", value="v1")})
        cls.agents = {}
        cls.addClassCleanup(cls.wake_all)
        for name in "abc":
            cls.make_node(name)
            cls.agents[name] = cls.lab.agent(
                name, url=cls.other_git.url() if name == "a" else None,
                settings={"git": {"interval": f"{INTERVAL}s"}, "log": {"format": "json"},
                          "cluster": {"nodeName": name}})
            cls.agents[name].start()
            cls.agents[name].reconcile()

    @classmethod
    def make_node(cls, name):
        labels = {"node-role.kubernetes.io/control-plane": "true"}
        cls.cluster.ask("/api/v1/nodes", "POST", {
            "apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}})
        cls.set_ready(name, "True")

    @classmethod
    def set_ready(cls, name, status):
        condition = {"type": "Ready", "status": status, "reason": "Test", "message": ""}
        cls.cluster.ask(f"/api/v1/nodes/{name}/status", "PATCH",
                        {"status": {"conditions": [condition]}}, MERGE)

    @classmethod
    def wake_all(cls):
        for agent in cls.agents.values():
            if not agent.has_ended():
                agent.process.send_signal(signal.SIGCONT)

    def value(self):
        return self.cluster.ask(PATH)["data"]["k"]

    def edit(self):
        self.cluster.ask(f"{PATH}?fieldManager=kubectl-edit", "PATCH", {"data": {"k": "other"}},
                         MERGE)

    def deploys(self, value, seconds=30):
        wait_until(lambda: self.value() == value, f"x is {value}", seconds)

    def events(self, name, event):
        return [record for line in self.agents[name].log().splitlines() if line.startswith("{")
                for record in [json.loads(line)] if record.get("event") == event]

    def writer(self):
        return self.cluster.ask(PARENT)["metadata"]["annotations"]["primocane.dev/written-by"]

    def stays(self, value, seconds):
        """Nobody writes the object or the parent, and it is as it should be."""
        versions = [self.cluster.ask(path)["metadata"]["resourceVersion"]
                    for path in (PATH, PARENT)]
        time.sleep(seconds)
        self.assertEqual(versions, [self.cluster.ask(path)["metadata"]["resourceVersion"]
                                    for path in (PATH, PARENT)])
        self.assertEqual(self.value(), value)

    def test_one_acts_and_the_others_stand_by(self):
        self.first_acts()
        self.second_acts_for_a_stopped_first()
        self.first_goes_on_where_it_is_behind()
        self.third_acts_for_one_without_git_and_a_killed_one()
        self.next_acts_at_once_for_one_that_is_not_ready()

    def first_acts(self):
        self.assertEqual(self.writer(), "a")
        self.edit()
        self.deploys("v1", 10)
        self.lab.repository.commit({"x.yaml": config_map("x", value="v2")})
        self.deploys("v2")
        self.stays("v2", 2 * INTERVAL)
        self.assertEqual(self.writer(), "a")
        for name in "bc":
            self.assertEqual(self.events(name, "node-silent"), [])
            self.assertEqual(self.events(name, "drift-reverted"), [])

    def second_acts_for_a_stopped_first(self):
        self.agents["a"].process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        self.edit()
        self.lab.repository.commit({"x.yaml": config_map("x", value="v3")})
        self.deploys("v3", PATIENCE + INTERVAL + 30)
        self.assertGreater(time.monotonic() - began, PATIENCE - 1)
        self.assertEqual(self.writer(), "b")
        self.assertIn("node a is Ready", self.events("b", "node-silent")[0]["message"])
        self.assertEqual(self.events("c", "node-silent"), [])

    def first_goes_on_where_it_is_behind(self):
        self.agents["a"].process.send_signal(signal.SIGCONT)
        wait_until(lambda: "v3" == self.value() and self.agents["a"].status()["state"] == "ready",
                   "a is ready again", 60)
        self.stays("v3", 2 * INTERVAL)
        self.edit()
        self.deploys("v3", 10)

    def third_acts_for_one_without_git_and_a_killed_one(self):
        self.other_git.stop()
        self.agents["b"].kill()
        self.lab.repository.commit({"x.yaml": config_map("x", value="v4")})
        self.deploys("v4", 2 * PATIENCE + INTERVAL + 30)
        self.assertEqual(self.writer(), "c")
        self.assertIn("node a, b", self.events("c", "node-silent")[0]["message"])
        self.stays("v4", 3 * INTERVAL)
        self.assertEqual(self.agents["a"].status()["state"], "failing")

    def next_acts_at_once_for_one_that_is_not_ready(self):
        self.agents["a"].kill()
        self.set_ready("a", "False")
        self.set_ready("b", "Unknown")
        self.edit()
        self.deploys("v4", 10)


if __name__ == "__main__":
    unittest.main()
