# SPDX-License-Identifier: Apache-2.0
"""primocane on the board whose cluster it keeps: Kubernetes, the Pods and the agent on one node.

The cluster is kubernetes/'s: upstream Kubernetes with K3s' datastore. It is not K3s.
"""

import json
import pathlib
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from kubernetes.image import IMAGE, make  # noqa: E402
from node_case import KUBECONFIG, NodeCase, install  # noqa: E402
from virtual_node import Disk, VirtualNode, base_image  # noqa: E402

KUBECTL = f"/usr/local/bin/kubectl --kubeconfig={KUBECONFIG}"
MEMORY_MIB = 2048
SERVICE = "10.43.0.80"
REPLICAS = 2
# Every program of Kubernetes takes seconds of processor time to begin with, under emulation.
READY_SECONDS = 900
# What the agent may use, as design.md has it for 400 objects.
STEADY_MIB_MAX = 12


def web(text):
    """A repository with a Deployment whose Pods answer with the text, and its Service."""
    labels = {"app": "web"}
    container = {
        "name": "web", "image": IMAGE, "imagePullPolicy": "Never",
        "env": [{"name": "TEXT", "value": text}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 5,
                           "timeoutSeconds": 60},
        "resources": {"limits": {"memory": "32Mi"}}}
    objects = {
        "namespace": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "home"}},
        "deployment": {
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "home"},
            "spec": {"replicas": REPLICAS, "selector": {"matchLabels": labels},
                     "template": {"metadata": {"labels": labels},
                                  "spec": {"terminationGracePeriodSeconds": 1,
                                           "containers": [container]}}}},
        "service": {
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "home"},
            "spec": {"clusterIP": SERVICE, "selector": labels,
                     "ports": [{"port": 80, "targetPort": "http"}]}}}
    return {f"{name}.yaml": json.dumps(value, indent=2) for name, value in objects.items()}


class KubernetesTest(NodeCase):
    """One story on a node of its own."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(
            tempfile.TemporaryDirectory(prefix="primocane-kubernetes-")))
        super().setUp()

    def take_node(self):
        self.cluster.stop()  # the node brings its own
        disk = Disk(self.folder / "root.qcow2", make() / "root.qcow2")
        self.use(VirtualNode("kubernetes", self.folder, disk, base_image() / "kernel", MEMORY_MIB))
        self.spoils_node()
        self.began = time.monotonic()
        self.node.boot()
        self.tell("the node has been booted")

    def write_kubeconfig(self):
        """Kubernetes has written it when it started."""
        self.node.wait_for(f"test -s {KUBECONFIG}", "the cluster's kubeconfig", READY_SECONDS)

    def tell(self, what):
        print(f"    {time.monotonic() - self.began:6.1f} s  {what}", flush=True)

    def kubectl(self, arguments, seconds=READY_SECONDS):
        return self.node.text(f"{KUBECTL} {arguments}", seconds)

    def wait_rolled_out(self):
        """Waits until every Pod of the Deployment is a new one and ready."""
        self.node.wait_for(f"{KUBECTL} rollout status deployment/web -n home --timeout=60s",
                           "the Deployment is rolled out", READY_SECONDS)

    def wait_answer(self, text):
        """Waits until the Service answers with the text, each of a few times."""
        asked = " && ".join([f'test "$(curl -sS -m 5 http://{SERVICE}/)" = "{text}"'] * 6)
        self.node.wait_for(asked, f"the Service answers {text!r}", READY_SECONDS)

    def running_pods(self):
        """The names of the Pods whose containers run, as the kubelet has it."""
        pods = json.loads(self.kubectl("get pods -n home -l app=web -o json"))["items"]
        return {pod["metadata"]["name"] for pod in pods
                if pod["status"]["phase"] == "Running" and "deletionTimestamp" not in pod["metadata"]
                and all(container["ready"] for container in pod["status"]["containerStatuses"])}

    def memory(self):
        """MiB of the agent: in use as its cgroup has it, and of its process now and at most."""
        group, pid = self.unit("ControlGroup", "MainPID")
        folder = f"/sys/fs/cgroup{group}"
        text = self.node.text(f"cat {folder}/memory.current {folder}/memory.stat /proc/{pid}/status")
        current, *lines = text.splitlines()
        fields = dict(line.replace(":", " ").split()[:2] for line in lines if len(line.split()) > 1)
        return ((int(current) - int(fields["inactive_file"])) / 2**20,
                int(fields["VmRSS"]) / 2**10, int(fields["VmHWM"]) / 2**10)

    def test_pods_are_what_git_has(self):
        install(self.node)
        self.tell("the package is installed")
        self.node.wait_for(f"{KUBECTL} wait --for=condition=Ready node/node1 --timeout=60s",
                           "Kubernetes' node is Ready", READY_SECONDS)
        self.tell("Kubernetes' node is Ready")

        self.deploy(web("first"))
        self.tell("the commit is applied")
        self.wait_rolled_out()
        self.wait_answer("first")
        self.tell("the Pods run and answer")
        pods = self.running_pods()
        self.assertEqual(len(pods), REPLICAS)

        commit = self.repository.commit(web("second"))
        self.wait_applied(commit)
        self.wait_rolled_out()
        self.wait_answer("second")
        self.tell("the Pods answer what the next commit has")
        self.assertTrue(pods.isdisjoint(self.running_pods()))

        uid = "get deployment web -n home -o jsonpath={.metadata.uid}"
        deleted = self.kubectl(uid)
        self.kubectl("delete deployment web -n home")
        self.tell("the Deployment is deleted by hand")
        self.node.wait_for(f"{KUBECTL} {uid}", "the Deployment is there again", READY_SECONDS)
        self.assertNotEqual(self.kubectl(uid), deleted)
        self.wait_rolled_out()
        self.wait_answer("second")
        self.tell("it is back, and its Pods answer")
        self.assertEqual(len(self.running_pods()), REPLICAS)

        in_use, resident, resident_most = self.memory()
        self.tell(f"the agent uses {in_use:.1f} MiB (memory.current - inactive_file); "
                  f"VmRSS {resident:.1f} MiB, VmHWM {resident_most:.1f} MiB")
        self.tell(self.node.text("free -m | awk '/^Mem/ { print $3 \" of \" $2 \" MiB of the node are used\" }'"))
        self.assertLess(in_use, STEADY_MIB_MAX)
        self.assertLess(resident, STEADY_MIB_MAX)


if __name__ == "__main__":
    unittest.main()
