// SPDX-License-Identifier: Apache-2.0

package fault

import (
	"errors"
	"io"
	"time"
)

// ErrEnded is returned by a faulty stream that takes no more bytes.
var ErrEnded = errors.New("ended by a fault")

// An End is what a stream can do to its connection.
type End struct {
	// Close closes the connection, by a TCP reset if asked for.
	Close func(reset bool)
	// Gone is closed when the peer has left. A stall ends then, or when Released is closed.
	Gone, Released <-chan struct{}
}

// Stream wraps a writer so that the rules for streams happen to what is written. The writer must
// deliver its bytes at once. Writing nothing sets off what is to happen after zero bytes.
func Stream(w io.Writer, end End, rules []Rule) io.Writer {
	for _, rule := range rules {
		switch rule.Kind {
		case Slow:
			w = &slow{w, end, rule.BytesPerSecond}
		case Stall, Cut, Truncate:
			w = &limited{w, end, rule, rule.AfterBytes, false}
		case Corrupt:
			w = &corrupt{w, rule.AfterBytes}
		}
	}
	return w
}

// slow writes at a rate, in pieces of a twentieth of a second's worth.
type slow struct {
	w    io.Writer
	end  End
	rate int64
}

func (s *slow) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return s.w.Write(p)
	}
	written := 0
	for written < len(p) {
		piece := p[written:min(len(p), written+int(max(1, s.rate/20)))]
		n, err := s.w.Write(piece)
		written += n
		if err != nil {
			return written, err
		}
		select {
		case <-s.end.Gone:
			return written, ErrEnded
		case <-s.end.Released: // the rule is gone: the rest at full speed
			n, err := s.w.Write(p[written:])
			return written + n, err
		case <-time.After(time.Duration(n) * time.Second / time.Duration(s.rate)):
		}
	}
	return written, nil
}

// limited passes a number of bytes on, then does what its rule says.
type limited struct {
	w     io.Writer
	end   End
	rule  Rule
	left  int64
	ended bool
}

func (l *limited) Write(p []byte) (int, error) {
	if l.ended {
		return 0, ErrEnded
	}
	if l.left > 0 && int64(len(p)) < l.left {
		n, err := l.w.Write(p)
		l.left -= int64(n)
		return n, err
	}
	n, err := 0, error(nil)
	if l.left > 0 {
		n, err = l.w.Write(p[:l.left])
	}
	l.ended = true
	if err != nil {
		return n, err
	}
	switch l.rule.Kind {
	case Stall:
		select {
		case <-l.end.Gone:
		case <-l.end.Released:
		}
		l.end.Close(false)
	case Cut:
		l.end.Close(l.rule.Reset)
	}
	return n, ErrEnded
}

// corrupt inverts one byte.
type corrupt struct {
	w    io.Writer
	left int64
}

func (c *corrupt) Write(p []byte) (int, error) {
	at := c.left
	c.left -= int64(len(p))
	if at < 0 || at >= int64(len(p)) {
		return c.w.Write(p)
	}
	damaged := append([]byte(nil), p...)
	damaged[at] ^= 0xff
	return c.w.Write(damaged)
}
