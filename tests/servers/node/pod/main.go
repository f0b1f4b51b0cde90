// SPDX-License-Identifier: Apache-2.0

// Command pod is the only program in the container image of tests/node, so that its Pods need no
// registry. With TEXT in its environment it answers every HTTP request on port 8080 with it; without
// it only waits for its end, as the container does that holds a Pod's network.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	// The kernel ignores a signal that the first process of a container does not handle.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if text, given := os.LookupEnv("TEXT"); given {
		if err := answer(ctx, text); err != nil {
			fmt.Fprintln(os.Stderr, "pod:", err)
			os.Exit(1)
		}
		return
	}
	<-ctx.Done()
}

// answer serves until ctx ends, and what has been asked by then.
func answer(ctx context.Context, text string) error {
	server := &http.Server{
		Addr:              ":8080",
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, text)
		}),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopped <- server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-stopped
}
