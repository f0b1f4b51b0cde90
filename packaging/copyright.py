# SPDX-License-Identifier: Apache-2.0
"""Puts debian/copyright together: copyright.in with the texts that it asks for by lines like these.

    @file curl COPYING@                  a file of that library's source
    @section libgit2 COPYING The name@   the part of it, between dashed lines, that begins so
    @installed libc6@                    /usr/share/doc/libc6/copyright of the machine that builds

So a licence's text is always that of what was linked.
"""

import pathlib
import re

from components import ROOT, Component, ComponentError, file_in_source

TEMPLATE = ROOT / "packaging" / "copyright.in"


def section_of(text: str, beginning: str) -> str:
    for part in re.split(r"^-{60,}$", text, flags=re.MULTILINE):
        if part.strip().startswith(beginning):
            return part
    raise ComponentError(f"no part of the licence begins with \"{beginning}\"")


def wanted_text(line: str, found: dict[str, Component]) -> str:
    how, name, *rest = line.strip("@").split(maxsplit=3)
    if how == "installed":
        return pathlib.Path("/usr/share/doc", name, "copyright").read_text()
    if how == "file":
        return file_in_source(found[name], rest[0])
    if how == "section":
        return section_of(file_in_source(found[name], rest[0]), rest[1])
    raise ComponentError(f"copyright.in: \"{line}\" is not understood")


def as_field(text: str) -> str:
    """A text as the format of debian/copyright wants it in a field."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "\n".join(f" {line}" if line else " ." for line in lines)


def write_copyright(parts: list[Component]) -> str:
    found = {part.name: part for part in parts}
    lines = []
    for line in TEMPLATE.read_text().splitlines():
        is_directive = line.startswith("@") and line.endswith("@")
        lines.append(as_field(wanted_text(line, found)) if is_directive else line)
    return "\n".join(lines) + "\n"
