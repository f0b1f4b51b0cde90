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

    versions = []
    others = 0  # entries of other charts, of a kilobyte each
    login = "Basic " + base64.b64encode(b"me:hunter2").decode()

    def do_GET(self):
        if self.headers.get("Authorization") != self.login:
            self.send_error(401)
            return
        web = "".join(f"  - {{name: web, version: {version}, urls: [web-{version}.tgz]}}\n"
                      for version in self.versions)
        other = f"  - name: other\n    version: 1.0.0\n    description: {'x' * 950}\n".encode()
        body = f"apiVersion: v1\nentries:\n  web:\n{web}  other:\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + self.others * len(other)))
        self.end_headers()
        self.wfile.write(body)
        for _ in range(self.others):
            self.wfile.write(other)

    def log_message(self, *arguments):
        pass


def flux(group, kind, name, spec):
    return json.dumps({"apiVersion": f"{group}.toolkit.fluxcd.io/v{2 if group == 'helm' else 1}",
                       "kind": kind, "metadata": {"name": name, "namespace": "default"},
                       "spec": spec})


class HelmTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.cluster = self.lab.cluster
        Charts.versions = ["1.2.3", "1.10.0", "2.0.0-rc1"]
        Charts.others = 0
        self.charts = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Charts)
        threading.Thread(target=self.charts.serve_forever, daemon=True).start()
        self.addCleanup(self.charts.server_close)
        self.addCleanup(self.charts.shutdown)
        self.agent = self.lab.agent()
        self.agent.start()

    def define_helm_chart(self):
        self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(DEFINITION))
        self.cluster.kubectl("wait", "--for=condition=Established", "crd/helmcharts.helm.cattle.io")

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

    def controller_deploys(self):
        """What K3s's Helm controller and its Job leave when all went well."""
        chart = self.chart()
        spec = chart["spec"]
        key = spec["valuesSecrets"][0]["keys"][0]
        environment = {"CHART": f"web/{spec['chart']}", "REPO": spec["repo"],
                       "VERSION": spec["version"]}
        job = {
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": {"name": "helm-install-web", "namespace": "default"},
            "spec": {"suspend": True, "template": {  # nothing runs it
                "metadata": {"annotations": {"helmcharts.helm.cattle.io/configHash": "SHA256=A"}},
                "spec": {
                    "restartPolicy": "OnFailure",
                    "containers": [{"name": "helm", "image": "klipper-helm",
                                    "env": [{"name": name, "value": value}
                                            for name, value in environment.items()]}],
                    "volumes": [{"name": "values", "projected": {"sources": [{"secret": {
                        "name": "web-helm-values",
                        "items": [{"key": key, "path": key}]}}]}}]}}}}
        release = {
            "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
            "metadata": {"name": "sh.helm.release.v1.web.v1", "namespace": "default", "labels": {
                "owner": "helm", "name": "web", "version": "1", "status": "deployed",
                "helmcharts.helm.cattle.io/configHash": "A"}}}
        for manifest in (job, release):
            self.cluster.kubectl("apply", "-f", "-", stdin=json.dumps(manifest))
        time = "2026-01-01T00:00:00Z"
        self.status("job/helm-install-web", {
            "startTime": time, "completionTime": time, "succeeded": 1,
            "conditions": [{"type": kind, "status": "True", "lastTransitionTime": time}
                           for kind in ("SuccessCriteriaMet", "Complete")]})
        self.status("helmchart/web", {"jobName": "helm-install-web"})

    def status(self, name, status):
        self.cluster.kubectl("patch", name, "--subresource=status", "--type=merge",
                             "-p", json.dumps({"status": status}))

    def listed(self):
        listed = json.loads(self.agent.run("get", "-o", "json").stdout)
        releases = [entry for entry in listed if entry["kind"] == "HelmRelease"]
        self.assertEqual(len(releases), 1)
        return releases[0]

    def test_a_release_lives(self):
        # Without the kind. The first pass applies the Secret that the repository's login is in.
        self.deploy(check=False)
        report = self.agent.reconcile(check=False)
        problems = " ".join(problem["message"] for problem in report["problems"])
        self.assertIn("disable-helm-controller", problems)

        self.define_helm_chart()
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

        # It is ready when the Helm controller says so.
        self.assertEqual(self.listed()["ready"], "Unknown")
        self.controller_deploys()
        self.agent.reconcile()
        entry = self.listed()
        self.assertEqual((entry["ready"], entry["revision"]), ("True", "1.10.0"), entry)
        self.assertIn("HelmRelease/default/web  web  1.10.0", self.agent.run("tree").stdout)

        # Suspended, it stays as it is.
        self.deploy(suspend=True, values={"a": 2})
        self.assertEqual(self.values(), {"a: 1\n"})
        self.assertIn("helmcharts.helm.cattle.io/unmanaged", self.chart()["metadata"]["annotations"])
        self.assertTrue(self.listed()["suspended"])

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
                             "-p", '{"metadata":{"finalizers":["wrangler.cattle.io/test"]}}',
                             "--field-manager=wrangler")
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

    def test_a_large_index_takes_little_memory(self):
        self.define_helm_chart()
        self.deploy(check=False)
        before = self.memory_peak()
        Charts.others = 50_000
        Charts.versions = [*Charts.versions, "1.11.0"]
        self.agent.reconcile(check=False)
        self.assertEqual(self.chart()["spec"]["version"], "1.11.0")
        self.assertLess(self.memory_peak() - before, 8 * 1024)

    def memory_peak(self):
        """Of the agent, in KiB."""
        for line in pathlib.Path(f"/proc/{self.agent.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        raise AssertionError("the agent does not run")


if __name__ == "__main__":
    unittest.main()
