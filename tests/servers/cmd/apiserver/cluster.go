// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"primocane.dev/tests/servers/internal/kubeconfig"
	"primocane.dev/tests/servers/internal/pki"
	"primocane.dev/tests/servers/internal/ports"
)

// How long a part may take to come up on a small, busy machine.
const startLimit = 120 * time.Second

// A cluster is what lies in one directory: certificates, kubeconfig, data, log and port; and the
// clients made from it.
type cluster struct {
	dir       string
	handle    *os.File // the directory, open while the store's socket is in use
	listener  *net.TCPListener
	rest      *rest.Config
	client    *kubernetes.Clientset
	storeDone sync.WaitGroup
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

func (c *cluster) url() string { return fmt.Sprintf("https://127.0.0.1:%d", ports.Of(c.listener)) }

// newCluster opens or makes the directory. From here on the port is taken.
func newCluster(dir string, port int) (*cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	if err := c.logTo("server.log"); err != nil {
		return nil, err
	}
	if err := c.makeCertificates(); err != nil {
		return nil, err
	}
	if c.listener, err = ports.Listen(dir, "port", port); err != nil {
		return nil, err
	}
	if err := kubeconfig.Write(c.path("kubeconfig"), c.url(), c.dir, "admin"); err != nil {
		return nil, err
	}
	if c.rest, err = clientcmd.BuildConfigFromFlags("", c.path("kubeconfig")); err != nil {
		return nil, err
	}
	c.rest.QPS, c.rest.Burst = -1, -1 // no limit
	c.client, err = kubernetes.NewForConfig(c.rest)
	return c, err
}

// logTo sends what Kubernetes and kine log to a file, so that standard output stays readable.
func (c *cluster) logTo(name string) error {
	file, err := os.OpenFile(c.path(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	if err := flags.Parse([]string{"--logtostderr=false", "--stderrthreshold=FATAL"}); err != nil {
		return err
	}
	klog.SetOutput(file)
	logrus.SetOutput(file)
	return nil
}

func (c *cluster) makeCertificates() error {
	if _, err := os.Stat(c.path("sa.key")); err != nil {
		if _, err := pki.WriteKey(c.dir, "sa"); err != nil {
			return err
		}
	}
	return pki.Ensure(c.dir, "primocane-test-ca", []pki.Leaf{
		{
			Name:       "server",
			CommonName: "kube-apiserver",
			Hosts: []string{
				"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
				"kubernetes.default.svc.cluster.local", "127.0.0.1", "10.43.0.1",
			},
		},
		{Name: "admin", CommonName: "admin", Organization: []string{"system:masters"}},
	})
}

func (c *cluster) waitReady(ctx context.Context) error {
	return waitFor(ctx, "kube-apiserver", startLimit, func() bool {
		_, err := c.client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(ctx)
		return err == nil
	})
}

// waitServiceAccount waits for what only the controllers make: pods are refused in a namespace
// that has no default service account.
func (c *cluster) waitServiceAccount(ctx context.Context) error {
	return waitFor(ctx, "kube-controller-manager", startLimit, func() bool {
		accounts := c.client.CoreV1().ServiceAccounts(corev1.NamespaceDefault)
		_, err := accounts.Get(ctx, "default", metav1.GetOptions{})
		return err == nil
	})
}
