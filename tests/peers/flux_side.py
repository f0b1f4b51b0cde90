# SPDX-License-Identifier: Apache-2.0
"""Flux's source-controller and kustomize-controller as plain processes on a cluster."""

import ctypes
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.request

from lab.process import ROOT, wait_until

from . import names
from .api import Api
from .sides import SETTLE_SECONDS, ClusterSide, Outcome

PEERS = pathlib.Path(os.environ.get("PRIMOCANE_PEERS", ROOT / "build" / "peers"))
REQUESTED = "reconcile.fluxcd.io/requestedAt"
IDLE_SECONDS = 5
# Flux's default is 30 s; how long a dependant waits is not what the cases are about.
DEPENDENCY_INTERVAL = "1s"
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def die_with_parent():
    """For preexec_fn: these programs do not look whether anybody still needs them."""
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Controller:
    """One controller of Flux, from its start until its workers run."""

    def __init__(self, name, folder, kubeconfig, *arguments):
        self.name = name
        self.metrics = f"127.0.0.1:{free_port()}"
        self.log_path = folder / f"{name}.log"
        temporary = folder / f"{name}.tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        command = [PEERS / name, "--log-encoding=json", "--enable-leader-election=false",
                   f"--metrics-addr={self.metrics}", f"--health-addr=127.0.0.1:{free_port()}",
                   *arguments]
        environment = os.environ | {"KUBECONFIG": str(kubeconfig), "TMPDIR": str(temporary),
                                    "RUNTIME_NAMESPACE": names.FLUX_NAMESPACE,
                                    "HOME": str(temporary)}
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen([str(part) for part in command], env=environment,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            preexec_fn=die_with_parent)

    def wait_for_workers(self):
        def is_running():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended:\n{self.log()[-2000:]}")
            return "Starting workers" in self.log()
        wait_until(is_running, f"the workers of {self.name}", SETTLE_SECONDS)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def active_workers(self):
        """How many objects it works on at this moment."""
        with urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        return sum(int(float(count)) for count in re.findall(
            r"^controller_runtime_active_workers\{[^}]*\} (\S+)$", text, re.MULTILINE))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class FluxSide(ClusterSide):
    """A cluster with Flux in it."""

    def __init__(self, folder, store="memory", dependency_interval=DEPENDENCY_INTERVAL):
        super().__init__(folder, [PEERS / "flux-crds.yaml"], store)
        self.dependency_interval = dependency_interval
        self.storage = f"127.0.0.1:{free_port()}"
        self.controllers = []
        self.start_controllers()

    def start_controllers(self):
        folder = self.folder / f"controllers-{time.monotonic_ns()}"
        (folder / "storage").mkdir(parents=True)
        kubeconfig = self.cluster.kubeconfig
        requeue = f"--requeue-dependency={self.dependency_interval}"
        self.controllers = [
            Controller("source-controller", folder, kubeconfig, requeue,
                       f"--storage-path={folder / 'storage'}", f"--storage-addr={self.storage}",
                       f"--storage-adv-addr={self.storage}"),
            Controller("kustomize-controller", folder, kubeconfig, requeue)]
        for controller in self.controllers:
            controller.wait_for_workers()

    def restart_controllers(self):
        """Ends those that run and starts all, as a Deployment with replicas again does."""
        self.stop_controllers()
        self.start_controllers()

    def another_api(self):
        """For another thread."""
        return Api(self.folder / "cluster")

    def begin(self, case, repositories):
        """Nothing: what bootstrapping applies needs the first commit."""

    def advance(self, step, repositories):
        """Does the step and waits until every Kustomization stands as the case says; returns the
        Outcome, at the latest after SETTLE_SECONDS as it is then."""
        began = time.monotonic()
        self.act(step)
        if step.number == 1:
            self.bootstrap(repositories.sync())
        token = secrets.token_hex(8)
        self.renew_sources(token)
        seen = [{}, {}, {}]

        def is_settled():
            seen[:] = self.look(token)
            return seen[0] == step.states
        try:
            wait_until(is_settled, "Flux", SETTLE_SECONDS, 0.1)
        except TimeoutError:
            pass  # the case is told what is not as it says
        return self.outcome(*seen, began)

    def bootstrap(self, sync):
        """Applies gotk-sync.yaml."""
        source, kustomization = sync.split("---\n")[1:]
        place = f"namespaces/{names.FLUX_NAMESPACE}"
        self.api.apply(f"{names.SOURCES[0]}/{place}/gitrepositories/{names.ROOT}", source, "flux")
        self.api.apply(names.KUSTOMIZATIONS.format(f"{place}/") + f"/{names.ROOT}", kustomization,
                       "flux")

    def renew_sources(self, token):
        """Has every source look for news, and waits until it has; those that include others once
        more when these have. One that is not served yet is looked at when it comes."""
        self.renew(token, lambda item: True)
        self.renew(token + "-again", lambda item: "include" in item["spec"])

    def renew(self, token, is_wanted):
        """Has the sources that are wanted look for news, and waits until they have. What comes
        meanwhile looks at once and is not waited for."""
        def wanted():
            return [item for item in self.sources()
                    if is_wanted(item) and not item["spec"].get("suspend")]
        asked = set()
        for item in wanted():
            metadata = item["metadata"]
            self.request(f"{names.SOURCES[0]}/namespaces/{metadata['namespace']}/"
                         f"{item['resource']}/{metadata['name']}", token)
            asked.add(metadata["uid"])
        wait_until(lambda: all(item.get("status", {}).get("lastHandledReconcileAt") == token
                               for item in wanted() if item["metadata"]["uid"] in asked),
                   "Flux's sources", SETTLE_SECONDS, 0.1)

    def request(self, path, token):
        self.api.merge(path, {"metadata": {"annotations": {REQUESTED: token}}}, "flux")

    def look(self, token):
        """States, reasons and messages of all Kustomizations. Each is asked, the root first, for
        an attempt after this step began, and is "progressing" until that has ended."""
        revisions = {(item["kind"], item["metadata"]["namespace"], item["metadata"]["name"]):
                     item.get("status", {}).get("artifact", {}).get("revision")
                     for item in self.sources()}
        items = self.api.get(names.KUSTOMIZATIONS.format(""))["items"]
        found = {f"{item['metadata']['namespace']}/{item['metadata']['name']}": item
                 for item in items}
        states = {name: state_of(item, token, revisions) for name, item in found.items()}
        root = names.full(names.ROOT)
        for name, item in found.items():
            asked = item["metadata"].get("annotations", {}).get(REQUESTED) == token
            if not asked and (name == root or states.get(root) in ("ready", "failed")):
                namespace, _, own = name.partition("/")
                self.request(names.KUSTOMIZATIONS.format(f"namespaces/{namespace}/") + f"/{own}",
                             token)
        conditions = {name: ready_condition(item) for name, item in found.items()}
        return (states, {name: each.get("reason") for name, each in conditions.items()},
                {name: each.get("message") for name, each in conditions.items()})

    def sources(self):
        """All sources, each with its `kind` and its `resource`."""
        for resource, kind in zip(names.SOURCES[1], ("GitRepository", "OCIRepository"), strict=True):
            for item in self.api.get(f"{names.SOURCES[0]}/{resource}")["items"]:
                yield item | {"kind": kind, "resource": resource}

    def reset(self):
        """Empties the cluster; Flux's controllers are idle before and find nothing afterwards."""
        # Their finalizers would apply Flux's rules for deletions, and that takes its time.
        for path in [names.KUSTOMIZATIONS.format("")] + [f"{names.SOURCES[0]}/{resource}"
                                                         for resource in names.SOURCES[1]]:
            group = path.rpartition("/")[0]
            for item in self.api.get(path)["items"]:
                metadata = item["metadata"]
                one = (f"{group}/namespaces/{metadata['namespace']}/{path.rpartition('/')[2]}/"
                       f"{metadata['name']}")
                self.api.merge(one, {"metadata": {"finalizers": None}})
                self.api.delete(one)
        try:
            wait_until(lambda: not any(each.active_workers() for each in self.controllers),
                       "idle controllers", IDLE_SECONDS)
        except TimeoutError:  # one waits for the health of something
            self.stop_controllers()
        self.empty()
        if not self.controllers:
            self.start_controllers()

    def stop_controllers(self):
        for controller in self.controllers:
            controller.stop()
        self.controllers = []

    def log(self):
        return "\n".join(controller.log()[-3000:] for controller in self.controllers)

    def close(self):
        self.stop_controllers()
        super().close()


def ready_condition(item):
    return next((each for each in item.get("status", {}).get("conditions", [])
                 if each["type"] == "Ready"), {})


def state_of(item, token, revisions):
    """How a Kustomization stands: "progressing" until an attempt has ended that saw its present
    spec, the present revision of its source and this step's request."""
    metadata, spec, status = item["metadata"], item["spec"], item.get("status", {})
    if "deletionTimestamp" in metadata:
        return "progressing"
    if spec.get("suspend"):
        return "suspended"
    ready = ready_condition(item)
    if (status.get("lastHandledReconcileAt") != token
            or ready.get("observedGeneration") != metadata["generation"]):
        return "progressing"
    if ready["status"] == "True":
        source = spec["sourceRef"]
        revision = revisions.get((source["kind"], source.get("namespace", metadata["namespace"]),
                                  source["name"]))
        return "ready" if status.get("lastAppliedRevision") == revision else "progressing"
    if ready["status"] == "False":
        return "waiting" if ready["reason"] == "DependencyNotReady" else "failed"
    return "progressing"


def outcome_of(text):
    """The Outcome that was kept as JSON."""
    return Outcome(**json.loads(text))
