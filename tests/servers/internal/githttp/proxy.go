// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"
)

// A ProxyRequest is one request to the proxy.
type ProxyRequest struct {
	Method        string `json:"method"`
	Target        string `json:"target"`                  // host and port
	Authorization string `json:"authorization,omitempty"` // as in Request
	Status        int    `json:"status"`
}

// A forwarder is an HTTP proxy: tunnels by CONNECT, plain requests by an absolute URL.
type forwarder struct {
	stats       *stats
	credentials string // USER:PASSWORD, empty for none
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := r.Header.Get("Proxy-Authorization")
	entry := ProxyRequest{
		Method: r.Method, Target: r.URL.Host, Authorization: describe(header), Status: http.StatusOK,
	}
	refuse := func(status int, why string) {
		entry.Status = status
		f.stats.proxied(entry)
		http.Error(w, why, status)
	}
	// Request knows basic authentication only under the header's usual name.
	asRequest := &http.Request{Header: http.Header{"Authorization": {header}}}
	if !(Credentials{Basic: f.credentials}).allow(asRequest) {
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
		refuse(http.StatusProxyAuthRequired, "credentials are needed")
		return
	}
	switch {
	case r.Method == http.MethodConnect:
		target, err := net.DialTimeout("tcp", r.URL.Host, 10*time.Second)
		if err != nil {
			refuse(http.StatusBadGateway, err.Error())
			return
		}
		f.stats.proxied(entry)
		tunnel(w, target)
	case r.URL.Host != "":
		f.stats.proxied(entry)
		forward := &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}, FlushInterval: -1}
		forward.ServeHTTP(w, r)
	default:
		refuse(http.StatusBadRequest, "a proxy's request needs an absolute URL")
	}
}

// tunnel joins the client's connection with the target's until one of them ends.
func tunnel(w http.ResponseWriter, target net.Conn) {
	defer target.Close()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer client.Close()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(target, buffered) // how it ends does not matter
		_ = target.(*net.TCPConn).CloseWrite()
	})
	both.Go(func() {
		_, _ = io.Copy(client, target)
		client.Close()
	})
	both.Wait()
}
