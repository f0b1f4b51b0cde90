// SPDX-License-Identifier: Apache-2.0

// Command registryserver is an OCI registry for tests: go-containerregistry's own, with logins, TLS
// and a store of blobs elsewhere, and with artifacts that are pushed as flux and helm push them. It
// listens on 127.0.0.1.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/google/go-containerregistry/pkg/registry"
)

// addresses is what is printed when all listen.
type addresses struct {
	HTTP    string `json:"http"`    // host:port of the registry
	HTTPS   string `json:"https"`   // the same behind TLS
	CA      string `json:"ca"`      // file with the authority of its certificate
	Control string `json:"control"` // URL that takes POSTs of /push and tells /requests
}

func main() {
	dir := flag.String("dir", "", "directory for certificates (required)")
	login := flag.String("login", "", "USER:PASSWORD that is wanted")
	way := flag.String("challenge", "bearer", "how the login is wanted: bearer, by a token server, or basic")
	redirect := flag.Bool("redirect-blobs", false, "blobs lie in a store at another address")
	flag.Bool("until-stdin-closes", false, "end when standard input does")
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*dir, *login, *way, *redirect); err != nil {
		fmt.Fprintln(os.Stderr, "registryserver:", err)
		os.Exit(1)
	}
}

func run(dir, login, way string, redirect bool) error {
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	var seen requests
	open, err := serve(handler) // for what pushes, and as the store of blobs
	if err != nil {
		return err
	}
	store, err := serve(seen.recorded("store", handler))
	if err != nil {
		return err
	}
	guarded := handler
	if redirect {
		guarded = redirected(guarded, store)
	}
	certificate, caFile, err := makeCertificate(dir)
	if err != nil {
		return err
	}
	token := http.NewServeMux()
	inside := http.NewServeMux()
	inside.Handle("/token", token)
	plain, err := serve(seen.recorded("registry", guard(guarded, inside, login, way, "http")))
	if err != nil {
		return err
	}
	secure, err := serveTLS(seen.recorded("registry", guard(guarded, inside, login, way, "https")), certificate)
	if err != nil {
		return err
	}
	token.HandleFunc("/token", answerToken(login))
	control, err := serve(controls(open, &seen))
	if err != nil {
		return err
	}
	told := addresses{HTTP: plain, HTTPS: secure, CA: caFile, Control: "http://" + control}
	if err := json.NewEncoder(os.Stdout).Encode(told); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// serve serves on a free port of 127.0.0.1 until the program ends.
func serve(handler http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	go http.Serve(listener, handler)
	return listener.Addr().String(), nil
}

// writeFile puts PEM where clients are told to find it.
func writeFile(dir, name string, content []byte) (string, error) {
	path := filepath.Join(dir, name)
	return path, os.WriteFile(path, content, 0o644)
}
