# SPDX-License-Identifier: Apache-2.0
"""HelmReleases against a real API server that has the kind HelmChart, and a repository of charts by
HTTP. The test is the Helm controller."""

import base64
import http.server
import json
import pathlib
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab

# The fields of K3s's own that decide here (k3s-io/helm-controller, pkg/crds).
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "helmcharts.helm.cattle.io"},
    "spec": {
        "group": "helm.cattle.io", "scope": "Namespaced",
        "names": {"kind": "HelmChart", "listKind": "HelmChartList", "plural": "helmcharts",
                  "singular": "helmchart"},
        "versions": [{
            "name": "v1", "served": True, "storage": True, "subresources": {"status": {}},
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": {
                    **{name: {"type": "string"} for name in (
                        "targetNamespace", "chart", "version", "repo", "repoCA", "valuesContent",
                        "timeout")},
                    "failurePolicy": {"type": "string", "default": "reinstall",
                                      "enum": ["abort", "reinstall", "retry"]},
                    "takeOwnership": {"type": "boolean"},
                    "authSecret": {"type": "object", "properties": {"name": {"type": "string"}}},
                    "valuesSecrets": {"type": "array", "items": {
                        "type": "object", "properties": {
                            "name": {"type": "string"},
                            "keys": {"type": "array", "items": {"type": "string"}}}}}}},
                "status": {"type": "object", "properties": {
                    "jobName": {"type": "string"}}}}}}}]}}


class Charts(http.server.BaseHTTPRequestHandler):
    """A repository whose index has one chart, for those who log in."""

    versions = ["1.2.3", "1.10.0", "2.0.0-rc1"]
    login = "Basic " + base64.b64encode(b"me:hunter2").decode()

    def do_GET(self):
        if self.headers.get("Authorization") != self.login:
            self.send_error(401)
            return
        entries = [{"name": "web", "version": version, "urls": [f"web-{version}.tgz"]}
                   for version in self.versions]
        body = json.dumps({"apiVersion": "v1", "entries": {"web": entries}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def flux(group, kind, name, spec):
    return json.dumps({"apiVersion": f"{group}.toolkit.fluxcd.io/v{2 if group == 'helm' else 1}",
                       "kind": kind, "metadata": {"name": name, "namespace": "default"},
                       "spec": spec})


class HelmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.addClassCleanup(cls.lab.close)
        cls.cluster = cls.lab.cluster
        cls.charts = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Charts)
        threading.Thread(target=cls.charts.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.charts.server_close)
        cls.addClassCleanup(cls.charts.shutdown)

    def deploy(self, check=True, **spec):
        chart = {"spec": {"chart": "web", "version": "1.x",
                          "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}
        self.lab.repository.commit({
            "login.yaml": json.dumps({"apiVersion": "v1", "kind": "Secret",
                                      "metadata": {"name": "login", "namespace": "default"},
                                      "stringData": {"username": "me", "password": "hunter2"}}),
            "charts.yaml": flux("source", "HelmRepository", "charts", {
                "interval": "1h", "url": f"http://127.0.0.1:{self.charts.server_port}",
                "secretRef": {"name": "login"}}),
            "web.yaml": flux("helm", "HelmRelease", "web",
                             {"interval": "1h", "chart": chart, **spec})})
        return self.agent.reconcile(check=check)

    def chart(self):
        return self.cluster.get("helmchart", "web")

    def values(self):
        secret = self.cluster.get("secret", "web-helm-values")
        return {base64.b64decode(value).decode() for value in secret["data"].values()}

    def test_a_release_lives(self):
        self.agent = self.lab.agent()
        self.agent.start()
        # Without the kind.
        report = self.deploy(check=False)
        problems = " ".join(problem["message"] for problem in report["problems"])
        self.assertIn("disable-helm-controller", problems)

        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(DEFINITION))
        self.cluster.kubectl("wait", "--for=condition=Established", "crd/helmcharts.helm.cattle.io")
        self.deploy(check=False, values={"a": 1})
        self.agent.reconcile(check=False)
        chart = self.chart()
        self.assertIsNotNone(chart, self.agent.log()[-3000:])
        self.assertEqual(chart["spec"]["version"], "1.10.0")
        self.assertEqual(chart["spec"]["failurePolicy"], "retry")
        self.assertEqual(self.values(), {"a: 1\n"})
        auth = self.cluster.get("secret", chart["spec"]["authSecret"]["name"])
        self.assertEqual(base64.b64decode(auth["data"]["password"]), b"hunter2")
        self.assertNotIn("hunter2", self.agent.log() + json.dumps(self.agent.status()))

        # Other values are another key, and a change by hand is reverted.
        key = chart["spec"]["valuesSecrets"][0]["keys"]
        self.deploy(check=False, values={"a": 2})
        self.assertNotEqual(self.chart()["spec"]["valuesSecrets"][0]["keys"], key)
        self.assertEqual(self.values(), {"a: 2\n"})
        self.cluster.kubectl("patch", "helmchart", "web", "--type=merge",
                             "-p", '{"spec":{"version":"1.2.3"}}')
        self.agent.reconcile(check=False)
        self.assertEqual(self.chart()["spec"]["version"], "1.10.0")

        # What can't be served leaves what is there.
        report = self.deploy(check=False, postRenderers=[{"kustomize": {}}])
        problems = " ".join(problem["message"] for problem in report["problems"])
        self.assertIn("postRenderers is not served", problems)
        self.assertEqual(self.values(), {"a: 2\n"})

        # The Secrets stay while the controller uninstalls.
        self.cluster.kubectl("patch", "helmchart", "web", "--type=merge",
                             "-p", '{"metadata":{"finalizers":["wrangler.cattle.io/test"]}}')
        self.lab.repository.commit({"web.yaml": None})
        self.agent.reconcile(check=False)
        self.agent.reconcile(check=False)
        self.assertIn("deletionTimestamp", self.chart()["metadata"])
        self.assertIsNotNone(self.cluster.get("secret", "web-helm-auth"))
        self.cluster.kubectl("patch", "helmchart", "web", "--type=merge",
                             "-p", '{"metadata":{"finalizers":null}}')
        self.agent.reconcile()
        self.assertIsNone(self.chart())
        self.assertIsNone(self.cluster.get("secret", "web-helm-auth"))


if __name__ == "__main__":
    unittest.main()
