# SPDX-License-Identifier: Apache-2.0
"""Side by side with real Flux: the same repositories are applied by Flux's controllers and by
primocane, each on a real API server of its own, and the two clusters are compared.

cases/SENTENCE is one repository in its steps, and what Flux makes of it; README.md says how they
are written.
"""
