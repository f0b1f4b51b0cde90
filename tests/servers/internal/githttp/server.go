// SPDX-License-Identifier: Apache-2.0

// Package githttp serves Git repositories over HTTP and HTTPS through git http-backend, and does
// wrong what it is told to.
package githttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"primocane.dev/tests/servers/internal/fault"
	"primocane.dev/tests/servers/internal/pki"
	"primocane.dev/tests/servers/internal/ports"
)

const challenge = `Basic realm="git", charset="UTF-8"`

// Options are what a server is started with.
type Options struct {
	Root                     string // of the repositories
	Dir                      string // for certificates, ports and log; kept over a restart
	Credentials              Credentials
	RequireClientCertificate bool
	CertificateNames         []string // names and addresses in the server's certificate
	ExpiredCertificate       bool
	HTTP2                    bool
	GitConfig                []string // KEY=VALUE
	Proxy                    bool
	ProxyCredentials         string // USER:PASSWORD, empty for none
}

// Addresses is what a client needs.
type Addresses struct {
	HTTP       string `json:"http"`
	HTTPS      string `json:"https"`
	Control    string `json:"control"`
	Proxy      string `json:"proxy,omitempty"`
	CA         string `json:"ca"`
	ClientCert string `json:"client_cert"`
	ClientKey  string `json:"client_key"`
	PID        int    `json:"pid"`
}

// A Server serves until it is closed.
type Server struct {
	Addresses Addresses
	options   Options
	faults    *fault.Set
	stats     *stats
	backend   *backend
	listeners []net.Listener
	servers   []*http.Server

	mutex       sync.Mutex
	credentials Credentials
}

// Start begins to serve.
func Start(o Options) (*Server, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, err
	}
	if o.Root, err = filepath.Abs(o.Root); err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(o.Dir, "git.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	config := append([]string{
		"safe.directory=*",            // the repositories may be another user's
		"http.receivepack=false",      // pushing is by file path
		"uploadpack.allowFilter=true", // as forges do
	}, o.GitConfig...)
	s := &Server{
		options:     o,
		faults:      fault.NewSet(),
		stats:       newStats(),
		backend:     &backend{git: git, root: o.Root, config: config, log: log},
		credentials: o.Credentials,
	}
	if err := s.listen(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends all connections.
func (s *Server) Close() {
	s.faults.Replace(nil) // lets go what a fault holds up
	for _, l := range s.listeners {
		_ = l.Close() // an error means that it is closed already
	}
	for _, h := range s.servers {
		_ = h.Close()
	}
}

// listen opens the ports and serves each of them.
func (s *Server) listen() error {
	if err := s.makeCertificates(); err != nil {
		return err
	}
	config, err := s.tlsConfig()
	if err != nil {
		return err
	}
	s.Addresses.PID = os.Getpid()
	plain, err := s.open("http", &s.Addresses.HTTP)
	if err != nil {
		return err
	}
	secure, err := s.open("https", &s.Addresses.HTTPS)
	if err != nil {
		return err
	}
	control, err := s.open("control", &s.Addresses.Control)
	if err != nil {
		return err
	}
	counting := func(l net.Listener) *accepting { return &accepting{l, s.stats, s.faults} }
	s.serve(counting(plain), &http.Server{
		Handler: http.HandlerFunc(s.handle), ConnContext: withConn, ConnState: s.stats.changed,
	})
	s.serve(newShaking(counting(secure), config), &http.Server{
		Handler: http.HandlerFunc(s.handle), ConnContext: withConn, ConnState: s.stats.changed,
		TLSConfig: config,
	})
	s.serve(control, &http.Server{Handler: s.control()})
	if !s.options.Proxy {
		return nil
	}
	proxy, err := s.open("proxy", &s.Addresses.Proxy)
	if err != nil {
		return err
	}
	s.serve(proxy, &http.Server{Handler: &forwarder{s.stats, s.options.ProxyCredentials}})
	return nil
}

func (s *Server) open(name string, address *string) (net.Listener, error) {
	l, err := ports.Listen(s.options.Dir, name+".port", 0)
	if err != nil {
		return nil, err
	}
	s.listeners = append(s.listeners, l)
	scheme := "http"
	if name == "https" {
		scheme = "https"
	}
	*address = fmt.Sprintf("%s://127.0.0.1:%d", scheme, ports.Of(l))
	return l, nil
}

func (s *Server) serve(l net.Listener, h *http.Server) {
	h.ErrorLog = log.New(s.backend.log, "", log.LstdFlags)
	s.servers = append(s.servers, h)
	go func() {
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			h.ErrorLog.Print(err)
		}
	}()
}

// handle answers a request for a repository.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	rules, released := s.faults.ForRequest(r.URL.RequestURI())
	c := r.Context().Value(connKey{}).(*conn)
	entry := s.stats.begin(c, r, rules)
	a := newAnswer(w, r, rules, released)
	a.answered = func(status int) { s.stats.answered(entry, status) }
	defer a.end()
	for _, rule := range rules {
		if rule.Kind == fault.Stall && rule.AfterBytes == 0 {
			// Only behind the request's body does net/http notice that a client leaves.
			go func() { _, _ = io.Copy(io.Discard, r.Body) }()
		}
	}
	if !a.begin() {
		return
	}
	for _, rule := range rules {
		if give(a, r, rule) {
			return
		}
	}
	s.mutex.Lock()
	credentials := s.credentials
	s.mutex.Unlock()
	if !credentials.allow(r) {
		a.Header().Set("WWW-Authenticate", challenge)
		http.Error(a, "credentials are needed", http.StatusUnauthorized)
		return
	}
	s.backend.ServeHTTP(a, r)
}

func (s *Server) path(name string) string { return filepath.Join(s.options.Dir, name) }

func (s *Server) makeCertificates() error {
	server := pki.Leaf{Name: "server", CommonName: "gitserver", Hosts: s.options.CertificateNames}
	if s.options.ExpiredCertificate {
		server.NotAfter = time.Now().Add(-time.Hour)
	}
	client := pki.Leaf{Name: "client", CommonName: "git-client"}
	s.Addresses.CA = s.path("ca.crt")
	s.Addresses.ClientCert = s.path("client.crt")
	s.Addresses.ClientKey = s.path("client.key")
	return pki.Ensure(s.options.Dir, "primocane-git-test-ca", []pki.Leaf{server, client})
}

func (s *Server) tlsConfig() (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(s.path("server.crt"), s.path("server.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(s.path("ca.crt"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	config := &tls.Config{
		Certificates: []tls.Certificate{pair},
		ClientCAs:    pool,
		ClientAuth:   tls.VerifyClientCertIfGiven,
		NextProtos:   []string{"http/1.1"},
	}
	if s.options.RequireClientCertificate {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if s.options.HTTP2 {
		config.NextProtos = []string{"h2", "http/1.1"}
	}
	return config, nil
}
