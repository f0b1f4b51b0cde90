#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: test.sh      tests the differential test itself, without building kustomize.
set -eu
cd "$(dirname "$0")"
go_bootstrap=../servers/bootstrap_go.py
. ../servers/go.sh
unformatted=$("$("$go" env GOROOT)/bin/gofmt" -l cmd internal)
if [ -n "$unformatted" ]; then
	printf 'not formatted by gofmt:\n%s\n' "$unformatted" >&2
	exit 1
fi
"$go" vet ./internal/compare ./internal/generate ./internal/reduce ./internal/tree ./internal/yamltext
"$go" test -vet=off ./internal/...
