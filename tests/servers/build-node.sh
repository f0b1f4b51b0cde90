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
	. ./kubernetes_flags.sh
	flags=$(kubernetes_flags)
	GOOS=linux GOARCH=arm64 "$go" build -ldflags "$flags" -o "$1" ./node/...
}

keep kubenode "$outdir"
