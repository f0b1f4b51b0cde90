# SPDX-License-Identifier: Apache-2.0
"""Drift of what is large, and of what ends by itself, on a real API server."""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.manifests import manifest
from lab.process import wait_until

MEBIBYTE = 1 << 20


def large_map(name, keys, size):
    return manifest("v1", "ConfigMap", name, "default",
                    data={f"key-{number:06}": "v" * size for number in range(keys)})


def expiring_job(name, image="example.org/job:1"):
    return manifest("batch/v1", "Job", name, "default", spec={
        "ttlSecondsAfterFinished": 1,
        "template": {"spec": {"restartPolicy": "Never",
                              "containers": [{"name": "job", "image": image}]}}})


class SpecialObjectsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab(fake_kubelet=True)
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.lab.repository.commit({
            "one-value.yaml": large_map("one-value", 1, MEBIBYTE - 1000),
            # Its managedFields take half a megabyte besides.
            "many-keys.yaml": large_map("many-keys", 20_000, 8),
            "job.yaml": expiring_job("expiring")})
        cls.agent = cls.lab.agent(settings={"git": {"interval": "1h"}, "log": {"format": "json"}})
        cls.agent.start()
        cls.agent.reconcile()

    def path(self, name):
        return f"/api/v1/namespaces/default/configmaps/{name}"

    def job(self, name):
        return self.cluster.ask(f"/apis/batch/v1/namespaces/default/jobs/{name}")

    def edited(self, name):
        """Edits one key, and waits until that is undone."""
        patch = {"data": {"key-000000": "other"}}
        self.cluster.ask(self.path(name) + "?fieldManager=kubectl-edit", "PATCH", patch,
                         "application/merge-patch+json")
        wait_until(lambda: self.cluster.ask(self.path(name))["data"]["key-000000"].startswith("v"),
                   f"{name} as Git says", seconds=20)

    def test_one_value_of_a_megabyte_is_reverted(self):
        self.edited("one-value")

    def test_an_object_with_half_a_megabyte_of_managed_fields_is_reverted(self):
        fields = self.cluster.ask(self.path("many-keys"))["metadata"]["managedFields"]
        self.assertGreater(len(json.dumps(fields)), 400_000)
        self.edited("many-keys")

    def test_a_megabyte_that_is_deleted_comes_back(self):
        before = self.cluster.ask(self.path("one-value"))["metadata"]["uid"]
        self.cluster.ask(self.path("one-value"), "DELETE")

        def is_back():
            found = self.cluster.ask(self.path("one-value"))
            return found is not None and found["metadata"]["uid"] != before
        wait_until(is_back, "the object", seconds=20)

    def test_a_job_that_its_time_to_live_removed_is_made_again_only_when_git_changes_it(self):
        wait_until(lambda: self.job("expiring") is None, "the end of its time to live", seconds=60)
        time.sleep(1)
        self.assertEqual(self.agent.reconcile()["changed"], 0)
        self.assertIsNone(self.job("expiring"))
        self.lab.repository.commit({"job.yaml": expiring_job("expiring", "example.org/job:2")})
        self.assertEqual(self.agent.reconcile()["changed"], 1)


if __name__ == "__main__":
    unittest.main()
