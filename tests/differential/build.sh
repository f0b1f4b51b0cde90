#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: build.sh OUTDIR
#
# Puts kustomize 5.8.1, built from its module as go.sum pins it, and differential into OUTDIR.
set -eu
outdir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
. ../servers/keep.sh

build() {
	go_bootstrap=../servers/bootstrap_go.py
	. ../servers/go.sh
	"$go" build -ldflags "-s -w" -o "$1" ./cmd/... sigs.k8s.io/kustomize/kustomize/v5
}

keep differential "$outdir" ../servers/go.sh ../servers/keep.sh
