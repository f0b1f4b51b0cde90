// SPDX-License-Identifier: Apache-2.0

package fault

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, bad := range []string{
		``, `{}`, `[{}]`, `[{"kind":"sluggish"}]`, `[{"kind":"cut","after":3}]`, `[{"kind":"slow"}]`,
		`[{"kind":"status"}]`, `[{"kind":"status","code":99}]`, `[{"kind":"redirect","code":200}]`,
		`[{"kind":"mute","match":"/x"}]`, `[{"kind":"cut","after_bytes":-1}]`,
	} {
		if rules, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%s was taken as %+v", bad, rules)
		}
	}
}

func TestARuleSkipsAndIsUsedUp(t *testing.T) {
	s := NewSet()
	s.Replace([]Rule{{Kind: Cut, Match: "/a.git", Skip: 1, Times: 2}})
	var hits []int
	for range 5 {
		rules, _ := s.ForRequest("/a.git/info/refs")
		hits = append(hits, len(rules))
		if other, _ := s.ForRequest("/b.git/info/refs"); len(other) != 0 {
			t.Error("a foreign path was hit")
		}
	}
	if want := []int{0, 1, 1, 0, 0}; !equal(hits, want) {
		t.Errorf("hits %v, want %v", hits, want)
	}
}

func equal(a, b []int) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestConnectionsAndRequestsAreCountedApart(t *testing.T) {
	s := NewSet()
	s.Replace([]Rule{{Kind: Drop, Times: 1}, {Kind: V0}})
	if rules, _ := s.ForRequest("/"); len(rules) != 1 || rules[0].Kind != V0 {
		t.Errorf("request: %+v", rules)
	}
	if rules, _ := s.ForConnection(); len(rules) != 1 || rules[0].Kind != Drop {
		t.Errorf("connection: %+v", rules)
	}
	if rules, _ := s.ForConnection(); len(rules) != 0 {
		t.Errorf("second connection: %+v", rules)
	}
}

func TestARedirectKeepsWhatFollowsTheMatch(t *testing.T) {
	uri := "/old.git/info/refs?service=git-upload-pack"
	for _, c := range []struct{ match, to, want string }{
		{"/old.git", "/new.git", "/new.git/info/refs?service=git-upload-pack"},
		{"/old.git", "https://localhost:1/new.git", "https://localhost:1/new.git/info/refs?service=git-upload-pack"},
		{"", "http://127.0.0.1:2", "http://127.0.0.1:2" + uri},
	} {
		if got := (Rule{Match: c.match, To: c.to}).Location(uri); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// closing records how a connection was closed.
type closing struct{ closed, reset bool }

func (c *closing) end() End {
	never := make(chan struct{})
	return End{
		Close:    func(reset bool) { c.closed, c.reset = true, reset },
		Gone:     never,
		Released: never,
	}
}

func TestAStreamIsCutTruncatedAndCorruptedAtTheByte(t *testing.T) {
	for _, c := range []struct {
		rule          Rule
		want          string
		ended, closed bool
	}{
		{Rule{Kind: Cut, AfterBytes: 5, Reset: true}, "01234", true, true},
		{Rule{Kind: Cut, AfterBytes: 4}, "0123", true, true},
		{Rule{Kind: Cut, AfterBytes: 8}, "01234567", true, true},
		{Rule{Kind: Cut, AfterBytes: 9}, "01234567", false, false},
		{Rule{Kind: Cut}, "", true, true},
		{Rule{Kind: Truncate, AfterBytes: 5}, "01234", true, false},
		{Rule{Kind: Corrupt, AfterBytes: 0}, "\xcf1234567", false, false},
		{Rule{Kind: Corrupt, AfterBytes: 4}, "0123\xcb567", false, false},
		{Rule{Kind: Corrupt, AfterBytes: 8}, "01234567", false, false},
	} {
		var out bytes.Buffer
		var conn closing
		w := Stream(&out, conn.end(), []Rule{c.rule})
		var err error
		for _, part := range []string{"", "0123", "4567"} {
			if err == nil {
				_, err = w.Write([]byte(part))
			}
		}
		if out.String() != c.want || errors.Is(err, ErrEnded) != c.ended || conn.closed != c.closed {
			t.Errorf("%+v: %q, %v, closed %t", c.rule, out.String(), err, conn.closed)
		}
		if conn.reset != c.rule.Reset {
			t.Errorf("%+v: reset %t", c.rule, conn.reset)
		}
	}
}

func TestASlowStreamKeepsItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		start := time.Now()
		w := Stream(&out, (&closing{}).end(), []Rule{{Kind: Slow, BytesPerSecond: 1000}})
		if _, err := w.Write(make([]byte, 3000)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 3*time.Second || out.Len() != 3000 {
			t.Errorf("%d bytes in %v", out.Len(), took)
		}
	})
}

func TestAStallLastsUntilThePeerLeavesOrTheRuleDoes(t *testing.T) {
	for _, byPeer := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			var conn closing
			end := conn.end()
			over := make(chan struct{})
			if byPeer {
				end.Gone = over
			} else {
				end.Released = over
			}
			time.AfterFunc(time.Hour, func() { close(over) })
			start := time.Now()
			_, err := Stream(&out, end, []Rule{{Kind: Stall, AfterBytes: 2}}).Write([]byte("0123"))
			if out.String() != "01" || !errors.Is(err, ErrEnded) || !conn.closed || time.Since(start) != time.Hour {
				t.Errorf("%q, %v, closed %t after %v", out.String(), err, conn.closed, time.Since(start))
			}
		})
	}
}
