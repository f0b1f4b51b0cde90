#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: test.sh      tests the differential test itself, without building kustomize.
set -eu
cd "$(dirname "$0")"
go_bootstrap=../servers/bootstrap_go.py
. ../servers/go.sh
require_gofmt cmd internal
"$go" vet ./internal/compare ./internal/generate ./internal/reduce ./internal/tree ./internal/yamltext
"$go" test -vet=off ./internal/...
