# SPDX-License-Identifier: Apache-2.0
"""primocane doctor: each thing that is wrong is found, said and left as it is."""

import base64
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.process import wait_until

# What the machine that runs the tests decides.
OF_THE_MACHINE = {"kernel", "clock", "memory-cgroup", "disk", "box"}

CONFIG_MAP = json.dumps({"apiVersion": "v1", "kind": "ConfigMap",
                         "metadata": {"name": "a", "namespace": "default"}, "data": {"k": "v"}})
FLUX_CRD = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "kustomizations.kustomize.toolkit.fluxcd.io"},
            "spec": {"group": "kustomize.toolkit.fluxcd.io", "scope": "Namespaced",
                     "names": {"kind": "Kustomization", "plural": "kustomizations"},
                     "versions": [{"name": "v1", "served": True, "storage": True,
                                   "schema": {"openAPIV3Schema": {"type": "object"}}}]}}


def flux_controller(replicas):
    labels = {"app": "kustomize-controller"}
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "kustomize-controller", "namespace": "flux-system"},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels},
                                  "spec": {"containers": [{"name": "manager", "image": "x"}]}}}}


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        self.lab.repository.commit({"a.yaml": CONFIG_MAP})
        self.agent = self.lab.agent()

    def doctor(self, agent=None):
        """What it says: {check: its findings}."""
        done = (agent or self.agent).run("doctor", "-o", "json")
        answer = json.loads(done.stdout)
        found = {}
        for finding in answer["findings"]:
            found.setdefault(finding["check"], []).append(finding)
        problems = [f for f in answer["findings"] if f["level"] == "problem"]
        self.assertEqual(len(problems), answer["problems"])
        self.assertEqual(done.returncode, 1 if problems else 0, done.stdout + done.stderr)
        return found

    def levels(self, found):
        """Of what the test and not the machine decides."""
        return {check: [finding["level"] for finding in findings]
                for check, findings in found.items() if check not in OF_THE_MACHINE}

    def only(self, found, check, level, *parts):
        """The one finding of a check, which has this level and all of these words."""
        self.assertEqual(len(found[check]), 1, found[check])
        finding = found[check][0]
        self.assertEqual(finding["level"], level, finding)
        for part in parts:
            self.assertIn(part, finding["message"] + "; " + finding.get("advice", ""))

    def service_account(self, name, *bindings):
        """A kubeconfig of a ServiceAccount with these ClusterRoles."""
        self.cluster.kubectl("create", "serviceaccount", name)
        for role in bindings:
            self.cluster.kubectl("create", "clusterrolebinding", f"{name}-{role}",
                                 f"--clusterrole={role}", f"--serviceaccount=default:{name}")
        token = self.cluster.kubectl("create", "token", name).strip()
        server = self.cluster.kubectl("config", "view", "-o",
                                      "jsonpath={.clusters[0].cluster.server}")
        ca = base64.b64encode((self.cluster.folder / "ca.crt").read_bytes()).decode()
        path = self.lab.folder / f"{name}.kubeconfig"
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": server,
                                                   "certificate-authority-data": ca}}],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}))
        path.chmod(0o600)
        return path, token

    def test_all_is_well_and_nothing_is_changed(self):
        found = self.doctor()
        self.only(found, "git", "ok", "branch main is at ")
        self.only(found, "api-server", "ok", "Kubernetes v1.")
        self.only(found, "agent", "warning", "no agent is running", "systemctl")
        self.assertFalse(self.agent.state.exists())
        self.assertFalse(self.agent.runtime.exists())
        self.assertIsNone(self.cluster.ask("/api/v1/namespaces/primocane-system"))

        self.agent.start()
        self.agent.reconcile()
        found = self.doctor()
        expected = {"version": ["ok"], "configuration": ["warning"], "agent": ["ok"],
                    "git": ["ok"], "api-server": ["ok"], "rights": ["ok"], "other-tools": ["ok"],
                    "other-agents": ["ok"]}
        self.assertEqual(self.levels(found), expected)
        self.only(found, "configuration", "warning", "git.url is http")
        self.assertLessEqual(OF_THE_MACHINE, set(found))

    def test_it_is_one_line_each_for_people(self):
        self.agent.configuration.unlink()
        done = self.agent.run("doctor")
        self.assertEqual(done.returncode, 1)
        *lines, last = done.stdout.splitlines()
        for line in lines:
            self.assertRegex(line, r"^(ok|warning|problem) +[a-z-]+ +\S")
        self.assertRegex(last, r"^\d+ problems?, \d+ warnings?$")
        self.assertIn(f"{self.agent.configuration}: no such file", done.stdout)
        # What does not need it is looked at all the same.
        self.assertRegex(done.stdout, r"(?m)^\S+ +api-server ")

    def test_git_is_down_or_has_no_such_branch(self):
        self.agent.configure({"git": {"branch": "trunk"}})
        self.only(self.doctor(), "git", "problem", "has no branch trunk", "git.branch")
        self.lab.git.accept_only(basic="me:secret")
        self.only(self.doctor(), "git", "problem", "git.authentication")
        self.lab.git.stop()
        found = self.doctor()
        self.only(found, "git", "problem", "cannot connect", "Connection refused")
        self.only(found, "api-server", "ok")

    def test_the_api_server_is_down_or_its_kubeconfig_is_not_there(self):
        self.cluster.stop()
        found = self.doctor()
        self.only(found, "api-server", "problem", "cannot connect", "systemctl status k3s")
        self.assertNotIn("rights", found)
        self.agent.configure({"cluster": {"kubeconfig": "/nowhere/k3s.yaml"}})
        self.only(self.doctor(), "api-server", "problem", "/nowhere/k3s.yaml: No such file")
        self.agent.configure({"cluster": {"kubeconfig": str(self.agent.configuration)}})
        self.only(self.doctor(), "api-server", "problem", str(self.agent.configuration))

    def test_an_identity_that_may_not_do_enough(self):
        path, token = self.service_account("nobody")
        self.agent.configure({"cluster": {"kubeconfig": str(path)}})
        found = self.doctor()
        self.only(found, "api-server", "ok")
        self.only(found, "rights", "problem", "create namespaces", "delete all kinds",
                  "patch configmaps in primocane-system")
        self.assertEqual([f["level"] for f in found["other-tools"]], ["warning"] * 3)

        path, token = self.service_account("reader", "view")
        self.agent.configure({"cluster": {"kubeconfig": str(path)}})
        self.only(self.doctor(), "rights", "problem", "patch all kinds")

        path.write_text(path.read_text().replace(token, "not-a-token"))
        done = self.agent.run("doctor")
        self.assertIn("problem  api-server", done.stdout)
        self.assertNotIn("not-a-token", done.stdout + done.stderr)

        path, _ = self.service_account("root", "cluster-admin")
        self.agent.configure({"cluster": {"kubeconfig": str(path)}})
        self.only(self.doctor(), "rights", "ok")

    def test_flux_is_here(self):
        self.cluster.kubectl("create", "namespace", "flux-system")
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(FLUX_CRD))
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(flux_controller(1)))
        self.only(self.doctor(), "other-tools", "warning",
                  "Flux is at work here (flux-system/kustomize-controller)", "flux uninstall")
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(flux_controller(0)))
        wait_until(lambda: "switched on" in self.doctor()["other-tools"][0]["message"],
                   "the CRD to be served")
        self.only(self.doctor(), "other-tools", "ok", "kinds of Flux are served")

    def test_another_agent_works_on_the_cluster(self):
        self.agent.start()
        self.agent.reconcile()
        other = self.lab.agent("other")
        self.only(self.doctor(other), "other-agents", "warning", "primocane-system/root",
                  "no agent has run here")
        self.only(self.doctor(), "other-agents", "ok")
        self.agent.configure({"git": {"branch": "trunk"}})
        self.only(self.doctor(), "other-agents", "warning", "not from the branch")

    def test_a_configuration_that_is_wrong(self):
        self.agent.configuration.write_text("git:\n  url: https://example.org/x.git\n  brunch: x\n")
        found = self.doctor()
        self.only(found, "configuration", "problem", "config.yaml:3", "branch")
        self.assertNotIn("git", found)

    def test_files_that_the_configuration_names(self):
        token = self.lab.folder / "token"

        def finding():
            found = [f for f in self.doctor()["configuration"] if "tokenFile" in f["message"]]
            return (found[0]["level"], found[0]["message"]) if found else None

        self.agent.configure({"git": {"url": self.lab.git.url(scheme="https"),
                                      "caFile": str(self.lab.folder / "ca"),
                                      "authentication": {"tokenFile": str(token)}}})
        (self.lab.folder / "ca").write_text("not a certificate")
        self.assertEqual(finding(),
                         ("problem", f"git.authentication.tokenFile: {token}: "
                                     "No such file or directory"))
        token.write_text("\n")
        token.chmod(0o600)
        self.assertEqual(finding(),
                         ("problem", f"git.authentication.tokenFile: {token} is empty"))
        token.write_text("hunter2\n")
        self.assertIsNone(finding())
        token.chmod(0o644)
        self.assertEqual(finding(), ("problem", f"git.authentication.tokenFile: {token} has mode "
                                                "0644: everybody on this node can read it, so "
                                                "the agent does not"))
        self.assertNotIn("hunter2", json.dumps(self.doctor()))


if __name__ == "__main__":
    unittest.main()
