# SPDX-License-Identifier: Apache-2.0
"""The outcome of a run as a table: for each case how Flux and we left the Kustomizations of each of
its steps, and whether the clusters were alike."""

import collections
import dataclasses
import json

EQUAL, LISTED, DIFFERS = "equal", "listed difference", "differs"
NOT_RUN = "(did not take part)"
NAMED_MAX = 4  # Kustomizations of one state that are named


@dataclasses.dataclass
class Verdict:
    """What became of a case."""

    name: str
    flux: list = dataclasses.field(default_factory=list)  # of each step {NAMESPACE/NAME: state}
    ours: list = dataclasses.field(default_factory=list)
    lines: list = dataclasses.field(default_factory=list)  # what is to be printed: what is wrong
    reasons: list = dataclasses.field(default_factory=list)  # of the listed differences
    seconds: float = 0

    def word(self):
        if self.lines:
            return DIFFERS
        return LISTED if self.reasons else EQUAL


def step_words(states):
    """How the Kustomizations stand after a step: "all ready", or who does not."""
    by_state = collections.defaultdict(list)
    for name, state in sorted(states.items()):
        by_state[state].append(name.removeprefix("flux-system/"))
    if not by_state:
        return "none"
    if by_state.keys() == {"ready"}:
        return "all ready"
    parts = []
    for state, names in sorted(by_state.items()):
        if state == "ready":
            continue
        more = len(names) - NAMED_MAX
        parts.append(f"{', '.join(names[:NAMED_MAX])}{f' and {more} more' if more > 0 else ''} "
                     f"{state}")
    return "; ".join(parts)


def case_words(steps):
    """The same of all steps, in one cell of a table."""
    return " → ".join(map(step_words, steps)) if steps else NOT_RUN


def row(verdict):
    flux, ours = case_words(verdict.flux), case_words(verdict.ours)
    if ours == flux and verdict.ours:
        ours = "the same"
    cells = (verdict.name.replace("_", " "), flux, ours, verdict.word())
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def keep(verdict, case_hash, path):
    """Writes the verdict down, for the report of a later run of other cases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"hash": case_hash, "verdict": dataclasses.asdict(verdict)}, indent=1))


def kept(case_hash, path):
    """The verdict that was written down of a case that is still the same, or None."""
    if not path.exists():
        return None
    found = json.loads(path.read_text())
    return Verdict(**found["verdict"]) if found["hash"] == case_hash else None


def table(verdicts):
    """The whole report in Markdown."""
    counts = collections.Counter(verdict.word() for verdict in verdicts)
    lines = ["# Flux and primocane side by side", "",
             f"{len(verdicts)} cases: {counts[EQUAL]} equal, {counts[LISTED]} with a difference that "
             f"is listed in tests/peers/differences.toml, {counts[DIFFERS]} that differ.",
             "`make peers-test` repeats it. Steps are separated by arrows; who is not named is ready.",
             "", "| case | Flux | primocane | clusters |", "|---|---|---|---|"]
    lines += [row(verdict) for verdict in verdicts]
    reasons = sorted({(verdict.name, each) for verdict in verdicts for each in verdict.reasons})
    if reasons:
        lines += ["", "## Listed differences", ""]
        lines += [f"* {name.replace('_', ' ')}: {reason}" for name, reason in reasons]
    wrong = [verdict for verdict in verdicts if verdict.lines]
    if wrong:
        lines += ["", "## What differs", ""]
        for verdict in wrong:
            lines += [f"* {verdict.name.replace('_', ' ')}", "", "  ```"]
            lines += [f"  {line}" for line in verdict.lines]
            lines += ["  ```", ""]
    return "\n".join(lines).rstrip() + "\n"
