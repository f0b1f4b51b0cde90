# SPDX-License-Identifier: Apache-2.0
"""A case as it lies in its folder: the steps of its repositories, and what Flux makes of each."""

import dataclasses
import hashlib
import pathlib
import tomllib

from . import names

STATES = ("ready", "failed", "waiting", "suspended")
ACTIONS = ("apply", "merge", "delete")
STEP_KEYS = {"ready", "failed", "waiting", "suspended", "remove", "cluster", "git", "objects",
             "values", "artifacts"}
# The folder of a step that is no repository but holds what is pushed to a registry.
ARTIFACTS = "artifacts"
CASE_KEYS = {"step", "primocane", "root", "sync"}


class CaseError(ValueError):
    """A case that is written wrongly."""


@dataclasses.dataclass
class Step:
    """One step: `folder` holds a folder for each repository whose files are written over those
    of the step before, then `remove` is removed; `cluster` is what somebody does by hand."""

    number: int
    folder: pathlib.Path
    states: dict  # {NAMESPACE/NAME: state} of all Kustomizations afterwards
    reasons: dict  # {NAMESPACE/NAME: Flux's reason} of those that failed
    remove: list
    cluster: list
    git: dict
    objects: list | None
    values: dict
    artifacts: dict  # {NAME: tag} of the folders below ARTIFACTS that are pushed

    def repositories(self):
        """Names of the repositories that get a commit; what others refer to is committed first."""
        found = {path.name for path in self.folder.glob("*/")} if self.folder.is_dir() else set()
        found |= {path.split("/")[0] for path in self.remove} | self.git.keys()
        return sorted(found - {ARTIFACTS}, key=lambda name: (name == "home", name))


@dataclasses.dataclass
class Case:
    """A sentence about Flux, and what shows it."""

    name: str
    folder: pathlib.Path
    steps: list
    primocane: dict  # changes of primocane's configuration
    root: str  # the path that the root Kustomization applies
    sync: bool  # whether the repository holds what bootstrapping writes into it

    def hash(self):
        """Of everything that the outcome depends on, but for the versions of the programs."""
        sum_ = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                sum_.update(f"{path.relative_to(self.folder)}\0".encode() + path.read_bytes() + b"\0")
        return sum_.hexdigest()[:16]


def read_step(name, folder, number, table):
    where = f"{name}, step {number}"
    unknown = table.keys() - STEP_KEYS
    if unknown:
        raise CaseError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    states, reasons = {}, {}
    for state in STATES:
        named = table.get(state, {})
        for each in named:
            full = names.full(each)
            if full in states:
                raise CaseError(f"{where}: {full} is {states[full]} and {state}")
            states[full] = state
            if state == "failed":
                reasons[full] = named[each]
    if not states:
        raise CaseError(f"{where}: says of no Kustomization how it stands afterwards")
    for action in table.get("cluster", []):
        if len(action.keys() & set(ACTIONS)) != 1:
            raise CaseError(f"{where}: an action needs one of {', '.join(ACTIONS)}: {action}")
    return Step(number, folder / str(number), states, reasons, table.get("remove", []),
                table.get("cluster", []), table.get("git", {}), table.get("objects"),
                table.get("values", {}), table.get("artifacts", {}))


def read_case(folder):
    """The case in `folder`; raises CaseError where it is written wrongly."""
    path = folder / "case.toml"
    try:
        table = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path}: {error}") from error
    unknown = table.keys() - CASE_KEYS
    if unknown or not table.get("step"):
        raise CaseError(f"{path}: " + (f"unknown key {', '.join(sorted(unknown))}" if unknown
                                       else "no step"))
    numbered = {path.name for path in folder.glob("*/")}
    beyond = numbered - {str(number) for number in range(1, len(table["step"]) + 1)}
    if beyond:
        raise CaseError(f"{path}: no [[step]] for the folder {', '.join(sorted(beyond))}")
    steps = [read_step(folder.name, folder, number, step)
             for number, step in enumerate(table["step"], 1)]
    return Case(folder.name, folder, steps, table.get("primocane", {}),
                table.get("root", names.ROOT_PATH), table.get("sync", True))


def unmet(step, states, reasons, objects):
    """What is not as the step says, as sentences; `objects` are those of Flux's cluster."""
    problems = [f"{name} is {states.get(name, 'not there')}, the case says {state}"
                for name, state in sorted(step.states.items()) if states.get(name) != state]
    problems += [f"{name} is {states[name]}, the case does not name it"
                 for name in sorted(states.keys() - step.states.keys())]
    problems += [f"{name} failed by {reasons.get(name)}, the case says {reason}"
                 for name, reason in sorted(step.reasons.items())
                 if states.get(name) == "failed" and reasons.get(name) != reason]
    if step.objects is not None:
        there = objects.keys() - {f"Namespace//{names.FLUX_NAMESPACE}"}
        problems += [f"{key} is not there" for key in sorted(set(step.objects) - there)]
        problems += [f"{key} is there, the case does not name it"
                     for key in sorted(there - set(step.objects))]
    for place, wanted in step.values.items():
        found = value_at(objects, place)
        if found != wanted:
            problems.append(f"{place} is {found!r}, the case says {wanted!r}")
    return problems


def value_at(objects, place):
    """The value at KIND/NAMESPACE/NAME followed by a JSON pointer, or "(not there)"."""
    kind, namespace, name, *pointer = place.split("/")
    value = objects.get(f"{kind}/{namespace}/{name}")
    for part in pointer:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return "(not there)"
    return value if value is not None else "(not there)"
