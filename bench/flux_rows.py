# SPDX-License-Identifier: Apache-2.0
"""A hundred Kustomizations of four objects each, in chains of ten by dependsOn: applied to an empty
cluster by primocane and by Flux, and the same objects by the bare client, each on a fresh server."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from lab.agent import Agent
from lab.git import GitServer, Repository
from lab.process import SERVERS, wait_until
from peers.flux_side import REQUESTED, FluxSide
from peers.names import FLUX_NAMESPACE, KUSTOMIZATIONS, ROOT, ROOT_PATH, SOURCES
from peers.our_side import OurSide
from peers.repositories import SYNC, SYNC_KUSTOMIZATION

KUSTOMIZATIONS_COUNT = 100
OBJECTS_EACH = 4
CHAIN_LENGTH = 10
NAMESPACE = "bench"
# Flux's default of 30 s would make nearly all of its time; this is what home-labs set.
DEPENDENCY_INTERVAL = "5s"
FLUX_SECONDS_MAX = 900


def kustomization(number):
    """One link of a chain, which waits for the link before it."""
    before = ([{"name": f"app-{number - 1:03}"}] if number % CHAIN_LENGTH else [])
    return {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": {"name": f"app-{number:03}", "namespace": FLUX_NAMESPACE},
            "spec": {"interval": "1h", "path": f"./apps/{number:03}", "prune": True,
                     "dependsOn": before, "sourceRef": {"kind": "GitRepository", "name": ROOT}}}


class HundredKustomizations:
    """The repository on a server of its own; a context manager."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="flux-bench-"))
        self.folder.chmod(0o755)
        self.repository = Repository(self.folder / "git")
        self.git = GitServer(self.folder / "git", self.folder / "gitserver")
        self.sync = SYNC.format(name=ROOT, namespace=FLUX_NAMESPACE, url=self.git.url(),
                                path=ROOT_PATH)
        # The namespace and the root alone: what starts the programs is not measured.
        self.repository.commit({
            f"{ROOT_PATH}/flux-system/gotk-sync.yaml": self.sync,
            f"{ROOT_PATH}/flux-system/kustomization.yaml": SYNC_KUSTOMIZATION,
            f"{ROOT_PATH}/namespace.yaml": json.dumps(
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})})
        return self

    def __exit__(self, *error):
        self.git.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def commit_all(self):
        """Commits the Kustomizations and their objects."""
        objects = self.folder / "objects"
        subprocess.run([str(SERVERS / "bareclient"), "generate", "--out", str(objects), "--n",
                        str(KUSTOMIZATIONS_COUNT * OBJECTS_EACH), "--namespace", NAMESPACE],
                       check=True)
        apps = sorted(objects.glob("*.yaml"))
        assert len(apps) == KUSTOMIZATIONS_COUNT, f"{len(apps)} files in {objects}"
        files = {f"apps/{number:03}/app.yaml": path.read_text() for number, path in enumerate(apps)}
        files |= {f"{ROOT_PATH}/app-{number:03}.yaml": json.dumps(kustomization(number), indent=2)
                  for number in range(KUSTOMIZATIONS_COUNT)}
        self.repository.commit(files)


def ours_run(repository, memory_kib):
    """From the question for news until every Kustomization is ready, in seconds, and the agent's
    VmRSS then in MiB."""
    side = OurSide(repository.folder / "ours", store="sqlite")
    agent = Agent(repository.folder / "agent", repository.git.url(), side.cluster.kubeconfig,
                  ROOT_PATH)
    try:
        agent.start()
        agent.reconcile()
        repository.commit_all()
        began = time.monotonic()
        report = agent.reconcile()
        seconds = time.monotonic() - began
        assert report["failed"] == 0, report
        states = agent.status()["kustomizations"]
        assert len(states) == KUSTOMIZATIONS_COUNT + 1, len(states)
        assert all(each["ready"] == "True" for each in states), states
        return seconds, memory_kib(agent.process.pid, "VmRSS") / 1024
    finally:
        agent.stop()
        side.close()


def flux_seconds(repository):
    """The same for Flux."""
    side = FluxSide(repository.folder / "flux", store="sqlite",
                    dependency_interval=DEPENDENCY_INTERVAL)
    try:
        side.bootstrap(repository.sync)
        wait_until(lambda: ready_count(side) == 1, "Flux's root", 120)
        repository.commit_all()
        began = time.monotonic()
        side.request(f"{SOURCES[0]}/namespaces/{FLUX_NAMESPACE}/gitrepositories/{ROOT}",
                     REQUESTED)
        wait_until(lambda: ready_count(side) == KUSTOMIZATIONS_COUNT + 1, "Flux",
                   FLUX_SECONDS_MAX, 0.5)
        return time.monotonic() - began
    finally:
        side.close()


def ready_count(side):
    items = side.api.get(KUSTOMIZATIONS.format(""))["items"]
    return sum(any(each["type"] == "Ready" and each["status"] == "True"
                   for each in item.get("status", {}).get("conditions", [])) for item in items)


def cold_runs(pairs, bare_rate, memory_kib):
    """(ours, Flux's, the bare client's) seconds of each run, and the agent's MiB."""
    runs = []
    for _ in range(pairs):
        with HundredKustomizations() as repository:
            ours, resident = ours_run(repository, memory_kib)
        with HundredKustomizations() as repository:
            flux = flux_seconds(repository)
        objects = KUSTOMIZATIONS_COUNT * OBJECTS_EACH
        bare = min(objects / bare_rate(objects, in_flight) for in_flight in (1, 4))
        runs.append((ours, flux, bare, resident))
    return runs
