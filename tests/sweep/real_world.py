# SPDX-License-Identifier: Apache-2.0
"""The sweep with the program itself and a real API server: each point is a new commit, an agent that
is cut while it applies it, and one that is not."""

import itertools
import json

from lab.lab import Lab
from lab.process import wait_until
from . import faults, homes

KINDS = "namespaces,configmaps,secrets,services,deployments.apps,ingresses.networking.k8s.io"


class RealWorld:
    """Use as a context manager."""

    def __init__(self):
        self.lab = Lab()
        self.generations = itertools.count(1)
        self.agents = itertools.count(1)
        # One state folder for all agents, as on one node.
        self.agent = self.lab.agent(settings={"log": {"level": "debug"}})

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.lab.close()

    def items(self):
        return json.loads(self.lab.cluster.kubectl("get", KINDS, "-A", "-o", "json",
                                                   "--show-managed-fields"))["items"]

    def prepare(self):
        """The first generation is deployed, and objects of others are there."""
        for item in (homes.manifest("ConfigMap", "mine"), homes.manifest("Secret", "release")):
            item["metadata"]["namespace"] = "default"
            self.lab.cluster.kubectl("create", "-f", "-", stdin=json.dumps(item))
        labelled = homes.manifest("Service", "labelled", spec={"ports": [{"port": 80}]})
        labelled["metadata"] |= {"namespace": "default",
                                 "labels": {homes.PART_OF: "applyset-of-another-tool-v1"}}
        self.lab.cluster.kubectl("create", "-f", "-", stdin=json.dumps(labelled))
        generation = self.commit()
        self.converge()
        parent = next(item for item in self.items()
                      if homes.key_of(item)[1:] == (homes.SYSTEM, "primocane-system.root"))
        copy = homes.manifest("Secret", "copy")
        copy["metadata"]["labels"] = {
            homes.PART_OF: parent["metadata"]["labels"]["applyset.kubernetes.io/id"]}
        self.lab.cluster.kubectl("create", "-f", "-", stdin=json.dumps(copy))
        return generation

    def commit(self):
        generation = next(self.generations)
        self.lab.repository.commit(homes.files_of(generation))
        return generation

    def meddle(self):
        kubectl = self.lab.cluster.kubectl
        kubectl("patch", "configmap", "kept", "-n", "home", "--type=merge", "-p",
                '{"data":{"k":"by hand","added":"by hand"}}')
        kubectl("delete", "deployment", "web", "-n", "home", "--cascade=orphan")

    def live(self, prefix=()):
        """An agent's life until its first pass has ended, or it has died."""
        self.agent.start(prefix=prefix, wait=False)
        control = self.agent.runtime / "control"
        wait_until(lambda: self.agent.has_ended() or control.exists(), "the agent")
        if not self.agent.has_ended():
            self.agent.reconcile(check=False)
        self.agent.kill()

    def converge(self):
        """An agent's life that nothing cuts; returns what it could not do."""
        self.agent.start()
        try:
            for _ in range(3):
                report = self.agent.reconcile(check=False)
                if report and not report["problems"] and not report["failed"]:
                    return []
            return [f"does not converge: {report}"]
        finally:
            self.agent.kill()

    def faults(self):
        """The faults at all points of one recorded life."""
        self.commit()
        self.meddle()
        log = self.lab.folder / "recording"
        self.live(faults.recording_prefix(log))
        port = next(line.rsplit(":", 1)[1].strip() for line in
                    self.lab.cluster.kubeconfig.read_text().splitlines() if "server:" in line)
        wait_until(log.exists, "the recording")
        points = faults.recorded_points(log, str(self.agent.state), f"->127.0.0.1:{port}]")
        return [fault for point in points for fault in faults.faults_at(point)]

    def try_fault(self, fault):
        """Whether an agent met the fault, and what is wrong after another one followed."""
        log = self.lab.folder / "cut.log"
        log.unlink(missing_ok=True)
        generation = self.commit()
        self.meddle()
        foreign = homes.foreign_state(self.items())
        # The program starts its children itself, so that they are reached by way of it.
        follow = fault.point.child > 0
        self.live(fault.prefix(log, str(self.agent.state), follow))
        has_come = fault.has_come(log, str(self.agent.state), follow)
        wrong = homes.wrong_at_any_moment(self.items(), foreign)
        wrong += self.converge()
        items = self.items()
        wrong += homes.wrong_at_any_moment(items, foreign)
        wrong += homes.wrong_after_convergence(items, generation)
        if wrong:
            wrong.append(self.agent.log()[-4000:])
        return has_come, [f"{fault}: {sentence}" for sentence in wrong]
