// SPDX-License-Identifier: Apache-2.0

// Command kubenode is all parts of a Kubernetes cluster of one node in one program, for the virtual
// board of tests/node. Its first argument, or the name that it is called by, says which part it is;
// the flags are upstream's. It is upstream Kubernetes with K3s' datastore, it is not K3s.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

const usage = "usage: kubenode setup|kube-apiserver|kube-controller-manager|kube-scheduler|kubelet|kube-proxy|kubectl ..."

func main() {
	name := filepath.Base(os.Args[0])
	if name == "kubenode" && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		name = os.Args[0]
	}
	command := part(name)
	if command == nil {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	os.Exit(cli.Run(command))
}

// part returns nil for a name that is none's.
func part(name string) *cobra.Command {
	switch name {
	case "setup":
		return setupCommand()
	case "kube-apiserver":
		return apiServerCommand()
	case "kube-controller-manager":
		return controllers.NewControllerManagerCommand()
	case "kube-scheduler":
		return scheduler.NewSchedulerCommand()
	case "kubelet":
		return kubelet.NewKubeletCommand(context.Background())
	case "kube-proxy":
		return proxy.NewProxyCommand()
	case "kubectl":
		return kubectl.NewDefaultKubectlCommand()
	}
	return nil
}
