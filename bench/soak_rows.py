# SPDX-License-Identifier: Apache-2.0
"""Weeks in an hour: rounds of edits, deletions, commits and cuts, each until the cluster is again
as Git says, and what the agent has grown by at the end."""

import contextlib
import copy
import http.client
import os
import random
import re
import signal
import statistics
import time

import drift_objects
import drift_rows
from lab.lab import Lab
from lab.process import wait_until
from outage_rows import kill
from peers.api import Api, ApiError
from processes import memory_kib

OBJECTS_COUNT = 400
SEED = 11
# The shortest that the agent takes: what is a minute for others is five seconds here.
INTERVAL_SECONDS = 5
CONVERGED_SECONDS = 90
CHANGES_MAX = 8
DELETIONS_MAX = 5  # of a commit: more wait for a confirmation
# Who adds fields again and again is answered ever more rarely, so nobody does that to one object.
ADDITIONS_MAX = 2
CUTS = {"none": 24, "git refuses": 3, "git cuts": 3, "server frozen": 3, "server killed": 1}
# Shares of all rounds: the first quarter, and what counts as the end.
FIRST_PART, LAST_PART = 4, 20


class Soak:
    """The repository, the cluster and the agent, and what Git says at the moment."""

    def __init__(self, lab):
        self.lab = lab
        self.random = random.Random(SEED)
        self.declared = {drift_objects.key_of(one): one
                         for one in drift_objects.make_objects(OBJECTS_COUNT)}
        self.rested = list(self.declared)  # those that were changed longest ago come first
        self.additions = {}  # {object: how often somebody has added a field to it}
        self.made = 0
        lab.repository.commit({file_of(key): text_of(one) for key, one in self.declared.items()})
        self.agent = lab.agent(settings={"git": {"interval": f"{INTERVAL_SECONDS}s"}})
        self.agent.start()
        report = self.agent.reconcile()
        assert report["failed"] == 0, report
        time.sleep(drift_rows.SETTLE_SECONDS)
        api = self.api()
        # By kind: of every object of it the agent has the same fields but for names in them.
        self.fields = {key: drift_objects.applied_fields(api.get(drift_objects.path_of(one)))
                       for key, one in self.declared.items()}

    def api(self):
        return Api(self.lab.cluster.folder)

    def run_round(self):
        """What happens in one round; returns what is not as it must be when its time is over."""
        cut = self.random.choices(list(CUTS), CUTS.values())[0]
        absent = {}  # {object: a JSON pointer to what must not be in it}
        with self.cut_off(cut):
            changed = {self.change(absent) for _ in range(self.random.randint(1, CHANGES_MAX))}
            if self.random.random() < 1 / 3:
                self.commit(changed)
        wrong = []

        def is_converged():
            with contextlib.suppress(OSError, http.client.HTTPException, ApiError):
                wrong[:] = self.wrong(absent)
                return not wrong
            return False
        try:
            wait_until(is_converged, "the cluster", CONVERGED_SECONDS, 0.2)
        except TimeoutError:
            return [f"{cut}: {each}" for each in wrong] or [f"{cut}: no answer"]
        return []

    @contextlib.contextmanager
    def cut_off(self, cut):
        """The cut is there until the block ends."""
        if cut == "git refuses":
            self.lab.git.fail_with({"kind": "drop"})
        elif cut == "git cuts":
            self.lab.git.fail_with({"kind": "cut", "after_bytes": 200})
        elif cut == "server killed":
            kill(self.lab.cluster)
            self.lab.cluster.start()
        elif cut == "server frozen":
            process = self.lab.cluster.server.process
            process.send_signal(signal.SIGSTOP)
            time.sleep(2)
            process.send_signal(signal.SIGCONT)
        yield
        if cut.startswith("git"):
            time.sleep(INTERVAL_SECONDS)
            self.lab.git.fail_with()

    def change(self, absent):
        """Somebody changes an object, which is returned; `absent` is told what must not be in it
        afterwards."""
        key = self.rested.pop(0)
        self.rested.append(key)
        one = self.declared[key]
        possible = [each for each in drift_objects.CHANGES if each.kind == one["kind"]]
        if self.additions.get(key, 0) >= ADDITIONS_MAX:
            possible = [each for each in possible if "added" not in each.name]
        if not possible:
            return key
        change = self.random.choice(possible)
        if "added" in change.name:
            self.additions[key] = self.additions.get(key, 0) + 1
            absent[key] = change.absent
        for request in change.requests(one):
            with contextlib.suppress(ApiError):  # it is gone, from the change before this one
                self.api().ask(request["method"], request["path"], request["body"],
                               request["type"] or "application/json")
        return key

    def commit(self, changed_outside):
        """Some objects are declared otherwise, some no longer, some new; not those from which
        somebody may just have taken what makes them ours, for they need not be pruned."""
        files = {}
        possible = sorted(self.declared.keys() - changed_outside)
        for key in self.random.sample(possible, DELETIONS_MAX):
            one = self.declared[key]
            if one["kind"] != "ConfigMap":
                continue
            if self.random.random() < 1 / 2:
                changed = copy.deepcopy(one)
                changed["data"]["mode"] = f"declared-{self.made}"
                self.declared[key] = changed
                files[file_of(key)] = text_of(changed)
                continue
            files[file_of(key)] = None
            del self.declared[key]
            self.rested.remove(key)
            self.made += 1
            new = drift_objects.make_object("ConfigMap", f"made-{self.made:06}",
                                            self.random.choice(drift_objects.SPACES))
            new_key = drift_objects.key_of(new)
            self.declared[new_key] = new
            self.rested.append(new_key)
            # All ConfigMaps of the benches have the same fields.
            self.fields[new_key] = self.fields[key]
            files[file_of(new_key)] = text_of(new)
        self.lab.repository.commit(files)
        self.agent.run("reconcile")

    def wrong(self, absent):
        """What is missing, other than declared, or there without being declared."""
        live = {}
        api = self.api()
        for kind in sorted({one["kind"] for one in self.declared.values()}):
            for item in api.get(drift_objects.COLLECTIONS[kind])["items"]:
                live[drift_objects.key_of(item)] = item
        found = [f"{key} is not as declared" for key, one in self.declared.items()
                 if not drift_objects.is_as_declared(live.get(key), without_kind(one),
                                                     absent.get(key, ""), self.fields[key])]
        found += [f"{key} is an orphan" for key, item in live.items() if key not in self.declared
                  and drift_objects.MEMBERSHIP in item["metadata"].get("labels", {})]
        return found

    def resident(self):
        return memory_kib(self.agent.process.pid, "VmRSS") / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.agent.process.pid}/fd"))


def without_kind(one):
    """As items of lists are."""
    return {key: value for key, value in one.items() if key not in ("kind", "apiVersion")}


def file_of(key):
    return re.sub(r"\W", "-", key).strip("-") + ".json.yaml"


def text_of(one):
    return drift_objects.files_of([one])["objects-0000.yaml"]


def rows(row, minutes):
    """Rounds for `minutes`, and rows of what they did to the agent."""
    samples, wrong = [], []
    with Lab(store="sqlite") as lab:
        soak = Soak(lab)
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end:
            wrong += soak.run_round()
            assert not soak.agent.has_ended(), soak.agent.log()[-2000:]
            samples.append((soak.resident(), soak.descriptors()))
    for each in wrong[:20]:
        print(f"  {each}", flush=True)
    first = samples[:max(len(samples) // FIRST_PART, 1)]
    last = samples[-max(len(samples) // LAST_PART, 1):]
    growth, descriptors = (statistics.median(late) - statistics.median(early)
                           for early, late in zip(zip(*first), zip(*last)))
    return [row("soak-growth", growth, "MiB"), row("soak-rss", last[-1][0], "MiB"),
            row("soak-descriptors", descriptors, "descriptors"),
            row("soak-not-converged", len(wrong), "objects"),
            row("soak-orphans", sum(each.endswith("orphan") for each in wrong), "objects"),
            row("soak-rounds", len(samples), "rounds")]
