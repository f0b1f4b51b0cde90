// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestARepositoryCanBeClonedOverHTTPAndHTTPS(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	f.mustClone(f.Addresses.HTTP + "/x.git")
	f.mustClone(f.Addresses.HTTPS + "/x.git")
	f.mustNotClone(f.Addresses.HTTP + "/absent.git")
	f.mustNotClone(f.Addresses.HTTPS+"/x.git", "http.sslCAInfo=/etc/ssl/certs/ca-certificates.crt")
}

func TestARestartKeepsAddressesAndAuthority(t *testing.T) {
	dir, root := t.TempDir(), makeRoot(t)
	first := start(t, Options{Dir: dir, Root: root})
	before := first.Addresses
	first.Close()
	first.mustNotClone(before.HTTPS + "/x.git")
	second := start(t, Options{Dir: dir, Root: root})
	if second.Addresses != before {
		t.Errorf("%+v, was %+v", second.Addresses, before)
	}
	second.mustClone(before.HTTPS + "/x.git")
}

func TestProtocol2AndChunkedRequestsAreUnderstood(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	for _, base := range []string{f.Addresses.HTTP, f.Addresses.HTTPS} {
		for _, body := range []io.Reader{lsRefsBody(), io.MultiReader(lsRefsBody())} {
			_, text, err := f.lsRefs(f.client(), base, body)
			if err != nil || len(text) != 65 || !strings.Contains(text, " refs/heads/main\n") {
				t.Errorf("%s: %q, %v", base, text, err)
			}
		}
	}
	if http := f.totals().Log[3].HTTP; http != "HTTP/2.0" {
		t.Errorf("%s was spoken over TLS", http)
	}
}

func TestPushingIsRefused(t *testing.T) {
	f := start(t, Options{Credentials: Credentials{Basic: "u:p"}})
	url := strings.Replace(f.Addresses.HTTP, "//", "//u:p@", 1) + "/x.git"
	out, err := git(t, f.options.Root+"/x.git", "push", "-q", url, "main:other")
	if err == nil || !strings.Contains(out, "403") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestCredentialsAreNeeded(t *testing.T) {
	f := start(t, Options{Credentials: Credentials{Basic: "alice:secret", Token: "t0ken"}})
	withUser := func(user string) string {
		return strings.Replace(f.Addresses.HTTP, "//", "//"+user+"@", 1) + "/x.git"
	}
	bearer := func(token string) string { return "http.extraHeader=Authorization: Bearer " + token }
	plain := f.Addresses.HTTP + "/x.git"
	f.mustClone(withUser("alice:secret"))
	f.mustClone(withUser("x-access-token:t0ken"))
	f.mustClone(plain, bearer("t0ken"))
	for _, url := range []string{plain, withUser("alice:wrong"), withUser("alice:"), withUser("bob:secret")} {
		f.mustNotClone(url)
	}
	f.mustNotClone(plain, bearer("secret"))

	if status := f.tell("PUT", "/auth", `{"token":"rotated"}`); status != http.StatusNoContent {
		t.Fatalf("status %d", status)
	}
	f.mustNotClone(withUser("alice:secret"))
	f.mustNotClone(plain, bearer("t0ken"))
	f.mustClone(plain, bearer("rotated"))
}

func TestAClientCertificateCanBeRequired(t *testing.T) {
	f := start(t, Options{RequireClientCertificate: true})
	url := f.Addresses.HTTPS + "/x.git"
	f.mustNotClone(url)
	f.mustClone(url, "http.sslCert="+f.Addresses.ClientCert, "http.sslKey="+f.Addresses.ClientKey)
	if name := f.totals().Log[0].ClientCertificate; name != "git-client" {
		t.Errorf("the log names %q", name)
	}
}

func TestBadServerCertificatesCanBeServed(t *testing.T) {
	expired := start(t, Options{ExpiredCertificate: true})
	expired.mustNotClone(expired.Addresses.HTTPS + "/x.git")
	foreign := start(t, Options{CertificateNames: []string{"git.example.org"}})
	foreign.mustNotClone(foreign.Addresses.HTTPS + "/x.git")
}

func TestTheProxyTunnelsAndForwards(t *testing.T) {
	f := start(t, Options{Proxy: true, ProxyCredentials: "p:q"})
	proxy := "http.proxy=" + strings.Replace(f.Addresses.Proxy, "//", "//p:q@", 1)
	f.mustClone(f.Addresses.HTTPS+"/x.git", proxy)
	f.mustClone(f.Addresses.HTTP+"/x.git", proxy)
	f.mustNotClone(f.Addresses.HTTPS+"/x.git", "http.proxy="+f.Addresses.Proxy)
	seen := map[string]bool{}
	for _, p := range f.totals().Proxy {
		seen[fmt.Sprint(p.Method, " ", p.Authorization, " ", p.Status)] = true
	}
	for _, want := range []string{"CONNECT basic p 200", "GET basic p 200", "POST basic p 200", "CONNECT  407"} {
		if !seen[want] {
			t.Errorf("no %q among %v", want, seen)
		}
	}
}

func TestEveryByteOnTheWireIsCounted(t *testing.T) {
	f := start(t, Options{})
	c, err := net.Dial("tcp", strings.TrimPrefix(f.Addresses.HTTP, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	request := "GET /x.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	got := f.totals()
	want := Bytes{In: int64(len(request)), Out: int64(len(answer))}
	path := got.Paths["/x.git/info/refs"]
	if got.Bytes != want || path == nil || path.Bytes != want || path.Requests != 1 || got.Log[0].Bytes != want {
		t.Errorf("want %+v, got %+v, path %+v, log %+v", want, got.Bytes, path, got.Log[0])
	}
	f.tell("DELETE", "/stats", "")
	if got := f.totals(); got.Requests != 0 || got.Bytes != (Bytes{}) || len(got.Log) != 0 {
		t.Errorf("after the reset: %+v", got)
	}
}

func TestAHandshakeIsCountedApartFromItsRequest(t *testing.T) {
	f := start(t, Options{HTTP2: true})
	client := f.client()
	for range 3 {
		if _, _, err := f.lsRefs(client, f.Addresses.HTTPS, lsRefsBody()); err != nil {
			t.Fatal(err)
		}
	}
	got := f.totals()
	if got.Connections != 1 || got.Open != 1 || got.Requests != 3 {
		t.Errorf("%d connections, %d open, %d requests", got.Connections, got.Open, got.Requests)
	}
	sum := got.Handshakes
	for _, r := range got.Log {
		if r.In < 100 || r.Out < 100 || r.In > 1000 || r.Out > 1000 || r.Status != http.StatusOK {
			t.Errorf("request %+v", r)
		}
		sum.add(r.Bytes)
	}
	if got.Handshakes.Out < 500 || sum != got.Bytes {
		t.Errorf("handshakes %+v, their sum with the requests %+v, total %+v", got.Handshakes, sum, got.Bytes)
	}
}
