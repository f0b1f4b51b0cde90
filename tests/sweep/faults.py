# SPDX-License-Identifier: Apache-2.0
"""Faults at system calls, by strace: what a process called, and dying or failing at one of them."""

import collections
import dataclasses
import pathlib
import re
import time

# What changes a file or folder. Each call is named as strace names it on this machine.
FILE_CALLS = ("openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "rename", "renameat",
              "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
              "ftruncate", "fallocate", "chmod", "fchmod", "fchmodat", "chown", "lchown", "fchown",
              "fchownat", "utimensat")
SEND_CALLS = ("sendto", "sendmsg")
SYNC_CALLS = ("fsync", "fdatasync")
LINE = re.compile(r"^(?:(?P<pid>\d+) +)?(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\()(?P<rest>.*)$")
OUTCOME = re.compile(r"\) += ")
WORKING_FOLDER = re.compile(r"AT_FDCWD<([^>]*)>")
# What differs from life to life: the folder of a fetch, the names of packs, which file of a folder
# comes first.
CHANCE = re.compile(r"(?<=incoming/)\w+|(?<=pack-)[0-9a-f]{40}\.\w+|(?<=pack_git2_)[0-9a-f]+")
BOXED = '"/proc/self/exe"'  # what the agent's boxed children are started by
# Calls that this machine's architecture does not have are no error: "?".
EXPRESSION = ",".join(f"?{call}" for call in FILE_CALLS + SEND_CALLS)
MARK_SECONDS_MAX = 3


@dataclasses.dataclass
class Call:
    """A line of strace's, or two that belong together."""

    pid: str
    name: str
    arguments: str
    outcome: str = ""  # "" where it never returned


@dataclasses.dataclass(frozen=True)
class Point:
    """The Nth call of this name; with `path` the Nth that has to do with that path below the folder
    that is watched, so that nothing else can be counted. `place` is what it changes."""

    call: str
    number: int
    place: str
    path: str | None = None
    child: int = 0  # which of the boxed children, counted from 1; 0 for the process itself

    def __str__(self):
        whose = f" of child {self.child}" if self.child else ""
        return f"{self.call} {self.number}{whose} on {self.place}"


@dataclasses.dataclass(frozen=True)
class Fault:
    """A point and what happens there: a signal, or an error instead of the call's effect."""

    point: Point
    does: str  # "signal=KILL" or "error=ENOSPC"

    def __str__(self):
        return f"{self.does} at {self.point}"

    def kills(self):
        return self.does == "signal=KILL"

    def prefix(self, log, watched, follow=False):
        """The command that a traced program is appended to; it stays this process's child. What
        happens is told in `log`; `watched` is the folder of the recording, as it is called now."""
        point = self.point
        path = [] if point.path is None else ["-P", f"{watched}{point.path}"]
        return ["/usr/bin/strace", "-D", "-qqq", *(["-f"] if follow else []), "-yy", "-s", "0",
                "-o", str(log), "-e", "signal=none", *path, "-e", f"trace=execve,{point.call}",
                "-e", f"inject={point.call}:{self.does}:when={point.number}"]

    def has_come(self, log, watched, follow=False):
        """Whether it happened where it was meant to. strace may still be writing."""
        deadline = time.monotonic() + MARK_SECONDS_MAX
        while not any(self.is_at(call, watched) for call in self.traced(log, follow)):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def traced(self, log, follow):
        calls = read_calls(log)
        if not follow:
            return calls
        return [call for call in calls if (call.pid != calls[0].pid) == (self.point.child > 0)]

    def is_at(self, call, watched):
        if call.name != self.point.call or place_of(call.arguments, watched) != self.point.place:
            return False
        if self.kills():
            return call.outcome in ("", "?")
        return "(INJECTED)" in call.outcome


def recording_prefix(log):
    """As Fault.prefix(), without a fault; `log` takes what was called."""
    return ["/usr/bin/strace", "-D", "-qqq", "-f", "-yy", "-s", "0", "-o", str(log),
            "-e", "signal=none", "-e", f"trace=execve,{EXPRESSION}"]


def read_calls(log):
    """All calls in strace's output, in the order in which they began."""
    calls = []
    unfinished = {}
    path = pathlib.Path(log)
    for line in path.read_text(errors="replace").splitlines() if path.exists() else ():
        match = LINE.match(line)
        if not match:
            continue
        pid, rest = match["pid"] or "", match["rest"]
        if match["call"]:
            calls.append(Call(pid, match["call"], rest.removesuffix("<unfinished ...>")))
            unfinished[pid] = calls[-1]
        call = unfinished.get(pid)
        ends = list(OUTCOME.finditer(rest))
        if call and ends:
            if match["call"]:
                call.arguments = rest[:ends[-1].start()]
            call.outcome = rest[ends[-1].end():].strip()
    return calls


def paths_in(arguments, watched):
    """The paths below `watched` that a call names, "." for itself; the names of files in a folder
    that is open or worked in."""
    found = []
    for text, descriptor in re.findall(r'"([^"]+)"|<([^>]+)>', arguments):
        path = text or descriptor
        if path.startswith(watched):
            found.append(path.removeprefix(watched) or ".")
        elif text and not text.startswith("/"):
            found.append(text)
    return found


def place_of(arguments, watched):
    return CHANCE.sub("*", " ".join(paths_in(arguments, watched))) or "a socket"


def fixed_path(arguments, watched):
    """A path that strace can look for, the same in each life: of rename it sees the first only."""
    path = next(iter(paths_in(arguments, watched)), "")
    if path == ".":
        return ""
    return path if path.startswith("/") and not CHANCE.search(path) else None


def has_path(arguments, path):
    return f"<{path}>" in arguments or f'"{path}"' in arguments


def recorded_points(log, watched, send_marker=None):
    """The points of a recording: calls that change files below `watched`, and sends to sockets
    whose address holds `send_marker`."""
    calls = read_calls(log)
    children = []
    folders = {}
    earlier = collections.defaultdict(list)  # by process and name
    points = []
    for call in calls:
        if call.name == "execve":
            if call.arguments.startswith(BOXED):
                children.append(call.pid)
            continue
        if folder := WORKING_FOLDER.search(call.arguments):
            folders[call.pid] = folder[1]
        same = earlier[call.pid, call.name]
        same.append(call.arguments)
        is_boxed = call.pid in children
        if call.pid != calls[0].pid and not is_boxed:
            continue  # git, which serves
        if not changes(call, watched, send_marker, folders.get(call.pid, "")):
            continue
        path = None if is_boxed else fixed_path(call.arguments, watched)
        if path is not None:
            same = [other for other in same if has_path(other, f"{watched}{path}")]
        if is_boxed and call.name == "pwrite64" and len(same) > 1:
            continue  # chance decides in how many pieces a pack arrives
        points.append(Point(call.name, len(same), place_of(call.arguments, watched), path,
                            children.index(call.pid) + 1 if is_boxed else 0))
    return list(dict.fromkeys(points))


def changes(call, watched, send_marker, folder):
    if call.name in SEND_CALLS:
        return send_marker is not None and send_marker in call.arguments
    if call.name == "openat" and not re.search(r"O_CREAT|O_TRUNC", call.arguments):
        return False
    return watched in call.arguments or (watched in folder and '"./' in call.arguments)


def faults_at(point):
    """Dying there, and failing there as a full or broken disk or a dead network does."""
    if point.call in SEND_CALLS:
        error = "ECONNRESET"
    else:
        error = "EIO" if point.call in SYNC_CALLS else "ENOSPC"
    return [Fault(point, "signal=KILL"), Fault(point, f"error={error}")]


def counterpart(fault, recorded, fresh):
    """The fault of another recording that does the same at the same place, as often before."""
    def is_like(other):
        return (other.does, other.point.call, other.point.place, other.point.child > 0) == (
            fault.does, fault.point.call, fault.point.place, fault.point.child > 0)

    earlier = list(filter(is_like, recorded)).index(fault)
    found = list(filter(is_like, fresh))
    return found[min(earlier, len(found) - 1)] if found else None
