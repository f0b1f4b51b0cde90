#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes expected.yaml of each case as the real kustomize prints it.
#   GOBIN=$PWD/bin go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1; record.sh bin/kustomize
set -eu
kustomize=$(realpath "${1:?usage: record.sh KUSTOMIZE}")
cd "$(dirname "$0")"
for case in */; do
    folder=${case}input
    [ -d "$folder/overlay" ] && folder=$folder/overlay
    "$kustomize" build --load-restrictor LoadRestrictionsNone "$folder" > "${case}expected.yaml"
done
