// SPDX-License-Identifier: Apache-2.0

// Command apiserver is a real Kubernetes API server for tests: kine (sqlite or memory),
// kube-apiserver and kube-controller-manager in one process, and a fake kubelet if asked for. RBAC
// is on. There is no scheduler, no container runtime and no network policy. It listens on 127.0.0.1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"k8s.io/klog/v2"

	"primocane.dev/tests/servers/internal/fakekubelet"
	"primocane.dev/tests/servers/internal/lifetime"
)

// The controllers that a GitOps test needs. Left out: everything about nodes, volumes, certificates
// and autoscaling.
const defaultControllers = "namespace-controller,garbage-collector-controller," +
	"serviceaccount-controller,serviceaccount-token-controller,deployment-controller," +
	"replicaset-controller,statefulset-controller,daemonset-controller,job-controller," +
	"cronjob-controller,endpoints-controller,endpointslice-controller," +
	"clusterrole-aggregation-controller,root-ca-certificate-publisher-controller," +
	"disruption-controller,resourcequota-controller,ttl-after-finished-controller"

// How long a watch that does not end may keep a server that shall stop.
const stopLimit = 5 * time.Second

type options struct {
	dir            string
	port           int
	store          string
	controllers    string
	fakeKubelet    bool
	fakeDelay      time.Duration
	crds           list
	apiArgs        list
	controllerArgs list
	untilStdin     bool
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func main() {
	var o options
	flag.StringVar(&o.dir, "dir", "", "directory for certificates, data and kubeconfig (required)")
	flag.IntVar(&o.port, "port", 0, "port on 127.0.0.1 (0: that of the last start in DIR, else a free one)")
	flag.StringVar(&o.store, "store", "sqlite", "datastore: sqlite (DIR/state.db, survives a restart), memory, or an etcd URL")
	flag.StringVar(&o.controllers, "controllers", defaultControllers, "controllers to run; empty: no controller manager")
	flag.BoolVar(&o.fakeKubelet, "fake-kubelet", false, "add a node, bind pods to it and mark them Running and Ready")
	flag.DurationVar(&o.fakeDelay, "fake-kubelet-delay", 50*time.Millisecond, "time that a fake pod takes to start")
	flag.Var(&o.crds, "crds", "directory or file of CustomResourceDefinitions to install (repeatable)")
	flag.Var(&o.apiArgs, "apiserver-arg", "further kube-apiserver flag, such as --audit-policy-file=F (repeatable)")
	flag.Var(&o.controllerArgs, "controller-arg", "further kube-controller-manager flag (repeatable)")
	flag.BoolVar(&o.untilStdin, lifetime.FlagName, false, lifetime.FlagUsage)
	flag.Parse()
	if o.dir == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	err := run(lifetime.Until(o.untilStdin), o)
	klog.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. Before the server is ready such an end is not waited for: Kubernetes
// takes it for a failure of what it is about to start, and there is nothing to lose yet.
func run(ctx context.Context, o options) error {
	leaveAtOnce := context.AfterFunc(ctx, func() { os.Exit(0) })
	start := time.Now()
	c, err := newCluster(o.dir, o.port)
	if err != nil {
		return err
	}
	storeCtx, stopStore := context.WithCancel(context.Background()) // the store outlives its clients
	defer c.storeDone.Wait()
	defer stopStore()
	etcd, err := c.startStore(storeCtx, o.store)
	if err != nil {
		return err
	}

	serving, stop := context.WithCancelCause(context.Background())
	apiDone := make(chan struct{})
	go func() {
		defer close(apiDone)
		stop(c.runAPIServer(serving, etcd, o.apiArgs))
	}()
	if err := prepare(serving, stop, c, o, start); err != nil {
		return err
	}
	if !leaveAtOnce() {
		select {} // the process is about to end
	}
	context.AfterFunc(ctx, func() { stop(nil) })
	fmt.Printf("ready in %.2fs url=%s kubeconfig=%s\n",
		time.Since(start).Seconds(), c.url(), c.path("kubeconfig"))

	<-serving.Done()
	if err := context.Cause(serving); ctx.Err() == nil {
		return err // a part of it failed, nobody asked it to stop
	}
	select {
	case <-apiDone:
	case <-time.After(stopLimit):
	}
	return nil
}

// prepare starts what needs the API server and returns when all that was asked for is there.
func prepare(ctx context.Context, fail context.CancelCauseFunc, c *cluster, o options, start time.Time) error {
	if err := c.waitReady(ctx); err != nil {
		return err
	}
	phase(start, "apiserver")
	if o.controllers != "" {
		go func() {
			if err := c.runControllers(ctx, o.controllers, o.controllerArgs); err != nil {
				fail(err)
			}
		}()
		if err := c.waitServiceAccount(ctx); err != nil {
			return err
		}
		phase(start, "controllers")
	}
	for _, path := range o.crds {
		n, err := installCRDs(ctx, c.rest, path)
		if err != nil {
			return err
		}
		phase(start, fmt.Sprintf("%d crds of %s", n, path))
	}
	if o.fakeKubelet {
		if err := fakekubelet.Run(ctx, c.client, o.fakeDelay); err != nil {
			return err
		}
		phase(start, "fake kubelet")
	}
	return nil
}

func phase(start time.Time, name string) {
	fmt.Printf("%.2fs %s\n", time.Since(start).Seconds(), name)
}

// waitFor asks until the answer is yes, ctx ends, or the time is over.
func waitFor(ctx context.Context, what string, limit time.Duration, ok func() bool) error {
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	end := time.After(limit)
	for !ok() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-end:
			return errors.New(what + " not ready after " + limit.String())
		case <-tick.C:
		}
	}
	return nil
}
