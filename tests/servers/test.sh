#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: test.sh      tests the test servers. Needs git, openssh-client and openssh-server.
set -eu
cd "$(dirname "$0")"
. ./go.sh
unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l cmd internal)
if [ -n "$unformatted" ]; then
	printf 'not formatted by gofmt:\n%s\n' "$unformatted" >&2
	exit 1
fi
# Only what stands on the standard library alone: vet wants to read all that a package depends on,
# and all of Kubernetes takes it several minutes.
"$go" vet ./internal/fault ./internal/githttp ./internal/gitssh ./internal/lifetime ./internal/pki ./internal/ports \
	./cmd/gitserver ./cmd/sshserver
"$go" test -vet=off ./internal/...
