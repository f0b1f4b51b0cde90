#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks: primocane and a bare client of server-side apply against the same kind of server,
and `primocane build` beside kustomize, and primocane and Flux on cold clusters and on drift.

    bench/bench.py [--pairs N] [ROW ...]    all rows, or only those whose name begins with one given

Prints a table and writes build/bench.json. Machines are noisy, so ours and the peer's alternate in
one run, each on a fresh server, and the median of the pairs' ratios counts; above one ours is better.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import drift_rows
import flux_rows
import outage_rows
import rendering
import soak_rows
import watching_rows
from lab.lab import Lab
from lab.process import SERVERS
from processes import memory_kib, written_bytes

COMMAND = "make bench"
THIS = sys.modules[__name__]
ARM64_BINARY = ROOT / "build" / "arm64" / "primocane"


class ChildWatch(threading.Thread):
    """The largest VmHWM among the children of a process, sampled for as long as it runs, and the
    most that its cgroup, if it has one, held besides what can be dropped."""

    def __init__(self, pid, cgroup):
        super().__init__(daemon=True)
        self.pid = pid
        self.cgroup = cgroup
        self.peak = 0
        self.cgroup_peak = 0
        self.ended = threading.Event()

    def run(self):
        children = pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children")
        while not self.ended.wait(0.002):
            try:
                pids = children.read_text().split()
            except (FileNotFoundError, ProcessLookupError):
                return
            for pid in pids:
                self.peak = max(self.peak, memory_kib(pid, "VmHWM"))
            self.cgroup_peak = max(self.cgroup_peak, self.cgroup.used())


class MemoryCgroup:
    """A cgroup of the memory controller, version 1 or 2; does nothing where none can be made."""

    def __init__(self, name):
        self.path = None
        for root, usage in (("/sys/fs/cgroup/memory", "memory.usage_in_bytes"),
                            ("/sys/fs/cgroup", "memory.current")):
            path = pathlib.Path(root) / name
            try:
                path.mkdir(exist_ok=True)
            except OSError:
                continue
            self.usage = path / usage
            if self.usage.exists():
                self.path = path
                return

    def prefix(self):
        """What starts a program in it."""
        if not self.path:
            return []
        return ["sh", "-c", f"echo $$ >{self.path / 'cgroup.procs'}; exec \"$@\"", "sh"]

    def used(self):
        """Bytes in use without the page cache that is given up first; 0 without a cgroup."""
        if not self.path:
            return 0
        inactive = next(int(line.split()[1])
                        for line in (self.path / "memory.stat").read_text().splitlines()
                        if line.startswith("inactive_file "))
        return int(self.usage.read_text()) - inactive

    def close(self):
        if self.path:
            self.path.rmdir()


class AuditedLab(Lab):
    """A lab whose API server writes down every request."""

    POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
              "rules": [{"level": "Metadata"}]}

    def __init__(self):
        self.audit = tempfile.TemporaryDirectory(prefix="primocane-audit-")
        folder = pathlib.Path(self.audit.name)
        (folder / "policy").write_text(json.dumps(self.POLICY))
        self.audit_log = folder / "log"
        super().__init__(store="sqlite", cluster_arguments=(
            f"--apiserver-arg=--audit-policy-file={folder / 'policy'}",
            f"--apiserver-arg=--audit-log-path={self.audit_log}"))

    def close(self):
        super().close()
        self.audit.cleanup()

    def requests(self):
        """How many requests of primocane the server has answered."""
        return sum('"userAgent":"primocane' in line
                   for line in self.audit_log.read_text().splitlines())


def generate(lab, count):
    subprocess.run([str(SERVERS / "bareclient"), "generate", "--n", str(count), "--with-namespace",
                    "--out", str(lab.repository.tree)], check=True)
    lab.repository.commit()


def bare_rates(count, in_flight):
    """Objects per second of the bare client on a fresh server: created, and applied once more."""
    with Lab(store="sqlite") as lab:
        done = subprocess.run([str(SERVERS / "bareclient"), "apply", "--n", str(count), "--noop",
                               "--kubeconfig", str(lab.cluster.kubeconfig),
                               "--in-flight", str(in_flight)],
                              check=True, capture_output=True, text=True)
        measured = json.loads(done.stdout)
        return measured["rate"], measured["noop"]["rate"]


def cold_pass(lab, count):
    """Starts an agent whose first pass finds nothing, and returns it with the rate of the second,
    which applies `count` objects."""
    lab.repository.commit({"first.yaml": json.dumps(
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "first", "namespace": "default"}})})
    agent = lab.agent()
    agent.start()
    agent.reconcile()
    generate(lab, count)
    report = agent.reconcile()
    assert report["failed"] == 0, report
    return agent, count / (report["durationMs"] / 1000)


def apply_all(count, pairs):
    """Objects applied to an empty cluster, and the same ones once more, beside the bare client."""
    cold, again = [], []
    for _ in range(pairs):
        with Lab(store="sqlite") as lab:
            agent, rate = cold_pass(lab, count)
            seconds = statistics.median(agent.reconcile()["durationMs"] for _ in range(5)) / 1000
        peers = [bare_rates(count, in_flight) for in_flight in (1, 4)]
        cold.append((rate, max(peer[0] for peer in peers)))
        again.append((count / seconds, max(peer[1] for peer in peers)))
    return [pair_row(f"apply-{count}-cold", cold), pair_row(f"apply-{count}-unchanged", again)]


def pair_row(name, pairs):
    """A row of the medians of (ours, peer) pairs in objects per second."""
    return row(name, statistics.median(ours for ours, _ in pairs), "objects/s",
               statistics.median(peer for _, peer in pairs),
               statistics.median(ours / peer for ours, peer in pairs))


def steady(pairs):
    """Rows of one agent with 400 objects, whose repository has 20,000 refs."""
    cgroup = MemoryCgroup("primocane-bench")
    with AuditedLab() as lab:
        agent = lab.agent()
        lab.repository.commit({"first.yaml": json.dumps(
            {"apiVersion": "v1", "kind": "ConfigMap",
             "metadata": {"name": "first", "namespace": "default"}})})
        agent.start(prefix=cgroup.prefix())
        agent.reconcile()
        watch = ChildWatch(agent.process.pid, cgroup)
        watch.start()
        add_refs(lab.repository, 20_000)
        generate(lab, 400)
        before = lab.requests()
        agent.reconcile()
        requests_cold = lab.requests() - before
        idle = [agent.reconcile()["durationMs"] for _ in range(2 * pairs)]
        requests_idle = (lab.requests() - before - requests_cold) / len(idle)
        written = written_bytes(agent.process.pid)
        polls = [poll_bytes(lab, agent) for _ in range(pairs)]
        written = written_bytes(agent.process.pid) - written
        applied = [commit_one(lab, agent, number) for number in range(pairs)]
        watch.ended.set()
        watch.join()
        rows = [row("pass-no-news", statistics.median(idle), "ms"),
                row("requests-no-news", requests_idle, "requests"),
                row("requests-400-cold", requests_cold, "requests"),
                row("bytes-written-no-news", written, "bytes"),
                row("poll-bytes", statistics.median(polls), "bytes"),
                row("commit-to-applied", statistics.median(applied), "ms")]
        if watch.cgroup_peak:
            rows.append(row("cgroup-peak-400", watch.cgroup_peak / (1 << 20), "MiB"))
    cgroup.close()
    return rows


def add_refs(repository, count):
    """Branches that nobody follows, on an empty commit."""
    repository.commit()
    commit = repository.run("rev-parse", "HEAD")
    subprocess.run(["git", "--git-dir", str(repository.bare), "update-ref", "--stdin"], check=True,
                   text=True, input="".join(f"create refs/heads/other/{number} {commit}\n"
                                            for number in range(count)))


def poll_bytes(lab, agent):
    """Bytes on the wire of one poll, both ways."""
    lab.git.control("/stats", method="DELETE")
    agent.reconcile()
    stats = lab.git.control("/stats")
    return stats["bytes_in"] + stats["bytes_out"]


def commit_one(lab, agent, number):
    """From the beginning of a pass to a new object being in the cluster."""
    lab.repository.commit({f"new-{number}.yaml": json.dumps(
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": f"new-{number}", "namespace": "bench"}})})
    return agent.reconcile()["durationMs"]


def kustomize(pairs):
    """`primocane build` beside kustomize 5.8.1 on trees of 30 to 15,000 objects."""
    rows, per_object = [], {}
    runs_of = {10: 4 * pairs, 100: 2 * pairs, 333: pairs, 1000: min(pairs, 3), 1667: 1, 5000: 3}
    for apps, count in runs_of.items():
        objects = 3 * apps
        name = {999: "1000", 5001: "5000"}.get(objects, str(objects))
        runs = rendering.measure_tree(apps, count, with_kustomize=apps < 5000)
        per_object[name] = rendering.median_of(runs, "seconds", 0) / objects
        rows += rendering_rows(f"kustomize-{name}", f"kustomize-memory-{name}", runs)
    for apps, name in ((333, "1000"), (1000, "3000")):
        runs = rendering.measure_tree(apps, min(pairs, 2), generated=True)
        rows += rendering_rows(f"kustomize-generated-{name}", f"kustomize-generated-memory-{name}", runs)
    rows.append(row("kustomize-growth", per_object["15000"] / per_object["300"], "times"))
    return rows


def rendering_rows(time_name, memory_name, runs):
    """Rows of time and memory of (ours, kustomize) pairs, or of ours alone."""
    made = []
    for name, field, unit, scale in ((time_name, "seconds", "ms", 1000), (memory_name, "mib", "MiB", 1)):
        ours = rendering.median_of(runs, field, 0) * scale
        if runs[0][1] is None:
            made.append(row(name, ours, unit))
        else:
            made.append(row(name, ours, unit, rendering.median_of(runs, field, 1) * scale,
                            rendering.ratio_of(runs, field)))
    return made


def flux_cold(kustomizations, pairs):
    """400 objects in so many Kustomizations, beside Flux and beside the bare client."""
    runs = flux_rows.cold_runs(kustomizations, pairs,
                               lambda count, in_flight: bare_rates(count, in_flight)[0])
    return flux_rows.cold_rows(row, kustomizations, runs)


def sizes(pairs):
    if not ARM64_BINARY.exists():
        return []
    packages = sorted((ROOT / "build" / "deb").glob("primocane_*_arm64.deb"),
                      key=lambda path: path.stat().st_mtime)
    return [row("binary-arm64", ARM64_BINARY.stat().st_size / (1 << 20), "MiB"),
            *(row("deb-size", path.stat().st_size / 1e6, "MB") for path in packages[-1:])]


def row(name, value, unit, peer=None, ratio=None):
    return {"name": name, "value": round(value, 3), "unit": unit,
            "peer": None if peer is None else round(peer, 3),
            "ratio": None if ratio is None else round(ratio, 3), "command": COMMAND}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--trials", type=int, default=200, help="changes from outside")
    parser.add_argument("--flux-trials", type=int, default=5, help="those that Flux is asked")
    parser.add_argument("--interval", type=int, default=60, help="the agent's, in seconds")
    parser.add_argument("--minutes", type=float, default=15, help="of an idle or status hour")
    parser.add_argument("--frozen", type=float, default=300,
                        help="seconds for which the API server is frozen")
    parser.add_argument("--soak-minutes", type=float, default=60)
    parser.add_argument("rows", nargs="*")
    wanted = parser.parse_args()
    groups = (("binary deb", sizes, None), ("kustomize", kustomize, "kustomize"),
              ("pass requests bytes poll commit cgroup", steady, None),
              ("apply-400", lambda pairs: apply_all(400, pairs), "bare client"),
              ("apply-1000", lambda pairs: apply_all(1000, pairs), "bare client"),
              ("flux-cold-1x400", lambda pairs: flux_cold(1, pairs), "peer"),
              ("flux-cold-100x4", lambda pairs: flux_cold(100, pairs), "peer"),
              ("drift", lambda pairs: drift_rows.rows(row, wanted.trials, wanted.flux_trials,
                                                      wanted.interval), "Flux"),
              ("rss-steady-400 rss-peak-400", lambda pairs: watching_rows.memory(THIS, 400), None),
              ("rss-steady-5000 rss-peak-5000", lambda pairs: watching_rows.memory(THIS, 5000),
               None),
              ("idle", lambda pairs: watching_rows.idle(THIS, wanted.minutes), None),
              ("status", lambda pairs: watching_rows.status_hour(THIS, wanted.minutes), None),
              ("outage", lambda pairs: outage_rows.rows(row, wanted.interval, wanted.frozen,
                                                        wanted.rows), None),
              ("soak", lambda pairs: soak_rows.rows(row, wanted.soak_minutes), None))
    rows = []
    for names, measure, peer_name in groups:
        if wanted.rows and not any(w.startswith(n) or n.startswith(w) for w in wanted.rows
                                   for n in names.split()):
            continue
        began = time.monotonic()
        measured = measure(wanted.pairs)
        rows += measured
        for each in measured:
            peer = "" if each["peer"] is None else f"  {peer_name} {each['peer']:>8}"
            ratio = "" if each["ratio"] is None else f"  ratio {each['ratio']}"
            print(f"{each['name']:<32} {each['value']:>10} {each['unit']:<10}{peer}{ratio}", flush=True)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    result = ROOT / "build" / "bench.json"
    result.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
