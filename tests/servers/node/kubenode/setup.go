// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"primocane.dev/tests/servers/internal/kubeconfig"
	"primocane.dev/tests/servers/internal/pki"
)

const apiServerURL = "https://127.0.0.1:6443"

// The parts that are clients of the API server, with the user and the groups that Kubernetes' own
// roles are bound to.
var clients = []pki.Leaf{
	{Name: "admin", CommonName: "admin", Organization: []string{"system:masters"}},
	{Name: "kube-controller-manager", CommonName: "system:kube-controller-manager"},
	{Name: "kube-scheduler", CommonName: "system:kube-scheduler"},
	{Name: "kube-proxy", CommonName: "system:kube-proxy"},
}

// setupCommand makes what the other parts read, unless it is there: certificates and kubeconfigs.
func setupCommand() *cobra.Command {
	var dir, node, address, admin string
	command := &cobra.Command{
		Use:   "setup",
		Short: "make the certificates and the kubeconfigs of the cluster, unless they are there",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return setup(dir, node, address, admin)
		},
	}
	flags := command.Flags()
	flags.StringVar(&dir, "dir", "", "folder of the certificates, the kubeconfigs and the datastore")
	flags.StringVar(&node, "node", "", "name of the node")
	flags.StringVar(&address, "address", "", "address of the node")
	flags.StringVar(&admin, "kubeconfig", "", "file for the administrator's kubeconfig")
	for _, name := range []string{"dir", "node", "address", "kubeconfig"} {
		if err := command.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is not defined above
		}
	}
	return command
}

func setup(dir, node, address, admin string) error {
	certificates := filepath.Join(dir, "pki")
	for _, folder := range []string{certificates, filepath.Join(dir, "store")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	users := append([]pki.Leaf{{
		Name:         "kubelet",
		CommonName:   "system:node:" + node,
		Organization: []string{"system:nodes"},
	}}, clients...)
	if err := makeCertificates(certificates, node, address, users); err != nil {
		return err
	}
	for _, user := range users {
		file := filepath.Join(dir, user.Name+".kubeconfig")
		if user.Name == "admin" {
			file = admin
		}
		if err := kubeconfig.Write(file, apiServerURL, certificates, user.Name); err != nil {
			return err
		}
	}
	return nil
}

func makeCertificates(dir, node, address string, users []pki.Leaf) error {
	if _, err := os.Stat(filepath.Join(dir, "sa.key")); errors.Is(err, fs.ErrNotExist) {
		if _, err := pki.WriteKey(dir, "sa"); err != nil {
			return err
		}
	}
	servers := []pki.Leaf{
		{
			Name:       "kube-apiserver",
			CommonName: "kube-apiserver",
			Hosts: []string{
				"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
				"kubernetes.default.svc.cluster.local", "127.0.0.1", "10.43.0.1", address,
			},
		},
		{Name: "kubelet-server", CommonName: node, Hosts: []string{node, address}},
	}
	return pki.Ensure(dir, "primocane-test-ca", append(servers, users...))
}
