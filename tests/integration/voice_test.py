# SPDX-License-Identifier: Apache-2.0
"""What the agent tells of what others did, and where objects come from, on a real API server."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.agent import Agent
from lab.lab import Lab
from lab.manifests import config_map, manifest
from lab.process import wait_until


def kustomization(name, path):
    return manifest("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, "flux-system", spec={
        "interval": "1h", "path": path, "prune": True,
        "sourceRef": {"kind": "GitRepository", "name": "flux-system"}})

IN_THE_JOURNAL = ("journalctl PRIMOCANE_EVENT=drift-reverted "
                  "PRIMOCANE_EVENT=drift-detected --since '")


class VoiceTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.lab.repository.commit({
            "clusters/home/apps.yaml": kustomization("apps", "apps"),
            "apps/settings.yaml": "# What the whole house uses.\n---\n" + config_map("settings"),
            "apps/drawn.yaml": config_map("drawn")})
        cls.agent = cls.lab.agent(path="clusters/home",
                                  settings={"git": {"interval": "1h"}, "log": {"format": "json"}})
        cls.agent.start()
        cls.agent.reconcile()
        # The watches begin after the pass.
        cls.edit("drawn", "warm-up")

    @classmethod
    def edit(cls, name, manager):
        path = f"/api/v1/namespaces/default/configmaps/{name}"
        cls.cluster.ask(f"{path}?fieldManager={manager}", "PATCH", {"data": {"k": "other"}},
                        "application/merge-patch+json")
        wait_until(lambda: cls.cluster.ask(path)["data"]["k"] == "v", "the revert", seconds=10)
        wait_until(lambda: [record for record in cls.drift()["records"]
                            if record.get("manager") == manager], "the record", seconds=5)

    @classmethod
    def drift(cls, *arguments):
        return json.loads(cls.agent.run("drift", "-o", "json", *arguments, check=True).stdout)

    def explain(self, *arguments):
        answer = self.agent.run("explain", "-o", "json", *arguments, check=True)
        return json.loads(answer.stdout)["objects"]

    def test_drift_lists_who_changed_what(self):
        self.edit("settings", "kubectl-edit")
        record = self.drift()["records"][-1]
        self.assertEqual((record["object"], record["manager"], record["fields"]),
                         ("ConfigMap/default/settings", "kubectl-edit", ".data.k"))
        self.assertLess(record["durationUs"], 1_000_000)
        lines = self.agent.run("drift", "--since", "1h").stdout.splitlines()
        self.assertEqual(lines[0].split(),
                         ["WHEN", "OBJECT", "WHO", "FIELDS", "DRIFTED", "REVERTED", "IN"])
        self.assertTrue([line for line in lines if "kubectl-edit  .data.k" in line], lines)
        # The agent has just begun, so that an hour ago is the journal's.
        self.assertIn(IN_THE_JOURNAL, lines[-1])

    def test_drift_refuses_what_is_no_time(self):
        answer = self.agent.run("drift", "--since", "yesterday")
        self.assertEqual(answer.returncode, 64)
        self.assertIn("2h", answer.stderr)

    def test_explain_tells_file_commit_kustomization_and_changes(self):
        self.edit("settings", "kubectl-patch")
        told, = self.explain("configmap/settings")
        self.assertEqual((told["object"], told["file"], told["line"], told["kustomization"]),
                         ("ConfigMap/default/settings", "apps/settings.yaml", 2, "flux-system/apps"))
        self.assertEqual(told["state"], "as-git-says")
        self.assertRegex(told["revision"], r"^main@sha1:[0-9a-f]{40}$")
        self.assertEqual(told["containers"], ["primocane-system/root"])
        self.assertEqual(told["changes"][-1]["manager"], "kubectl-patch")
        text = self.agent.run("explain", "ConfigMap/default/settings").stdout
        self.assertIn("from           apps/settings.yaml:2\n", text)
        self.assertIn(f"commit         {told['revision'][:22]}\n", text)
        self.assertRegex(text, r"changed +\S+Z by kubectl-patch: \.data\.k \(put right in \d+ ms\)")

    def test_explain_knows_what_is_followed(self):
        told, = self.explain("Kustomization/apps", "-n", "flux-system")
        self.assertEqual((told["file"], told["state"]), ("clusters/home/apps.yaml", "followed"))

    def test_explain_fails_for_what_nobody_desires(self):
        answer = self.agent.run("explain", "configmap/setings")
        self.assertEqual((answer.returncode, answer.stdout), (1, ""))
        self.assertIn("did you mean ConfigMap/default/settings?", answer.stderr)
        self.assertEqual(self.agent.run("explain", "configmap").returncode, 64)


class NoAgentTest(unittest.TestCase):

    def test_without_an_agent_the_journal_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            agent = Agent(folder, "https://git.example.org/x", "kubeconfig")
            drift = agent.run("drift")
            self.assertEqual(drift.returncode, 1)
            self.assertIn("no agent is running", drift.stderr)
            self.assertIn(IN_THE_JOURNAL, drift.stderr)
            explain = agent.run("explain", "configmap/web")
            self.assertEqual(explain.returncode, 1)
            self.assertIn("no agent is running", explain.stderr)


if __name__ == "__main__":
    unittest.main()
