# SPDX-License-Identifier: Apache-2.0
#
# For the scripts that build programs of Kubernetes, which source it behind go.sh.

# kubernetes_flags: for the linker. Without a version each part of Kubernetes calls itself v0.0.0.
kubernetes_flags() {
	version=$("$go" list -m -f '{{.Version}}' k8s.io/kubernetes) || return
	echo "-s -w -X k8s.io/component-base/version.gitVersion=$version -X k8s.io/client-go/pkg/version.gitVersion=$version"
}
