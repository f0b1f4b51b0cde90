# SPDX-License-Identifier: Apache-2.0
"""What is in a cluster, freed of what two clusters can't have in common: the comparable part."""

from . import names

# Written by the server's own controllers, or about nothing that a repository says.
GROUPS_LEFT_OUT = {"events.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
                   "flowcontrol.apiserver.k8s.io", "apiregistration.k8s.io"}
RESOURCES_LEFT_OUT = {"events", "endpoints", "componentstatuses", "controllerrevisions",
                      "ipaddresses"}

OUR_NAMESPACE = "primocane-system"
APPLYSET_PREFIX = "applyset.kubernetes.io/"
METADATA_LEFT_OUT = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
                     "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")
# What the server allots; that it is there at all is its own rule.
SERVICE_ALLOTTED = ("clusterIP", "clusterIPs", "healthCheckNodePort")


def is_repositorys(kind):
    """Whether a repository decides about objects of this kind: not the server's own."""
    return kind.group not in GROUPS_LEFT_OUT and kind.resource not in RESOURCES_LEFT_OUT


def is_compared(kind):
    """Whether objects of this kind are compared: not Flux's own either."""
    return is_repositorys(kind) and not names.is_flux_group(kind.group)


def is_derived(kind, item):
    """Whether a controller of the server made it, so that nobody's repository is its source."""
    metadata = item["metadata"]
    if any(owner.get("controller") for owner in metadata.get("ownerReferences", [])):
        return True
    labels = metadata.get("labels", {})
    if kind.name == "ServiceAccount" and metadata["name"] == "default":
        return not any(names.is_flux_label(label) for label in labels)
    return kind.name == "ConfigMap" and metadata["name"] == "kube-root-ca.crt"


def is_ours(kind, item):
    """Whether it belongs to primocane's own bookkeeping."""
    metadata = item["metadata"]
    return OUR_NAMESPACE in (metadata.get("namespace"),
                             metadata["name"] if kind.name == "Namespace" else None)


def key_of(kind, item):
    """KIND/NAMESPACE/NAME; the namespace of what has none is empty."""
    metadata = item["metadata"]
    return f"{kind.name}/{metadata.get('namespace', '')}/{metadata['name']}"


def normalised(kind, item):
    """The part of an object that a repository decides."""
    kept = {key: value for key, value in item.items() if key not in ("metadata", "status")}
    kept["apiVersion"], kept["kind"] = kind.api_version, kind.name
    metadata = {key: value for key, value in item["metadata"].items()
                if key not in METADATA_LEFT_OUT}
    for field in ("labels", "annotations"):
        kept_marks = {key: value for key, value in metadata.get(field, {}).items()
                      if not key.startswith(APPLYSET_PREFIX)}
        metadata.pop(field, None)
        if kept_marks:
            metadata[field] = kept_marks
    # The deployment controller counts; who counts how often is no matter of the repository.
    metadata.get("annotations", {}).pop("deployment.kubernetes.io/revision", None)
    if not metadata.get("annotations", True):
        metadata.pop("annotations")
    kept["metadata"] = metadata
    if kind.name == "Service":
        kept["spec"] = normalised_service(item["spec"])
    if kind.name == "Job":
        kept["spec"] = normalised_job(item)
    if kind.name == "Namespace":
        kept.pop("spec", None)  # the finalizers of the server
    return kept


def normalised_service(spec):
    headless = spec.get("clusterIP") == "None"
    kept = {key: value for key, value in spec.items()
            if headless or key not in SERVICE_ALLOTTED}
    kept["ports"] = [{key: value for key, value in port.items() if key != "nodePort"}
                     for port in spec.get("ports", [])]
    return kept


def normalised_job(item):
    """Without the selector and the labels in which the server writes the uid."""
    uid = item["metadata"].get("uid")
    if uid is None:
        return item["spec"]
    spec = {key: value for key, value in item["spec"].items() if key != "selector"}
    template = dict(spec["template"])
    metadata = dict(template.get("metadata", {}))
    metadata["labels"] = {key: value for key, value in metadata.get("labels", {}).items()
                          if value != uid and not key.endswith("job-name")}
    template["metadata"] = metadata
    return spec | {"template": template}


class Snapshot:
    """The objects of a cluster at one moment: `objects` are comparable, `uids` tell identities."""

    def __init__(self, objects, uids, terminating):
        self.objects = objects
        self.uids = uids
        self.terminating = terminating

    def without(self, baseline):
        """What is new or other than in `baseline`."""
        return Snapshot({key: value for key, value in self.objects.items()
                         if baseline.objects.get(key) != value}, self.uids, self.terminating)

    def made_again_since(self, before):
        """Keys of the objects that have been deleted and made since `before`."""
        return sorted(key for key in self.objects
                      if key in before.uids and before.uids[key] != self.uids[key])


def take(api):
    """A Snapshot of the cluster. Objects that wait for a finalizer which is not the server's own
    are there as any other."""
    objects, uids, terminating = {}, {}, []
    for kind, item in api.objects(filter(is_compared, api.kinds())):
        if is_derived(kind, item) or is_ours(kind, item):
            continue
        key = key_of(kind, item)
        objects[key] = normalised(kind, item)
        uids[key] = item["metadata"]["uid"]
        if "deletionTimestamp" in item["metadata"] and not is_held(item):
            terminating.append(key)
    return Snapshot(objects, uids, terminating)


def is_held(item):
    """Whether somebody's finalizer keeps an object that is being deleted."""
    return any("/" in finalizer and not finalizer.startswith("kubernetes.io/")
               for finalizer in item["metadata"].get("finalizers", []))
