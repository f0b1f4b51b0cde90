// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"net/http"
	"sync"

	"primocane.dev/tests/servers/internal/fault"
)

// The log holds at most this many requests; older ones are dropped.
const logMax = 10000

// Bytes counts what went over the wire: all of HTTP, and of TLS, but not TCP's and IP's headers.
type Bytes struct {
	In  int64 `json:"bytes_in"`
	Out int64 `json:"bytes_out"`
}

func (b *Bytes) add(o Bytes) {
	b.In += o.In
	b.Out += o.Out
}

// A Request is one line of the log.
type Request struct {
	Method            string       `json:"method"`
	Path              string       `json:"path"`
	Query             string       `json:"query,omitempty"`
	Host              string       `json:"host"`
	HTTP              string       `json:"http"`
	TLS               bool         `json:"tls"`
	GitProtocol       string       `json:"git_protocol,omitempty"`
	Authorization     string       `json:"authorization,omitempty"` // the scheme, and basic's user
	ClientCertificate string       `json:"client_certificate,omitempty"`
	UserAgent         string       `json:"user_agent,omitempty"`
	Faults            []fault.Kind `json:"faults,omitempty"`
	Status            int          `json:"status"` // 0: no answer was begun
	Bytes
}

// PathStats sums the requests of one path.
type PathStats struct {
	Requests int `json:"requests"`
	Bytes
}

// Totals is everything since the start or the last reset.
type Totals struct {
	Connections int                   `json:"connections"` // accepted
	Open        int                   `json:"open"`        // still open
	Requests    int                   `json:"requests"`
	Bytes                             // with the handshakes
	Handshakes  Bytes                 `json:"handshakes"` // TLS's part of it
	Paths       map[string]*PathStats `json:"paths"`
	Log         []*Request            `json:"log"`
	Proxy       []ProxyRequest        `json:"proxy,omitempty"`
}

// stats counts. A connection's bytes belong to the request that runs on it. The few that come after
// its end (a window update, the closing of TLS) go to it or to the next one. With several requests
// at once on one HTTP/2 connection the sums are exact and their split is not.
type stats struct {
	mutex  sync.Mutex
	totals Totals
	open   map[*conn]struct{}
}

func newStats() *stats {
	s := &stats{open: map[*conn]struct{}{}}
	s.reset()
	return s
}

// reset sets all counts to zero. What open connections have transferred so far is forgotten.
func (s *stats) reset() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.totals = Totals{Paths: map[string]*PathStats{}, Log: []*Request{}}
	for c := range s.open {
		c.take()
		c.current, c.last = nil, nil
	}
}

// snapshot returns a copy that is exact at this moment.
func (s *stats) snapshot() Totals {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for c := range s.open {
		s.settle(c)
	}
	t := s.totals
	t.Open = len(s.open)
	for c := range s.open {
		t.Bytes.add(c.pending())
	}
	t.Paths = make(map[string]*PathStats, len(s.totals.Paths))
	for path, p := range s.totals.Paths {
		copied := *p
		t.Paths[path] = &copied
	}
	t.Log = make([]*Request, len(s.totals.Log))
	for i, r := range s.totals.Log {
		copied := *r
		t.Log[i] = &copied
	}
	t.Proxy = append([]ProxyRequest(nil), s.totals.Proxy...)
	return t
}

// begin adds a request to the log.
func (s *stats) begin(c *conn, r *http.Request, rules []fault.Rule) *Request {
	entry := &Request{
		Method:        r.Method,
		Path:          r.URL.Path,
		Query:         r.URL.RawQuery,
		Host:          r.Host,
		HTTP:          r.Proto,
		TLS:           r.TLS != nil,
		GitProtocol:   r.Header.Get("Git-Protocol"),
		Authorization: describe(r.Header.Get("Authorization")),
		UserAgent:     r.UserAgent(),
	}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		entry.ClientCertificate = r.TLS.PeerCertificates[0].Subject.CommonName
	}
	for _, rule := range rules {
		entry.Faults = append(entry.Faults, rule.Kind)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	c.current = entry
	s.totals.Requests++
	s.path(entry.Path).Requests++
	s.totals.Log = append(s.totals.Log, entry)
	if len(s.totals.Log) > logMax {
		s.totals.Log = s.totals.Log[1:]
	}
	return entry
}

// answered notes the status of a request.
func (s *stats) answered(r *Request, status int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	r.Status = status
}

func (s *stats) proxied(p ProxyRequest) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.totals.Proxy = append(s.totals.Proxy, p)
}

// path returns the sums of a path. The mutex is held.
func (s *stats) path(name string) *PathStats {
	p := s.totals.Paths[name]
	if p == nil {
		p = &PathStats{}
		s.totals.Paths[name] = p
	}
	return p
}

// settle books what the connection has transferred on the request that runs on it or ran on it
// last, if there was one. The mutex is held.
func (s *stats) settle(c *conn) {
	r := c.current
	if r == nil {
		r = c.last
	}
	if r == nil {
		return
	}
	b := c.take()
	s.totals.Bytes.add(b)
	r.Bytes.add(b)
	s.path(r.Path).Bytes.add(b)
}
