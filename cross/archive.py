# SPDX-License-Identifier: Apache-2.0
"""Asks the distribution's archive for packages, through apt's own client in a private apt root.

The address of the archive is the one this machine's apt is configured with; only the suite is
replaced. Every download is checked by apt against the hash that the signed index gives for it.
"""

import dataclasses
import hashlib
import os
import pathlib
import re
import subprocess

SOURCE_SUITES = ("trixie", "bookworm")  # the newest version, unless a suite is named
BINARY_SUITES = ("bookworm", "bookworm-backports")
ARCHITECTURES = ("amd64", "arm64")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
APT_HELPER = "/usr/lib/apt/apt-helper"


class ArchiveError(Exception):
    """The archive does not have what was asked for; the message says what and why."""


@dataclasses.dataclass(frozen=True)
class ArchiveFile:
    """One file as the signed index describes it."""

    uri: str
    name: str
    sha256: str


def sha256_of(path: pathlib.Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def debian_address() -> str:
    """The address of the main archive in this machine's own apt configuration."""
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        uri, _, release = line.partition(" ")
        if release in BINARY_SUITES or release in SOURCE_SUITES:
            return uri
    raise ArchiveError("apt on this machine names no archive of Debian "
                       f"{' or '.join(SOURCE_SUITES)}; see /etc/apt/sources.list.d")


class Archive:
    """A private apt root with the suites the libraries come from, apart from the machine's own."""

    def __init__(self, root: pathlib.Path):
        self._root = root
        self._environment = os.environ | {"APT_CONFIG": str(root / "apt.conf"), "LC_ALL": "C"}

    def update(self) -> None:
        """Fetches the signed indexes. Must be called before anything is asked."""
        address = debian_address()
        for folder in ("lists/partial", "cache/archives/partial"):
            (self._root / folder).mkdir(parents=True, exist_ok=True)
        (self._root / "status").touch()
        signed = f"signed-by={KEYRING}"
        options = f"arch={','.join(ARCHITECTURES)} {signed}"
        lines = [f"deb [{options}] {address} {suite} main" for suite in BINARY_SUITES]
        lines += [f"deb-src [{signed}] {address} {suite} main" for suite in SOURCE_SUITES]
        (self._root / "sources.list").write_text("\n".join(lines) + "\n")
        quoted = " ".join(f'"{name}";' for name in ARCHITECTURES)
        # Only the places are replaced: this machine's proxies, certificates and time-outs stay.
        (self._root / "apt.conf").write_text(
            f'Dir::Etc::sourcelist "{self._root}/sources.list";\n'
            'Dir::Etc::sourceparts "/dev/null";\n'
            'Dir::Etc::preferences "/dev/null";\n'
            'Dir::Etc::preferencesparts "/dev/null";\n'
            f'Dir::State::lists "{self._root}/lists";\n'
            f'Dir::State::status "{self._root}/status";\n'
            f'Dir::Cache "{self._root}/cache";\n'
            f'APT::Architectures {{{quoted}}};\n'
            'APT::Sandbox::User "root";\n'
            'Acquire::Languages {"none";};\n')
        self._apt("update", "-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
                  "-o", "APT::Update::Error-Mode=any")

    def source_files(self, package: str) -> tuple[str, list[ArchiveFile]]:
        """The version and the files (description, tarball, packaging) of a source package, which
        may end in /suite."""
        files = self._print_uris("source", package)
        description = next(file for file in files if file.name.endswith(".dsc"))
        return _version_of(description.name), files

    def binary_file(self, package: str, architecture: str) -> tuple[str, ArchiveFile]:
        """The version and the file of a binary package; `package` may end in /suite."""
        name, _, suite = package.partition("/")
        wanted = f"{name}:{architecture}" + (f"/{suite}" if suite else "")
        (file,) = self._print_uris("download", wanted)
        return _version_of(file.name), file

    def download(self, file: ArchiveFile, target: pathlib.Path) -> bool:
        """Puts the file at `target`, checked by its hash; False when the archive lacks it."""
        if target.exists() and sha256_of(target) == file.sha256:
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        result = subprocess.run(
            [APT_HELPER, "download-file", file.uri, str(partial), f"SHA256:{file.sha256}"],
            env=self._environment, capture_output=True, text=True)
        if result.returncode != 0:
            partial.unlink(missing_ok=True)
            if "404" in result.stderr:
                return False
            raise ArchiveError(f"{file.name}: {result.stderr.strip()}")
        partial.rename(target)
        return True

    def _print_uris(self, verb: str, package: str) -> list[ArchiveFile]:
        listing = self._apt(verb, "--print-uris", package)
        found = re.findall(r"^'(\S+)' (\S+) \d+ SHA256:([0-9a-f]{64})", listing, re.MULTILINE)
        if not found:
            raise ArchiveError(f"{package}: the archive has no such package")
        return [ArchiveFile(*fields) for fields in found]

    def _apt(self, *arguments: str) -> str:
        # The caches make the questions after the first one fast; some machines switch them off.
        command = ["apt-get", "-q", "-o", "Dir::Cache::pkgcache=packages.bin",
                   "-o", "Dir::Cache::srcpkgcache=sources.bin", *arguments]
        result = subprocess.run(command, env=self._environment, capture_output=True, text=True)
        if result.returncode != 0:
            raise ArchiveError(f"apt-get {' '.join(arguments)}: {result.stderr.strip()}")
        return result.stdout


def _version_of(file_name: str) -> str:
    return file_name.split("_")[1].removesuffix(".dsc").replace("%3a", ":")
