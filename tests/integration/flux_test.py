# SPDX-License-Identifier: Apache-2.0
"""A repository of Flux: Kustomizations that contain and depend on others, with a real API server."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab


def manifest(api_version, kind, name, namespace="home", **fields):
    return json.dumps({"apiVersion": api_version, "kind": kind,
                       "metadata": {"name": name, "namespace": namespace}, **fields})


def config_map(name, value="v"):
    return manifest("v1", "ConfigMap", name, data={"k": value})


def kustomization(name, path, **spec):
    return manifest("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, "flux-system",
                    spec={"interval": "10m", "prune": True, "path": path,
                          "sourceRef": {"kind": "GitRepository", "name": "flux-system"}, **spec})


NAMESPACE = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "home"}})


class FluxTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster

    def start(self, files, path="clusters/home"):
        self.lab.repository.commit(files)
        self.agent = self.lab.agent(path=path)
        self.agent.start()
        return self.agent.reconcile(check=False)

    def get(self):
        listed = json.loads(self.agent.run("get", "-o", "json").stdout)
        return {entry["name"]: entry for entry in listed}

    def test_a_bootstrapped_folder_is_the_root_and_what_it_contains_is_followed(self):
        self.start({
            "clusters/home/flux-system/gotk-sync.yaml":
                kustomization("flux-system", "./clusters/home") + "\n---\n" + manifest(
                    "source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system",
                    spec={"interval": "1m", "url": "ssh://git@git.example.org/home"}),
            "clusters/home/apps.yaml":
                kustomization("apps", "./apps", dependsOn=[{"name": "base"}]) + "\n---\n" +
                kustomization("base", "./base", wait=True),
            "base/namespace.yaml": NAMESPACE,
            "apps/a.yaml": config_map("a"),
        })
        entries = self.get()
        self.assertEqual({name: entry["ready"] for name, entry in entries.items()},
                         {"flux-system": "True", "base": "True", "apps": "True"})
        found = self.cluster.get("configmap", "a", "home")
        self.assertEqual(found["metadata"]["labels"]["kustomize.toolkit.fluxcd.io/name"], "apps")
        tree = self.agent.run("tree").stdout
        self.assertIn("├── flux-system/apps", tree)
        self.assertIsNotNone(
            self.cluster.get("configmap", "flux-system.flux-system", "primocane-system"))

    def test_one_that_fails_leaves_the_others_and_what_left_git_is_pruned(self):
        files = {"clusters/home/apps.yaml": kustomization("good", "./good") + "\n---\n" +
                                            kustomization("bad", "./bad"),
                 "clusters/home/namespace.yaml": NAMESPACE,
                 "good/a.yaml": config_map("a"), "bad/b.yaml": config_map("b")}
        self.start(files)
        self.lab.repository.commit({"bad/b.yaml": "kind: [", "good/a.yaml": config_map("c")})
        self.agent.reconcile(check=False)
        entries = self.get()
        self.assertEqual((entries["good"]["ready"], entries["bad"]["ready"]), ("True", "False"))
        self.assertIn("bad/b.yaml", entries["bad"]["message"])
        self.assertIsNone(self.cluster.get("configmap", "a", "home"))
        self.assertIsNotNone(self.cluster.get("configmap", "b", "home"))
        self.lab.repository.commit({"clusters/home/apps.yaml": kustomization("good", "./good")})
        self.agent.reconcile(check=False)
        self.assertIsNone(self.cluster.get("configmap", "b", "home"))
        self.assertNotIn("bad", self.get())

    def test_a_service_account_without_rights_applies_nothing(self):
        self.start({"clusters/home/apps.yaml":
                        kustomization("weak", "./weak", serviceAccountName="nobody"),
                    "clusters/home/namespace.yaml": NAMESPACE,
                    "weak/a.yaml": config_map("a")})
        entry = self.get()["weak"]
        self.assertEqual(entry["ready"], "False")
        self.assertIn("system:serviceaccount:flux-system:nobody", entry["message"])
        self.assertIsNone(self.cluster.get("configmap", "a", "home"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
