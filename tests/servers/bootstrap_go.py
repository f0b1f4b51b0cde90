#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Unpacks a Go that is new enough to fetch the version which go.mod names, for machines that have none.

usage: bootstrap_go.py CACHE_FOLDER      prints the path of the go program

Nothing is installed. The packages come from the distribution's archive through apt's own client.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPOSITORY / "cross"))
from archive import Archive  # noqa: E402  (its folder is known only here)

# Go 1.21 was the first that fetches other versions of itself; the release's own is 1.19.
PACKAGES = {"golang-1.23-go": None, "golang-1.23-src": "all"}
SUITE = "bookworm-backports"
PROGRAM = "usr/lib/go-1.23/bin/go"


def main() -> None:
    cache = pathlib.Path(sys.argv[1]).resolve()
    target = cache / "bootstrap-go"
    if not (target / PROGRAM).exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            unpack(pathlib.Path(scratch))
            shutil.rmtree(target, ignore_errors=True)
            (pathlib.Path(scratch) / "root").rename(target)
    print(target / PROGRAM)


def unpack(scratch: pathlib.Path) -> None:
    """Leaves the unpacked packages in scratch/root."""
    machine = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
    archive = Archive(scratch / "apt")
    archive.update()
    for package, architecture in PACKAGES.items():
        _, file = archive.binary_file(f"{package}/{SUITE}", architecture or machine)
        deb = scratch / file.name
        if not archive.download(file, deb):
            sys.exit(f"bootstrap_go: the archive no longer has {file.name}")
        subprocess.run(["dpkg-deb", "-x", deb, scratch / "root"], check=True)


if __name__ == "__main__":
    main()
