# SPDX-License-Identifier: Apache-2.0
"""400 objects in one Kustomization, and in a hundred in chains of ten by dependsOn: applied to an empty
cluster by primocane and by Flux, and the same objects by the bare client, each on a fresh server."""

import dataclasses
import json
import pathlib
import shutil
import statistics
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
from processes import cpu_seconds, memory_kib

OBJECTS = 400
# bareclient writes so many objects into each file.
OBJECTS_PER_FILE = 4
CHAIN_LENGTH = 10
NAMESPACE = "bench"
# Flux's default of 30 s would make nearly all of its time; this is what home-labs set.
DEPENDENCY_INTERVAL = "5s"
FLUX_SECONDS_MAX = 900


@dataclasses.dataclass(frozen=True)
class Cost:
    """What one run took: wall-clock seconds, seconds of processor time since its programs began, and
    their VmRSS together at its end in MiB."""

    seconds: float
    cpu: float
    resident: float


def cost_of(seconds, pids):
    return Cost(seconds, sum(map(cpu_seconds, pids)),
                sum(memory_kib(pid, "VmRSS") for pid in pids) / 1024)


def kustomization(number):
    """One link of a chain, which waits for the link before it."""
    before = ([{"name": f"app-{number - 1:03}"}] if number % CHAIN_LENGTH else [])
    return {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": {"name": f"app-{number:03}", "namespace": FLUX_NAMESPACE},
            "spec": {"interval": "1h", "path": f"./apps/{number:03}", "prune": True,
                     "dependsOn": before, "sourceRef": {"kind": "GitRepository", "name": ROOT}}}


class ColdRepository:
    """The objects in so many Kustomizations, on a Git server of its own; a context manager."""

    def __init__(self, kustomizations):
        self.kustomizations = kustomizations

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
                        str(OBJECTS), "--namespace", NAMESPACE], check=True)
        apps = sorted(objects.glob("*.yaml"))
        assert len(apps) == OBJECTS // OBJECTS_PER_FILE, f"{len(apps)} files in {objects}"
        files = {f"apps/{number % self.kustomizations:03}/app-{number:03}.yaml": path.read_text()
                 for number, path in enumerate(apps)}
        files |= {f"{ROOT_PATH}/app-{number:03}.yaml": json.dumps(kustomization(number), indent=2)
                  for number in range(self.kustomizations)}
        self.repository.commit(files)


def ours_cost(repository):
    """From the question for news until every Kustomization is ready."""
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
        assert len(states) == repository.kustomizations + 1, len(states)
        assert all(each["ready"] == "True" for each in states), states
        return cost_of(seconds, [agent.process.pid])
    finally:
        agent.stop()
        side.close()


def flux_cost(repository):
    """The same for Flux's two controllers."""
    side = FluxSide(repository.folder / "flux", store="sqlite",
                    dependency_interval=DEPENDENCY_INTERVAL)
    try:
        side.bootstrap(repository.sync)
        wait_until(lambda: ready_count(side) == 1, "Flux's root", 120)
        repository.commit_all()
        began = time.monotonic()
        side.request(f"{SOURCES[0]}/namespaces/{FLUX_NAMESPACE}/gitrepositories/{ROOT}",
                     REQUESTED)
        wait_until(lambda: ready_count(side) == repository.kustomizations + 1, "Flux",
                   FLUX_SECONDS_MAX, 0.5)
        seconds = time.monotonic() - began
        return cost_of(seconds, [each.process.pid for each in side.controllers])
    finally:
        side.close()


def ready_count(side):
    items = side.api.get(KUSTOMIZATIONS.format(""))["items"]
    return sum(any(each["type"] == "Ready" and each["status"] == "True"
                   for each in item.get("status", {}).get("conditions", [])) for item in items)


def cold_runs(kustomizations, pairs, bare_rate):
    """(ours, Flux's, the bare client's seconds) of each run."""
    runs = []
    for _ in range(pairs):
        with ColdRepository(kustomizations) as repository:
            ours = ours_cost(repository)
        with ColdRepository(kustomizations) as repository:
            flux = flux_cost(repository)
        bare = min(OBJECTS / bare_rate(OBJECTS, in_flight) for in_flight in (1, 4))
        runs.append((ours, flux, bare))
    return runs


def cold_rows(row, kustomizations, runs):
    """Medians of what cold_runs() measured; ratios above one mean that ours is better."""
    name = f"flux-cold-{kustomizations}x{OBJECTS // kustomizations}"

    def compared(suffix, unit, field):
        ours = [getattr(run[0], field) for run in runs]
        flux = [getattr(run[1], field) for run in runs]
        return row(name + suffix, statistics.median(ours), unit, statistics.median(flux),
                   statistics.median(b / a for a, b in zip(ours, flux, strict=True)))

    bare = row(f"{name}-bare", statistics.median(run[0].seconds for run in runs), "s",
               statistics.median(run[2] for run in runs),
               statistics.median(run[2] / run[0].seconds for run in runs))
    return [compared("", "s", "seconds"), bare, compared("-cpu", "s", "cpu"),
            compared("-rss", "MiB", "resident")]
