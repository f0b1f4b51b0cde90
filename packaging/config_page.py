# SPDX-License-Identifier: Apache-2.0
"""The manual page primocane-config(5), made of docs/configuration.md.

It reads as much of Markdown as that document uses: headings, paragraphs, lists, tables, blocks of
code, and within a line code, bold text and links.
"""

import re

SPECIAL = {"\\": "\\e", "-": "\\-", "'": "\\(aq", '"': "\\(dq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\([^)]+\)")


def plain(text: str) -> str:
    """Text of which troff takes nothing for markup, in the middle of a line."""
    return "".join(SPECIAL.get(character, character) for character in text)


def inline(text: str) -> str:
    parts, at = [], 0
    for match in INLINE.finditer(text):
        parts.append(plain(text[at:match.start()]))
        code, strong, link = match.groups()
        parts.append(inline(link) if link else f"\\fB{plain(code or strong)}\\fR")
        at = match.end()
    return "".join(parts) + plain(text[at:])


def line_of(text: str) -> str:
    """A line of text; a dot at its beginning would be a request."""
    shown = inline(text)
    return "\\&" + shown if shown.startswith(".") else shown


def cells_of(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def table(rows: list[str]) -> list[str]:
    """Each row as a key with what is said about it, and the columns between below that."""
    columns = cells_of(rows[0])
    lines = []
    for row in rows[2:]:
        key, *between, meaning = cells_of(row)
        lines += [".TP", inline(key), line_of(meaning[:1].upper() + meaning[1:].rstrip(".") + ".")]
        told = "; ".join(f"{column}: {inline(text)}"
                         for column, text in zip(columns[1:-1], between) if text)
        if told:
            lines += [".br", told[:1].upper() + told[1:]]
    return lines


def body(document: str) -> list[str]:
    """What stands below the title."""
    lines, out = document.splitlines(), []
    section_begins = True
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = lines.index("```", at + 1)
            code = [plain(each) for each in lines[at + 1:end]]
            out += [".PP", ".EX", *("\\&" + each if each.startswith(".") else each for each in code), ".EE"]
            at = end
        elif line.startswith("#"):
            heading = line.lstrip("#").strip()
            # Sections of a manual page have no second level that a reader could find again.
            out.append(f".SH {inline(heading).upper() if '.' not in heading else inline(heading)}")
            section_begins = True
            at += 1
            continue
        elif line.startswith("|"):
            end = at
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            out += table(lines[at:end])
            at = end - 1
        elif line.startswith("* "):
            out += [".IP \\(bu 2", line_of(line[2:])]
        elif line.strip():
            is_new = not section_begins and (at == 0 or not lines[at - 1].strip())
            out += [".PP", line_of(line)] if is_new else [line_of(line.strip())]
        if line.strip():
            section_begins = False
        at += 1
    return out


def write_config_page(document: str, version: str, date: str) -> str:
    title, _, rest = document.partition("\n")
    if title != "# Configuration":
        raise ValueError("docs/configuration.md does not begin with its title")
    return "\n".join([
        '.\\" Made from docs/configuration.md; changes here are lost.',
        f'.TH PRIMOCANE\\-CONFIG 5 {date} "primocane {version}" "File Formats"',
        ".if n .ad l", ".nh",
        ".SH NAME", "primocane\\-config \\- the configuration of primocane",
        ".SH DESCRIPTION", *body(rest.strip("\n")),
        ".SH FILES", "/etc/primocane/config.yaml",
        ".SH SEE ALSO", "\\fBprimocane\\fR(1),", "\\fBprimocane\\-check\\-config\\fR(1)", ""])
