// SPDX-License-Identifier: Apache-2.0

package fault

import (
	"strings"
	"sync"
)

// A Set holds the rules that are in force. It is safe for concurrent use.
type Set struct {
	mutex   sync.Mutex
	rules   []*counted
	changed chan struct{} // closed when the rules are replaced
}

// counted is a rule and how many requests have matched it.
type counted struct {
	Rule
	seen int
}

// NewSet returns a set without rules.
func NewSet() *Set { return &Set{changed: make(chan struct{})} }

// Replace puts the rules into force instead of those before, and lets go whatever they hold up.
func (s *Set) Replace(rules []Rule) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.rules = nil
	for _, r := range rules {
		s.rules = append(s.rules, &counted{Rule: r})
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Rules returns what is in force, also rules that have been used up.
func (s *Set) Rules() []Rule {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	all := []Rule{}
	for _, r := range s.rules {
		all = append(all, r.Rule)
	}
	return all
}

// ForRequest counts a request and returns the faults that hit it, in their order, and a channel
// that is closed when rules are replaced.
func (s *Set) ForRequest(uri string) ([]Rule, <-chan struct{}) {
	return s.take(func(r *Rule) bool { return !r.IsForConnections() && strings.Contains(uri, r.Match) })
}

// ForConnection is ForRequest for a new connection.
func (s *Set) ForConnection() ([]Rule, <-chan struct{}) {
	return s.take(func(r *Rule) bool { return r.IsForConnections() })
}

func (s *Set) take(matches func(*Rule) bool) ([]Rule, <-chan struct{}) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var hits []Rule
	for _, r := range s.rules {
		if !matches(&r.Rule) {
			continue
		}
		r.seen++
		if r.seen > r.Skip && (r.Times == 0 || r.seen <= r.Skip+r.Times) {
			hits = append(hits, r.Rule)
		}
	}
	return hits, s.changed
}
