// SPDX-License-Identifier: Apache-2.0

// Command bareclient is what benches compare with: it writes a mixed set of objects as YAML, or
// applies the very same set as fast as a bare client can.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"primocane.dev/tests/servers/internal/appset"
)

const usage = `usage: bareclient generate --out DIR [flags]
       bareclient apply --kubeconfig FILE [flags]`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bareclient:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		switch args[0] {
		case "generate":
			return generate(args[1:])
		case "apply":
			return apply(ctx, args[1:])
		}
	}
	return errors.New(usage)
}

// flags returns a set with the flags that both commands have.
func flags(name string, spec *appset.Spec) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ExitOnError)
	f.IntVar(&spec.Count, "n", 400, "number of objects")
	f.StringVar(&spec.Namespace, "namespace", "bench", "namespace of the objects")
	f.IntVar(&spec.Replicas, "replicas", 0, "replicas of each Deployment")
	f.IntVar(&spec.Revision, "revision", 1, "is in each ConfigMap: another one changes all of them")
	return f
}

func generate(args []string) error {
	var spec appset.Spec
	f := flags("generate", &spec)
	out := f.String("out", "", "directory to write to, one file per app (required)")
	namespace := f.Bool("with-namespace", false, "write the namespace too")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *out == "" || f.NArg() > 0 {
		return errors.New(usage)
	}
	return spec.Write(*out, *namespace)
}

// result is what apply prints.
type result struct {
	Objects  int `json:"objects"`
	InFlight int `json:"in_flight"`
	appset.Measure
	Noop          *appset.Measure `json:"noop,omitempty"`
	DeleteSeconds float64         `json:"delete_seconds,omitempty"`
}

func apply(ctx context.Context, args []string) error {
	var spec appset.Spec
	f := flags("apply", &spec)
	kubeconfig := f.String("kubeconfig", os.Getenv("KUBECONFIG"), "kubeconfig of the server")
	inFlight := f.Int("in-flight", 1, "requests at once")
	noop := f.Bool("noop", false, "apply all once more without a change, and measure that")
	settle := f.Duration("settle", 1500*time.Millisecond, "time for the controllers before --noop")
	remove := f.Bool("delete", false, "delete the namespace at the end, and measure that")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || *inFlight < 1 {
		return errors.New(usage)
	}
	client, err := appset.Connect(ctx, *kubeconfig)
	if err != nil {
		return err
	}
	if _, err := client.Apply(ctx, spec.NamespaceObject()); err != nil {
		return err
	}
	objects := spec.Objects()
	r := result{Objects: len(objects), InFlight: *inFlight}
	if r.Measure, err = client.ApplyAll(ctx, objects, *inFlight); err != nil {
		return err
	}
	if *noop {
		time.Sleep(*settle)
		again, err := client.ApplyAll(ctx, objects, *inFlight)
		if err != nil {
			return err
		}
		r.Noop = &again
	}
	if *remove {
		took, err := client.Delete(ctx, spec.NamespaceObject().Path)
		if err != nil {
			return err
		}
		r.DeleteSeconds = took.Seconds()
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}
