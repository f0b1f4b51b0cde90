# SPDX-License-Identifier: Apache-2.0
"""A Git repository with a work tree to commit in, and servers for its bare twin."""

import json
import os
import pathlib
import shutil
import subprocess
import urllib.request

from .process import SERVERS, Server

# Neither the user's nor the machine's configuration decides what a test does.
ENVIRONMENT = os.environ | {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "Somebody", "GIT_AUTHOR_EMAIL": "somebody@home.arpa",
    "GIT_COMMITTER_NAME": "Somebody", "GIT_COMMITTER_EMAIL": "somebody@home.arpa"}


class Repository:
    """FOLDER/NAME.git is what is served, FOLDER/NAME the work tree that is pushed to it."""

    def __init__(self, folder, name="home"):
        self.name = name
        self.bare = pathlib.Path(folder) / f"{name}.git"
        self.tree = pathlib.Path(folder) / name
        self.tree.mkdir(parents=True)
        self.run("init", "-q", "--bare", "-b", "main", self.bare)
        for key, value in (("uploadpack.allowFilter", "true"),
                           ("uploadpack.allowAnySHA1InWant", "true")):
            self.run("--git-dir", self.bare, "config", key, value)
        self.run("init", "-q", "-b", "main", ".")
        self.run("remote", "add", "origin", self.bare)

    def run(self, *arguments):
        done = subprocess.run(["git", *map(str, arguments)], cwd=self.tree, env=ENVIRONMENT,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"git {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout.strip()

    def write(self, files):
        """Writes {path: text}; None deletes the file or folder."""
        for path, text in files.items():
            full = self.tree / path
            if text is None:
                shutil.rmtree(full) if full.is_dir() else full.unlink()
                continue
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text(text) if isinstance(text, str) else full.write_bytes(text)

    def commit(self, files=None, message="Change something"):
        """Writes, commits and pushes; returns the commit."""
        self.write(files or {})
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", message)
        self.run("push", "-q", "--force", "origin", "main")
        return self.run("rev-parse", "HEAD")

    def commit_many(self, count, path="counter.txt"):
        """Puts `count` commits that change one file upon main, at once; returns the last."""
        stream = "reset refs/heads/main\nfrom refs/heads/main^0\n" if count else ""
        for i in range(count):
            text = f"{i}\n"
            stream += (f"commit refs/heads/main\n"
                       f"committer Somebody <somebody@home.arpa> {1_700_000_000 + i} +0000\n"
                       f"data 6\nChange\n"
                       f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
        self.fast_import(stream)
        self.run("fetch", "-q", "origin", "main")
        self.run("reset", "-q", "--hard", "FETCH_HEAD")
        return self.run("rev-parse", "HEAD")

    def fast_import(self, stream):
        """Feeds git-fast-import(1) of the bare repository."""
        subprocess.run(["git", "--git-dir", str(self.bare), "fast-import", "--quiet", "--force"],
                       input=stream.encode(), env=ENVIRONMENT, check=True, capture_output=True)


class GitServer:
    """The bare repositories of a folder over HTTP and HTTPS, with faults on demand; `arguments` as
    tests/servers/README.md has them."""

    def __init__(self, root, folder, *arguments):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.server = Server([SERVERS / "gitserver", "--root", root, "--dir", folder,
                              "--until-stdin-closes", *arguments], folder / "stderr.log")
        self.addresses = json.loads(self.server.read_until(lambda line: line.startswith("{")))

    def url(self, name="home", scheme="http"):
        return f"{self.addresses[scheme].rstrip('/')}/{name}.git"

    def control(self, path, body=None, method=None):
        """Asks the control endpoint; returns its JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.addresses["control"].rstrip("/") + path, data=data,
                                         method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def fail_with(self, *faults):
        """Has only these faults from now on; without any it behaves."""
        self.control("/faults", list(faults), "PUT")

    def accept_only(self, **credentials):
        """Takes these credentials from now on (basic="USER:PASSWORD", token="T"); none: anybody."""
        self.control("/auth", credentials, "PUT")

    def forget_requests(self):
        self.control("/stats", method="DELETE")

    def requests(self, name="home"):
        """What was asked of a repository since the last forget_requests(), oldest first."""
        return [entry for entry in self.control("/stats").get("log", [])
                if entry["path"].startswith(f"/{name}.git/")]

    def stop(self):
        self.server.stop()


class SshServer:
    """The bare repositories of a folder through a real sshd, with faults on demand; `arguments` as
    tests/servers/README.md has them."""

    def __init__(self, root, folder, *arguments):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.server = Server([SERVERS / "sshserver", "--root", root, "--dir", folder,
                              "--until-stdin-closes", *arguments], folder / "stderr.log")
        self.address = json.loads(self.server.read_until(lambda line: line.startswith("{")))

    def url(self, name="home"):
        return f"{self.address['url']}{name}.git"

    def authentication(self, **changes):
        """The section git.authentication of a configuration that fits."""
        return {"sshKey": self.address["key"], "sshKnownHosts": self.address["known_hosts"],
                **changes}

    def fail_with(self, *faults):
        """Has only these faults in sessions from now on; without any it behaves."""
        path = pathlib.Path(self.address["faults"])
        if faults:
            path.write_text(json.dumps(faults))
        else:
            path.unlink(missing_ok=True)

    def stop(self):
        self.server.stop()
