// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"errors"
	"io"
	"net/http"
	"time"

	"primocane.dev/tests/servers/internal/fault"
)

// A flush over HTTP/2 returns when the frames are queued. This is for them to leave.
const http2Delay = 50 * time.Millisecond

// An answer is a response whose body suffers faults. Each write goes to the wire at once.
type answer struct {
	http.ResponseWriter
	body     io.Writer
	answered func(status int)
	closed   bool // the connection has been closed by a fault
}

func newAnswer(w http.ResponseWriter, r *http.Request, rules []fault.Rule, released <-chan struct{}) *answer {
	c := r.Context().Value(connKey{}).(*conn)
	a := &answer{ResponseWriter: w}
	a.body = fault.Stream(&flushing{w, http.NewResponseController(w)}, fault.End{
		Close: func(reset bool) {
			a.closed = true
			if r.ProtoMajor == 2 {
				time.Sleep(http2Delay)
			}
			c.end(reset)
		},
		Gone:     r.Context().Done(),
		Released: released,
	}, rules)
	return a
}

// begin does the faults that come before the first byte and says whether an answer shall be given.
func (a *answer) begin() bool {
	_, err := a.body.Write(nil)
	return !errors.Is(err, fault.ErrEnded)
}

// end leaves a closed connection closed.
func (a *answer) end() {
	if a.closed {
		panic(http.ErrAbortHandler)
	}
}

func (a *answer) WriteHeader(status int) {
	a.answered(status)
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// give answers as a rule says, and says whether it did.
func give(w http.ResponseWriter, r *http.Request, rule fault.Rule) bool {
	switch rule.Kind {
	case fault.Status:
		if rule.RetryAfter != "" {
			w.Header().Set("Retry-After", rule.RetryAfter)
		}
		if rule.Code == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", challenge)
		}
		if rule.ContentType != "" {
			w.Header().Set("Content-Type", rule.ContentType)
		}
		w.WriteHeader(rule.Code)
		if rule.Body != "" {
			_, _ = io.WriteString(w, rule.Body) // an error means that the client has gone
		}
		return true
	case fault.Redirect:
		w.Header().Set("Location", rule.Location(r.URL.RequestURI()))
		w.WriteHeader(rule.Code)
		return true
	case fault.V0:
		r.Header.Del("Git-Protocol")
	}
	return false
}

// flushing sends each write at once.
type flushing struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (f *flushing) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := f.w.Write(p)
	if err != nil {
		return n, err
	}
	return n, f.control.Flush()
}
