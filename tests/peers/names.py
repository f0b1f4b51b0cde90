# SPDX-License-Identifier: Apache-2.0
"""Flux's names, and those of the repository that every case is."""

FLUX_NAMESPACE = "flux-system"
ROOT = "flux-system"  # the GitRepository and the Kustomization that bootstrapping makes
ROOT_PATH = "cluster"

SOURCES = ("/apis/source.toolkit.fluxcd.io/v1", ("gitrepositories", "ocirepositories"))
KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1/{}kustomizations"


def is_flux_group(group):
    return group.endswith("toolkit.fluxcd.io")


def is_flux_label(label):
    return label.startswith("kustomize.toolkit.fluxcd.io/")


def full(name):
    """NAMESPACE/NAME of what a case calls NAME, or NAMESPACE/NAME."""
    return name if "/" in name else f"{FLUX_NAMESPACE}/{name}"
