// SPDX-License-Identifier: Apache-2.0

// Command gitserver serves bare Git repositories over HTTP and HTTPS through the real git
// http-backend, for tests: with authentication, with faults that are switched at run time, and with
// a count of every byte. It listens on 127.0.0.1.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"primocane.dev/tests/servers/internal/githttp"
	"primocane.dev/tests/servers/internal/lifetime"
)

func main() {
	var o githttp.Options
	flag.StringVar(&o.Root, "root", "", "directory of the bare repositories (required)")
	flag.StringVar(&o.Dir, "dir", "", "directory for certificates, ports and log; a restart keeps them (required)")
	flag.StringVar(&o.Credentials.Basic, "basic", "", "USER:PASSWORD that is accepted")
	flag.StringVar(&o.Credentials.Token, "token", "", "token that is accepted, as bearer or as any user's password")
	flag.BoolVar(&o.RequireClientCertificate, "require-client-cert", false, "HTTPS only with a certificate of the own authority")
	names := flag.String("cert-names", "localhost,127.0.0.1", "names and addresses in the server's certificate")
	flag.BoolVar(&o.ExpiredCertificate, "expired-cert", false, "the server's certificate has expired an hour ago")
	flag.BoolVar(&o.HTTP2, "http2", true, "offer HTTP/2 over TLS")
	flag.Func("git-config", "KEY=VALUE of git's configuration (repeatable)", func(s string) error {
		o.GitConfig = append(o.GitConfig, s)
		return nil
	})
	flag.BoolVar(&o.Proxy, "proxy", false, "open a proxy (CONNECT and plain HTTP) too")
	flag.StringVar(&o.ProxyCredentials, "proxy-basic", "", "USER:PASSWORD that the proxy wants")
	untilStdin := flag.Bool(lifetime.FlagName, false, lifetime.FlagUsage)
	flag.Parse()
	if o.Root == "" || o.Dir == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	o.CertificateNames = strings.Split(*names, ",")
	ctx := lifetime.Until(*untilStdin)
	server, err := githttp.Start(o)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(server.Addresses)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gitserver:", err)
		os.Exit(1)
	}
	<-ctx.Done()
	server.Close()
}
