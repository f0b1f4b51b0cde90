// SPDX-License-Identifier: Apache-2.0

// Package kubeconfig writes the kubeconfigs of a test cluster.
package kubeconfig

import (
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Write writes a kubeconfig for the API server at url with all data in it, as K3s does. The data
// are ca.crt, LEAF.crt and LEAF.key of the folder pki.
func Write(file, url, pki, leaf string) error {
	var data [3][]byte
	for i, name := range []string{"ca.crt", leaf + ".crt", leaf + ".key"} {
		var err error
		if data[i], err = os.ReadFile(filepath.Join(pki, name)); err != nil {
			return err
		}
	}
	config := api.NewConfig()
	config.Clusters["test"] = &api.Cluster{Server: url, CertificateAuthorityData: data[0]}
	config.AuthInfos[leaf] = &api.AuthInfo{ClientCertificateData: data[1], ClientKeyData: data[2]}
	config.Contexts["test"] = &api.Context{Cluster: "test", AuthInfo: leaf}
	config.CurrentContext = "test"
	return clientcmd.WriteToFile(*config, file)
}
