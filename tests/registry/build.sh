#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: build.sh OUTDIR
#
# Puts registryserver into OUTDIR.
set -eu
outdir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
. ../servers/keep.sh

build() {
	go_bootstrap=../servers/bootstrap_go.py
	. ../servers/go.sh
	"$go" build -ldflags "-s -w" -o "$1" ./cmd/...
}

keep registry "$outdir" ../servers/go.sh ../servers/keep.sh
