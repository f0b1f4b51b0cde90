# SPDX-License-Identifier: Apache-2.0
"""What it costs to watch: memory of an agent that has everything applied. `bench` is what bench.py
measures by."""

import re
import time

import drift_objects
from lab.lab import Lab

MIB = 1 << 20
# VmRSS is read when what was needed for applying has been given back.
SETTLE_SECONDS = 20
STEADY_REFS = 20_000
PEAK_MIB_MAX = {400: 24, 5000: 48}


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
        rows = [bench.row(f"rss-steady-{count}", bench.memory_kib(pid, "VmRSS") / 1024, "MiB"),
                bench.row(f"rss-peak-{count}",
                          (bench.memory_kib(pid, "VmHWM") + watch.peak) / 1024, "MiB")]
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
