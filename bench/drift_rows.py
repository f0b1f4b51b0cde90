# SPDX-License-Identifier: Apache-2.0
"""How long it takes until what somebody changed is again as Git says: by the agent, by the least
that reverting can cost, and by Flux. The same client makes the changes and watches in all three."""

import json
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import drift_objects
from flux_rows import ready_count
from lab.git import GitServer, Repository
from lab.lab import Lab
from lab.process import ROOT, Server, wait_until
from peers.api import Api
from peers.flux_side import FluxSide
from peers.names import FLUX_NAMESPACE, ROOT as FLUX_ROOT, ROOT_PATH
from peers.repositories import SYNC, SYNC_KUSTOMIZATION

TRIALS = ROOT / "build" / "release" / "drift_trials"
FLOOR = ROOT / "build" / "release" / "drift_floor"
DETAILS = ROOT / "build" / "drift.json"

OBJECTS_COUNT = 400
SEED = 7
# Machines are noisy, so the agent and the bare reverter have their trials by turns.
TURNS = 4
PAUSE_MS_MAX = 100
# Controllers answer to what was just made; that is not what is measured.
SETTLE_SECONDS = 5
FLUX_INTERVAL_SECONDS = 60
FLUX_READY_SECONDS = 300
FLUX_MANAGER = "kustomize-controller"


def run_trials(cluster, objects, trials, manager, lanes=1, pause_ms=PAUSE_MS_MAX,
               patience_seconds=10):
    """What drift_trials says of each trial."""
    kinds = {one["kind"] for one in objects}
    task = {"manager": manager, "lanes": lanes, "pause_ms": pause_ms, "seed": SEED,
            "patience_ms": round(patience_seconds * 1000), "trials": trials,
            "collections": [drift_objects.COLLECTIONS[kind] for kind in sorted(kinds)]}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(task, file)
        file.flush()
        done = subprocess.run([str(TRIALS), str(cluster.kubeconfig), file.name], check=False,
                              capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"drift_trials ended with {done.returncode}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def start_agent(lab, objects, interval_seconds):
    """An agent that has applied the objects and waits for its next pass."""
    lab.repository.commit(drift_objects.files_of(objects))
    agent = lab.agent(settings={"git": {"interval": f"{interval_seconds}s"}})
    agent.start()
    report = agent.reconcile()
    assert report["failed"] == 0, report
    time.sleep(SETTLE_SECONDS)
    return agent


class BareReverter:
    """drift_floor in the place of an agent that has just been stopped; a context manager."""

    def __init__(self, lab, objects):
        api = Api(lab.cluster.folder)
        applied = {}
        for one in objects:
            # The agent's own marks are applied again as well, the server's own are not.
            live = api.get(drift_objects.path_of(one))["metadata"]["labels"]
            labels = {key: value for key, value in live.items()
                      if not key.startswith("kubernetes.io/")}
            body = {**one, "metadata": {**one["metadata"], "labels": labels}}
            applied[drift_objects.key_of(one)] = {"path": drift_objects.path_of(one), "body": body}
        kinds = sorted({one["kind"] for one in objects})
        task = {"manager": "primocane", "selector": drift_objects.MEMBERSHIP, "objects": applied,
                "collections": [drift_objects.COLLECTIONS[kind] for kind in kinds]}
        path = lab.folder / "floor.json"
        path.write_text(json.dumps(task))
        self.server = Server([FLOOR, lab.cluster.kubeconfig, path], lab.folder / "floor.log")

    def __enter__(self):
        self.server.read_until(lambda line: line == "ready")
        return self

    def __exit__(self, *error):
        self.server.stop()


def ours_and_floor(trials_count, interval_seconds):
    """The trials with the agent and with the bare reverter on the same server, by turns."""
    objects = drift_objects.make_objects(OBJECTS_COUNT)
    trials = drift_objects.make_trials(objects, trials_count)
    ours, floor = [], []
    with Lab(store="sqlite") as lab:
        agent = start_agent(lab, objects, interval_seconds)
        for turn in range(TURNS):
            own = trials[turn * len(trials) // TURNS:(turn + 1) * len(trials) // TURNS]
            if turn > 0:
                agent.start()
                agent.reconcile()
                time.sleep(SETTLE_SECONDS)
            ours += run_trials(lab.cluster, objects, own, "primocane",
                               patience_seconds=2 * interval_seconds + 30)
            agent.reconcile()
            agent.stop()
            with BareReverter(lab, objects):
                floor += run_trials(lab.cluster, objects, own, "primocane")
    return ours, floor


def flux_trials(count):
    """Trials with Flux, all within one interval: it reverts at its next one."""
    objects = drift_objects.make_objects(OBJECTS_COUNT)
    trials = drift_objects.make_trials(objects, count, drift_objects.CHANGES[:5])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="flux-drift-"))
    repository = Repository(folder / "git")
    git = GitServer(folder / "git", folder / "gitserver")
    sync = SYNC.format(name=FLUX_ROOT, namespace=FLUX_NAMESPACE, url=git.url(), path=ROOT_PATH)
    sync = sync.replace("interval: 1h", f"interval: {FLUX_INTERVAL_SECONDS}s")
    files = {f"{ROOT_PATH}/{name}": text for name, text in drift_objects.files_of(objects).items()}
    files |= {f"{ROOT_PATH}/flux-system/gotk-sync.yaml": sync,
              f"{ROOT_PATH}/flux-system/kustomization.yaml": SYNC_KUSTOMIZATION}
    side = None
    try:
        repository.commit(files)
        side = FluxSide(folder / "flux", store="sqlite")
        side.bootstrap(sync)
        wait_until(lambda: ready_count(side) == 1, "Flux's root", FLUX_READY_SECONDS, 0.5)
        time.sleep(SETTLE_SECONDS)
        return run_trials(side.cluster, objects, trials, FLUX_MANAGER, lanes=count,
                          pause_ms=FLUX_INTERVAL_SECONDS * 1000,
                          patience_seconds=3 * FLUX_INTERVAL_SECONDS)
    finally:
        if side is not None:
            side.close()
        git.stop()
        shutil.rmtree(folder, ignore_errors=True)


def times_of(trials, field="ms"):
    return sorted(trial[field] for trial in trials if field in trial)


def p99(times):
    return times[min(len(times) - 1, len(times) * 99 // 100)]


def rows(row, trials_count, flux_count, interval_seconds):
    """`row` makes one; the single trials are written to build/drift.json."""
    ours, floor = ours_and_floor(trials_count, interval_seconds)
    flux = flux_trials(flux_count) if flux_count else []
    DETAILS.write_text(json.dumps({"ours": ours, "floor": floor, "flux": flux}, indent=1) + "\n")
    for trial in ours + floor + flux:
        if "failure" in trial:
            print(f"  {trial['change']} of {trial['object']}: {trial['failure'][:300]}", flush=True)
    own, least, peer = times_of(ours), times_of(floor), times_of(flux)
    missed = sum("failure" in trial for trial in ours + floor)
    made = [row("drift-missed", missed, "trials")]
    if not own or not least:
        return made
    over = statistics.median(own) - statistics.median(least)
    return [*made, *beside("drift-p50", statistics.median, own, peer, row),
            *beside("drift-p99", p99, own, peer, row),
            row("drift-over-floor-p50", over, "ms"),
            row("drift-floor-p50", statistics.median(least), "ms"),
            row("drift-floor-p99", p99(least), "ms"),
            row("drift-seen-p50", statistics.median(times_of(ours, "seen_ms")), "ms")]


def beside(name, of, own, peer, row):
    """The row of ours, with Flux's where it was asked."""
    if not peer:
        return [row(name, of(own), "ms")]
    return [row(name, of(own), "ms", of(peer), of(peer) / of(own))]
