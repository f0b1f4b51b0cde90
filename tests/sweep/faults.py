# SPDX-License-Identifier: Apache-2.0
"""Faults at system calls, by strace: what a process called, and dying or failing at one of them."""

import collections
import dataclasses
import pathlib
import re

# What changes a file or folder. Each call is named as strace names it on this machine.
FILE_CALLS = ("openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat",
              "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
              "ftruncate", "fallocate", "chmod", "fchmod", "fchmodat", "chown", "lchown", "fchown",
              "fchownat", "utimensat")
SEND_CALLS = ("sendto", "sendmsg")
SYNC_CALLS = ("fsync", "fdatasync")
LINE = re.compile(r"^(?P<pid>\d+)\s+(?P<call>\w+)\((?P<arguments>.*)$")
# Calls that this machine's architecture does not have are no error: "?".
EXPRESSION = ",".join(f"?{call}" for call in FILE_CALLS + SEND_CALLS)


@dataclasses.dataclass(frozen=True)
class Point:
    """The Nth call of this name, in the process that is traced or in one of its children."""

    call: str
    number: int
    is_child: bool = False

    def __str__(self):
        return f"{self.call} {self.number}" + (" of a child" if self.is_child else "")


@dataclasses.dataclass(frozen=True)
class Fault:
    """A point and what happens there: a signal, or an error instead of the call's effect."""

    point: Point
    does: str  # "signal=KILL" or "error=ENOSPC"

    def __str__(self):
        return f"{self.does} at {self.point}"

    def prefix(self):
        """The command that a traced program is appended to; it stays this process's child."""
        follow = ["-f"] if self.point.is_child else []
        return ["strace", "-D", "-qqq", *follow, "-o", "/dev/null", "-e", "signal=none",
                "-e", f"trace={self.point.call}",
                "-e", f"inject={self.point.call}:{self.does}:when={self.point.number}"]


def recording_prefix(log):
    """As Fault.prefix(), without a fault; `log` takes what was called."""
    return ["strace", "-D", "-qqq", "-f", "-yy", "-s", "0", "-o", str(log), "-e", "signal=none",
            "-e", f"trace={EXPRESSION}"]


def recorded_points(log, file_marker, send_marker=None):
    """The points of a recording: calls that change files whose path holds `file_marker`, and sends
    to sockets whose address holds `send_marker`."""
    counts = collections.Counter()
    points = []
    first_pid = None
    for line in pathlib.Path(log).read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if not match or "resumed>" in line.split("(", 1)[0]:
            continue
        pid, call, arguments = match["pid"], match["call"], match["arguments"]
        first_pid = first_pid or pid
        counts[pid, call] += 1
        if changes(call, arguments, file_marker, send_marker):
            points.append(Point(call, counts[pid, call], pid != first_pid))
    return list(dict.fromkeys(points))


def changes(call, arguments, file_marker, send_marker):
    if call in SEND_CALLS:
        return send_marker is not None and send_marker in arguments
    if call == "openat" and not re.search(r"O_CREAT|O_TRUNC", arguments):
        return False
    return file_marker in arguments


def faults_at(point):
    """Dying there, and failing there as a full or broken disk or a dead network does."""
    if point.call in SEND_CALLS:
        error = "ECONNRESET"
    else:
        error = "EIO" if point.call in SYNC_CALLS else "ENOSPC"
    return [Fault(point, "signal=KILL"), Fault(point, f"error={error}")]
