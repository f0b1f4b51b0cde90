#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# usage: build.sh OUTDIR
#
# Puts Flux's source-controller and kustomize-controller, built from their modules as go.sum pins
# them, and flux-crds.yaml, the CustomResourceDefinitions of both, into OUTDIR. Cold it takes 7
# minutes of processor time.
set -eu
outdir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
. ../servers/keep.sh

build() {
	go_bootstrap=../servers/bootstrap_go.py
	. ../servers/go.sh
	"$go" build -ldflags "-s -w" -o "$1" github.com/fluxcd/source-controller github.com/fluxcd/kustomize-controller
	for controller in source-controller kustomize-controller; do
		folder=$("$go" list -m -f '{{.Dir}}' "github.com/fluxcd/$controller")
		for crd in "$folder"/config/crd/bases/*.yaml; do
			echo ---
			cat "$crd"
		done
	done > "$1/flux-crds.yaml"
}

keep peers "$outdir" ../servers/go.sh ../servers/keep.sh
