# SPDX-License-Identifier: Apache-2.0
"""A home-lab in processes of this machine: a Git repository with a server, a Kubernetes API server,
and primocane between them. Integration tests, the demo and the benches build on it.

Everything listens on 127.0.0.1, lies in one folder, and ends with the Python process that made it:
the servers read their standard input and stop when it closes.
"""
