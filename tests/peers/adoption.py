#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Moves a cluster from Flux to primocane and back, with Flux's own controllers.

    tests/peers/adoption.py [--transcript FILE]

Flux deploys a repository; `primocane adopt flux` takes it over; the agent removes a field and an
object that leave Git; `primocane release` gives it back, and Flux goes on. Nothing restarts on the
way. The test is the kubelet: a controller ends when its Deployment is scaled to 0. --transcript
writes what the commands printed (docs/flux.md shows it).
"""

import pathlib
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.agent import Agent
from lab.git import GitServer, Repository
from lab.process import wait_until
from peers import names
from peers.flux_side import FluxSide
from peers.repositories import SYNC, SYNC_KUSTOMIZATION

ROOT_PATH = "clusters/home"
SECONDS_MAX = 60
DEPLOYMENTS = "/apis/apps/v1/namespaces/{}/deployments/{}"
KUSTOMIZATION = names.KUSTOMIZATIONS.format("namespaces/flux-system/") + "/{}"
CONFIG_MAPS = "/api/v1/namespaces/{}/configmaps/{}"
TRANSCRIPT = []

CHILD = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  interval: 1h
  path: ./apps
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: default, annotations: {{team: home}}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
      - {{name: web, image: "nginx:1.27"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: settings, namespace: default}}
data: {data}
"""
EXTRA = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: extra, namespace: default}
data: {key: value}
"""


def controller(name):
    """A Deployment as `flux install` writes it, as far as anybody reads it here."""
    return {"apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": name, "namespace": names.FLUX_NAMESPACE,
                         "labels": {"app.kubernetes.io/part-of": "flux",
                                    "app.kubernetes.io/component": name}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}},
                     "template": {"metadata": {"labels": {"app": name}},
                                  "spec": {"containers": [{"name": "manager",
                                                           "image": f"fluxcd/{name}"}]}}}}


class Kubelet(threading.Thread):
    """Ends kustomize-controller when nobody wants it any more; has a connection of its own."""

    def __init__(self, flux, api):
        super().__init__(daemon=True)
        self.flux = flux
        self.api = api
        self.is_done = threading.Event()

    def run(self):
        path = DEPLOYMENTS.format(names.FLUX_NAMESPACE, "kustomize-controller")
        while not self.is_done.wait(0.2):
            if self.api.get(path)["spec"]["replicas"] == 0:
                self.flux.controllers[1].stop()
                break
        self.api.connection.close()

    def stop(self):
        self.is_done.set()
        self.join()


class Adoption(unittest.TestCase):
    """One cluster, from Flux to primocane and back."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="adoption-")
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)
        self.folder.chmod(0o755)  # as tests/peers/run
        (self.folder / "git").mkdir()
        self.git = GitServer(self.folder / "git", self.folder / "gitserver")
        self.addCleanup(self.git.stop)
        self.repository = Repository(self.folder / "git")
        self.flux = FluxSide(self.folder / "flux")
        self.addCleanup(self.flux.close)
        self.api = self.flux.api
        self.addCleanup(self.api.connection.close)
        self.sync = SYNC.format(name=names.ROOT, namespace=names.FLUX_NAMESPACE,
                                url=self.git.url(), path=ROOT_PATH)
        self.agent = Agent(self.folder / "agent", self.git.url(), self.flux.cluster.kubeconfig,
                           ROOT_PATH)
        self.addCleanup(self.agent.stop)

    def deploy_with_flux(self):
        for name in ("source-controller", "kustomize-controller"):
            self.api.apply(DEPLOYMENTS.format(names.FLUX_NAMESPACE, name), controller(name), "flux")
        self.repository.commit({
            f"{ROOT_PATH}/flux-system/gotk-sync.yaml": self.sync,
            f"{ROOT_PATH}/flux-system/kustomization.yaml": SYNC_KUSTOMIZATION,
            f"{ROOT_PATH}/apps.yaml": CHILD,
            "apps/web.yaml": WEB.format(data="{colour: green, old: x}"),
            "apps/extra.yaml": EXTRA})
        self.flux.bootstrap(self.sync)
        self.wait_for_flux("first")

    def wait_for_flux(self, token):
        self.flux.renew_sources(token)

        def is_ready():
            states = self.flux.look(token)[0]
            return set(states) == {"flux-system/flux-system", "flux-system/apps"} and set(
                states.values()) == {"ready"}
        wait_until(is_ready, "Flux's Kustomizations", SECONDS_MAX, 0.2)

    def primocane(self, code, *arguments):
        """Runs a command that has to end with `code`; returns what it printed."""
        done = self.agent.run(*arguments)
        TRANSCRIPT.append(f"$ primocane {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr + self.agent.log()[-2000:])
        return done.stdout + done.stderr

    def web(self):
        return self.api.get(DEPLOYMENTS.format("default", "web"))

    def generation(self):
        return self.web()["metadata"]["generation"]

    def managers(self, object):
        return {entry["manager"] for entry in object["metadata"]["managedFields"]
                if entry["operation"] == "Apply"}

    def adopt(self):
        before = self.web()
        told = self.primocane(2, "adopt", "flux", "--dry-run")
        self.assertIn("Kustomization/flux-system/apps: suspend", told)
        self.assertEqual(self.web()["metadata"]["resourceVersion"],
                         before["metadata"]["resourceVersion"])
        kubelet = Kubelet(self.flux, self.flux.another_api())
        kubelet.start()
        try:
            told = self.primocane(0, "adopt", "flux")
        finally:
            kubelet.stop()
        self.assertIn("start it", told)
        self.assertIsNotNone(self.flux.controllers[1].process.poll())
        self.primocane(0, "adopt", "flux", "--dry-run")
        self.assertEqual(self.managers(self.web()), {"primocane"})

    def live_with_primocane(self, generation):
        self.agent.start()
        TRANSCRIPT.append("$ sudo systemctl enable --now primocane\n")
        self.agent.reconcile()
        self.primocane(0, "get")
        self.assertEqual(self.generation(), generation)
        self.repository.commit({"apps/web.yaml": WEB.format(data="{colour: green}"),
                                "apps/extra.yaml": None})
        self.agent.reconcile()
        self.assertEqual(self.api.get(CONFIG_MAPS.format("default", "settings"))["data"],
                         {"colour": "green"})
        self.assertIsNone(self.api.get(CONFIG_MAPS.format("default", "extra")))
        for name in ("flux-system", "apps"):
            self.assertTrue(self.api.get(KUSTOMIZATION.format(name))["spec"]["suspend"])
        self.assertEqual(self.generation(), generation)

    def release(self):
        self.assertIn("the agent runs", self.primocane(1, "release"))
        self.agent.stop()
        TRANSCRIPT.append("$ sudo systemctl disable --now primocane\n")
        self.primocane(2, "release", "--dry-run")
        self.primocane(0, "release")
        self.primocane(0, "release", "--dry-run")
        web = self.web()
        self.assertEqual(self.managers(web), {"kustomize-controller"})
        self.assertFalse([label for label in web["metadata"]["labels"] if "applyset" in label])
        for name in ("flux-system", "apps"):
            self.assertNotIn("suspend", self.api.get(KUSTOMIZATION.format(name))["spec"])
        path = DEPLOYMENTS.format(names.FLUX_NAMESPACE, "kustomize-controller")
        self.assertEqual(self.api.get(path)["spec"]["replicas"], 1)

    def test_a_cluster_moves_to_primocane_and_back_and_nothing_restarts(self):
        self.deploy_with_flux()
        generation = self.generation()
        self.adopt()
        self.live_with_primocane(generation)
        self.release()
        self.flux.restart_controllers()
        self.wait_for_flux("again")
        self.assertEqual(self.generation(), generation)
        self.assertEqual(self.managers(self.web()), {"kustomize-controller"})
        # Flux prunes what was there before as well as before.
        self.repository.commit({"apps/web.yaml": None, "apps/extra.yaml": EXTRA})
        self.wait_for_flux("pruned")
        self.assertIsNone(self.web())
        self.assertIsNotNone(self.api.get(CONFIG_MAPS.format("default", "extra")))


def main():
    transcript = None
    if "--transcript" in sys.argv:
        at = sys.argv.index("--transcript")
        transcript = pathlib.Path(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    try:
        unittest.main()
    finally:
        if transcript:
            transcript.write_text("\n".join(TRANSCRIPT))


if __name__ == "__main__":
    main()
