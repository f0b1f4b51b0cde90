# SPDX-License-Identifier: Apache-2.0
"""GitRepositories with others in them, by spec.include and as submodules, from real Git servers."""

import base64
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.git import GitServer, Repository
from lab.lab import Lab
from lab.manifests import config_map, manifest


class ComposedTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        self.root = self.lab.folder / "elsewhere"
        self.other = Repository(self.root, "other")
        self.shared = Repository(self.root, "shared")
        self.server = GitServer(self.root, self.lab.folder / "elseserver", "--basic", "me:s3cret")
        self.addCleanup(self.server.stop)

    def source(self, name, **spec):
        return manifest("source.toolkit.fluxcd.io/v1", "GitRepository", name, "flux-system",
                        spec={"interval": "10m", "url": self.server.url(name),
                              "ref": {"branch": "main"}, "secretRef": {"name": "login"}, **spec})

    def start(self, *sources):
        login = {"username": "me", "password": "s3cret"}
        self.deploy = {
            "base.yaml": "\n---\n".join([
                json.dumps({"apiVersion": "v1", "kind": "Namespace",
                            "metadata": {"name": "flux-system"}}),
                manifest("v1", "Secret", "login", "flux-system", data={
                    key: base64.b64encode(value.encode()).decode()
                    for key, value in login.items()})]),
            "sources.yaml": "\n---\n".join(sources),
            "apps.yaml": manifest("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "apps",
                                  "flux-system", spec={
                                      "interval": "10m", "prune": True, "path": "./apps",
                                      "sourceRef": {"kind": "GitRepository", "name": "other"}})}
        self.lab.repository.commit(self.deploy)
        self.agent = self.lab.agent()
        self.agent.start()
        self.agent.reconcile(check=False)
        return self.agent.reconcile(check=False)

    def apps(self):
        listed = json.loads(self.agent.run("get", "-o", "json").stdout)
        return next(entry for entry in listed if entry["name"] == "apps")

    def value(self, name):
        found = self.cluster.get("configmap", name)
        return found and found["data"]["k"]

    def test_what_is_included_is_followed_and_stays_when_it_is_gone(self):
        commit = self.other.commit({"apps/a.yaml": config_map("a")})
        self.shared.commit({"manifests/b.yaml": config_map("b", "one"),
                            "manifests/draft.yaml": "a: [", "elsewhere/c.yaml": config_map("c")})
        shared = self.source("shared", ignore="draft.yaml")
        other = self.source("other", include=[
            {"repository": {"name": "shared"}, "fromPath": "manifests", "toPath": "apps/shared"}])
        report = self.start(shared, other)
        self.assertEqual(self.apps()["ready"], "True", report)
        self.assertEqual(self.apps()["revision"], f"main@sha1:{commit}")
        self.assertEqual((self.value("a"), self.value("b"), self.value("c")), ("v", "one", None))
        self.shared.commit({"manifests/b.yaml": config_map("b", "two")})
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("b"), "two")
        self.assertEqual(len(list(self.agent.state.glob("sources/*/*.bundle"))), 1)
        self.lab.repository.commit({"sources.yaml": other})
        report = json.dumps(self.agent.reconcile(check=False))
        self.assertIn("GitRepository/flux-system/shared is not in Git", report)
        self.assertEqual(self.value("b"), "two")
        self.agent.stop()
        self.server.fail_with({"kind": "status", "code": 503})
        self.agent.start()
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("b"), "two")
        self.assertEqual(self.apps()["ready"], "True")

    def start_with_include(self):
        self.other.commit({"apps/a.yaml": config_map("a")})
        self.shared.commit({"b.yaml": config_map("b")})
        self.shared_source = self.source("shared")
        self.with_include = self.source("other", include=[
            {"repository": {"name": "shared"}, "toPath": "apps/shared"}])
        self.start(self.shared_source, self.with_include)
        self.assertEqual(self.value("b"), "v", self.apps())

    def test_a_copy_that_was_damaged_is_made_anew(self):
        self.start_with_include()
        for damage in (lambda content: content[:-3], lambda content: content[:-3] + b"!!!",
                       lambda _: b""):
            self.agent.stop()
            bundle = next(self.agent.state.glob("sources/*/*.bundle"))
            bundle.write_bytes(damage(bundle.read_bytes()))
            self.cluster.kubectl("delete", "configmap", "b", "-n", "default")
            self.agent.start()
            self.agent.reconcile(check=False)
            self.assertEqual((self.value("b"), self.apps()["ready"]), ("v", "True"))

    def test_what_was_composed_stays_while_another_declaration_has_given_nothing(self):
        self.start_with_include()
        self.server.fail_with({"kind": "status", "code": 503})
        for source in (self.source("other"), self.with_include):
            self.lab.repository.commit({"sources.yaml": f"{self.shared_source}\n---\n{source}"})
            self.agent.reconcile(check=False)
            self.assertEqual(self.value("b"), "v")
        self.agent.stop()
        self.cluster.kubectl("delete", "configmap", "b", "-n", "default")
        self.agent.start()
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("b"), "v", self.apps())

    def test_submodules_are_fetched_and_only_their_own_host_is_logged_in_to(self):
        library = Repository(self.lab.folder / "public", "library")
        library.commit({"l.yaml": config_map("l")})
        public = GitServer(self.lab.folder / "public", self.lab.folder / "publicserver")
        self.addCleanup(public.stop)
        self.shared.commit({"b.yaml": config_map("b", "one")})
        self.other.commit({"apps/a.yaml": config_map("a")})
        for url, path in ((self.shared.bare, "apps/shared"), (library.bare, "apps/library")):
            self.other.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url,
                           path)
        self.other.run("submodule", "--quiet", "set-url", "apps/shared", "../shared.git")
        self.other.run("submodule", "--quiet", "set-url", "apps/library", public.url("library"))
        self.other.commit()
        self.start(self.source("other", recurseSubmodules=True))
        self.assertEqual(self.apps()["ready"], "True", self.apps())
        self.assertEqual((self.value("a"), self.value("b"), self.value("l")), ("v", "one", "v"))
        self.assertTrue(any(entry.get("authorization") == "basic me"
                            for entry in self.server.requests("shared")))
        asked = public.requests("library")
        self.assertTrue(asked)
        self.assertFalse([entry for entry in asked if entry.get("authorization")])
        self.shared.commit({"b.yaml": config_map("b", "two")})
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("b"), "one")
        self.other.run("-C", "apps/shared", "fetch", "-q", self.shared.bare, "main")
        self.other.run("-C", "apps/shared", "checkout", "-q", "FETCH_HEAD")
        self.other.commit()
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("b"), "two")
        self.assertEqual(len(list(self.agent.state.glob("sources/*/submodules/*.bundle"))), 2)
        self.other.run("submodule", "--quiet", "set-url", "apps/library", "/srv/git/library.git")
        self.other.commit()
        report = json.dumps(self.agent.reconcile(check=False))
        self.assertIn("submodule apps/library", report)
        self.assertEqual(self.value("l"), "v")


if __name__ == "__main__":
    unittest.main()
