# SPDX-License-Identifier: Apache-2.0
"""What all scenarios on a virtual node share: the node, the servers beside it, and the questions
that a person at the node would ask.

A scenario gets servers and a repository of its own, and a node with the package installed and
nothing else. Booting takes long, so one node serves scenario after scenario; one that leaves the
node in another state than it found it says so by `self.spoils_node()`.
"""

import functools
import json
import os
import pathlib
import shlex
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.lab import Lab  # noqa: E402
from lab.process import ROOT, wait_until  # noqa: E402
from virtual_node import HOST, LOGS, Disk, VirtualNode, base_image  # noqa: E402

CONFIGURATION = "/etc/primocane/config.yaml"
KUBECONFIG = "/etc/rancher/k3s/k3s.yaml"
TOKEN = "/etc/primocane/token"
GIT_CA = "/etc/primocane/git-ca.pem"
STATE = "/var/lib/primocane"
PACKAGE = "/root/primocane_arm64.deb"
# The node knows our loopback by another address.
GIT_ARGUMENTS = ("--cert-names", f"localhost,127.0.0.1,{HOST}")


def package():
    """The .deb under test."""
    named = os.environ.get("PRIMOCANE_DEB")
    if named:
        if not pathlib.Path(named).is_file():
            raise SystemExit(f"tests/node: PRIMOCANE_DEB names {named}, which isn't there")
        return pathlib.Path(named).resolve()
    found = sorted((ROOT / "build" / "deb").glob("primocane_*_arm64.deb"),
                   key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit("tests/node: no build/deb/primocane_*_arm64.deb; run 'make deb', "
                         "or name one in PRIMOCANE_DEB")
    return found[-1]


class Nodes:
    """The nodes of one run of the tests, in a folder that goes with it."""

    def __init__(self):
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="primocane-node-"))
        self._shared = None
        self._count = 0

    @functools.cached_property
    def _image(self):
        return base_image()

    @functools.cached_property
    def installed(self):
        """A disk on which the package was installed and the node switched off; made once."""
        node = self.bare("installing").boot()
        try:
            install(node)
            node.power_off()
        except BaseException:
            self.discard(node)
            raise
        return node.disk.path

    def bare(self, name, **options):
        """A node without the package, off."""
        return self._make(name, self._image / "root.img", options)

    def fresh(self, name, **options):
        """A node of its own with the package installed, off."""
        return self._make(name, self.installed, options)

    def shared(self):
        """The node that serves scenario after scenario, on."""
        if self._shared is None or not self._shared.is_on():
            self._shared = self.fresh("node")
            self._shared.boot()
        return self._shared

    def share(self, node):
        """Gives a node that has the package, and is on, to the scenarios that follow."""
        self._shared = node

    def is_shared(self, node):
        return node is self._shared

    def discard(self, node):
        if node.is_on():
            node.cut_power()
        node.disk.path.unlink(missing_ok=True)
        if node is self._shared:
            self._shared = None

    def close(self):
        if self._shared is not None:
            self.discard(self._shared)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self, name, backing, options):
        self._count += 1
        disk = Disk(self._folder / f"{self._count}.qcow2", backing)
        return VirtualNode(f"{self._count}-{name}", self._folder, disk, self._image / "kernel",
                           **options)


NODES = Nodes()


def install(node, deb=None, target=PACKAGE):
    """Installs the package as a person does; returns what apt said."""
    node.copy_in(deb or package(), target)
    return node.text(f"DEBIAN_FRONTEND=noninteractive apt-get install -y {target} 2>&1", seconds=300)


def config_map(name, value="v", namespace="home"):
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap",
                       "metadata": {"name": name, "namespace": namespace}, "data": {"k": value}})


NAMESPACE = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "home"}})


def config_maps(count, value="v"):
    """A repository of a namespace and `count` ConfigMaps in it."""
    return {"namespace.yaml": NAMESPACE,
            **{f"{number:03}.yaml": config_map(f"number-{number:03}", value)
               for number in range(count)}}


class NodeCase(unittest.TestCase):
    """A scenario on the shared node."""

    maxDiff = None

    def setUp(self):
        self.node = None
        self.cursor = None
        self._is_spoilt = False
        self.lab = Lab(store="sqlite", git_arguments=GIT_ARGUMENTS)
        self.addCleanup(self.lab.close)
        self.repository, self.cluster, self.git = (self.lab.repository, self.lab.cluster,
                                                   self.lab.git)
        self.addCleanup(self._leave_node)
        self.take_node()

    def take_node(self):
        """Makes the shared node this scenario's; overridden where another one is needed."""
        self.use(NODES.shared())
        self.node.run("systemctl stop primocane; systemctl reset-failed; "
                      f"rm -rf {STATE} {CONFIGURATION} {KUBECONFIG} {TOKEN} && sync",
                      check=False)
        self.mark_journal()

    def use(self, node):
        self.node = node

    def spoils_node(self):
        """No scenario after this one gets this node."""
        self._is_spoilt = True

    def _leave_node(self):
        if self.node is None:
            return
        result = self._outcome.result
        has_failed = any(getattr(test, "test_case", test) is self  # a subtest knows its test
                         for test, _ in result.failures + result.errors)
        if has_failed:
            self._keep_traces()
        if has_failed or self._is_spoilt or not NODES.is_shared(self.node):
            NODES.discard(self.node)

    def _keep_traces(self):
        """What somebody who looks into the failure wants to know of the node."""
        path = LOGS / f"{self.id()}.txt"
        with path.open("w") as file:
            for command in ("systemctl status --no-pager -l primocane", "journalctl --no-pager -b",
                            f"cat {CONFIGURATION}", f"ls -laR {STATE}", "df -h /", "free -m",
                            "dmesg | tail -n 50"):
                try:
                    done = self.node.run(f"{command} 2>&1", check=False)
                    file.write(f"$ {command}\n{done.output}\n")
                except Exception as error:  # noqa: BLE001  (the node may be the very thing that failed)
                    file.write(f"$ {command}\n{error}\n")
        print(f"    traces of the node: {path.relative_to(ROOT)}", flush=True)

    # Configuration

    def configure(self, **sections):
        """Writes the node's configuration, and a kubeconfig where K3s has its own."""
        self.write_kubeconfig()
        self.write_configuration(**sections)

    def write_kubeconfig(self):
        self.node.write(KUBECONFIG, self.cluster.kubeconfig_through(HOST), mode=0o600)

    def write_configuration(self, **sections):
        self.node.write(GIT_CA, pathlib.Path(self.git.addresses["ca"]).read_text())
        values = {"git": {"url": self.git.url(scheme="https").replace("127.0.0.1", HOST),
                          "path": ".", "interval": "10s", "caFile": GIT_CA},
                  "cluster": {"kubeconfig": KUBECONFIG}}
        for name, section in sections.items():
            values.setdefault(name, {}).update(section)
        self.node.write(CONFIGURATION, json.dumps(values, indent=2) + "\n")  # JSON is YAML

    def start_agent(self):
        self.node.run("systemctl restart primocane", seconds=180)

    def deploy(self, files, **sections):
        """Commits, starts the agent for it and waits until it is applied; returns the commit."""
        commit = self.repository.commit(files)
        self.configure(**sections)
        self.start_agent()
        self.wait_applied(commit)
        return commit

    # Questions

    def status(self):
        """The agent's status, or {} while none answers. One that is not ready ends the command with 1."""
        done = self.node.run("primocane status -o json", check=False)
        is_told = done.output.strip() and "no agent is running" not in done.errors
        return json.loads(done.output) if is_told else {}

    def wait_status(self, condition, what, seconds=180):
        """Waits until the status fulfils the condition; returns it."""
        def look():
            status = self.status()
            return status if status and condition(status) else None
        try:
            return wait_until(look, what, seconds, pause=0.5)
        except TimeoutError as error:
            raise AssertionError(f"{error}; the status is {self.status()}") from None

    def wait_applied(self, commit, seconds=240):
        """Waits until the agent says that the cluster is as this commit has it."""
        return self.wait_status(lambda status: status["state"] == "ready"
                                and status.get("appliedRevision", "").endswith(commit),
                                f"revision {commit[:12]} is applied", seconds)

    def unit(self, *names):
        """Properties of the service, as systemctl show has them: one text, or a tuple."""
        text = self.node.text("systemctl show primocane -p " + ",".join(names))
        values = dict(line.split("=", 1) for line in text.splitlines())
        found = tuple(values[name] for name in names)
        return found[0] if len(found) == 1 else found

    def mark_journal(self):
        """journal() tells what comes from here on."""
        text = self.node.text("journalctl --sync; journalctl -n 0 --show-cursor -q")
        self.cursor = text.rpartition("-- cursor: ")[2]

    def journal(self, *options):
        """The service's log book since the scenario began, as text."""
        since = ["--after-cursor", self.cursor] if self.cursor else []
        return self.node.text(shlex.join(["journalctl", "--no-pager", "-q", "-u", "primocane", *since,
                                          *options]))

    def records(self):
        """The same, as a list of the agent's own records with their fields."""
        return [record for line in self.journal("-o", "json").splitlines()
                if "PRIMOCANE_EVENT" in (record := json.loads(line))]

    def wait_journal(self, words, seconds=180):
        """Waits until a message has all these words, whatever their case; returns it."""
        def find():
            for record in self.records():
                message = str(record.get("MESSAGE", ""))
                if all(word.lower() in message.lower() for word in words):
                    return message
            return None
        try:
            return wait_until(find, "", seconds, pause=1)
        except TimeoutError:
            raise AssertionError(f"no message with {words} in {seconds} s:\n"
                                 + self.journal("-o", "cat")) from None

    # The cluster

    def value(self, name, namespace="home"):
        found = self.cluster.get("configmap", name, namespace)
        return found and found["data"]["k"]

    def values(self, namespace="home"):
        """The values of all ConfigMaps of config_maps()."""
        text = self.cluster.kubectl("get", "configmap", "-n", namespace, "-o", "json")
        return {item["metadata"]["name"]: item["data"]["k"] for item in json.loads(text)["items"]
                if item["metadata"]["name"].startswith("number-")}


class Visit(NodeCase):
    """Somebody who looks around."""

    def take_node(self):
        self.use(NODES.fresh("visit"))
        self.node.boot()

    def runTest(self):
        shutil.copytree(ROOT / "examples" / "homelab", self.repository.tree, dirs_exist_ok=True)
        self.repository.commit(message="Set up the home-lab")
        self.configure(git={"path": "clusters/home"})
        self.node.power_off()
        print(f"The repository is {self.repository.tree}, the cluster's kubeconfig "
              f"{self.cluster.kubeconfig}.\nLog in as root, without a password. "
              "'poweroff' or Ctrl-A X ends it.", flush=True)
        self.node.visit()


def smoke(test):
    """Marks a scenario of `make node-smoke`."""
    test.is_smoke = True
    return test
