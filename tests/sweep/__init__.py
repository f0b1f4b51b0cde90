# SPDX-License-Identifier: Apache-2.0
"""The fault sweep; `run` says what it does."""
