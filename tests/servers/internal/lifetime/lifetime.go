// SPDX-License-Identifier: Apache-2.0

// Package lifetime decides when a test server ends: with a signal, or with the test that started it.
package lifetime

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// FlagName and FlagUsage describe the flag that every server offers for Until's argument.
const (
	FlagName  = "until-stdin-closes"
	FlagUsage = "end when standard input reaches its end, which it does when the parent dies"
)

// Until returns a context that ends on SIGTERM or SIGINT and, if asked, when standard input ends.
// After its end a second signal has its default effect, so that a server that hangs can be killed.
func Until(stdinCloses bool) context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	if stdinCloses {
		go func() {
			// How it ends does not matter: an error closes it as well.
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	context.AfterFunc(ctx, stop)
	return ctx
}
