# SPDX-License-Identifier: Apache-2.0
"""Bad input: each gets a message with file and line or object, the others converge where that is
safe, and nothing is pruned because of it."""

import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.process import wait_until
from lab.webhook import Webhook


def config_map(name, value="v", namespace="home"):
    return (f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"
            f"  namespace: {namespace}\ndata:\n  k: {value}\n")


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: home\n"


NEW_SECRETS = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
               "resources": ["secrets"]}


REFUSAL = "the webhook does not want it"


def refuse_by_name(request):
    """Refuses what is named "refused"."""
    return {"allowed": request["name"] != "refused", "status": {"code": 403, "message": REFUSAL}}, None


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.repository = cls.lab.repository
        cls.cluster = cls.lab.cluster
        cls.agent = cls.lab.agent(settings={"prune": {"maxDeletions": 100}})
        cls.good = {"namespace.yaml": NAMESPACE, "good.yaml": config_map("good")}
        cls.repository.commit(cls.good)
        cls.agent.start()
        cls.agent.reconcile()

    def tearDown(self):
        for entry in self.repository.tree.iterdir():
            if entry.name != ".git":
                self.repository.write({entry.name: None})
        self.repository.commit(self.good)
        self.agent.reconcile(check=False)

    def exists(self, name):
        return self.cluster.get("configmap", name, "home") is not None

    def problems(self):
        return "\n".join(f"{p['object']}: {p['message']}" for p in self.agent.status()["problems"])

    def refuse(self, files, *expected):
        """Commits `files` beside a new good object and without "good.yaml": neither is touched."""
        self.repository.commit({**files, "fresh.yaml": config_map("fresh"), "good.yaml": None})
        self.agent.reconcile(check=False)
        for part in expected:
            self.assertIn(part, self.problems())
        self.assertTrue(self.exists("good"), "something was pruned by a revision that is refused")
        self.assertFalse(self.exists("fresh"))

    def fail_alone(self, files, *expected):
        """Commits `files`: they fail, the good object beside them lands, nothing is pruned."""
        self.repository.commit({**files, "fresh.yaml": config_map("fresh"), "good.yaml": None})
        self.agent.reconcile(check=False)
        for part in expected:
            self.assertIn(part, self.problems())
        self.assertTrue(self.exists("fresh"))
        self.assertTrue(self.exists("good"), "something was pruned although an object failed")

    def test_unparsable_yaml(self):
        self.refuse({"bad.yaml": "apiVersion: v1\nkind: [\n"}, "bad.yaml:")

    def test_duplicate_keys(self):
        self.refuse({"bad.yaml": config_map("x") + "  k: w\n"}, "bad.yaml:8", "k")

    def test_a_document_without_kind(self):
        self.refuse({"bad.yaml": "apiVersion: v1\nmetadata: {name: x}\n"}, "bad.yaml:1", "kind")

    def test_a_document_without_name(self):
        self.refuse({"bad.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"}, "bad.yaml:1",
                    "name")

    def test_two_documents_with_one_identity(self):
        self.refuse({"one.yaml": config_map("x"), "two.yaml": config_map("x")}, "one.yaml",
                    "two.yaml")

    def test_a_file_of_100_mb(self):
        self.refuse({"big.yaml": "a: " + "x" * (100 << 20) + "\n"}, "big.yaml")

    def test_an_alias_bomb(self):
        bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
        self.refuse({"bomb.yaml": bomb}, "bomb.yaml")

    def test_ten_thousand_levels(self):
        self.refuse({"deep.yaml": "a: " + "[" * 10000 + "]" * 10000 + "\n"}, "deep.yaml:1")
        self.tearDown()
        self.refuse({"deep.yaml": "".join(" " * i + "a:\n" for i in range(2000))}, "deep.yaml")

    def test_nul_bytes(self):
        self.refuse({"nul.yaml": b"apiVersion: v1\nkind: Config\0Map\n"}, "nul.yaml:2")

    def test_invalid_utf8(self):
        self.refuse({"latin.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \xe4}\n"},
                    "latin.yaml:3")

    def test_a_symlink_that_leaves_the_tree(self):
        os.symlink("../../../etc/passwd", self.repository.tree / "link.yaml")
        self.refuse({}, "link.yaml")

    def test_a_path_that_leaves_the_tree(self):
        self.refuse({"kustomization.yaml": "resources:\n  - ../../etc\n"}, "kustomization.yaml:2")

    def test_a_helm_release_that_is_wrong_fails_alone(self):
        self.repository.commit({
            "flux.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                         "metadata: {name: web, namespace: home}\n",
            "fresh.yaml": config_map("fresh")})
        self.agent.reconcile(check=False)
        self.assertIn("flux.yaml:1: HelmRelease/home/web: spec is missing", self.problems())
        self.assertTrue(self.exists("fresh"))
        self.assertTrue(self.exists("good"))

    def test_an_unsupported_field_of_a_kustomization(self):
        self.refuse({"kustomization.yaml": "resources: [fresh.yaml]\nhelmCharts: [{name: x}]\n"},
                    "kustomization.yaml:2", "helmCharts", "HelmRelease")

    def test_a_patch_that_is_not_there(self):
        self.refuse({"kustomization.yaml": "resources: [fresh.yaml]\npatches: [{path: x.yaml}]\n"},
                    "kustomization.yaml:2", "x.yaml: no such file")

    def test_a_submodule_where_a_manifest_is_needed(self):
        commit = self.repository.run("rev-parse", "HEAD")
        self.repository.write({"kustomization.yaml": "resources:\n  - fresh.yaml\n  - module\n"})
        self.repository.run("update-index", "--add", "--cacheinfo", f"160000,{commit},module")
        self.repository.write({"fresh.yaml": config_map("fresh"), "good.yaml": None})
        self.repository.run("add", "kustomization.yaml", "fresh.yaml", "good.yaml")
        self.repository.run("commit", "-q", "-m", "Add a submodule")
        self.repository.run("push", "-q", "origin", "main")
        self.agent.reconcile(check=False)
        self.assertIn("submodule", self.problems())
        self.assertTrue(self.exists("good"))
        self.repository.run("rm", "-q", "--cached", "module")

    def test_an_lfs_pointer(self):
        self.refuse({"lfs.yaml": "version https://git-lfs.github.com/spec/v1\n"
                                 "oid sha256:" + "0" * 64 + "\nsize 12345\n"}, "lfs.yaml", "LFS")

    def test_an_unknown_kind(self):
        self.fail_alone({"thing.yaml": "apiVersion: example.org/v1\nkind: Thing\n"
                                       "metadata: {name: x, namespace: home}\n"},
                        "Thing/home/x", "thing.yaml:1")

    def test_a_schema_violation(self):
        self.fail_alone({"d.yaml": "apiVersion: apps/v1\nkind: Deployment\n"
                                   "metadata: {name: d, namespace: home}\n"
                                   "spec: {replicas: many}\n"}, "Deployment/home/d", "d.yaml:1")

    def test_an_immutable_field(self):
        secret = ("apiVersion: v1\nkind: Secret\nimmutable: true\n"
                  "metadata: {name: s, namespace: home}\nstringData: {k: hunter%d}\n")
        self.good = {**self.good, "s.yaml": secret % 1}
        self.addCleanup(setattr, self, "good", {k: v for k, v in self.good.items()
                                                if k != "s.yaml"})
        self.repository.commit(self.good)
        self.agent.reconcile()
        self.fail_alone({"s.yaml": secret % 2}, "Secret/home/s", "s.yaml:1", "immutable")
        self.assertNotIn("hunter", self.problems() + self.agent.log())

    def test_a_name_that_is_too_long(self):
        self.repository.commit({"long.yaml": config_map("x" * 300)})
        self.agent.reconcile(check=False)
        self.assertIn("long.yaml:", self.problems())

    def test_a_namespace_that_does_not_exist(self):
        self.fail_alone({"lost.yaml": config_map("x", namespace="nowhere")},
                        "ConfigMap/nowhere/x", "lost.yaml:1", "nowhere")

    def test_a_quota_that_is_exceeded(self):
        self.cluster.kubectl("create", "quota", "few", "-n", "home", "--hard=secrets=0")
        self.addCleanup(self.cluster.kubectl, "delete", "quota", "few", "-n", "home")
        self.fail_alone({"s.yaml": "apiVersion: v1\nkind: Secret\n"
                                   "metadata: {name: over, namespace: home}\n"},
                        "Secret/home/over", "quota")

    def test_a_webhook_that_is_not_there(self):
        webhook = {"apiVersion": "admissionregistration.k8s.io/v1",
                   "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "no"},
                   "webhooks": [{"name": "no.example.org", "sideEffects": "None",
                                 "admissionReviewVersions": ["v1"], "timeoutSeconds": 1,
                                 "clientConfig": {"url": "https://127.0.0.1:1/validate"},
                                 "rules": [{"apiGroups": [""], "apiVersions": ["v1"],
                                            "operations": ["CREATE"], "resources": ["secrets"]}]}]}
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(webhook))
        self.addCleanup(self.cluster.kubectl, "delete", "validatingwebhookconfiguration", "no")
        self.fail_alone({"s.yaml": "apiVersion: v1\nkind: Secret\n"
                                   "metadata: {name: hooked, namespace: home}\n"},
                        "Secret/home/hooked", "webhook")

    def test_a_webhook_that_refuses(self):
        webhook = Webhook(self.cluster.folder, refuse_by_name)
        self.addCleanup(webhook.close)
        self.admit({"kind": "ValidatingWebhookConfiguration",
                    "webhooks": [{"name": "no.example.org", "sideEffects": "None",
                                  "admissionReviewVersions": ["v1"], "timeoutSeconds": 10,
                                  "clientConfig": webhook.client_config, "rules": [NEW_SECRETS]}]})
        self.refuse_one_secret(REFUSAL)

    def test_a_policy_that_refuses(self):
        self.admit({"kind": "ValidatingAdmissionPolicy",
                    "spec": {"matchConstraints": {"resourceRules": [NEW_SECRETS]},
                             "validations": [{"expression": "object.metadata.name != 'refused'",
                                              "message": "the policy does not want it"}]}})
        self.admit({"kind": "ValidatingAdmissionPolicyBinding",
                    "spec": {"policyName": "no", "validationActions": ["Deny"]}})
        self.refuse_one_secret("the policy does not want it")

    def admit(self, manifest):
        """Makes an object "no" of admission, until the test ends."""
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(
            {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "no"},
             **manifest}))
        self.addCleanup(self.cluster.kubectl, "delete", manifest["kind"].lower(), "no")

    def refuse_one_secret(self, message):
        """Of two Secrets, "refused" fails with `message`."""
        # The API server learns of what decides about admission a moment after it was made.
        wait_until(lambda: message in self.dry_run("create", "secret", "generic", "refused"),
                   "the refusal")
        secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: home}\n"
        self.fail_alone({"s.yaml": secret % "refused", "t.yaml": secret % "allowed"},
                        "Secret/home/refused: s.yaml:1", message)
        self.assertNotIn("Secret/home/allowed", self.problems())
        self.assertIsNotNone(self.cluster.get("secret", "allowed", "home"))
        self.assertIsNone(self.cluster.get("secret", "refused", "home"))

    def dry_run(self, *arguments):
        """What kubectl says against it, or ""."""
        try:
            self.cluster.kubectl(*arguments, "-n", "home", "--dry-run=server")
        except RuntimeError as error:
            return str(error)
        return ""


if __name__ == "__main__":
    unittest.main()
