// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	_ "github.com/k3s-io/kine/pkg/drivers/memory"
	_ "github.com/k3s-io/kine/pkg/drivers/sqlite"
	kineserver "github.com/k3s-io/kine/pkg/server"
	"google.golang.org/grpc"
	"k8s.io/klog/v2"
)

// startStore serves etcd's API from kine on a unix socket and returns its URL; the URL of a real
// etcd is returned as it is. It uses kine's registry of drivers: its package endpoint would also
// link MySQL, PostgreSQL, NATS and S3.
func (c *cluster) startStore(ctx context.Context, store string) (string, error) {
	var source string
	switch store {
	case "memory":
		source = "memory://"
	case "sqlite": // the options are K3s' own
		source = "sqlite://" + c.path("state.db") +
			"?_journal=WAL&cache=shared&_busy_timeout=30000&_txlock=immediate"
	default:
		return store, nil
	}
	_, backend, err := drivers.New(ctx, &c.storeDone, &drivers.Config{
		Endpoint:         source,
		CompactInterval:  5 * time.Minute,
		CompactTimeout:   5 * time.Second,
		CompactMinRetain: 1000,
		CompactBatchSize: 1000,
		PollBatchSize:    500,
	})
	if err != nil {
		return "", err
	}
	if err := backend.Start(ctx); err != nil {
		return "", err
	}
	socket, err := c.socketPath("kine.sock")
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return "", err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(4<<20), grpc.MaxSendMsgSize(1<<31-1))
	kineserver.New(backend, "unix", 5*time.Second, "3.5.13").Register(server)
	go func() {
		if err := server.Serve(listener); err != nil {
			klog.ErrorS(err, "kine's server ended")
		}
	}()
	return "unix://" + socket, nil
}

// socketPath names a socket in the cluster's directory by the directory's descriptor, because a
// socket's path may have at most 107 bytes. A socket left by a killed server is removed.
func (c *cluster) socketPath(name string) (string, error) {
	err := os.Remove(c.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if c.handle, err = os.Open(c.dir); err != nil {
		return "", err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", c.handle.Fd(), name), nil
}
