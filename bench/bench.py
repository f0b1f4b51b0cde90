#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmarks: primocane and a bare client of server-side apply against the same kind of server.

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
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lab.lab import Lab
from lab.process import SERVERS

COMMAND = "make bench"
ARM64_BINARY = ROOT / "build" / "arm64" / "primocane"


def memory_kib(pid, field):
    """A field of /proc/PID/status in KiB; 0 when the process is gone."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


class ChildWatch(threading.Thread):
    """The largest VmHWM among the children of a process, sampled for as long as it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
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


def generate(lab, count):
    subprocess.run([str(SERVERS / "bareclient"), "generate", "--n", str(count), "--with-namespace",
                    "--out", str(lab.repository.tree)], check=True)
    lab.repository.commit()


def bare_rate(count, in_flight):
    """Objects per second of the bare client on a fresh server."""
    with Lab(store="sqlite") as lab:
        done = subprocess.run([str(SERVERS / "bareclient"), "apply", "--n", str(count),
                               "--kubeconfig", str(lab.cluster.kubeconfig),
                               "--in-flight", str(in_flight)],
                              check=True, capture_output=True, text=True)
        return json.loads(done.stdout)["rate"]


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


def apply_cold(count, pairs):
    ratios, ours, peers = [], [], []
    for _ in range(pairs):
        with Lab(store="sqlite") as lab:
            ours.append(cold_pass(lab, count)[1])
        peers.append(max(bare_rate(count, 1), bare_rate(count, 4)))
        ratios.append(ours[-1] / peers[-1])
    return [row(f"apply-{count}-cold", statistics.median(ours), "objects/s",
                statistics.median(peers), statistics.median(ratios))]


def steady(pairs):
    """Rows of one agent with 400 objects."""
    with Lab(store="sqlite") as lab:
        agent = lab.agent()
        lab.repository.commit({"first.yaml": json.dumps(
            {"apiVersion": "v1", "kind": "ConfigMap",
             "metadata": {"name": "first", "namespace": "default"}})})
        agent.start()
        agent.reconcile()
        watch = ChildWatch(agent.process.pid)
        watch.start()
        generate(lab, 400)
        agent.reconcile()
        idle = [agent.reconcile()["durationMs"] for _ in range(2 * pairs)]
        written = io_bytes(agent.process.pid)
        polls = [poll_bytes(lab, agent) for _ in range(pairs)]
        written = io_bytes(agent.process.pid) - written
        applied = [commit_one(lab, agent, number) for number in range(pairs)]
        watch.ended.set()
        pid = agent.process.pid
        peak = memory_kib(pid, "VmHWM") + watch.peak
        return [row("pass-no-news", statistics.median(idle), "ms"),
                row("bytes-written-no-news", written, "bytes"),
                row("poll-bytes", statistics.median(polls), "bytes"),
                row("commit-to-applied", statistics.median(applied), "ms"),
                row("rss-steady-400", memory_kib(pid, "VmRSS") / 1024, "MiB"),
                row("rss-peak-400", peak / 1024, "MiB")]


def io_bytes(pid):
    """What the process has caused to be written to disk."""
    for line in pathlib.Path(f"/proc/{pid}/io").read_text().splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0


def poll_bytes(lab, agent):
    """Bytes on the wire of one poll, both ways, in this repository (few refs)."""
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


def sizes(pairs):
    if not ARM64_BINARY.exists():
        return []
    return [row("binary-arm64", ARM64_BINARY.stat().st_size / (1 << 20), "MiB")]


def row(name, value, unit, peer=None, ratio=None):
    return {"name": name, "value": round(value, 3), "unit": unit,
            "peer": None if peer is None else round(peer, 3),
            "ratio": None if ratio is None else round(ratio, 3), "command": COMMAND}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("rows", nargs="*")
    wanted = parser.parse_args()
    groups = (("binary", sizes), ("pass bytes poll commit rss", steady),
              ("apply-400", lambda pairs: apply_cold(400, pairs)),
              ("apply-1000", lambda pairs: apply_cold(1000, pairs)))
    rows = []
    for names, measure in groups:
        if wanted.rows and not any(w.startswith(n) or n.startswith(w) for w in wanted.rows
                                   for n in names.split()):
            continue
        began = time.monotonic()
        measured = measure(wanted.pairs)
        rows += measured
        for each in measured:
            peer = "" if each["peer"] is None else f"  bare client {each['peer']:>8}"
            ratio = "" if each["ratio"] is None else f"  ratio {each['ratio']}"
            print(f"{each['name']:<24} {each['value']:>10} {each['unit']:<10}{peer}{ratio}", flush=True)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    result = ROOT / "build" / "bench.json"
    result.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
