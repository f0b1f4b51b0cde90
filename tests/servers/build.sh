#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: build.sh OUTDIR
#
# Puts apiserver, kubectl, gitserver, sshserver and bareclient into OUTDIR.
set -eu
outdir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
. ./keep.sh

build() {
	. ./go.sh
	. ./kubernetes_flags.sh
	flags=$(kubernetes_flags)
	"$go" build -ldflags "$flags" -o "$1" ./cmd/... k8s.io/kubernetes/cmd/kubectl
}

keep servers "$outdir"
