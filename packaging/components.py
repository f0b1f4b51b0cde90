# SPDX-License-Identifier: Apache-2.0
"""What is linked into the program: each library with its version, its licence and its source.

The versions are those that cross/deps built and that the compiler brought, so what is told of a
package is what is in it.
"""

import dataclasses
import functools
import json
import pathlib
import re
import subprocess
import tarfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
LICENCES = ROOT / "packaging" / "licences.txt"
# Libraries of cross/sources.txt that only tests link.
NOT_LINKED = {"catch2"}
# What the compiler links by itself: the development packages that it is in, for this machine and
# for arm64 on another one. Those for another one name their source in Built-Using.
TOOLCHAIN = {"glibc": ("libc6-dev", "libc6-dev-arm64-cross"),
             "gcc-12": ("libstdc++-12-dev", "libstdc++-12-dev-arm64-cross")}


class ComponentError(Exception):
    """A component about which something is not known; the message says what to do."""


@dataclasses.dataclass(frozen=True)
class Component:
    """A library in the program."""

    name: str
    licence: str
    home: str
    source: str  # Debian's source package
    source_version: str
    version: str  # of what was compiled: the upstream version where Debian's patches are not in it
    archives: dict[str, str]  # file name to SHA-256; empty where the compiler brought it
    note: str


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def read_licences() -> dict[str, tuple[str, str]]:
    """The licence and the home page of each library."""
    found = {}
    for line in LICENCES.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, rest = line.split(maxsplit=1)
            licence, home = rest.rsplit(maxsplit=1)
            found[name] = (licence.strip(), home)
    return found


@functools.cache
def library_folder() -> pathlib.Path:
    """Where cross/deps put the libraries, with the record of their sources in it."""
    return pathlib.Path(output_of("cross/deps", "prefix", "host").strip()).parent


def archive_path(name: str) -> pathlib.Path:
    return library_folder().parents[1] / "archives" / name


def upstream(version: str) -> str:
    """Debian's version without epoch and revision."""
    return version.rpartition("-")[0].rpartition(":")[2] or version


def built_from_source(record: dict) -> dict:
    patched = record["patched"]
    return {"source": record["package"], "source_version": record["version"],
            "version": record["version"] if patched else upstream(record["version"]),
            "archives": record["files"]["all"],
            "note": "compiled from Debian's source package" if patched
                    else "compiled from the original tarball in Debian's source package"}


def taken_prebuilt(record: dict, architecture: str) -> dict:
    archives = record["files"][architecture]
    (file,) = archives
    fields = output_of("dpkg-deb", "-f", str(archive_path(file)), "Source", "Version", "Package")
    values = dict(line.split(": ", 1) for line in fields.splitlines())
    source = re.fullmatch(r"(\S+)(?: \((\S+)\))?", values.get("Source", values["Package"]))
    return {"source": source[1], "source_version": source[2] or values["Version"],
            "version": values["Version"], "archives": archives,
            "note": f"taken as it is from Debian's package {values['Package']}"}


def brought_by_compiler(name: str, architecture: str) -> dict:
    native, cross = TOOLCHAIN[name]
    package = native if architecture == output_of("dpkg", "--print-architecture").strip() else cross
    shown = output_of("dpkg-query", "-W", "-f",
                      "${source:Package}\n${source:Version}\n${Built-Using}\n", package)
    source, version, built_using = shown.split("\n")[:3]
    if package == cross:
        named = re.search(rf"(?:^|, ){re.escape(name)} \(= ([^)]+)\)", built_using)
        if not named:
            raise ComponentError(f"{package} does not say from which {name} it was built")
        source, version = name, named[1]
    return {"source": source, "source_version": version, "version": version, "archives": {},
            "note": f"the compiler's, from Debian's package {package}"}


def components(architecture: str) -> list[Component]:
    """All that is in the program for this architecture, by name."""
    licences = read_licences()
    sources = json.loads((library_folder() / "sources.json").read_text())
    linked = [name for name in sources if name not in NOT_LINKED] + list(TOOLCHAIN)
    unknown = sorted(set(linked) ^ set(licences))
    if unknown:
        raise ComponentError(f"{', '.join(unknown)}: packaging/licences.txt and cross/sources.txt "
                             "do not name the same libraries")
    found = []
    for name in sorted(linked):
        if name in TOOLCHAIN:
            origin = brought_by_compiler(name, architecture)
        elif "patched" in sources[name]:
            origin = built_from_source(sources[name])
        else:
            origin = taken_prebuilt(sources[name], architecture)
        licence, home = licences[name]
        found.append(Component(name=name, licence=licence, home=home, **origin))
    return found


def file_in_source(component: Component, path: str) -> str:
    """A text in the source tarball (its top folder left out) or in the package of a component."""
    for name in component.archives:
        if name.endswith(".deb"):
            with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive_path(name))],
                                  stdout=subprocess.PIPE) as process:
                text = _text_in(tarfile.open(fileobj=process.stdout, mode="r|"), path, 0)
                process.stdout.read()
        elif re.search(r"\.orig\.tar\.\w+$", name):
            text = _text_in(tarfile.open(archive_path(name)), path, 1)
        else:
            continue
        if text is not None:
            return text
    raise ComponentError(f"{component.name} {component.version} has no file {path}")


def _text_in(archive: tarfile.TarFile, path: str, leading: int) -> str | None:
    with archive:
        for member in archive:
            parts = pathlib.PurePosixPath(member.name).parts[leading:]
            if member.isfile() and "/".join(parts) == path:
                return archive.extractfile(member).read().decode()
    return None
