#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: test.sh      tests the test servers. Needs git, openssh-client and openssh-server.
set -eu
cd "$(dirname "$0")"
. ./go.sh
require_gofmt cmd internal node
# Only what stands on the standard library alone: vet wants to read all that a package depends on,
# and all of Kubernetes takes it several minutes.
"$go" vet ./internal/fault ./internal/githttp ./internal/gitssh ./internal/lifetime ./internal/pki ./internal/ports \
	./cmd/gitserver ./cmd/sshserver
"$go" test -vet=off ./internal/...
