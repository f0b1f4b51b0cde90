// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"

	"primocane.dev/tests/servers/internal/store"
)

// startStore serves etcd's API from kine on a unix socket and returns its URL; the URL of a real
// etcd is returned as it is.
func (c *cluster) startStore(ctx context.Context, kind string) (string, error) {
	var source string
	switch kind {
	case "memory":
		source = store.Memory
	case "sqlite":
		source = store.SQLite(c.path("state.db"))
	default:
		return kind, nil
	}
	socket, err := c.socketPath("kine.sock")
	if err != nil {
		return "", err
	}
	return "unix://" + socket, store.Serve(ctx, &c.storeDone, source, socket)
}

// socketPath names a socket in the cluster's directory by the directory's descriptor, because a
// socket's path may have at most 107 bytes.
func (c *cluster) socketPath(name string) (string, error) {
	var err error
	if c.handle, err = os.Open(c.dir); err != nil {
		return "", err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", c.handle.Fd(), name), nil
}
