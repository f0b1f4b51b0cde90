# SPDX-License-Identifier: Apache-2.0
"""A mutating webhook beside the agent, on a real API server: what it makes of applies is told, what
it changes while others write is reverted, and what it undoes each time is left to it."""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.manifests import manifest
from lab.process import wait_until
from lab.webhook import Webhook


def deployment(name, replicas=1):
    return manifest("apps/v1", "Deployment", name, "default", spec={
        "replicas": replicas, "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{
            "name": "web", "image": "example.org/web:1",
            "resources": {"requests": {"cpu": "1000m", "memory": "0.5Gi"}}}]}}})


class AdmissionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.looks = []  # what was dry-run
        cls.writers = set()  # whose writes of a Deployment the webhook changes, by field manager
        webhook = Webhook(cls.cluster.folder, cls.admit)
        cls.addClassCleanup(webhook.close)
        rule = {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"],
                "resources": ["deployments"]}
        cls.cluster.kubectl("apply", "-f", "-", stdin=json.dumps({
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingWebhookConfiguration", "metadata": {"name": "three"},
            "webhooks": [{"name": "three.example.org", "sideEffects": "None",
                          "admissionReviewVersions": ["v1"], "failurePolicy": "Fail",
                          "clientConfig": webhook.client_config, "rules": [rule]}]}))
        cls.wait_for_the_webhook()
        cls.lab.repository.commit({"told.yaml": deployment("told"), "on-the-way.yaml": deployment("on-the-way"),
                                   "undone.yaml": deployment("undone")})
        cls.agent = cls.lab.agent(settings={"git": {"interval": "1h"}, "log": {"format": "json"}})
        cls.agent.start()
        cls.agent.reconcile()

    @classmethod
    def admit(cls, request):
        """Three replicas for all that the managers in `writers` write."""
        manager = request.get("options", {}).get("fieldManager")
        if request.get("dryRun"):
            cls.looks.append(request["name"])
            # So long that the Deployment's controller writes its status meanwhile.
            time.sleep(0.3)
        patch = [{"op": "replace", "path": "/spec/replicas", "value": 3}]
        return {"allowed": True}, patch if manager in cls.writers else None

    @classmethod
    def wait_for_the_webhook(cls):
        cls.writers.add("probe")

        def is_admitted():
            found = cls.cluster.ask("/apis/apps/v1/namespaces/default/deployments?fieldManager=probe&dryRun=All",
                                    "POST", json.loads(deployment("probe")))
            return found["spec"]["replicas"] == 3
        wait_until(is_admitted, "the webhook")

    def setUp(self):
        self.writers.clear()

    def path(self, name):
        return f"/apis/apps/v1/namespaces/default/deployments/{name}"

    def replicas(self, name):
        return self.cluster.ask(self.path(name))["spec"]["replicas"]

    def label(self, name, value):
        """As a controller that is not ours to take over from."""
        self.cluster.ask(self.path(name) + "?fieldManager=labeller", "PATCH",
                         {"metadata": {"labels": {"x": value}}}, "application/merge-patch+json")

    def records(self, event, name):
        lines = [json.loads(line) for line in self.agent.log().splitlines() if line.startswith("{")]
        return [line for line in lines
                if line["event"] == event and line.get("object") == f"Deployment/default/{name}"]

    def test_what_it_makes_of_an_apply_is_told_once(self):
        self.writers.add("primocane")
        self.lab.repository.commit({"told.yaml": deployment("told", 2)})
        self.agent.reconcile()
        self.assertEqual(self.replicas("told"), 3)
        told = self.records("admission-changed", "told")
        self.assertEqual([record["fields"] for record in told], [".spec.replicas"])
        self.agent.reconcile()
        self.assertEqual(self.records("drift-reverted", "told"), [])

    def test_what_it_changes_while_another_writes_is_reverted(self):
        self.assertEqual(self.replicas("on-the-way"), 1)
        self.writers.add("labeller")
        self.label("on-the-way", "one")
        self.writers.clear()
        wait_until(lambda: self.replicas("on-the-way") == 1, "as Git says", seconds=10)
        record = wait_until(lambda: self.records("drift-reverted", "on-the-way"), "the record")[0]
        self.assertEqual(record["reason"], "its values were changed on their way")

    def test_what_it_undoes_each_time_is_left_to_it(self):
        self.writers |= {"labeller", "primocane"}
        self.label("undone", "one")
        time.sleep(2)
        self.assertEqual(self.replicas("undone"), 3)
        # Again where the Deployment's controller came between.
        self.assertIn(self.looks.count("undone"), (1, 2, 3, 4))
        before = self.cluster.ask(self.path("undone"))["metadata"]["resourceVersion"]
        time.sleep(2)
        self.assertEqual(self.cluster.ask(self.path("undone"))["metadata"]["resourceVersion"], before)


if __name__ == "__main__":
    unittest.main()
