# SPDX-License-Identifier: Apache-2.0
"""What was changed while the API server could not be reached, until all of it is again as Git says,
counted from the moment at which the server answers again."""

import contextlib
import http.client
import shutil
import signal
import sqlite3
import threading
import time

import drift_objects
import drift_rows
from lab.cluster import Cluster
from lab.lab import Lab
from lab.process import wait_until
from peers.api import Api, ApiError

CHANGES_COUNT = 20
CORRECTED_SECONDS = 300
# The changes that a frozen server finds when it goes on are sent this long before.
SENT_AHEAD_SECONDS = 2
CERTIFICATES = ("ca.crt", "ca.key", "admin.crt", "admin.key", "server.crt", "server.key", "sa.key")

# The newest row is where kine goes on; fewer than what was changed meanwhile.
REVISIONS_KEPT = 5
# What kine's sqlite driver deletes when it compacts up to a revision (its compactSQL).
COMPACTION = """
DELETE FROM kine WHERE id IN (
    SELECT kp.prev_revision FROM kine AS kp
    WHERE kp.name != 'compact_rev_key' AND kp.prev_revision != 0 AND kp.id <= :revision
    UNION
    SELECT kd.id FROM kine AS kd WHERE kd.deleted != 0 AND kd.id <= :revision)"""


class SideDoor:
    """A second API server on the storage of one that is down: the agent does not know of it. A
    context manager that gives its Api."""

    def __init__(self, lab):
        self.folder = lab.folder / f"side-door-{time.monotonic_ns()}"
        self.folder.mkdir(mode=0o700)
        for name in CERTIFICATES:
            shutil.copy(lab.cluster.folder / name, self.folder)
        (self.folder / "state.db").symlink_to(lab.cluster.folder / "state.db")
        self.cluster = None

    def __enter__(self):
        self.cluster = Cluster(self.folder, "sqlite", arguments=["--controllers="])
        return Api(self.folder)

    def __exit__(self, *error):
        self.cluster.stop()


def change(api, trials):
    """Does what the trials do."""
    for trial in trials:
        for request in trial["requests"]:
            api.ask(request["method"], request["path"], request["body"],
                    request["type"] or "application/json")


def seconds_until_corrected(lab, trials, bring_back):
    """From the server's first answer until all of the trials' objects are as declared."""
    bringing = threading.Thread(target=bring_back)
    bringing.start()
    try:
        api = wait_until(lambda: answering(lab), "the API server's first answer", 120, 0.02)
        answered = time.monotonic()
        wait_until_corrected(api, trials)
        return time.monotonic() - answered
    finally:
        bringing.join()


def is_wrong(api, trial):
    one = trial["declared"]
    return not drift_objects.is_as_declared(api.get(drift_objects.path_of(one)), one,
                                            trial["absent"], trial["fields"])


def wait_until_corrected(api, trials):
    left = list(trials)

    def is_corrected():
        # It has only just begun to answer.
        with contextlib.suppress(OSError, http.client.HTTPException, ApiError):
            left[:] = [trial for trial in left if is_wrong(api, trial)]
        return not left
    try:
        wait_until(is_corrected, "what was changed", CORRECTED_SECONDS, 0.05)
    except TimeoutError as error:
        raise TimeoutError(f"{error}: {[trial['change'] for trial in left]}") from error


def answering(lab):
    """An Api of the lab's cluster, if that answers."""
    try:
        api = Api(lab.cluster.folder)
        api.connection.timeout = 5
        return api.get("/api/v1/namespaces/default") and api
    # Until its kubeconfig and certificates are written anew they are half there, or do not fit.
    except (OSError, http.client.HTTPException, ApiError, TypeError):
        return None


def down(lab, trials, between=lambda lab: None):
    """The server is down, somebody changes its storage, and it is back."""
    with SideDoor(lab) as api:
        change(api, trials)
        assert all(is_wrong(api, trial) for trial in trials)
    between(lab)
    return seconds_until_corrected(lab, trials, lab.cluster.start)


def restarted(lab, trials, frozen_seconds):
    lab.cluster.stop()
    return down(lab, trials)


def killed(lab, trials, frozen_seconds):
    kill(lab.cluster)
    return down(lab, trials)


def kill(cluster):
    cluster.server.process.kill()
    cluster.server.process.wait()
    cluster.server.stop()


def frozen(lab, trials, frozen_seconds):
    """Nothing can be changed meanwhile, but requests wait until the server goes on."""
    process = lab.cluster.server.process
    api = Api(lab.cluster.folder)
    api.get("/api/v1/namespaces/default")  # the connection is there before
    process.send_signal(signal.SIGSTOP)
    waiting = threading.Thread(target=change, args=(api, trials))
    try:
        time.sleep(max(frozen_seconds - SENT_AHEAD_SECONDS, 0))
        waiting.start()
        time.sleep(SENT_AHEAD_SECONDS)
    finally:
        process.send_signal(signal.SIGCONT)
    answered = time.monotonic()
    waiting.join()
    wait_until_corrected(api, trials)
    return time.monotonic() - answered


def renewed(lab, trials, frozen_seconds):
    """Another authority, other certificates, another kubeconfig."""
    lab.cluster.stop()
    return down(lab, trials, forget_certificates)


def forget_certificates(lab):
    for name in CERTIFICATES:
        if not name.startswith("sa."):
            (lab.cluster.folder / name).unlink()


def compacted(lab, trials, frozen_seconds):
    """What happened is no longer to be had: a watch that asks for it is answered 410."""
    lab.cluster.stop()
    return down(lab, trials, compact)


def compact(lab):
    with contextlib.closing(sqlite3.connect(lab.cluster.folder / "state.db")) as storage, storage:
        revision = storage.execute("SELECT MAX(id) FROM kine").fetchone()[0] - REVISIONS_KEPT
        storage.execute(COMPACTION, {"revision": revision})
        storage.execute("UPDATE kine SET prev_revision = ? WHERE name = 'compact_rev_key'",
                        (revision,))


def remember_fields(lab, trials):
    """What the agent's entries hold as long as nobody has taken anything."""
    api = Api(lab.cluster.folder)
    for trial in trials:
        live = api.get(drift_objects.path_of(trial["declared"]))
        trial["fields"] = drift_objects.applied_fields(live)


KINDS = {"restarted": restarted, "killed": killed, "frozen": frozen, "certificate": renewed,
         "compacted": compacted}


def rows(row, interval_seconds, frozen_seconds, wanted):
    """A row for each kind of outage, one after another with the same agent."""
    objects = drift_objects.make_objects(drift_rows.OBJECTS_COUNT)
    trials = drift_objects.make_trials(objects, len(KINDS) * CHANGES_COUNT)
    made = []
    with Lab(store="sqlite") as lab:
        drift_rows.start_agent(lab, objects, interval_seconds)
        remember_fields(lab, trials)
        for number, (kind, run) in enumerate(KINDS.items()):
            name = f"outage-{kind}-s"
            if not any(name.startswith(each) for each in wanted or [name]):
                continue
            own = trials[number * CHANGES_COUNT:(number + 1) * CHANGES_COUNT]
            made.append(row(name, run(lab, own, frozen_seconds), "s"))
            time.sleep(drift_rows.SETTLE_SECONDS)
    return made
