// SPDX-License-Identifier: Apache-2.0

// Package store is the datastore of a test cluster: etcd's API in front of sqlite or of memory, by
// kine, as in K3s.
package store

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"sync"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	_ "github.com/k3s-io/kine/pkg/drivers/memory"
	_ "github.com/k3s-io/kine/pkg/drivers/sqlite"
	kineserver "github.com/k3s-io/kine/pkg/server"
	"google.golang.org/grpc"
	"k8s.io/klog/v2"
)

// Memory is the source that forgets.
const Memory = "memory://"

// SQLite returns the source that keeps its data in a file, with K3s' own options.
func SQLite(file string) string {
	return "sqlite://" + file + "?_journal=WAL&cache=shared&_busy_timeout=30000&_txlock=immediate"
}

// Serve serves etcd's API on a unix socket until ctx ends; running is done when all of it has ended.
// A socket left by a killed server is removed. It uses kine's registry of drivers: its package
// endpoint would also link MySQL, PostgreSQL, NATS and S3.
func Serve(ctx context.Context, running *sync.WaitGroup, source, socket string) error {
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, backend, err := drivers.New(ctx, running, &drivers.Config{
		Endpoint:         source,
		CompactInterval:  5 * time.Minute,
		CompactTimeout:   5 * time.Second,
		CompactMinRetain: 1000,
		CompactBatchSize: 1000,
		PollBatchSize:    500,
	})
	if err != nil {
		return err
	}
	if err := backend.Start(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(4<<20), grpc.MaxSendMsgSize(1<<31-1))
	kineserver.New(backend, "unix", 5*time.Second, "3.5.13").Register(server)
	go func() {
		if err := server.Serve(listener); err != nil {
			klog.ErrorS(err, "kine's server ended")
		}
	}()
	return nil
}
