# SPDX-License-Identifier: Apache-2.0
"""What others change between passes, on a real API server: an hour lies between two passes, so that
whatever is put right was noticed by a watch."""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.manifests import config_map, manifest
from lab.process import wait_until

PART_OF = "applyset.kubernetes.io/part-of"


def namespace(name):
    return json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})


def deployment(name, space):
    container = {"name": "web", "image": "example.org/web:1", "args": ["--quiet"],
                 "env": [{"name": "A", "value": "a"}]}
    return manifest("apps/v1", "Deployment", name, space, spec={
        "replicas": 1, "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}})


def paths_of(name, space="home"):
    return (f"/api/v1/namespaces/{space}/configmaps/{name}",
            f"/apis/apps/v1/namespaces/{space}/deployments/{name}")


class DriftTest(unittest.TestCase):
    """One cluster for all rows of the table of what changes look like. Each has its own objects: what
    is changed again and again is reverted more rarely."""

    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        files = {"home.yaml": namespace("home"), "away.yaml": namespace("away")}
        for test in unittest.TestLoader().getTestCaseNames(cls):
            name = test.replace("_", "-")
            space = "away" if name == cls.test_of_a_namespace else "home"
            files[f"{name}-map.yaml"] = config_map(name, namespace=space)
            if name == "test-only-watched":
                watched = json.loads(files[f"{name}-map.yaml"])
                watched["metadata"]["annotations"] = {"primocane.dev/drift": "detect"}
                files[f"{name}-map.yaml"] = json.dumps(watched)
            files[f"{name}-web.yaml"] = deployment(name, space)
        cls.lab.repository.commit(files)
        cls.agent = cls.lab.agent(settings={"git": {"interval": "1h"}, "log": {"format": "json"}})
        cls.agent.start()
        cls.agent.reconcile()
        # The watches begin after the pass.
        first = paths_of(name)[0]
        cls.touch(first, {"data": {"k": "before"}}, "warm-up")
        wait_until(lambda: cls.cluster.ask(first)["data"]["k"] == "v", "the first revert")
        wait_until(cls.records, "its record")

    test_of_a_namespace = "test-a-namespace-is-deleted-with-all-it-holds"

    def setUp(self):
        self.name = self._testMethodName.replace("_", "-")
        space = "away" if self.name == self.test_of_a_namespace else "home"
        self.map, self.web = paths_of(self.name, space)
        self.seen = len(self.records())

    # What others do.

    @classmethod
    def touch(cls, path, patch, manager, kind="application/merge-patch+json", query=""):
        return cls.cluster.ask(f"{path}?fieldManager={manager}{query}", "PATCH", patch, kind)

    def apply_as(self, path, manager, body, force="false"):
        return self.touch(path, body, manager, "application/apply-patch+yaml", f"&force={force}")

    # What is seen.

    @classmethod
    def records(cls, event="drift-reverted"):
        return [json.loads(line) for line in cls.agent.log().splitlines()
                if line.startswith("{") and json.loads(line)["event"] == event]

    def reverted(self, is_restored):
        """Waits until it is restored, and returns the record of the revert."""
        wait_until(is_restored, f"{self.name} as Git says", seconds=10, pause=0.01)
        return wait_until(lambda: self.records()[self.seen:], "the record", seconds=5)[0]

    def left_alone(self, path, change):
        """Makes sure that after `change`, which somebody made, nothing of ours is sent."""
        change()
        time.sleep(1)
        self.assertEqual(self.records()[self.seen:], [])
        return self.cluster.ask(path)

    def value(self, key="k"):
        found = self.cluster.ask(self.map)
        return found and found.get("data", {}).get(key)

    # The table.

    def test_a_field_of_ours_is_edited(self):
        self.touch(self.map, {"data": {"k": "other"}}, "kubectl-edit")
        record = self.reverted(lambda: self.value() == "v")
        self.assertEqual((record["manager"], record["fields"]), ("kubectl-edit", ".data.k"))
        self.assertLess(record["durationUs"], 1_000_000)

    def test_a_key_of_ours_is_removed(self):
        self.touch(self.map, {"data": {"k": None}}, "kubectl-edit")
        record = self.reverted(lambda: self.value() == "v")
        self.assertIn(".data", record["fields"])

    def test_an_image_is_patched(self):
        patch = {"spec": {"template": {"spec": {"containers": [
            {"name": "web", "image": "example.org/web:2"}]}}}}
        self.touch(self.web, patch, "kubectl-patch", "application/strategic-merge-patch+json")
        record = self.reverted(lambda: self.container()["image"] == "example.org/web:1")
        self.assertEqual(record["fields"], ".spec.template.spec.containers[name=web].image")

    def container(self):
        return self.cluster.ask(self.web)["spec"]["template"]["spec"]["containers"][0]

    def test_an_atomic_list_is_patched(self):
        patch = {"spec": {"template": {"spec": {"containers": [
            {"name": "web", "args": ["--loud"]}]}}}}
        self.touch(self.web, patch, "kubectl-patch", "application/strategic-merge-patch+json")
        self.reverted(lambda: self.container()["args"] == ["--quiet"])

    def test_replicas_that_git_declares_are_scaled(self):
        self.touch(f"{self.web}/scale", {"spec": {"replicas": 3}}, "kubectl-scale")
        record = self.reverted(lambda: self.cluster.ask(self.web)["spec"]["replicas"] == 1)
        self.assertEqual((record.get("manager"), record["fields"]), ("kubectl-scale", ".spec.replicas"))

    def test_our_label_is_removed(self):
        self.touch(self.map, {"metadata": {"labels": {PART_OF: None}}}, "kubectl-label")
        record = self.reverted(lambda: PART_OF in
                               self.cluster.ask(self.map)["metadata"].get("labels", {}))
        self.assertIn("label was removed", record["message"])

    def test_another_manager_applies_by_force(self):
        self.apply_as(self.map, "other", {"apiVersion": "v1", "kind": "ConfigMap",
                                     "metadata": {"name": self.name}, "data": {"k": "other"}},
                      "true")
        record = self.reverted(lambda: self.value() == "v")
        self.assertEqual(record["manager"], "other")

    def test_managed_fields_are_stripped(self):
        self.touch(self.map, {"metadata": {"managedFields": [{}]}}, "kubectl-patch")
        record = self.reverted(lambda: "primocane" in self.managers())
        self.assertIn("stripped", record["message"])

    def managers(self):
        entries = self.cluster.ask(self.map)["metadata"].get("managedFields", [])
        return [entry["manager"] for entry in entries]

    def test_a_field_is_changed_and_changed_back(self):
        self.touch(self.map, {"data": {"k": "other"}}, "kubectl-edit")
        self.touch(self.map, {"data": {"k": "v"}}, "kubectl-edit")
        self.reverted(lambda: self.owner_of_data() == ["primocane"])

    def owner_of_data(self):
        return [entry["manager"] for entry in self.cluster.ask(self.map)["metadata"]["managedFields"]
                if "f:data" in entry["fieldsV1"]]

    def test_a_person_adds_a_key(self):
        self.touch(self.map, {"data": {"mine": "x"}}, "kubectl-edit")
        record = self.reverted(lambda: self.value("mine") is None)
        self.assertEqual((record["manager"], record["fields"]), ("kubectl-edit", ".data.mine"))

    def test_a_person_adds_an_env_variable(self):
        patch = {"spec": {"template": {"spec": {"containers": [
            {"name": "web", "env": [{"name": "B", "value": "b"}]}]}}}}
        self.touch(self.web, patch, "kubectl-set", "application/strategic-merge-patch+json")
        self.reverted(lambda: len(self.container()["env"]) == 1)

    def test_a_person_annotates(self):
        self.touch(self.map, {"metadata": {"annotations": {"mine": "x"}}}, "kubectl-annotate")
        self.reverted(lambda: "mine" not in
                      self.cluster.ask(self.map)["metadata"].get("annotations", {}))

    def test_a_person_applies_server_side(self):
        self.apply_as(self.map, "kubectl", {"apiVersion": "v1", "kind": "ConfigMap",
                                       "metadata": {"name": self.name}, "data": {"more": "x"}})
        self.reverted(lambda: self.value("more") is None)

    def test_an_object_is_deleted(self):
        before = self.cluster.ask(self.map)["metadata"]["uid"]
        self.cluster.ask(self.map, "DELETE")
        record = self.reverted(lambda: self.value() == "v")
        self.assertIn("was deleted", record["message"])
        self.assertNotEqual(self.cluster.ask(self.map)["metadata"]["uid"], before)

    def test_a_second_writer_uses_our_name(self):
        body = self.cluster.ask(self.map)
        labels = body["metadata"]["labels"]
        time.sleep(1.1)  # the entry's time counts in seconds
        self.apply_as(self.map, "primocane", {"apiVersion": "v1", "kind": "ConfigMap",
                                         "metadata": {"name": self.name, "labels": labels},
                                         "data": {"k": "other"}}, "true")
        record = self.reverted(lambda: self.value() == "v")
        self.assertIn("another writer uses the field manager primocane", record["message"])

    # What is only watched.

    def test_only_watched(self):
        self.touch(self.map, {"data": {"k": "other"}}, "kubectl-edit")
        record = wait_until(lambda: self.records("drift-detected"), "the record", seconds=10)[0]
        self.assertEqual((record["manager"], record["fields"]), ("kubectl-edit", ".data.k"))
        wait_until(lambda: self.agent.status()["counts"]["drifted"] == 1, "the count", seconds=10)
        self.agent.reconcile()
        time.sleep(1)
        self.assertEqual(self.value(), "other")
        self.assertEqual(len(self.records("drift-detected")), 1)
        self.assertEqual(self.agent.status()["state"], "ready")
        self.assertIn("drifted:   1", self.agent.run("status").stdout)

    # What is none of our business.

    def test_a_controller_sets_what_git_does_not(self):
        found = self.left_alone(self.web, lambda: self.touch(self.web, {"spec": {"paused": True}}, "a-controller"))
        self.assertTrue(found["spec"]["paused"])
        self.touch(self.web, {"spec": {"paused": None}}, "a-controller")

    def test_another_manager_applies_the_same(self):
        self.left_alone(self.map, lambda: self.apply_as(self.map, "other2", {
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": self.name},
            "data": {"k": "v"}}))
        self.apply_as(self.map, "other2", {"apiVersion": "v1", "kind": "ConfigMap",
                                      "metadata": {"name": self.name}})

    def test_a_status_is_updated(self):
        self.left_alone(self.web, lambda: self.touch(f"{self.web}/status", {"status": {"observedGeneration": 1}},
                                                "a-controller"))

    def test_a_restart_is_asked_for(self):
        annotation = {"kubectl.kubernetes.io/restartedAt": "2026-11-30T00:00:00Z"}
        found = self.left_alone(self.web, lambda: self.touch(
            self.web, {"spec": {"template": {"metadata": {"annotations": annotation}}}},
            "kubectl-rollout"))
        self.assertEqual(found["spec"]["template"]["metadata"]["annotations"], annotation)

    def test_an_update_with_the_same_content(self):
        self.left_alone(self.map, lambda: self.touch(self.map, {"data": {"k": "v"}}, "kubectl-edit"))

    def test_labels_are_copied_by_a_controller(self):
        labels = {PART_OF: self.cluster.ask(self.map)["metadata"]["labels"][PART_OF]}
        self.cluster.ask("/api/v1/namespaces/home/configmaps?fieldManager=copying-controller", "POST",
                         {"apiVersion": "v1", "kind": "ConfigMap",
                          "metadata": {"name": "copy", "labels": labels}})
        time.sleep(1)
        self.assertIsNotNone(self.cluster.ask(paths_of("copy")[0]))
        self.cluster.ask(paths_of("copy")[0], "DELETE")
        time.sleep(1)
        self.assertIsNone(self.cluster.ask(paths_of("copy")[0]))
        self.assertEqual(self.records()[self.seen:], [])

    # All at once.

    def test_a_namespace_is_deleted_with_all_it_holds(self):
        before = self.cluster.ask(self.web)["metadata"]["uid"]
        self.cluster.ask("/api/v1/namespaces/away", "DELETE")

        def is_back():
            found = self.cluster.ask(self.web)
            return found and found["metadata"]["uid"] != before and self.value() == "v"
        self.reverted(is_back)


class InputTest(unittest.TestCase):
    """What Kustomizations read from the cluster, which Git does not say."""

    VALUES = "/api/v1/namespaces/flux-system"

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        self.cluster.kubectl("create", "namespace", "flux-system")

    def value(self):
        found = self.cluster.ask("/api/v1/namespaces/default/configmaps/a")
        return found and found["data"]["k"]

    def becomes(self, value):
        wait_until(lambda: self.value() == value, value, seconds=10, pause=0.01)

    def test_what_a_substitution_reads_is_rendered_as_soon_as_it_changes(self):
        sources = [{"kind": "ConfigMap", "name": "values"},
                   {"kind": "Secret", "name": "values", "optional": True}]
        apps = manifest("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps", "flux-system", spec={
            "interval": "1h", "prune": True, "path": "./apps",
            "sourceRef": {"kind": "GitRepository", "name": "flux-system"},
            "postBuild": {"substituteFrom": sources}})
        self.lab.repository.commit({"home/apps.yaml": apps,
                                    "apps/a.yaml": config_map("a", "${WORD}")})
        agent = self.lab.agent(path="home", settings={"git": {"interval": "1h"}})
        agent.start()
        agent.reconcile(check=False)
        self.assertIsNone(self.value())
        self.cluster.kubectl("create", "configmap", "values", "-n", "flux-system",
                             "--from-literal=WORD=one")
        self.becomes("one")
        time.sleep(2)
        self.cluster.ask(f"{self.VALUES}/configmaps/values", "PATCH", {"data": {"WORD": "two"}},
                         "application/merge-patch+json")
        self.becomes("two")
        self.cluster.kubectl("create", "secret", "generic", "values", "-n", "flux-system",
                             "--from-literal=WORD=swordfish")
        self.becomes("swordfish")
        self.cluster.ask(f"{self.VALUES}/secrets/values", "DELETE")
        self.becomes("two")
        self.assertNotIn("swordfish", agent.log())


if __name__ == "__main__":
    unittest.main()
