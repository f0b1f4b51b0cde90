# SPDX-License-Identifier: Apache-2.0
"""The disk of a virtual node that is a Kubernetes cluster; see README.md."""
