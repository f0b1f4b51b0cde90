# SPDX-License-Identifier: Apache-2.0
"""OCIRepositories and HelmRepositories against a real registry, by what the agent reaches them by."""

import base64
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.process import ROOT
from lab.registry import Registry

FETCH = pathlib.Path(os.environ.get("PRIMOCANE_FETCH_ARTIFACT",
                                    ROOT / "build" / "release" / "fetch_artifact"))
CHART_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


class OciTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.count = 0

    def registry(self, *flags):
        self.count += 1
        folder = self.folder / f"registry{self.count}"
        folder.mkdir()
        registry = Registry(folder, *flags)
        self.addCleanup(registry.server.stop)
        return registry

    def fetch(self, kind, spec, *wishes, **secrets):
        """What fetch_artifact prints."""
        document = {"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": kind,
                    "metadata": {"name": "test", "namespace": "flux-system"},
                    "spec": {"interval": "1m", "timeout": "20s"} | spec}
        (self.folder / "object.yaml").write_text(json.dumps(document))
        (self.folder / "secrets.json").write_text(json.dumps(secrets))
        (self.folder / "artifact").mkdir(exist_ok=True)
        done = subprocess.run([FETCH, self.folder / "artifact", self.folder / "object.yaml",
                               self.folder / "secrets.json", *wishes], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        for data in secrets.values():
            for value in data.values():
                self.assertNotIn(value, done.stdout)
        return json.loads(done.stdout)

    def artifact(self, registry, way="http", repository="org/app", **rest):
        spec = {"url": f"oci://{registry.addresses[way]}/{repository}"} | rest.pop("spec", {})
        return self.fetch("OCIRepository", spec, "update", **rest)

    def test_an_artifact_of_flux_is_fetched_once(self):
        registry = self.registry()
        digest = registry.push("org/app", "latest", {"apps/a.yaml": "a: 1\n", "b.yaml": "b: 2\n"},
                               revision="main@sha1:0123")
        expected = {"revision": f"latest@{digest}", "origin": "main@sha1:0123",
                    "files": {"apps": {"a.yaml": "a: 1\n"}, "b.yaml": "b: 2\n"}}
        self.assertEqual(self.artifact(registry), expected)
        registry.requests()
        self.assertEqual(self.artifact(registry), expected)
        self.assertEqual(registry.requests(), ["registry HEAD /v2/org/app/manifests/latest"])

    def test_a_tag_that_moves_is_fetched_anew(self):
        registry = self.registry()
        registry.push("org/app", "latest", {"a.yaml": "a: 1\n"})
        self.artifact(registry)
        digest = registry.push("org/app", "latest", {"a.yaml": "a: 2\n"})
        moved = self.artifact(registry)
        self.assertEqual(moved["revision"], f"latest@{digest}")
        self.assertEqual(moved["files"], {"a.yaml": "a: 2\n"})
        self.assertEqual(sorted(path.suffix for path in (self.folder / "artifact").iterdir()),
                         [".bundle", ".json"])

    def test_tags_by_range_and_digests(self):
        registry = self.registry()
        digests = {tag: registry.push("org/app", tag, {"a.yaml": f"a: {tag}\n"})
                   for tag in ("1.0.0", "1.2.0", "1.10.0-rc.1", "2.0.0", "latest")}
        for ref, tag in (({"semver": "1.x"}, "1.2.0"), ({"semver": ">=1.0.0-0 <2.0.0"}, "1.10.0-rc.1"),
                         ({"semver": "*", "semverFilter": "^1"}, "1.2.0"), ({"tag": "1.0.0"}, "1.0.0")):
            got = self.artifact(registry, spec={"ref": ref})
            self.assertEqual(got["revision"], f"{tag}@{digests[tag]}")
            self.assertEqual(got["files"], {"a.yaml": f"a: {tag}\n"})
        got = self.artifact(registry, spec={"ref": {"tag": "latest", "digest": digests["2.0.0"]}})
        self.assertEqual(got["revision"], digests["2.0.0"])

    def test_an_index_leads_to_its_artifact(self):
        registry = self.registry()
        digest = registry.push("org/app", "latest", {"a.yaml": "a: 1\n"}, indexed=True)
        got = self.artifact(registry)
        self.assertEqual(got["revision"], f"latest@{digest}")
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})

    def test_tls_with_an_authority_of_its_own(self):
        registry = self.registry()
        registry.push("org/app", "latest", {"a.yaml": "a: 1\n"})
        refused = self.artifact(registry, "https")
        self.assertEqual(refused["error"], "denied")
        self.assertIn("certificate", refused["message"])
        got = self.artifact(registry, "https", certificates=registry.ca())
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})
        got = self.artifact(registry, "https", spec={"insecure": True})
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})

    def test_a_login_by_a_token_server(self):
        registry = self.registry("--login", "ann:right-word")
        registry.push("org/app", "latest", {"a.yaml": "a: 1\n"})
        refused = self.artifact(registry, "https", certificates=registry.ca())
        self.assertEqual(refused["error"], "denied")
        self.assertIn("spec.secretRef", refused["message"])
        host = registry.addresses["https"]
        login = {"username": "ann", "password": "wrong-word"}
        refused = self.artifact(registry, "https", certificates=registry.ca(), login=login)
        self.assertEqual(refused["error"], "denied")
        auth = base64.b64encode(b"ann:right-word").decode()
        config = {".dockerconfigjson": json.dumps({"auths": {host: {"auth": auth}}})}
        registry.requests()
        got = self.artifact(registry, "https", certificates=registry.ca(), login=config)
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})
        asked = registry.requests()
        self.assertEqual(asked[:3], ["registry HEAD /v2/org/app/manifests/latest",
                                     "registry GET /token Basic",
                                     "registry HEAD /v2/org/app/manifests/latest Bearer"])
        self.assertTrue(all(line.endswith("Bearer") for line in asked[3:]))

    def test_a_login_with_each_request(self):
        registry = self.registry("--login", "ann:right-word", "--challenge", "basic")
        registry.push("org/app", "latest", {"a.yaml": "a: 1\n"})
        login = {"username": "ann", "password": "right-word"}
        got = self.artifact(registry, "https", certificates=registry.ca(), login=login)
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})
        # Near, without TLS: not unless that is asked for.
        refused = self.artifact(registry, login=login, repository="org/app")
        self.assertIn("spec.insecure", refused["message"])
        got = self.artifact(registry, login=login, spec={"insecure": True})
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})

    def test_blobs_in_a_store_elsewhere(self):
        registry = self.registry("--login", "ann:right-word", "--challenge", "basic",
                                 "--redirect-blobs")
        registry.push("org/app", "latest", {"a.yaml": "a: 1\n"})
        login = {"username": "ann", "password": "right-word"}
        got = self.artifact(registry, login=login, spec={"insecure": True})
        self.assertEqual(got["files"], {"a.yaml": "a: 1\n"})
        stores = [line for line in registry.requests() if line.startswith("store ")]
        self.assertEqual(len(stores), 1)
        self.assertFalse(stores[0].endswith("Basic"))

    def test_charts_of_a_registry(self):
        registry = self.registry()
        for version in ("6.0.0", "6.1.0", "6.2.0-rc.1"):
            registry.push("charts/podinfo", version, {"podinfo/Chart.yaml": "name: podinfo\n"},
                          chart={"name": "podinfo", "version": version})
        spec = {"url": f"oci://{registry.addresses['http']}/charts/podinfo",
                "ref": {"semver": "6.x"},
                "layerSelector": {"mediaType": CHART_TYPE, "operation": "copy"}}
        chart = self.fetch("OCIRepository", spec, "chart")
        self.assertEqual((chart["name"], chart["version"]), ("podinfo", "6.1.0"))
        files = self.fetch("OCIRepository", spec, "update")["files"]
        self.assertEqual(files, {"podinfo": {"Chart.yaml": "name: podinfo\n"}})
        base = f"oci://{registry.addresses['http']}/charts"
        found = self.fetch("HelmRepository", {"type": "oci", "url": base}, "podinfo=",
                           "podinfo=>=6.2.0-0", "podinfo=7.x", "missing=")
        self.assertEqual(found[:2], [f"6.1.0 {base}/podinfo", f"6.2.0-rc.1 {base}/podinfo"])
        self.assertIn("7.x", found[2])
        self.assertIn("no such artifact", found[3])

    def test_artifacts_that_are_wrong(self):
        registry = self.registry()
        registry.push("org/app", "latest", layer=base64.b64encode(b"no gzip").decode())
        refused = self.artifact(registry)
        self.assertEqual(refused["error"], "invalid")
        self.assertIn("is not compressed by gzip", refused["message"])
        refused = self.artifact(registry, spec={"ref": {"tag": "none"}})
        self.assertEqual(refused["error"], "denied")
        refused = self.artifact(registry, spec={"verify": {"provider": "cosign"}})
        self.assertIn("spec.verify is not supported", refused["message"])
        refused = self.artifact(registry, spec={"layerSelector": {"mediaType": "application/none"}})
        self.assertIn("spec.layerSelector.mediaType", refused["message"])

    def test_a_repository_with_an_index_of_fifty_megabytes(self):
        entries = "".join(
            f"  chart-{chart}:\n" + "".join(
                f"  - apiVersion: v2\n    description: {'x' * 200}\n    name: chart-{chart}\n"
                f"    urls:\n    - chart-{chart}-{version}.tgz\n    version: 1.{version}.0\n"
                for version in range(400)) for chart in range(440))
        index = f"apiVersion: v1\nentries:\n{entries}generated: now\n".encode()
        self.assertGreater(len(index), 50_000_000)

        class Serve(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", str(len(index)))
                self.end_headers()
                self.wfile.write(index)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serve)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/charts"
        found = self.fetch("HelmRepository", {"url": url, "timeout": "50s"}, "chart-7=",
                           "chart-439=<1.10.0", "none=")
        self.assertEqual(found[0], f"1.399.0 {url}/chart-7-399.tgz")
        self.assertEqual(found[1], f"1.9.0 {url}/chart-439-9.tgz")
        self.assertIn("has no chart none", found[2])


if __name__ == "__main__":
    unittest.main()
