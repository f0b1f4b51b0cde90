#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: build-node.sh OUTDIR
#
# Puts kubenode and pod, for the arm64 boards of tests/node, into OUTDIR.
set -eu
outdir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
. ./keep.sh

build() {
	. ./go.sh
	version=$("$go" list -m -f '{{.Version}}' k8s.io/kubernetes)
	# Without a version each part calls itself v0.0.0.
	flags="-s -w -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/client-go/pkg/version.gitVersion=$version"
	GOOS=linux GOARCH=arm64 "$go" build -ldflags "$flags" -o "$1" ./node/...
}

keep kubenode "$outdir"
