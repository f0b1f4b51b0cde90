# SPDX-License-Identifier: Apache-2.0
"""A real Kubernetes API server with its controllers, and kubectl for it."""

import json
import pathlib
import re
import ssl
import subprocess
import urllib.error
import urllib.request

from .process import SERVERS, Server


class Cluster:
    """kube-apiserver on a free port; `store` is "memory" or "sqlite"."""

    def __init__(self, folder, store="memory", fake_kubelet=False, arguments=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = store
        self.arguments = list(arguments) + (["--fake-kubelet"] if fake_kubelet else [])
        self.server = None
        self.start()

    def start(self):
        command = [SERVERS / "apiserver", "--dir", self.folder, "--store", self.store,
                   "--until-stdin-closes", *self.arguments]
        self.server = Server(command, self.folder / "stderr.log")
        self.server.read_until(lambda line: line.startswith("ready in"))

    def stop(self):
        self.server.stop()

    @property
    def kubeconfig(self):
        return self.folder / "kubeconfig"

    def kubeconfig_through(self, host):
        """The kubeconfig for a machine to which our loopback has the address `host`."""
        text = self.kubeconfig.read_text()
        return re.sub(r"( *)server: https://127\.0\.0\.1:(\d+)",
                      rf"\1server: https://{host}:\2\n\1tls-server-name: 127.0.0.1", text)

    def kubectl(self, *arguments, stdin=None, check=True):
        """Runs kubectl and returns its output."""
        done = subprocess.run([str(SERVERS / "kubectl"), "--kubeconfig", str(self.kubeconfig),
                               *map(str, arguments)], input=stdin, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def ask(self, path, method="GET", body=None, content_type="application/json"):
        """The API server's answer, or None if there is no such object: much faster than kubectl."""
        url = re.search(r"server: (\S+)", self.kubeconfig.read_text())[1]
        context = ssl.create_default_context(cafile=self.folder / "ca.crt")
        context.load_cert_chain(self.folder / "admin.crt", self.folder / "admin.key")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url + path, data, {"Content-Type": content_type},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from error

    def get(self, kind, name, namespace="default"):
        """The object, or None."""
        text = self.kubectl("get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found")
        return json.loads(text) if text.strip() else None

    def names(self, kind, namespace=None, selector=None):
        """Names of the objects of a kind, sorted."""
        where = ["-n", namespace] if namespace else ["-A"]
        wanted = ["-l", selector] if selector else []
        text = self.kubectl("get", kind, *where, *wanted, "-o", "json")
        return sorted(item["metadata"]["name"] for item in json.loads(text)["items"])
