# SPDX-License-Identifier: Apache-2.0
"""Objects as JSON, which is YAML, for the repositories of tests."""

import json


def manifest(api_version, kind, name, namespace="default", **fields):
    return json.dumps({"apiVersion": api_version, "kind": kind,
                       "metadata": {"name": name, "namespace": namespace}, **fields})


def config_map(name, value="v", namespace="default"):
    return manifest("v1", "ConfigMap", name, namespace, data={"k": value})
