# SPDX-License-Identifier: Apache-2.0
"""What it costs to watch: memory of an agent that has everything applied, and an hour in which
nothing happens, or nothing but updates of status. `bench` is what bench.py measures by."""

import itertools
import json
import pathlib
import re
import subprocess
import tempfile
import time

import drift_objects
import drift_rows
from lab.lab import Lab
from peers.api import Api
from processes import cpu_seconds, memory_kib, written_bytes

MIB = 1 << 20
# VmRSS is read when what was needed for applying has been given back.
SETTLE_SECONDS = 20
STEADY_REFS = 20_000
PEAK_MIB_MAX = {400: 24, 5000: 48}

STATUS_UPDATES_PER_SECOND = 5
WRITES = {"create", "update", "patch", "delete", "deletecollection"}
# What reaches the disk, or may: asked of the kernel in the second part of an idle time, because
# being traced costs the processor time that is measured in the first.
TRACED = ("open,openat,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,"
          "unlinkat,mkdir,mkdirat,truncate,ftruncate,fallocate,fsync,fdatasync,sync,syncfs")
TRACED_PART = 5


def memory(bench, count):
    """Rows of an agent that watches `count` objects, in a cgroup that may not hold more than the
    bound of the peak."""
    limit_mib = PEAK_MIB_MAX[count]
    cgroup = bench.MemoryCgroup(f"primocane-bench-{count}")
    is_limited = limit_memory(cgroup, limit_mib * MIB)
    print(f"  held in a cgroup of {limit_mib} MiB" if is_limited
          else "  no cgroup can be made here: nothing holds the agent to its limit", flush=True)
    with Lab(store="sqlite") as lab:
        agent = lab.agent()
        objects = drift_objects.make_objects(count)
        lab.repository.commit(drift_objects.files_of(objects[:1]))
        bench.add_refs(lab.repository, STEADY_REFS)
        agent.start(prefix=cgroup.prefix())
        agent.reconcile()
        pid = agent.process.pid
        watch = bench.ChildWatch(pid, cgroup)
        watch.start()
        lab.repository.commit(drift_objects.files_of(objects))
        report = agent.reconcile()
        assert report["failed"] == 0, report
        # News again, with everything in memory.
        lab.repository.commit(drift_objects.files_of(
            [*objects, drift_objects.make_object("ConfigMap", "more", drift_objects.SPACES[0])]))
        agent.reconcile()
        time.sleep(SETTLE_SECONDS)
        watch.ended.set()
        watch.join()
        assert not agent.has_ended(), agent.log()[-2000:]
        kills = memory_kills(cgroup)
        rows = [bench.row(f"rss-steady-{count}", memory_kib(pid, "VmRSS") / 1024, "MiB"),
                bench.row(f"rss-peak-{count}",
                          (memory_kib(pid, "VmHWM") + watch.peak) / 1024, "MiB")]
        if is_limited:
            rows.append(bench.row(f"memory-kills-{count}", kills, "processes"))
    cgroup.close()
    return rows


def limit_memory(cgroup, limit):
    """Whether the cgroup now holds what is in it to `limit` bytes."""
    for name in ("memory.limit_in_bytes", "memory.max"):
        path = cgroup.path and cgroup.path / name
        if path and path.exists():
            path.write_text(str(limit))
            return True
    return False


def memory_kills(cgroup):
    """How many processes the kernel has ended because of the limit."""
    for name in ("memory.oom_control", "memory.events"):
        path = cgroup.path and cgroup.path / name
        if path and path.exists():
            return int(re.search(r"^oom_kill (\d+)$", path.read_text(), re.MULTILINE)[1])
    return 0


class AgentRequests:
    """What the agent asks the API server from now on, by the server's audit log."""

    def __init__(self, lab):
        self.log = lab.audit_log
        self.offset = self.log.stat().st_size

    def verbs(self):
        """The verb of each request; a watch counts when it begins and when it ends."""
        with self.log.open("rb") as file:
            file.seek(self.offset)
            entries = [json.loads(line) for line in file if b'"userAgent":"primocane' in line]
        return [entry["verb"] for entry in entries]


def disk_calls(agent, seconds):
    """The system calls of the agent and its children, for a while, by which a file could change."""
    with tempfile.NamedTemporaryFile("r") as output:
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", f"trace={TRACED}", "-p",
                                   str(agent.process.pid), "-o", output.name],
                                  stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        assert tracer.poll() is None, "the agent can't be traced here"
        tracer.terminate()
        tracer.wait()
        return [line for line in output.read().splitlines() if may_write(line)]


def may_write(line):
    """Whether a line of strace is a call that may change a file."""
    call = re.search(r"(\w+)\(", line)
    if call is None or "/dev/null" in line or '"/proc/' in line:
        return False
    return call[1] not in ("open", "openat") or bool(re.search(r"O_WRONLY|O_RDWR|O_CREAT", line))


def settled_agent(lab, objects):
    """An agent of the default interval that has nothing left to do."""
    lab.repository.commit(drift_objects.files_of(objects))
    agent = lab.agent()
    agent.start()
    report = agent.reconcile()
    assert report["failed"] == 0, report
    time.sleep(SETTLE_SECONDS)
    return agent


def idle(bench, minutes):
    """Rows of an hour of nothing new, scaled from `minutes`, and then a part of them traced."""
    with bench.AuditedLab() as lab:
        agent = settled_agent(lab, drift_objects.make_objects(drift_rows.OBJECTS_COUNT))
        pid = agent.process.pid
        requests = AgentRequests(lab)
        cpu, written = cpu_seconds(pid), written_bytes(pid)
        time.sleep(minutes * 60)
        cpu, written = cpu_seconds(pid) - cpu, written_bytes(pid) - written
        calls = disk_calls(agent, minutes * 60 / TRACED_PART)
        verbs = requests.verbs()
    for line in calls[:10]:
        print(f"  {line}", flush=True)
    hour, whole = 60 / minutes, 60 / (minutes * (1 + 1 / TRACED_PART))
    return [bench.row("idle-hour-api-writes", sum(verb in WRITES for verb in verbs) * whole,
                      "requests"),
            bench.row("idle-hour-api-requests", len(verbs) * whole, "requests"),
            bench.row("idle-hour-disk-bytes", written * hour, "bytes"),
            bench.row("idle-hour-disk-calls", len(calls) * hour * TRACED_PART, "calls"),
            bench.row("idle-hour-cpu", cpu * hour, "s")]


def status_objects(count):
    """Objects whose status somebody may write: half of them Deployments, half Ingresses."""
    made = [drift_objects.make_object("Namespace", space) for space in drift_objects.SPACES]
    for number in range(count):
        kind = ("Deployment", "Ingress")[number % 2]
        space = drift_objects.SPACES[number % len(drift_objects.SPACES)]
        made.append(drift_objects.make_object(kind, f"{kind.lower()}-{number:04}", space))
    return made


def status_patch(one, number):
    """The update of its status that a controller might write."""
    if one["kind"] == "Ingress":
        return {"status": {"loadBalancer": {"ingress": [{"ip": f"192.0.2.{number % 250 + 1}"}]}}}
    return {"status": {"conditions": [
        {"type": "Looked", "status": "True", "reason": "Bench", "message": f"time {number}"}]}}


def status_hour(bench, minutes):
    """Rows of an hour of updates of status that nobody asked the agent about."""
    objects = status_objects(drift_rows.OBJECTS_COUNT)
    with bench.AuditedLab() as lab:
        agent = settled_agent(lab, objects)
        pid = agent.process.pid
        api = Api(lab.cluster.folder)
        changed = itertools.cycle(one for one in objects if one["kind"] != "Namespace")
        # The first of them fill the buffers.
        update_status(api, changed, 1)
        requests = AgentRequests(lab)
        cpu, resident = cpu_seconds(pid), memory_kib(pid, "VmRSS")
        sent = update_status(api, changed, minutes)
        cpu = cpu_seconds(pid) - cpu
        resident = memory_kib(pid, "VmRSS") - resident
        verbs = requests.verbs()
    hour = 60 / minutes
    looked = sum(verb in ("list", "watch") for verb in verbs)
    return [bench.row("status-hour-updates", sent * hour, "updates"),
            bench.row("status-hour-requests", (len(verbs) - looked) * hour, "requests"),
            bench.row("status-hour-lists", looked * hour, "requests"),
            bench.row("status-hour-growth", resident / 1024, "MiB"),
            bench.row("status-hour-cpu", cpu * hour, "s")]


def update_status(api, changed, minutes):
    """Updates one status after another for a time; returns how many."""
    began = time.monotonic()
    for sent in itertools.count():
        left = began + sent / STATUS_UPDATES_PER_SECOND - time.monotonic()
        if sent >= minutes * 60 * STATUS_UPDATES_PER_SECOND:
            return sent
        time.sleep(max(left, 0))
        one = next(changed)
        api.ask("PATCH", f"{drift_objects.path_of(one)}/status?fieldManager=controller",
                status_patch(one, sent), "application/strategic-merge-patch+json")
