// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"primocane.dev/tests/servers/internal/fault"
)

// A client may take this long for its part of a TLS handshake.
const handshakeLimit = 30 * time.Second

// A client may take this long to notice that its connection has been cut.
const lingerLimit = 2 * time.Second

// A conn counts what it transfers.
type conn struct {
	*net.TCPConn
	in, out atomic.Int64

	byRecord   bool // while the TLS handshake lasts
	recordLeft int  // of the TLS record that is being read

	// Guarded by the mutex of stats.
	booked        Bytes    // what has been added to a sum already
	current, last *Request // what runs on it, what ran on it
}

func (c *conn) Read(p []byte) (int, error) {
	if c.byRecord {
		return c.readRecord(p)
	}
	n, err := c.TCPConn.Read(p)
	c.in.Add(int64(n))
	return n, err
}

// readRecord reads no further than to the end of a TLS record, so that crypto/tls, which takes what
// it gets, does not have the beginning of a request when the handshake is done.
func (c *conn) readRecord(p []byte) (int, error) {
	if c.recordLeft > 0 {
		n, err := c.TCPConn.Read(p[:min(len(p), c.recordLeft)])
		c.recordLeft -= n
		c.in.Add(int64(n))
		return n, err
	}
	var header [5]byte // type, version, length (RFC 8446, section 5.1)
	n, err := io.ReadFull(c.TCPConn, header[:min(len(p), len(header))])
	c.in.Add(int64(n))
	if n == len(header) {
		c.recordLeft = int(binary.BigEndian.Uint16(header[3:]))
	}
	return copy(p, header[:n]), err
}

func (c *conn) Write(p []byte) (int, error) {
	n, err := c.TCPConn.Write(p)
	c.out.Add(int64(n))
	return n, err
}

// pending returns what has been transferred and not been booked.
func (c *conn) pending() Bytes {
	return Bytes{In: c.in.Load() - c.booked.In, Out: c.out.Load() - c.booked.Out}
}

// take returns what is pending and books it.
func (c *conn) take() Bytes {
	b := c.pending()
	c.booked.add(b)
	return b
}

// end closes the connection, by a TCP reset if asked for, else so that what was sent still arrives:
// closing at once would reset it too if the client has sent something that is not read yet. Errors
// mean that it is closed already.
func (c *conn) end(reset bool) {
	if reset {
		_ = c.SetLinger(0)
	} else {
		_ = c.CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(lingerLimit))
		_, _ = io.Copy(io.Discard, c.TCPConn)
	}
	_ = c.Close()
}

// counted returns the conn below what net/http works with.
func counted(c net.Conn) *conn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	return c.(*conn)
}

type connKey struct{}

// withConn makes the conn known to the handlers of its requests.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, counted(c))
}

// changed is net/http's report that a connection begins, rests or ends.
func (s *stats) changed(c net.Conn, state http.ConnState) {
	counted := counted(c)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch state {
	case http.StateIdle:
		s.settle(counted)
		if counted.current != nil {
			counted.last = counted.current
		}
		counted.current = nil
	case http.StateClosed:
		s.closed(counted)
	}
}

// closed books the rest and forgets the connection. The mutex is held.
func (s *stats) closed(c *conn) {
	s.settle(c)
	s.totals.Bytes.add(c.take()) // of a connection without any request
	delete(s.open, c)
}

// accepting is a listener that counts, and does the faults of connections.
type accepting struct {
	net.Listener
	stats  *stats
	faults *fault.Set
}

func (l *accepting) Accept() (net.Conn, error) {
	for {
		plain, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c := &conn{TCPConn: plain.(*net.TCPConn)}
		l.stats.mutex.Lock()
		l.stats.totals.Connections++
		l.stats.mutex.Unlock()
		rules, released := l.faults.ForConnection()
		if len(rules) == 0 {
			l.stats.mutex.Lock()
			l.stats.open[c] = struct{}{}
			l.stats.mutex.Unlock()
			return c, nil
		}
		if rules[0].Kind == fault.Drop {
			go c.end(rules[0].Reset)
			continue
		}
		go func() {
			<-released
			c.end(rules[0].Reset)
		}()
	}
}

// shaking is a listener whose connections have their TLS handshake behind them, so that its bytes
// can be told from those of the first request.
type shaking struct {
	*accepting
	config *tls.Config
	ready  chan *tls.Conn
	done   chan struct{}
	err    error // why accepting ended; set before done is closed
}

func newShaking(l *accepting, config *tls.Config) *shaking {
	s := &shaking{accepting: l, config: config, ready: make(chan *tls.Conn), done: make(chan struct{})}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				s.err = err
				close(s.done)
				return
			}
			go s.shake(c.(*conn))
		}
	}()
	return s
}

func (s *shaking) shake(c *conn) {
	ctx, cancel := context.WithTimeout(context.Background(), handshakeLimit)
	defer cancel()
	secure := tls.Server(c, s.config)
	c.byRecord = true
	err := secure.HandshakeContext(ctx)
	c.byRecord = false
	s.stats.mutex.Lock()
	b := c.take()
	s.stats.totals.Handshakes.add(b)
	s.stats.totals.Bytes.add(b)
	s.stats.mutex.Unlock()
	if err == nil {
		select {
		case s.ready <- secure:
			return
		case <-s.done:
		}
	}
	s.stats.mutex.Lock()
	s.stats.closed(c)
	s.stats.mutex.Unlock()
	c.end(false)
}

func (s *shaking) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case <-s.done:
		return nil, s.err
	}
}
