# SPDX-License-Identifier: Apache-2.0
"""primocane's agent on a cluster."""

import time

from lab.agent import Agent
from lab.process import wait_until

from .sides import SETTLE_SECONDS, ClusterSide

# A case is about what happens, not about the guards against accidents that Flux has not got.
SETTINGS = {"prune": {"maxDeletions": 1000, "dataKinds": "flux"}}
DEPENDENCY_REASON = "DependencyNotReady"


class OurSide(ClusterSide):
    """A cluster with an agent of ours for it, a new one for each case."""

    def __init__(self, folder, store="memory"):
        super().__init__(folder, store=store)
        self.agent = None
        self.agents = 0

    def begin(self, case, repositories):
        """Makes the agent's configuration; it is started when there is a first commit."""
        self.agents += 1
        self.agent = Agent(self.folder / f"agent-{self.agents}", repositories.url(),
                           self.cluster.kubeconfig, case.root, SETTINGS)
        self.agent.configure({"git": {"interval": "1h"}})
        self.agent.configure(case.primocane)

    def advance(self, step, repositories):
        """Does the step and waits until every Kustomization stands as the case says; returns the
        Outcome, at the latest after SETTLE_SECONDS as it is then."""
        began = time.monotonic()
        self.act(step)
        if step.number == 1:
            self.agent.start()
        seen = [{}, {}, {}]

        def is_settled():
            self.agent.reconcile(check=False)
            seen[:] = self.look()
            return seen[0] == step.states
        try:
            wait_until(is_settled, "primocane", self.limit(step), 0.5)
        except TimeoutError:
            pass  # is told as a difference of states
        return self.outcome(*seen, began)

    def limit(self, step):
        """How long to wait: health checks of Flux take 30 seconds at least until they fail."""
        return SETTLE_SECONDS if "HealthCheckFailed" in step.reasons.values() else 20

    def look(self):
        """States, reasons and messages of all Kustomizations."""
        listed = self.agent.status().get("kustomizations", [])
        found = {f"{each['namespace']}/{each['name']}": each for each in listed}
        return ({name: state_of(each) for name, each in found.items()},
                {name: each.get("reason") for name, each in found.items()},
                {name: each.get("message") for name, each in found.items()})

    def reset(self):
        """Ends the agent and empties the cluster."""
        self.agent.stop()
        self.empty()

    def log(self):
        return self.agent.log()[-3000:] if self.agent else ""

    def close(self):
        if self.agent:
            self.agent.stop()
        super().close()


def state_of(kustomization):
    """How a Kustomization of `primocane status` stands, in the words of the cases."""
    if kustomization["suspended"]:
        return "suspended"
    if kustomization["ready"] == "True":
        return "ready"
    if kustomization.get("reason") == DEPENDENCY_REASON:
        return "waiting"
    return "failed" if kustomization["ready"] == "False" else "progressing"
