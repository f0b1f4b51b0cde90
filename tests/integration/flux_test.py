# SPDX-License-Identifier: Apache-2.0
"""A repository of Flux: Kustomizations that contain and depend on others, with a real API server."""

import base64
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab import manifests
from lab.git import GitServer, Repository
from lab.lab import Lab
from lab.process import wait_until


def manifest(api_version, kind, name, namespace="home", **fields):
    return manifests.manifest(api_version, kind, name, namespace, **fields)


def config_map(name, value="v"):
    return manifests.config_map(name, value, "home")


def kustomization(name, path, **spec):
    return manifest("kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, "flux-system",
                    spec={"interval": "10m", "prune": True, "path": path,
                          "sourceRef": {"kind": "GitRepository", "name": "flux-system"}, **spec})


FLUX_CONTROLLER = json.dumps({
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": {"name": "kustomize-controller", "namespace": "flux-system",
                 "labels": {"app.kubernetes.io/component": "kustomize-controller",
                            "app.kubernetes.io/instance": "flux-system",
                            "app.kubernetes.io/part-of": "flux"}},
    "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "kustomize-controller"}},
             "template": {"metadata": {"labels": {"app": "kustomize-controller"}},
                          "spec": {"containers": [{"name": "manager", "image": "none"}]}}}})
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
                    spec={"interval": "1m", "url": "ssh://git@git.example.org/home",
                          "ref": {"branch": "main"}}),
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

    def test_nothing_is_written_while_flux_runs_and_what_kubectl_set_goes_afterwards(self):
        self.cluster.kubectl("create", "namespace", "flux-system")
        self.cluster.kubectl("apply", "-f", "-", stdin=FLUX_CONTROLLER)
        self.cluster.kubectl("create", "configmap", "a", "--from-literal=by=hand")
        files = {"clusters/home/a.yaml": manifest("v1", "ConfigMap", "a", "default", data={"k": "v"})}
        report = json.dumps(self.start(files))
        self.assertIn("kustomize-controller runs in namespace flux-system", report)
        self.assertIn("primocane adopt flux", report)
        self.assertIsNone(self.cluster.get("namespace", "primocane-system"))
        self.assertEqual(self.cluster.get("configmap", "a")["data"], {"by": "hand"})
        self.cluster.kubectl("scale", "deployment", "kustomize-controller", "-n", "flux-system",
                             "--replicas=0")
        wait_until(lambda: not self.cluster.get("deployment", "kustomize-controller",
                                                "flux-system")["status"].get("replicas"),
                   "the end of Flux's pods")
        self.agent.reconcile()
        self.assertEqual(self.cluster.get("configmap", "a")["data"], {"k": "v"})
        self.cluster.kubectl("patch", "configmap", "a", "--type=merge", "-p",
                             '{"data": {"by": "hand again"}}')
        self.agent.reconcile()
        self.assertEqual(self.cluster.get("configmap", "a")["data"], {"k": "v"})

    def test_plan_shows_what_would_change_in_all_of_the_graph(self):
        self.start({"clusters/home/apps.yaml":
                        kustomization("apps", "./apps", dependsOn=[{"name": "base"}], postBuild={
                            "substituteFrom": [{"kind": "ConfigMap", "name": "values"}]}) +
                        "\n---\n" + kustomization("base", "./base", wait=True),
                    "base/namespace.yaml": NAMESPACE,
                    "base/values.yaml": manifest("v1", "ConfigMap", "values", "flux-system",
                                                 data={"WORD": "one"}),
                    "base/flux.yaml": json.dumps({"apiVersion": "v1", "kind": "Namespace",
                                                  "metadata": {"name": "flux-system"}}),
                    "apps/a.yaml": config_map("a", "${WORD}")})
        self.assertEqual(self.agent.run("plan").returncode, 0)
        tree = self.lab.repository.tree
        (tree / "base" / "values.yaml").write_text(
            manifest("v1", "ConfigMap", "values", "flux-system", data={"WORD": "two"}))
        plan = self.agent.run("plan", "--path", str(tree / "clusters" / "home"))
        self.assertEqual(plan.returncode, 2, plan.stdout + plan.stderr)
        self.assertIn('/data/WORD: "one" → "two"', plan.stdout)
        self.assertIn('/data/k: "one" → "two"', plan.stdout)
        self.assertIn("0 to create, 2 to change, 0 to delete", plan.stdout)
        self.assertEqual(self.cluster.get("configmap", "a", "home")["data"], {"k": "one"})

    def test_a_variable_out_of_a_secret_is_shown_nowhere(self):
        secret = lambda word: manifest("v1", "Secret", "values", "flux-system",
                                       stringData={"WORD": word})
        service = manifest("v1", "Service", "bad", "home",
                           spec={"type": "${WORD}", "ports": [{"port": 80}]})
        report = json.dumps(self.start({
            "clusters/home/apps.yaml":
                kustomization("apps", "./apps", dependsOn=[{"name": "base"}], postBuild={
                    "substituteFrom": [{"kind": "Secret", "name": "values"}]}) +
                "\n---\n" + kustomization("base", "./base", wait=True),
            "base/namespace.yaml": NAMESPACE,
            "base/flux.yaml": json.dumps({"apiVersion": "v1", "kind": "Namespace",
                                          "metadata": {"name": "flux-system"}}),
            "base/values.yaml": secret("swordfish"),
            "apps/a.yaml": config_map("a", "${WORD}"), "apps/bad.yaml": service}))
        self.assertIn("Service/home/bad", report)
        self.assertEqual(self.cluster.get("configmap", "a", "home")["data"], {"k": "swordfish"})
        tree = self.lab.repository.tree
        (tree / "base" / "values.yaml").write_text(secret("haddock"))
        plan = self.agent.run("plan", "--path", str(tree / "clusters" / "home"))
        self.assertIn("ConfigMap/home/a: change", plan.stdout)
        shown = report + plan.stdout + plan.stderr + self.agent.run("get").stdout + \
            self.agent.run("status").stdout + self.agent.log()
        (tree / "base" / "values.yaml").write_text(secret("swordfish"))
        (tree / "apps" / "a.yaml").write_text(config_map("a", "open"))
        plan = self.agent.run("plan", "--path", str(tree / "clusters" / "home"))
        self.assertIn("/data/k", plan.stdout)
        shown += plan.stdout + plan.stderr
        self.assertNotIn("swordfish", shown)
        self.assertNotIn("haddock", shown)

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

    def test_a_git_repository_of_its_own_is_reached_with_its_secret_and_followed(self):
        root = self.lab.folder / "elsewhere"
        other = Repository(root, "other")
        first = other.commit({"deploy/a.yaml": config_map("a", "1"), "deploy/draft.yaml": "a: ["})
        other.run("tag", "-a", "-m", "One", "v1.0.0")
        other.run("push", "-q", "origin", "v1.0.0")
        server = GitServer(root, self.lab.folder / "elseserver", "--basic", "me:s3cret")
        self.addCleanup(server.stop)
        url = server.url("other")

        def source(name, **spec):
            return manifest("source.toolkit.fluxcd.io/v1", "GitRepository", name, "sources",
                            spec={"interval": "10m", "url": url, "ignore": "draft.yaml", **spec})

        def follower(name, repository, **spec):
            return kustomization(name, "./deploy", sourceRef={
                "kind": "GitRepository", "name": repository, "namespace": "sources"}, **spec)

        login = {"username": "me", "password": "s3cret"}
        files = {
            "clusters/home/base.yaml": "\n---\n".join([
                NAMESPACE, json.dumps({"apiVersion": "v1", "kind": "Namespace",
                                       "metadata": {"name": "sources"}}),
                manifest("v1", "Secret", "login", "sources", data={
                    key: base64.b64encode(value.encode()).decode()
                    for key, value in login.items()})]),
            "clusters/home/sources.yaml": "\n---\n".join([
                source("branch", ref={"branch": "main"}, secretRef={"name": "login"}),
                source("version", ref={"semver": ">=1.0.0"}, secretRef={"name": "login"}),
                source("closed", ref={"branch": "main"})]),
            "clusters/home/apps.yaml": "\n---\n".join([
                follower("branch", "branch"),
                follower("version", "version", nameSuffix="-version"),
                follower("closed", "closed", nameSuffix="-closed")]),
        }
        self.start(files)
        self.agent.reconcile(check=False)
        entries = self.get()
        ready = {name: entries[name]["ready"] for name in ("branch", "version", "closed")}
        self.assertEqual(ready, {"branch": "True", "version": "True", "closed": "False"})
        self.assertEqual(entries["branch"]["revision"], f"main@sha1:{first}")
        self.assertEqual(entries["version"]["revision"], f"v1.0.0@sha1:{first}")
        self.assertIn("credentials", entries["closed"]["message"])
        self.assertNotIn("s3cret", json.dumps(entries))
        second = other.commit({"deploy/a.yaml": config_map("a", "2")})
        self.agent.reconcile(check=False)
        self.assertEqual(self.cluster.get("configmap", "a", "home")["data"], {"k": "2"})
        self.assertEqual(self.cluster.get("configmap", "a-version", "home")["data"], {"k": "1"})
        self.assertEqual(self.get()["branch"]["revision"], f"main@sha1:{second}")
        self.assertEqual(self.mirrors(), 3)
        self.lab.repository.commit({
            "clusters/home/sources.yaml":
                source("branch", ref={"branch": "main"}, secretRef={"name": "login"}),
            "clusters/home/apps.yaml": follower("branch", "branch")})
        self.agent.reconcile(check=False)
        self.assertEqual(self.mirrors(), 1)

    def test_what_a_source_ignores_is_neither_read_nor_applied(self):
        self.start({
            "clusters/home/flux-system/gotk-sync.yaml":
                kustomization("flux-system", "./clusters/home") + "\n---\n" + manifest(
                    "source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system", "flux-system",
                    spec={"interval": "1m", "url": "ssh://git@git.example.org/home",
                          "ref": {"branch": "main"}, "ignore": "/clusters/home/old.yaml"}),
            "clusters/home/namespace.yaml": NAMESPACE,
            "clusters/home/apps.yaml": kustomization("apps", "./apps"),
            "clusters/home/old.yaml": config_map("old"),
            "apps/a.yaml": config_map("a"), "apps/b.yaml": config_map("b"),
            "apps/.sourceignore": "b.yaml\n",
        })
        self.agent.reconcile(check=False)
        self.assertEqual(self.get()["apps"]["ready"], "True")
        self.assertIsNotNone(self.cluster.get("configmap", "a", "home"))
        self.assertIsNone(self.cluster.get("configmap", "b", "home"))
        self.assertIsNone(self.cluster.get("configmap", "old", "home"))

    def mirrors(self):
        return len(list((self.agent.state / "sources").glob("*/mirror.git")))


FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "unit" / "secrets" / "flux"


class DecryptionTest(unittest.TestCase):
    """What SOPS encrypted, with the fixtures of kustomize-controller and the keys made for them."""

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        self.secret = (FIXTURES / "algorithms" / "age.yaml").read_text()
        self.key = (FIXTURES / "keys" / "age.txt").read_text()
        self.other_key = (FIXTURES / "keys" / "age-global.txt").read_text()

    def commit(self, folders):
        """A Kustomization in namespace home for each {name: (its spec, its encrypted Secret)}."""
        files = {"clusters/home/namespace.yaml": NAMESPACE,
                 "clusters/home/plain.yaml": kustomization("plain", "./plain"),
                 "plain/a.yaml": config_map("plain")}
        for name, (spec, secret) in folders.items():
            files[f"clusters/home/{name}.yaml"] = kustomization(
                name, f"./{name}", targetNamespace="home", nameSuffix=f"-{name}", **spec)
            files[f"{name}/secret.yaml"] = secret
        self.lab.repository.commit(files)

    def reconcile(self, settings=None):
        self.agent = self.lab.agent(path="clusters/home", settings=settings)
        self.agent.start()
        return self.agent.reconcile(check=False)

    def give_keys(self, name, text):
        path = self.lab.folder / "key"
        path.write_text(text)
        self.cluster.kubectl("create", "namespace", "flux-system", check=False)
        self.cluster.kubectl("-n", "flux-system", "create", "secret", "generic", name,
                             f"--from-file=age.agekey={path}")

    def entry(self, name):
        listed = json.loads(self.agent.run("get", "-o", "json").stdout)
        return {entry["name"]: entry for entry in listed}[name]

    def value(self, name):
        found = self.cluster.get("secret", f"age-{name}", "home")
        return found and base64.b64decode(found["data"]["key"]).decode()

    def assert_only_fails(self, name, word):
        entry = self.entry(name)
        self.assertEqual(entry["ready"], "False", entry)
        self.assertIn(word, entry["message"])
        self.assertIsNone(self.value(name))
        self.assertEqual(self.entry("plain")["ready"], "True")
        self.assertIsNotNone(self.cluster.get("configmap", "plain", "home"))

    def test_the_key_is_in_a_file_beside_the_configuration(self):
        self.commit({"file": ({"decryption": {"provider": "sops"}}, self.secret)})
        credentials = self.lab.folder / "agent" / "credentials"
        credentials.mkdir(parents=True)
        (credentials / "age.key").write_text(self.key)
        (credentials / "age.key").chmod(0o600)
        self.reconcile({"decryption": {"ageKeyFile": "credential:age.key"}})
        self.assertEqual(self.entry("file")["ready"], "True", self.entry("file"))
        self.assertEqual(self.value("file"), "value")
        self.assertNotIn("AGE-SECRET-KEY", self.agent.log())

    def test_the_key_is_in_the_secret_that_is_named_and_a_wrong_one_fails_one_alone(self):
        by_secret = {"decryption": {"provider": "sops", "secretRef": {"name": "sops-age"}}}
        tampered = self.secret.replace("name: age\n", "name: age\n  annotations: {a: b}\n")
        self.commit({"secret": (by_secret, self.secret), "tampered": (by_secret, tampered),
                     "none": ({"decryption": {"provider": "sops"}}, self.secret),
                     "undeclared": ({}, self.secret)})
        self.give_keys("sops-age", self.key)
        self.reconcile()
        self.assertEqual(self.entry("secret")["ready"], "True", self.entry("secret"))
        self.assertEqual(self.value("secret"), "value")
        self.assert_only_fails("tampered", "MAC")
        self.assert_only_fails("none", "age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4")
        self.assert_only_fails("undeclared", "decryption")

    def test_a_wrong_key_is_told_and_the_right_one_is_taken_without_a_commit(self):
        by_secret = {"decryption": {"provider": "sops", "secretRef": {"name": "sops-age"}}}
        self.commit({"secret": (by_secret, self.secret)})
        self.give_keys("sops-age", self.other_key)
        self.reconcile()
        self.assert_only_fails("secret", "age1l44xcng8dqj32nlv6d930qvvrny05hglzcv9qpc7kxjc6902ma4")
        self.cluster.kubectl("-n", "flux-system", "delete", "secret", "sops-age")
        self.give_keys("sops-age", self.key)
        self.agent.reconcile(check=False)
        self.assertEqual(self.value("secret"), "value")

    def test_build_and_plan_show_what_the_key_opens(self):
        self.commit({})
        self.lab.repository.commit({"clusters/home/secret.yaml": self.secret})
        key = self.lab.folder / "age.key"
        key.write_text(self.key)
        key.chmod(0o600)
        self.agent = self.lab.agent(path="clusters/home",
                                    settings={"decryption": {"ageKeyFile": str(key)}})
        folder = self.lab.repository.tree / "clusters" / "home"
        (folder / "kustomization.yaml").write_text("resources: [namespace.yaml, secret.yaml]\n")
        built = self.agent.run("build", "--age-key-file", key, folder)
        self.assertEqual(built.returncode, 0, built.stderr)
        self.assertIn("key: value", built.stdout)
        self.assertIn("ENC[AES256_GCM", self.agent.run("build", folder).stdout)
        planned = self.agent.run("plan")
        self.assertEqual(planned.returncode, 2, planned.stderr)
        self.assertIn("Secret", planned.stdout)
        self.assertNotIn("dmFsdWU", planned.stdout)


def deployment(image="a", replicas=1):
    labels = {"app": "web"}
    return manifest("apps/v1", "Deployment", "web", spec={
        "replicas": replicas, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels},
                     "spec": {"containers": [{"name": "web", "image": image}]}}})


class IgnoreTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        ignore = [{"paths": ["/spec/replicas"], "target": {"kind": "Deployment"}}]
        self.lab.repository.commit({
            "clusters/home/apps.yaml": kustomization("apps", "./apps", ignore=ignore),
            "apps/namespace.yaml": NAMESPACE, "apps/web.yaml": deployment()})
        self.agent = self.lab.agent(path="clusters/home")
        self.agent.start()
        self.agent.reconcile()

    def image_and_replicas(self):
        spec = self.cluster.get("deployment", "web", "home")["spec"]
        return spec["template"]["spec"]["containers"][0]["image"], spec["replicas"]

    def version(self):
        """What a write of the agent would change; a controller's status does not."""
        metadata = self.cluster.ask("/apis/apps/v1/namespaces/home/deployments/web")["metadata"]
        ours = [entry for entry in metadata["managedFields"] if entry["manager"] == "primocane"]
        return metadata["generation"], ours

    def test_what_others_make_of_an_ignored_field_stays(self):
        self.assertEqual(self.image_and_replicas(), ("a", 1))
        self.cluster.kubectl("-n", "home", "scale", "deployment/web", "--replicas=3")
        version = self.version()
        self.agent.reconcile()
        self.assertEqual(self.image_and_replicas(), ("a", 3))
        self.assertEqual(self.version(), version)
        self.cluster.kubectl("-n", "home", "set", "image", "deployment/web", "web=b")
        self.agent.reconcile()
        self.assertEqual(self.image_and_replicas(), ("a", 3))
        self.lab.repository.commit({"apps/web.yaml": deployment("c", 2)})
        self.agent.reconcile()
        self.assertEqual(self.image_and_replicas(), ("c", 3))

    def test_an_ignored_field_that_another_manager_applies_is_its_own(self):
        scaled = manifest("apps/v1", "Deployment", "web", spec={"replicas": 5})
        self.cluster.kubectl("apply", "--server-side", "--field-manager=scaler",
                             "--force-conflicts", "-f", "-", stdin=scaled)
        self.lab.repository.commit({"apps/web.yaml": deployment("b", 2)})
        self.agent.reconcile()
        self.assertEqual(self.image_and_replicas(), ("b", 5))
        self.lab.repository.commit({"clusters/home/apps.yaml": kustomization("apps", "./apps")})
        self.agent.reconcile()
        self.assertEqual(self.image_and_replicas(), ("b", 2))


class LeavingTest(unittest.TestCase):
    def test_a_set_that_waits_for_termination_is_listed_until_its_objects_are_gone(self):
        lab = Lab()
        self.addCleanup(lab.close)
        lab.repository.commit({
            "clusters/home/apps.yaml":
                kustomization("apps", "./apps", deletionPolicy="WaitForTermination"),
            "clusters/home/namespace.yaml": NAMESPACE, "apps/a.yaml": config_map("a")})
        agent = lab.agent(path="clusters/home")
        agent.start()
        agent.reconcile()
        finalizers = '{"metadata": {"finalizers": ["example.org/held"]}}'
        # What kubectl sets would be removed at once.
        lab.cluster.kubectl("-n", "home", "patch", "configmap", "a", "--type=merge", "-p",
                            finalizers, "--field-manager=a-controller")
        lab.repository.commit({"clusters/home/apps.yaml": None})
        agent.reconcile(check=False)
        self.assertIn("left Git; waits until ConfigMap/home/a is gone", agent.run("get").stdout)
        lab.cluster.kubectl("-n", "home", "patch", "configmap", "a", "--type=merge", "-p",
                            '{"metadata": {"finalizers": null}}')
        agent.reconcile(check=False)
        self.assertNotIn("waits until", agent.run("get").stdout)
        self.assertIsNone(lab.cluster.get("configmap", "flux-system.apps", "primocane-system"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
