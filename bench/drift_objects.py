# SPDX-License-Identifier: Apache-2.0
"""The objects whose drift is measured, and what somebody does to them from outside: every change
that has to be reverted, as another client's requests. Names are unique among all kinds."""

import base64
import dataclasses
import json

SPACES = tuple(f"drift-{number:02}" for number in range(12))
MEMBERSHIP = "applyset.kubernetes.io/part-of"

# Of every twenty objects; the rest are ConfigMaps.
OTHER_KINDS = ("Deployment", "Deployment", "Service", "Service", "Secret", "Secret", "Ingress",
               "ServiceAccount", "NetworkPolicy", "Role")

COLLECTIONS = {"Namespace": "/api/v1/namespaces", "ConfigMap": "/api/v1/configmaps",
               "Secret": "/api/v1/secrets", "Service": "/api/v1/services",
               "ServiceAccount": "/api/v1/serviceaccounts",
               "Deployment": "/apis/apps/v1/deployments",
               "Ingress": "/apis/networking.k8s.io/v1/ingresses",
               "NetworkPolicy": "/apis/networking.k8s.io/v1/networkpolicies",
               "Role": "/apis/rbac.authorization.k8s.io/v1/roles"}


def fields_of(kind, name):
    """What an object declares besides its metadata."""
    labels = {"app": name}
    return {
        "Namespace": {},
        "ConfigMap": {"data": {"mode": "declared", "second": name, "text": "some words " * 20}},
        "Secret": {"type": "Opaque", "data": {"key": encoded("declared"), "second": encoded(name)}},
        # The agent applies ports with their protocol, whether it is declared or not.
        "Service": {"spec": {"selector": labels, "ports": [
            {"name": "http", "port": 80, "protocol": "TCP", "targetPort": 8080}]}},
        "ServiceAccount": {"automountServiceAccountToken": False},
        "Deployment": {"spec": {
            "replicas": 0, "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [
                {"name": "main", "image": "registry.example.com/web:1", "args": ["--declared"],
                 "env": [{"name": "MODE", "value": "declared"}]}]}}}},
        "Ingress": {"spec": {"rules": [{"host": f"{name}.example.com", "http": {"paths": [
            {"path": "/", "pathType": "Prefix",
             "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}},
        "NetworkPolicy": {"spec": {"podSelector": {"matchLabels": labels},
                                   "policyTypes": ["Ingress"]}},
        "Role": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]},
    }[kind]


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def make_object(kind, name, space=None):
    group = COLLECTIONS[kind].split("/")
    metadata = {"name": name, "labels": {"tier": "declared"}}
    if space:
        metadata["namespace"] = space
    return {"apiVersion": group[2] if group[1] == "api" else f"{group[2]}/{group[3]}",
            "kind": kind, "metadata": metadata, **fields_of(kind, name)}


def make_objects(count):
    """`count` objects: the namespaces, ConfigMaps for the most part, and some of other kinds."""
    made = [make_object("Namespace", space) for space in SPACES]
    for number in range(count - len(SPACES)):
        place = number % (2 * len(OTHER_KINDS))
        kind = OTHER_KINDS[place] if place < len(OTHER_KINDS) else "ConfigMap"
        made.append(make_object(kind, f"{kind.lower()}-{number:04}",
                                SPACES[number // 20 % len(SPACES)]))
    return made


def files_of(objects, each=10):
    """{path: text} of a repository, some objects in a file; JSON is YAML."""
    return {f"objects-{start // each:04}.yaml":
            "---\n".join(json.dumps(one) + "\n" for one in objects[start:start + each])
            for start in range(0, len(objects), each)}


def path_of(one):
    head, _, plural = COLLECTIONS[one["kind"]].rpartition("/")
    space = one["metadata"].get("namespace")
    return "/".join([head, *(["namespaces", space] if space else []), plural,
                     one["metadata"]["name"]])


def key_of(one):
    return f"{one['metadata'].get('namespace', '')}/{one['metadata']['name']}"


@dataclasses.dataclass(frozen=True)
class Change:
    """What is done to an object of a kind; `requests` makes it of the object."""

    name: str
    kind: str
    requests: object
    absent: str = ""  # a JSON pointer to what it adds
    is_deletion: bool = False


def merge(patch, manager="kubectl-edit", below="", kind="merge-patch"):
    """One patch."""
    return lambda one: [{"method": "PATCH", "type": f"application/{kind}+json",
                         "path": f"{path_of(one)}{below}?fieldManager={manager}",
                         "body": json.dumps(patch)}]


def both(*makers):
    return lambda one: [request for make in makers for request in make(one)]


def forced_apply(fields):
    """Another tool's server-side apply, by force."""
    def requests(one):
        body = {"apiVersion": one["apiVersion"], "kind": one["kind"],
                "metadata": {"name": one["metadata"]["name"]}, **fields}
        return [{"method": "PATCH", "type": "application/apply-patch+yaml",
                 "path": f"{path_of(one)}?fieldManager=other&force=true", "body": json.dumps(body)}]
    return requests


def delete(one):
    return [{"method": "DELETE", "type": "", "body": "",
             "path": f"{path_of(one)}?propagationPolicy=Background"}]


def container(fields, manager):
    return merge({"spec": {"template": {"spec": {"containers": [{"name": "main", **fields}]}}}},
                 manager, kind="strategic-merge-patch")


def of_every(kind):
    """What is done to objects of any kind."""
    without_label = {"metadata": {"labels": {MEMBERSHIP: None}}}
    return [
        Change("label edited", kind, merge({"metadata": {"labels": {"tier": "edited"}}})),
        Change("membership label removed", kind, merge(without_label, "kubectl-label")),
        Change("managedFields stripped", kind,
               merge({"metadata": {"managedFields": [{}]}}, "kubectl-patch")),
        Change("annotation added", kind,
               merge({"metadata": {"annotations": {"by-hand": "1"}}}, "kubectl-annotate"),
               absent="/metadata/annotations/by-hand")]


# facts of managedFields: what of this shows in our entry, and what by another manager's.
CHANGES = (
    Change("field edited", "ConfigMap", merge({"data": {"mode": "edited"}})),
    Change("key removed", "ConfigMap", merge({"data": {"second": None}})),
    Change("image patched", "Deployment",
           container({"image": "registry.example.com/web:2"}, "kubectl-patch")),
    Change("forced apply", "ConfigMap", forced_apply({"data": {"mode": "forced"}})),
    Change("scaled", "Deployment", merge({"spec": {"replicas": 2}}, "kubectl-scale", "/scale")),
    Change("deleted", "ConfigMap", delete, is_deletion=True),
    Change("changed and back", "ConfigMap", both(merge({"data": {"mode": "edited"}}),
                                                 merge({"data": {"mode": "declared"}}))),
    Change("key added", "ConfigMap", merge({"data": {"third": "by hand"}}), absent="/data/third"),
    Change("list patched", "Deployment", container({"args": ["--edited"]}, "kubectl-patch")),
    Change("port edited", "Service",
           merge({"spec": {"ports": [{"name": "http", "port": 80, "targetPort": 9090}]}})),
    Change("deleted", "Service", delete, is_deletion=True),
    Change("variable added", "Deployment",
           container({"env": [{"name": "ADDED", "value": "by hand"}]}, "kubectl-set")),
    Change("key edited", "Secret", merge({"data": {"key": encoded("edited")}})),
    Change("host edited", "Ingress", merge({"spec": {"rules": [{"host": "edited.example.com"}]}})),
    Change("deleted", "Deployment", delete, is_deletion=True),
    Change("switch edited", "ServiceAccount", merge({"automountServiceAccountToken": True})),
    Change("rule edited", "NetworkPolicy",
           merge({"spec": {"policyTypes": ["Ingress", "Egress"]}})),
    Change("list edited", "Role", merge({"rules": []})),
    Change("deleted", "Secret", delete, is_deletion=True),
    *(change for changes in zip(*(of_every(kind) for kind in ("ConfigMap", "Deployment", "Service",
                                                               "Secret", "Namespace")), strict=True)
      for change in changes))


def make_trials(objects, count, changes=CHANGES):
    """`count` trials, each change in turn, each on the object of its kind that had the longest
    rest."""
    waiting = {}
    for one in objects:
        waiting.setdefault(one["kind"], []).append(one)
    trials = []
    for number in range(count):
        change = changes[number % len(changes)]
        one = waiting[change.kind].pop(0)
        waiting[change.kind].append(one)
        trials.append({"change": f"{change.name} ({change.kind})", "object": key_of(one),
                       "declared": one, "absent": change.absent, "is_deleted": change.is_deletion,
                       "requests": change.requests(one)})
    return trials


def holds(live, declared):
    """Whether all that is declared is there; lists have nothing besides."""
    if isinstance(declared, dict):
        return (isinstance(live, dict)
                and all(key in live and holds(live[key], inner) for key, inner in declared.items()))
    if isinstance(declared, list):
        return (isinstance(live, list) and len(live) == len(declared)
                and all(map(holds, live, declared)))
    return live == declared


def applied_fields(live, manager="primocane"):
    """The fields of the manager's Apply entry, or None."""
    return next((entry["fieldsV1"] for entry in live["metadata"].get("managedFields", [])
                 if entry["manager"] == manager and entry["operation"] == "Apply"
                 and "subresource" not in entry), None)


def is_as_declared(live, one, absent="", fields=None):
    """Whether an object is there as Git says, and is ours, with these fields if they are given."""
    if live is None or not holds(live, one):
        return False
    applied = applied_fields(live)
    if applied is None or fields not in (None, applied):
        return False
    for token in absent.split("/")[1:]:
        live = live.get(token, {})
    return not absent or not live
