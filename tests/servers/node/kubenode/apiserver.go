// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"

	"primocane.dev/tests/servers/internal/store"
)

// apiServerCommand is kube-apiserver with its datastore in the same process, as in K3s.
func apiServerCommand() *cobra.Command {
	command := apiserver.NewAPIServerCommand()
	folder := command.Flags().String("store", "", "folder of the datastore, which has to be there (required)")
	serve := command.RunE
	command.RunE = func(c *cobra.Command, args []string) error {
		var running sync.WaitGroup
		defer running.Wait()
		ctx, stop := context.WithCancel(context.Background()) // the store outlives its client
		defer stop()
		socket := filepath.Join(*folder, "kine.sock")
		if err := store.Serve(ctx, &running, store.SQLite(filepath.Join(*folder, "state.db")), socket); err != nil {
			return err
		}
		if err := c.Flags().Set("etcd-servers", "unix://"+socket); err != nil {
			return err
		}
		return serve(c, args)
	}
	return command
}
