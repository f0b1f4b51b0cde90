#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the disk of a virtual node with Kubernetes on it, once, in the user's cache.

    tests/node/kubernetes/image.py    make it if it isn't there, then print its folder

It is an overlay over the base image. A node with the base image is booted; Debian's containerd, runc,
CNI plugins and iptables are installed in it by apt, from files; what lies below files/ and the
programs of tests/servers/node are put beside them; then it is switched off. Nothing of it reaches for
the network of this machine. The folder's name is a hash of all that went in.
"""

import contextlib
import fcntl
import functools
import hashlib
import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(ROOT / "cross")]

import archive  # noqa: E402  (lies in cross/)
from kubernetes import container_image  # noqa: E402
from virtual_node import HOST, Disk, VirtualNode, base_image  # noqa: E402

HOME_CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
CACHE = HOME_CACHE / "primocane" / "kubernetes-node"
PROGRAMS = ROOT / "build" / "kubernetes-node"
FILES = HERE / "files"
SUITE = "trixie"
PACKAGES = ("containerd", "containernetworking-plugins", "iptables", "runc")
# Its one container image: that of the Pods, and of what holds a Pod's network.
IMAGE = "localhost/pod:1"
INSTALL_SECONDS = 1800
KEPT_MAX = 2


def say(text):
    print(f"kubernetes node: {text}", file=sys.stderr, flush=True)


def recipe_hash(base):
    digest = hashlib.sha256(base.name.encode())
    sources = [*HERE.glob("*.py"), *PROGRAMS.iterdir(), *FILES.rglob("*")]
    for path in sorted(path for path in sources if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fetch_packages(base, scratch):
    """Has apt fetch what PACKAGES need beyond the base image; returns the files."""
    places = scratch / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (places / folder).mkdir(parents=True)
    with (places / "status").open("wb") as status:
        subprocess.run(["/usr/sbin/debugfs", "-R", "cat /var/lib/dpkg/status", str(base / "root.img")],
                       stdout=status, stderr=subprocess.DEVNULL, check=True)
    (places / "sources.list").write_text(f"deb [arch=arm64 signed-by={archive.KEYRING}] "
                                         f"{archive.debian_address()} {SUITE} main\n")
    # Only the places are replaced: this machine's proxies, certificates and time-outs stay.
    (places / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{places}/sources.list";\n'
        'Dir::Etc::sourceparts "/dev/null";\n'
        'Dir::Etc::preferences "/dev/null";\n'
        'Dir::Etc::preferencesparts "/dev/null";\n'
        f'Dir::State::lists "{places}/lists";\n'
        f'Dir::State::status "{places}/status";\n'
        f'Dir::State::extended_states "{places}/extended_states";\n'
        f'Dir::Cache "{places}/cache";\n'
        'APT::Architecture "arm64";\n'
        'APT::Architectures {"arm64";};\n'
        'APT::Sandbox::User "root";\n'
        'APT::Install-Recommends "false";\n'
        'Acquire::Languages {"none";};\n')
    for arguments in (["update", "-o", "APT::Update::Error-Mode=any"],
                      ["install", "-y", "--download-only", *PACKAGES]):
        done = subprocess.run(["apt-get", "-q", *arguments], capture_output=True, text=True,
                              env=os.environ | {"APT_CONFIG": str(places / "apt.conf"),
                                                "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"})
        if done.returncode != 0:
            raise SystemExit(f"kubernetes node: apt-get {arguments[0]}: {done.stderr.strip()}")
    return sorted((places / "cache" / "archives").glob("*.deb"))


def installed(member):
    """As a package would install it, whatever the checkout's owner and umask are."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def pack(packages, scratch):
    """Writes what the node unpacks: the packages, and what overwrites files of theirs."""
    payload = scratch / "payload"
    payload.mkdir()
    with tarfile.open(payload / "packages.tar", "w") as packed:
        for path in packages:
            packed.add(path, f"packages/{path.name}", filter=installed)
    container_image.write(scratch / "image.tar", IMAGE, PROGRAMS / "pod")
    with tarfile.open(payload / "files.tar", "w") as packed:
        packed.add(FILES, ".", filter=installed)
        packed.add(PROGRAMS / "kubenode", "usr/local/bin/kubenode", filter=installed)
        packed.add(scratch / "image.tar", "var/tmp/image.tar", filter=installed)
    return payload


@contextlib.contextmanager
def served(folder):
    """Serves the folder on this machine's loopback; gives its address as the node sees it."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_address[1]}"
        server.shutdown()


def install(node, address):
    """Makes a Kubernetes node of a node that has been booted."""
    units = " ".join(path.name for path in (FILES / "etc/systemd/system").iterdir())
    for command in (
            f"curl -sSf {address}/packages.tar | tar -x -C /var/tmp",
            "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends"
            " /var/tmp/packages/*.deb",
            f"curl -sSf {address}/files.tar | tar -x -C / --no-overwrite-dir",
            "ln -s kubenode /usr/local/bin/kubectl",
            "systemctl daemon-reload",
            # With its new configuration; it has been started when it was installed.
            "systemctl restart containerd",
            "ctr -n k8s.io images import /var/tmp/image.tar",
            f"systemctl enable {units}",
            "rm -r /var/tmp/packages /var/tmp/image.tar"):
        node.run(command, seconds=INSTALL_SECONDS)


def make():
    """The folder with root.qcow2, made now if it isn't there."""
    base = base_image()
    say("building its programs: a moment when they are in the cache, else ten minutes")
    subprocess.run([str(ROOT / "tests/servers/build-node.sh"), str(PROGRAMS)], check=True)
    made = CACHE / recipe_hash(base)
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.exists():
            made.touch()
            return made
        started = time.monotonic()
        say("making the disk of the node with Kubernetes, a few minutes, once")
        for left_over in CACHE.glob("making.*"):
            shutil.rmtree(left_over)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="making.") as name:
            scratch = pathlib.Path(name)
            packages = fetch_packages(base, scratch)
            say(f"{time.monotonic() - started:.0f} s, {len(packages)} packages are here")
            payload = pack(packages, scratch)
            target = scratch / "made"
            target.mkdir()
            node = VirtualNode("kubernetes-image", scratch,
                               Disk(target / "root.qcow2", base / "root.img"),
                               base / "kernel")
            try:
                with served(payload) as address:
                    node.boot()
                    say(f"{time.monotonic() - started:.0f} s, the node has been booted")
                    install(node, address)
                node.power_off()
            finally:
                if node.is_on():
                    node.cut_power()
            target.rename(made)
        say(f"made after {time.monotonic() - started:.0f} s: {made}")
        for old in sorted(CACHE.glob("?" * 16), key=lambda path: path.stat().st_mtime)[:-KEPT_MAX]:
            shutil.rmtree(old)
    return made


if __name__ == "__main__":
    if sys.argv[1:]:
        raise SystemExit(__doc__)
    print(make())
