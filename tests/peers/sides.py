# SPDX-License-Identifier: Apache-2.0
"""What both sides have in common: a cluster that is emptied between cases, and outcomes."""

import dataclasses
import time

from lab.cluster import Cluster
from lab.process import wait_until

from . import names, snapshot
from .api import Api

SETTLE_SECONDS = 120
GONE_SECONDS = 60
APPLY_MANAGER = "person"


@dataclasses.dataclass
class Outcome:
    """How a cluster stands after a step."""

    states: dict  # {NAMESPACE/NAME of a Kustomization: state}
    reasons: dict  # {NAMESPACE/NAME: Flux's word for why it is not ready}
    messages: dict
    objects: dict  # {KIND/NAMESPACE/NAME: object}
    made_again: list  # keys of the objects that were deleted and made again
    seconds: float


class ResetError(RuntimeError):
    """The cluster can't be brought back to what it was; another one is needed."""


class ClusterSide:
    """A cluster that one of the two works on, and what it was before the first case."""

    def __init__(self, folder, crds=(), store="memory"):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.cluster = Cluster(folder / "cluster", store,
                               arguments=[part for path in crds for part in ("--crds", path)])
        self.api = Api(folder / "cluster")
        self.make_flux_namespace()
        self.baseline = self.settled_baseline()
        self.kept = {snapshot.key_of(kind, item)
                     for kind, item in self.api.objects(self.api.kinds())}
        self.previous = None

    def make_flux_namespace(self):
        """Bootstrapping makes it; whoever moves to primocane has it."""
        self.api.apply(f"/api/v1/namespaces/{names.FLUX_NAMESPACE}",
                       {"apiVersion": "v1", "kind": "Namespace",
                        "metadata": {"name": names.FLUX_NAMESPACE}}, "flux")

    def settled_baseline(self):
        """What is there before the first case: the same in two looks, one after another."""
        looks = [snapshot.take(self.api)]

        def is_settled():
            looks.append(snapshot.take(self.api))
            return looks[-1].uids == looks[-2].uids
        wait_until(is_settled, "the new cluster's own objects", pause=0.3)
        return looks[-1]

    def act(self, step):
        """Does what somebody does by hand in the step."""
        for action in step.cluster:
            manager = action.get("manager", APPLY_MANAGER)
            if "apply" in action:
                self.api.apply(action["apply"], action["body"], manager)
            elif "merge" in action:
                self.api.merge(action["merge"], action["body"], manager)
            else:
                self.api.delete(action["delete"])

    def outcome(self, states, reasons, messages, began):
        """The outcome as the cluster is now; waits until what is being deleted is gone."""
        looks = []

        def is_gone():
            looks[:] = [snapshot.take(self.api)]
            return not looks[0].terminating
        try:
            wait_until(is_gone, "the end of what is being deleted", GONE_SECONDS, 0.2)
        except TimeoutError:
            pass  # then it is in the outcome, and differs from the other side's
        now = looks[0].without(self.baseline)
        again = now.made_again_since(self.previous) if self.previous else []
        self.previous = now
        return Outcome(states, reasons, messages, now.objects, again, time.monotonic() - began)

    def empty(self):
        """Deletes everything that was not there before the first case; raises ResetError if the
        cluster does not become what it was."""
        self.previous = None

        def is_empty():
            extra = self.delete_extra()
            return not extra
        try:
            wait_until(is_empty, "an empty cluster", GONE_SECONDS, 0.1)
        except TimeoutError as error:
            raise ResetError(str(error)) from error
        look = snapshot.take(self.api)
        if look.without(self.baseline).objects or look.objects.keys() != self.baseline.objects.keys():
            raise ResetError("a case changed what belongs to the server")

    def delete_extra(self):
        """Deletes what is extra; returns the keys that were still there."""
        extra, namespaces = [], []
        for kind, item in self.api.objects(self.api.kinds()):
            key = snapshot.key_of(kind, item)
            if key in self.kept or not snapshot.is_repositorys(kind):
                continue
            extra.append(key)
            metadata = item["metadata"]
            path = kind.path(metadata.get("namespace"), metadata["name"])
            if kind.name == "Namespace":
                namespaces.append((path, item))
            # A definition's finalizer removes its objects, which would come back with it.
            if metadata.get("finalizers") and kind.name != "CustomResourceDefinition":
                self.api.merge(path, {"metadata": {"finalizers": None}})
            if "deletionTimestamp" not in metadata:
                self.api.delete(path)
        if len(extra) == len(namespaces):
            self.finalize(namespaces)
        return extra

    def finalize(self, namespaces):
        """Lets empty namespaces go at once; their controller waits for five seconds."""
        for path, item in namespaces:
            if "deletionTimestamp" in item["metadata"]:
                item["spec"] = {"finalizers": []}
                try:
                    self.api.ask("PUT", f"{path}/finalize", item)
                except RuntimeError:
                    pass  # gone meanwhile, or changed: looked at again

    def close(self):
        self.cluster.stop()
