# SPDX-License-Identifier: Apache-2.0
"""The rows that set `primocane build` beside kustomize 5.8.1: time and memory of whole programs."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
MEASURE = ROOT / "build" / "release" / "measure"
OURS = pathlib.Path(os.environ.get("PRIMOCANE", ROOT / "build" / "primocane"))
KUSTOMIZE = ROOT / "build" / "kustomize" / "kustomize"

# kustomize takes half a minute for 3,000 objects and most of an hour for 15,000.
PATIENCE_SECONDS = 600


@dataclasses.dataclass(frozen=True)
class Run:
    """One program from its start to its end: time, and the largest memory of it or a child."""

    seconds: float
    mib: float


def app(number, generated):
    """A Deployment, a Service and a ConfigMap, or without that where it is generated."""
    name = f"app-{number:05}"
    labels = {"app.kubernetes.io/name": name}
    container = {"name": "main", "image": f"registry.example.com/{'web' if number % 2 else 'api'}:1.0",
                 "ports": [{"containerPort": 8080}],
                 "envFrom": [{"configMapRef": {"name": name}}]}
    objects = [
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"name": name, "labels": labels},
         "spec": {"replicas": 1, "selector": {"matchLabels": labels},
                  "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}}},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
         "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]}}]
    if not generated:
        objects.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name},
                        "data": {"LOG_LEVEL": "info", "NUMBER": str(number)}})
    return name, objects


def yaml_of(value, indent=""):
    """A value of mappings, lists, strings and numbers as the YAML that people write."""
    lines = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        head = f"{indent}{key}:" if isinstance(value, dict) else f"{indent}-"
        if isinstance(inner, dict) and not isinstance(value, dict):
            lines.append(head + " " + yaml_of(inner, indent + "  ").lstrip())
        elif isinstance(inner, (dict, list)):
            deeper = "  " if isinstance(inner, dict) else ""
            lines.append(head + "\n" + yaml_of(inner, indent + deeper))
        else:
            lines.append(f"{head} {json.dumps(inner) if isinstance(inner, str) else inner}\n")
    return "".join(lines)


OVERLAY = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- ../base
namespace: prod
namePrefix: prod-
labels:
- pairs:
    env: prod
  includeSelectors: true
commonAnnotations:
  owner: team
images:
- name: registry.example.com/web
  newTag: "2.0"
- name: registry.example.com/api
  newName: mirror.example.com/api
patches:
- target:
    kind: Deployment
  patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: any
    spec:
      template:
        spec:
          containers:
          - name: main
            resources:
              limits:
                memory: 64Mi
- target:
    kind: Service
  patch: |
    - op: add
      path: /spec/type
      value: ClusterIP
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: app-00001
    spec:
      replicas: 3
"""


def write_tree(folder, apps, generated=False):
    """An overlay that uses most of what kustomizations use, over `apps` times three objects."""
    base, overlay = folder / "base", folder / "overlay"
    base.mkdir()
    overlay.mkdir()
    kustomization = {"resources": []}
    if generated:
        kustomization["configMapGenerator"] = []
    for number in range(apps):
        name, objects = app(number, generated)
        (base / f"{name}.yaml").write_text("---\n".join(map(yaml_of, objects)))
        kustomization["resources"].append(f"{name}.yaml")
        if generated:
            kustomization["configMapGenerator"].append(
                {"name": name, "literals": ["LOG_LEVEL=info", f"NUMBER={number}"]})
    (base / "kustomization.yaml").write_text(yaml_of(kustomization))
    (overlay / "kustomization.yaml").write_text(OVERLAY)
    return overlay


def measure(program, folder):
    """None when the program is not done in PATIENCE_SECONDS."""
    done = subprocess.run([MEASURE, str(PATIENCE_SECONDS), program, "build", str(folder)],
                          check=False, capture_output=True, text=True)
    if done.returncode == 124:
        return None
    assert done.returncode == 0, done.stderr
    seconds, kib = done.stdout.split()
    return Run(float(seconds), int(kib) / 1024)


def same_output(folder):
    """Whether both print the same bytes: what is compared must be the same work."""
    ours, theirs = (subprocess.run([program, "build", str(folder)], check=True,
                                   capture_output=True).stdout for program in (OURS, KUSTOMIZE))
    return ours == theirs


def measure_tree(apps, pairs, generated=False, with_kustomize=True):
    """Runs of ours and of kustomize in turn; without kustomize's where that takes too long."""
    with tempfile.TemporaryDirectory(prefix="primocane-bench-") as name:
        os.chmod(name, 0o755)  # started by root, what renders is another user
        folder = write_tree(pathlib.Path(name), apps, generated)
        if apps <= 1000:
            assert same_output(folder), f"not the same output for {apps} apps"
        runs = []
        for _ in range(pairs):
            ours = measure(OURS, folder)
            runs.append((ours, measure(KUSTOMIZE, folder) if with_kustomize else None))
        return runs


def median_of(runs, field, side):
    return statistics.median(getattr(run[side], field) for run in runs)


def ratio_of(runs, field):
    return statistics.median(getattr(theirs, field) / getattr(ours, field) for ours, theirs in runs)
