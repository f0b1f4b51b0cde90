// SPDX-License-Identifier: Apache-2.0

// Command sshserver serves bare Git repositories through the system's real sshd, for tests: with
// keys and configuration of its own, limited to git-upload-pack below one root. It listens on
// 127.0.0.1.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"primocane.dev/tests/servers/internal/gitssh"
	"primocane.dev/tests/servers/internal/lifetime"
)

// The first argument with which sshd starts this program for each connection.
const sessionCommand = "session"

func main() {
	var err error
	if len(os.Args) > 1 && os.Args[1] == sessionCommand {
		err = session(os.Args[2:])
	} else {
		err = serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sshserver:", err)
		os.Exit(1)
	}
}

func session(args []string) error {
	flags := flag.NewFlagSet(sessionCommand, flag.ExitOnError)
	root := flags.String("root", "", "directory of the bare repositories")
	dir := flags.String("dir", "", "directory of the server")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return gitssh.Session(*root, *dir)
}

func serve() error {
	var o gitssh.Options
	flag.StringVar(&o.Root, "root", "", "directory of the bare repositories (required)")
	flag.StringVar(&o.Dir, "dir", "", "directory for keys, port, configuration and log; a restart keeps them (required)")
	flag.StringVar(&o.SSHD, "sshd", "/usr/sbin/sshd", "the sshd to run")
	flag.BoolVar(&o.AcceptEnv, "accept-git-protocol", true, "let clients set GIT_PROTOCOL; without it protocol version 0 is spoken")
	untilStdin := flag.Bool(lifetime.FlagName, false, lifetime.FlagUsage)
	flag.Parse()
	if o.Root == "" || o.Dir == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o.Session = []string{self, sessionCommand}
	return run(lifetime.Until(*untilStdin), o)
}

func run(ctx context.Context, o gitssh.Options) error {
	server, err := gitssh.Start(ctx, o)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := json.NewEncoder(os.Stdout).Encode(server.Address); err != nil {
		return err
	}
	return server.Wait(ctx)
}
