// SPDX-License-Identifier: Apache-2.0

package pki

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// verify checks the leaf against the authority in dir.
func verify(t *testing.T, dir, name, host string, usage x509.ExtKeyUsage) error {
	t.Helper()
	pair, err := tls.X509KeyPair(read(t, dir, name+".crt"), read(t, dir, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(read(t, dir, "ca.crt"))
	_, err = pair.Leaf.Verify(x509.VerifyOptions{
		Roots: roots, DNSName: host, KeyUsages: []x509.ExtKeyUsage{usage},
	})
	return err
}

func TestServerAndClientCertificatesAreForTheirUse(t *testing.T) {
	dir := t.TempDir()
	leaves := []Leaf{
		{Name: "server", CommonName: "s", Hosts: []string{"localhost", "127.0.0.1"}},
		{Name: "client", CommonName: "c"},
	}
	if err := Ensure(dir, "test-ca", leaves); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"localhost", "127.0.0.1"} {
		if err := verify(t, dir, "server", host, x509.ExtKeyUsageServerAuth); err != nil {
			t.Error(err)
		}
	}
	if err := verify(t, dir, "client", "", x509.ExtKeyUsageClientAuth); err != nil {
		t.Error(err)
	}
	if verify(t, dir, "client", "", x509.ExtKeyUsageServerAuth) == nil {
		t.Error("a client's certificate serves a server")
	}
	if verify(t, dir, "server", "example.org", x509.ExtKeyUsageServerAuth) == nil {
		t.Error("the server's certificate is good for a foreign name")
	}
}

func TestASecondCallKeepsTheCertificates(t *testing.T) {
	dir := t.TempDir()
	leaves := []Leaf{{Name: "client", CommonName: "c"}}
	if err := Ensure(dir, "test-ca", leaves); err != nil {
		t.Fatal(err)
	}
	before := read(t, dir, "client.crt")
	if err := Ensure(dir, "test-ca", leaves); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, read(t, dir, "client.crt")) {
		t.Error("the certificate changed")
	}
}

func TestACertificateCanBeMadeExpired(t *testing.T) {
	dir := t.TempDir()
	past := time.Now().Add(-time.Hour)
	if err := Ensure(dir, "test-ca", []Leaf{{Name: "old", Hosts: []string{"h"}, NotAfter: past}}); err != nil {
		t.Fatal(err)
	}
	if verify(t, dir, "old", "h", x509.ExtKeyUsageServerAuth) == nil {
		t.Error("an expired certificate was accepted")
	}
}
