# SPDX-License-Identifier: Apache-2.0
"""What the agent takes of a node: memory with 400 objects, processor time until it is ready, and
bytes written to the card in an hour without news.

Prints rows as bench/bench.py does and writes build/node-bench.json.
"""

import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.process import ROOT, SERVERS  # noqa: E402
from node_case import NODES, NodeCase  # noqa: E402

COMMAND = "make node-bench"
OBJECTS = 400
MIB = 1 << 20
QUIET_SECONDS = 900
TICKS_PER_SECOND = 100  # of /proc/PID/stat, on every architecture of Linux
DISK = "nvme0n1"
SECTOR_BYTES = 512  # of /proc/diskstats, whatever the disk's own are

# Prints once /run/measured is there: the most that the service's cgroup held besides what can be
# dropped, and the largest VmHWM among the agent's children. Nothing but sleep starts a process.
SAMPLER = r"""
group=$1 pid=$2 peak=0 child=0
rm -f /run/measured
while [ ! -e /run/measured ]; do
  read -r current <"$group/memory.current"
  while read -r key value; do
    [ "$key" = inactive_file ] && break
  done <"$group/memory.stat"
  [ $((current - value)) -gt $peak ] && peak=$((current - value))
  read -r children <"/proc/$pid/task/$pid/children"
  for each in $children; do
    while read -r key value unit; do
      [ "$key" = VmHWM: ] && [ "$value" -gt $child ] && child=$value
    done 2>/dev/null <"/proc/$each/status"
  done
  sleep 0.1
done
echo "$peak $child" >/run/samples
"""

# Waits by itself: every question over the guest agent is a line in the journal, on the card.
QUIET = r"""
rm -f /run/quiet
written() { while read -r major minor name a b c d e f sectors rest; do
  [ "$name" = %s ] && echo "$sectors"
done </proc/diskstats; }
sync
sleep 10
before=$(written)
sleep %d
sync
echo "$(($(written) - before))" >/run/quiet
""" % (DISK, QUIET_SECONDS)


class Measurement(NodeCase):
    """A node and servers as a scenario has them; what it has to tell are rows."""

    def runTest(self):
        self.rows = []
        subprocess.run([str(SERVERS / "bareclient"), "generate", "--n", str(OBJECTS),
                        "--with-namespace", "--out", str(self.repository.tree)], check=True)
        commit = self.repository.commit()
        for name, text in (("sample", SAMPLER), ("quiet", QUIET)):
            self.node.write(f"/run/{name}.sh", text)
        for names, measure in (("node-rss", self.memory), ("node-start-cpu", self.start),
                               ("node-idle-bytes", self.idle)):
            if self.wanted and not any(names.startswith(name) or name.startswith(names)
                                       for name in self.wanted):
                continue
            measure(commit)

    def row(self, name, value, unit):
        self.rows.append({"name": name, "value": round(value, 3), "unit": unit, "peer": None,
                          "ratio": None, "command": COMMAND})
        print(f"{name:<32} {round(value, 3):>10} {unit}", flush=True)

    def deployed(self, commit):
        self.configure(git={"interval": "60s"})
        self.start_agent()
        self.wait_applied(commit, seconds=600)

    def sampled(self, work):
        """(peak of the cgroup in bytes, largest child in KiB) while `work` is done."""
        group, pid = self.unit("ControlGroup", "MainPID")
        self.node.run("rm -f /run/samples")
        self.node.start(f"sh /run/sample.sh /sys/fs/cgroup{group} {pid}")
        work()
        self.node.run("touch /run/measured")
        self.node.wait_for("test -s /run/samples", "the samples")
        return tuple(map(int, self.node.text("cat /run/samples").split()))

    def of_agent(self, field):
        """A field of /proc/PID/status in KiB."""
        text = self.node.text(f"grep ^{field}: /proc/{self.unit('MainPID')}/status")
        return int(text.split()[1])

    def memory(self, commit):
        """The peak from the start over the first application to that of a commit that changes
        every app; then what stays while passes find nothing new."""
        self.configure(git={"interval": "60s"})
        self.start_agent()

        def work():
            self.wait_applied(commit, seconds=600)
            subprocess.run([str(SERVERS / "bareclient"), "generate", "--n", str(OBJECTS),
                            "--revision", "2", "--with-namespace", "--out",
                            str(self.repository.tree)], check=True)
            newer = self.repository.commit()
            self.node.run("primocane reconcile --wait", seconds=600)
            self.wait_applied(newer, seconds=600)
        peak, child = self.sampled(work)
        steady, _ = self.sampled(lambda: [self.node.run("primocane reconcile --wait", seconds=300)
                                          for _ in range(5)])
        self.row("node-rss-steady", steady / MIB, "MiB")
        self.row("node-rss-peak", peak / MIB, "MiB")
        self.row("node-vmrss-steady", self.of_agent("VmRSS") / 1024, "MiB")
        self.row("node-vmhwm-peak", (self.of_agent("VmHWM") + child) / 1024, "MiB")

    def start(self, _):
        """Processor time of the agent and its children when systemd sees READY. It goes on to work
        at once, so this is a little too much."""
        self.configure()
        drop_in = "/run/systemd/system/primocane.service.d/measure.conf"
        self.node.write(drop_in, "[Service]\nExecStartPost=+/bin/sh -c "
                                 "'read -r line </proc/$MAINPID/stat; echo \"$$line\" >/run/start'\n")
        self.node.run("systemctl daemon-reload")
        seconds = []
        for _ in range(3):
            self.start_agent()
            fields = self.node.text("cat /run/start").rpartition(")")[2].split()
            seconds.append(sum(map(int, fields[11:15])) / TICKS_PER_SECOND)
        self.node.run(f"rm {drop_in} && systemctl daemon-reload")
        self.row("node-start-cpu", sorted(seconds)[1], "s")

    def idle(self, _):
        """Bytes an hour that the card gets more because the agent runs: of a quarter of an hour with
        it and one without it."""
        self.node.run("systemctl set-property --runtime primocane IOAccounting=yes")
        self.deployed(self.repository.run("rev-parse", "HEAD"))
        # Without it first: a system that has just been started writes more than one that has been
        # up for a while.
        self.node.run("systemctl stop primocane")
        without = self.quiet()
        self.deployed(self.repository.run("rev-parse", "HEAD"))
        group = self.unit("ControlGroup")
        self.node.run("sync")
        before = self.written_by(group)
        with_agent = self.quiet()
        own = self.written_by(group) - before
        hours = QUIET_SECONDS / 3600
        self.row("node-idle-bytes", max(0, with_agent - without) / hours, "bytes/h")
        self.row("node-idle-bytes-own", own / hours, "bytes/h")
        self.row("node-idle-bytes-others", without / hours, "bytes/h")

    def quiet(self):
        self.node.start("sh /run/quiet.sh")
        time.sleep(QUIET_SECONDS + 30)
        self.node.wait_for("test -s /run/quiet", "the quarter of an hour")
        return int(self.node.text("cat /run/quiet")) * SECTOR_BYTES

    def written_by(self, group):
        """What the kernel has accounted to the service's cgroup."""
        text = self.node.text(f"cat /sys/fs/cgroup{group}/io.stat")
        return sum(int(word.removeprefix("wbytes=")) for word in text.split()
                   if word.startswith("wbytes="))


def main(names):
    import unittest
    measurement = Measurement()
    measurement.wanted = names
    result = unittest.TestResult()
    try:
        measurement.run(result)
    finally:
        NODES.close()
    for _, text in result.errors + result.failures:
        print(text)
    if not result.wasSuccessful():
        return 1
    (ROOT / "build" / "node-bench.json").write_text(json.dumps(measurement.rows, indent=2) + "\n")
    return 0
