# SPDX-License-Identifier: Apache-2.0
"""What differs between Flux's cluster and ours, and which of that is known and has a reason."""

import dataclasses
import fnmatch
import tomllib

MISSING = "(not there)"
VALUE_LENGTH_MAX = 120


@dataclasses.dataclass(frozen=True)
class Difference:
    """One place in which the clusters differ after a step of a case. `object` is
    KIND/NAMESPACE/NAME, `path` a JSON pointer in it, or a word in brackets about it as a whole."""

    case: str
    step: int
    object: str
    path: str
    flux: object
    ours: object

    def __str__(self):
        return (f"step {self.step}: {self.object} {self.path}: "
                f"Flux {shown(self.flux)}, ours {shown(self.ours)}")


@dataclasses.dataclass(frozen=True)
class Allowance:
    """A difference that is meant, by patterns of fnmatch, with the reason."""

    case: str
    object: str
    path: str
    reason: str

    def covers(self, difference):
        return all(fnmatch.fnmatchcase(getattr(difference, field), getattr(self, field))
                   for field in ("case", "object", "path"))


def shown(value):
    text = value if value is MISSING else repr(value)
    return text if len(text) <= VALUE_LENGTH_MAX else text[:VALUE_LENGTH_MAX] + "..."


def escaped(key):
    """A key as part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def differing(flux, ours, path=""):
    """Triples of pointer and both values, one for each leaf that differs."""
    if isinstance(flux, dict) and isinstance(ours, dict):
        for key in sorted(flux.keys() | ours.keys()):
            yield from differing(flux.get(key, MISSING), ours.get(key, MISSING),
                                 f"{path}/{escaped(key)}")
    elif isinstance(flux, list) and isinstance(ours, list) and len(flux) == len(ours):
        for index, (one, other) in enumerate(zip(flux, ours, strict=True)):
            yield from differing(one, other, f"{path}/{index}")
    elif flux != ours or type(flux) is not type(ours):
        yield path, flux, ours


def compare_objects(case, step, flux, ours):
    """Differences of two {KIND/NAMESPACE/NAME: object}."""
    found = []
    for key in sorted(flux.keys() | ours.keys()):
        if key not in flux or key not in ours:
            found.append(Difference(case, step, key, "(object)",
                                    "there" if key in flux else MISSING,
                                    "there" if key in ours else MISSING))
            continue
        found += [Difference(case, step, key, *place) for place in differing(flux[key], ours[key])]
    return found


def compare_states(case, step, flux, ours):
    """Differences of two {NAMESPACE/NAME of a Kustomization: state}."""
    return [Difference(case, step, f"Kustomization/{name}", "(state)", flux.get(name, MISSING),
                       ours.get(name, MISSING))
            for name in sorted(flux.keys() | ours.keys()) if flux.get(name) != ours.get(name)]


def compare_made_again(case, step, flux, ours):
    """Differences of the objects that were deleted and made again."""
    return [Difference(case, step, key, "(made again)", key in flux, key in ours)
            for key in sorted(set(flux) ^ set(ours))]


def compare_outcomes(case, step, flux, ours):
    """Differences of two outcomes of a step, as sides.Outcome."""
    both = flux.objects.keys() & ours.objects.keys()
    return (compare_states(case, step, flux.states, ours.states)
            + compare_objects(case, step, flux.objects, ours.objects)
            + compare_made_again(case, step, *([key for key in each.made_again if key in both]
                                               for each in (flux, ours))))


def read_allowances(path):
    """The allowances of differences.toml."""
    with path.open("rb") as file:
        entries = tomllib.load(file).get("difference", [])
    for entry in entries:
        if not str(entry.get("reason", "")).strip():
            raise ValueError(f"{path}: a difference without a reason: {entry}")
        unknown = entry.keys() - {"case", "object", "path", "reason"}
        if unknown:
            raise ValueError(f"{path}: unknown key {', '.join(sorted(unknown))} in {entry}")
    return [Allowance(entry.get("case", "*"), entry.get("object", "*"), entry.get("path", "*"),
                      entry["reason"]) for entry in entries]


def divide(differences, allowances):
    """(unexpected differences, allowances that covered one)."""
    unexpected, used = [], set()
    for difference in differences:
        covering = [each for each in allowances if each.covers(difference)]
        used.update(covering)
        if not covering:
            unexpected.append(difference)
    return unexpected, used
