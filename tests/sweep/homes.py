# SPDX-License-Identifier: Apache-2.0
"""What Git wants in each generation of the sweep, and what must hold in the cluster: at any moment,
and once the agent has converged."""

import json

PART_OF = "applyset.kubernetes.io/part-of"
GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds"
NAMESPACES = "applyset.kubernetes.io/additional-namespaces"
SYSTEM = "primocane-system"
FOREIGN = (("ConfigMap", "default", "mine"), ("Secret", "default", "release"),
           ("Service", "default", "labelled"), ("Secret", "home", "copy"))


def manifest(kind, name, api_version="v1", **content):
    place = {} if kind == "Namespace" else {"namespace": "home"}
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **place},
            **content}


def objects_of(generation):
    """A generation changes one object and replaces two: one by the same kind, one by another."""
    pod = {"metadata": {"labels": {"app": "web"}},
           "spec": {"containers": [{"name": "web", "image": "registry.example/web:1"}]}}
    port = {"name": "http", "port": 80, "protocol": "TCP", "targetPort": 80}
    door = manifest("Service", "door", spec={"selector": {"app": "web"}, "ports": [port]})
    if generation % 2 == 0:
        backend = {"service": {"name": "door", "port": {"number": 80}}}
        door = manifest("Ingress", "door", "networking.k8s.io/v1",
                        spec={"defaultBackend": backend})
    return [manifest("Namespace", "home"),
            manifest("ConfigMap", "kept", data={"k": "as in Git"}),
            manifest("ConfigMap", "changed", data={"k": str(generation)}),
            manifest("ConfigMap", f"only-{generation}", data={"k": "new"}),
            manifest("Secret", "key", data={"k": "c2VjcmV0"}),
            manifest("Deployment", "web", "apps/v1",
                     spec={"replicas": 0, "selector": {"matchLabels": {"app": "web"}},
                           "template": pod}),
            door]


def files_of(generation):
    return {"all.yaml": "\n---\n".join(map(json.dumps, objects_of(generation)))}


def key_of(item):
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def group_kind(item):
    group = item["apiVersion"].rpartition("/")[0]
    return f"{item['kind']}.{group}" if group else item["kind"]


def is_member(item, set_id):
    metadata = item["metadata"]
    if metadata.get("labels", {}).get(PART_OF) != set_id:
        return False
    return any(entry.get("manager") == "primocane" and entry.get("operation") == "Apply"
               and "f:" + PART_OF in json.dumps(entry.get("fieldsV1", {}))
               for entry in metadata.get("managedFields", []))


def foreign_state(items):
    """What must never change, whatever dies."""
    found = {key_of(item): item for item in items}
    return {key: (found[key]["metadata"]["uid"], found[key].get("data"), found[key].get("spec"),
                  found[key]["metadata"].get("labels")) for key in FOREIGN if key in found}


def wrong_at_any_moment(items, foreign):
    """Sentences on what must not be, at no moment: something of others touched, a member that the
    parent does not cover and so could be lost track of."""
    wrong = []
    if foreign_state(items) != foreign:
        wrong.append(f"objects of others changed: {foreign_state(items)}, not {foreign}")
    parents = {item["metadata"].get("labels", {}).get("applyset.kubernetes.io/id"): item
               for item in items if key_of(item)[:2] == ("ConfigMap", SYSTEM)}
    for item in items:
        set_id = item["metadata"].get("labels", {}).get(PART_OF)
        if not set_id or not is_member(item, set_id):
            continue
        annotations = parents.get(set_id, {"metadata": {}})["metadata"].get("annotations", {})
        kinds = annotations.get(GROUP_KINDS, "").split(",")
        namespaces = annotations.get(NAMESPACES, "").split(",")
        place = item["metadata"].get("namespace", "")
        if group_kind(item) not in kinds or place not in ["", *namespaces]:
            wrong.append(f"{key_of(item)} is orphaned: its parent says {annotations}")
    return wrong


def wrong_after_convergence(items, generation):
    """Sentences on what differs from the generation."""
    found = {key_of(item): item for item in items}
    wrong = []
    desired = objects_of(generation)
    parent = found.get(("ConfigMap", SYSTEM, "primocane-system.root"))
    if parent is None:
        return ["there is no parent"]
    set_id = parent["metadata"]["labels"]["applyset.kubernetes.io/id"]
    for item in desired:
        live = found.get(key_of(item))
        if live is None:
            wrong.append(f"{key_of(item)} is missing")
        elif not is_member(live, set_id):
            wrong.append(f"{key_of(item)} is no member")
        elif "data" in item and live.get("data") != item["data"]:
            wrong.append(f"{key_of(item)} holds {live.get('data')}")
    members = {key_of(item) for item in items if is_member(item, set_id)}
    extra = members - {key_of(item) for item in desired}
    if extra:
        wrong.append(f"not pruned: {extra}")
    kinds = parent["metadata"]["annotations"].get(GROUP_KINDS, "").split(",")
    if set(kinds) != {group_kind(item) for item in desired}:
        wrong.append(f"the parent says {kinds}")
    return wrong
