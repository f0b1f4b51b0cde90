# SPDX-License-Identifier: Apache-2.0
"""The sweep with the real disk and the fake cluster: each life is a process of its own."""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import threading

from lab.git import Repository
from . import faults, homes

# A life takes a fraction of a second; one that hangs is killed.
SECONDS_MAX = 30


@dataclasses.dataclass(frozen=True)
class Base:
    """What was there before the life that is cut, and which generation that life finds in Git."""

    name: str
    folder: pathlib.Path
    repository: Repository
    generation: int


@dataclasses.dataclass(frozen=True)
class Cut:
    """How a life is cut: by itself, as `arguments` tell it, or by a fault of the system's."""

    description: str
    arguments: tuple[str, ...] = ()
    fault: faults.Fault | None = None


class FakeWorld:
    """Runs lives in folders of its own. Use as many threads as you like."""

    def __init__(self, folder, program):
        self.folder = pathlib.Path(folder)
        self.program = program
        self.number = 0
        self.lock = threading.Lock()

    def run(self, base, folder, *arguments, prefix=()):
        return subprocess.run([*prefix, str(self.program), str(folder), str(base.repository.bare),
                               *map(str, arguments)], capture_output=True, text=True,
                              timeout=SECONDS_MAX)

    def must(self, base, folder, *arguments):
        done = self.run(base, folder, *arguments)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments} ended with {done.returncode}\n{done.stdout}"
                               f"{done.stderr}")
        return done.stdout

    def items(self, base, folder):
        return json.loads(self.must(base, folder, "dump"))["objects"]

    def bases(self):
        """A first deploy, and a commit on top of what is deployed and was meddled with."""
        first = self.base("first deploy", 1)
        self.must(first, first.folder, "prepare")
        change = self.base("change", 1)
        copy(first.folder, change.folder)
        self.must(change, change.folder, "run")
        self.must(change, change.folder, "meddle")
        change.repository.commit(homes.files_of(2))
        return [first, dataclasses.replace(change, generation=2)]

    def base(self, name, generation):
        folder = self.folder / name.replace(" ", "-")
        repository = Repository(folder / "git")
        repository.commit(homes.files_of(generation))
        if name == "first deploy":
            (folder / "node").mkdir()
        return Base(name, folder / "node", repository, generation)

    def copy_of(self, base):
        with self.lock:
            self.number += 1
            folder = self.folder / f"life-{self.number}"
        copy(base.folder, folder)
        return folder

    def cuts(self, base):
        """All cut points of a base."""
        folder = self.copy_of(base)
        log = self.folder / "recording"
        done = self.run(base, folder, "run", prefix=faults.recording_prefix(log))
        if done.returncode != 0:
            raise RuntimeError(f"{base.name}: fails without a fault\n{done.stderr}")
        writes = int(done.stdout)
        cuts = [Cut(f"dies {when} write {number} to the cluster", (f"--die-{when}", str(number)))
                for number in range(1, writes + 1) for when in ("before", "after")]
        cuts += [Cut(str(fault), fault=fault)
                 for point in faults.recorded_points(log, f"{folder}/state")
                 for fault in faults.faults_at(point)]
        shutil.rmtree(folder)
        return cuts

    def live(self, base, cut, folder):
        """A life that is cut: how it ended, and whether the cut came."""
        if cut.fault is None:
            done = self.run(base, folder, "run", *cut.arguments)
            return done, done.returncode == -signal.SIGKILL
        log, watched = folder / "cut.log", f"{folder}/state"
        prefix = cut.fault.prefix(log, watched)
        if cut.fault.point.child:
            program = write_child_program(folder, self.program, cut.fault.point.child, prefix)
            done = self.run(base, folder, "run", "--children", program)
            return done, cut.fault.has_come(log, watched)
        done = self.run(base, folder, "run", prefix=prefix)
        has_died = not cut.fault.kills() or done.returncode == -signal.SIGKILL
        return done, has_died and cut.fault.has_come(log, watched)

    def try_cut(self, base, cut):
        """Runs a life that is cut, then one that is not; returns what is wrong."""
        folder = self.copy_of(base)
        foreign = homes.foreign_state(self.items(base, folder))
        try:
            done, has_come = self.live(base, cut, folder)
        except subprocess.TimeoutExpired:
            return [f"{base.name}: {cut.description}: hangs"]
        wrong = homes.wrong_at_any_moment(self.items(base, folder), foreign)
        again = self.run(base, folder, "run")
        if not has_come:
            wrong.append("the cut did not come")
        if again.returncode != 0:
            wrong.append(f"the next life ends with {again.returncode}")
        items = self.items(base, folder)
        wrong += homes.wrong_at_any_moment(items, foreign)
        wrong += homes.wrong_after_convergence(items, base.generation)
        wrong += [f"left behind: {path}" for path in leftovers(folder / "state")]
        shutil.rmtree(folder)
        if wrong:
            wrong.append(f"the life that was cut ({done.returncode}): {done.stderr}\n"
                         f"the next one: {again.stderr}")
        return [f"{base.name}: {cut.description}: {sentence}" for sentence in wrong]

    def sweep(self):
        """Tries every cut point; returns how many there are, and what is wrong."""
        pairs = [(base, cut) for base in self.bases() for cut in self.cuts(base)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda pair: self.try_cut(*pair), pairs))
        return len(pairs), [sentence for result in results for sentence in result]


def write_child_program(folder, program, number, prefix):
    """What starts the boxed children of a life: the one of that number behind `prefix`. With strace
    -f instead, the agent itself and git would be hit as well, and first."""
    count, path = folder / "children", folder / "child"
    command = shlex.join([*prefix, str(program)])
    path.write_text(f"""#!/bin/sh
echo >> {count}
number=0
while read -r _; do number=$((number + 1)); done < {count}
[ $number -eq {number} ] && exec {command} "$@"
exec {program} "$@"
""")
    path.chmod(0o755)
    return path


def copy(source, target):
    """With owners: the mirror is readable for the group of the boxed children."""
    subprocess.run(["cp", "-a", source, target], check=True)


def leftovers(state):
    """Files that an interrupted life left and the next one should have removed."""
    return [str(path.relative_to(state)) for path in sorted(state.rglob("*"))
            if path.name.endswith(".new") or path.parent.name == "incoming"]
