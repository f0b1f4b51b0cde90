// SPDX-License-Identifier: Apache-2.0

// Package fault says what a Git server shall do wrong, and does the part that is done to a stream.
package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A Kind is a way to misbehave.
type Kind string

// What each kind does, and the fields of Rule that it reads.
const (
	Slow     Kind = "slow"     // sends bytes_per_second of the answer's body
	Stall    Kind = "stall"    // says nothing more after after_bytes of the body; at 0 no header either
	Cut      Kind = "cut"      // closes the connection after after_bytes; with reset by a TCP reset
	Truncate Kind = "truncate" // ends the body after after_bytes as if it were complete
	Corrupt  Kind = "corrupt"  // inverts the body's byte number after_bytes
	Status   Kind = "status"   // answers code, with retry_after, body and content_type if given
	Redirect Kind = "redirect" // answers code (302), Location: to, then what follows match in the request
	V0       Kind = "v0"       // does not see Git-Protocol, so that version 0 is spoken
	Mute     Kind = "mute"     // new connections are accepted and never served, TLS neither
	Drop     Kind = "drop"     // new connections are closed at once
)

// A Rule is one fault. It hits the requests whose "path?query" contains Match, but for the first
// Skip of them, and Times of them, or all if that is 0. Rules for connections (Mute, Drop) hit
// connections, and Match is not for them.
type Rule struct {
	Kind           Kind   `json:"kind"`
	Match          string `json:"match,omitempty"`
	Skip           int    `json:"skip,omitempty"`
	Times          int    `json:"times,omitempty"`
	BytesPerSecond int64  `json:"bytes_per_second,omitempty"`
	AfterBytes     int64  `json:"after_bytes,omitempty"`
	Reset          bool   `json:"reset,omitempty"`
	Code           int    `json:"code,omitempty"`
	RetryAfter     string `json:"retry_after,omitempty"`
	Body           string `json:"body,omitempty"`
	ContentType    string `json:"content_type,omitempty"`
	To             string `json:"to,omitempty"`
}

// IsForConnections tells the faults of whole connections from those of requests.
func (r Rule) IsForConnections() bool { return r.Kind == Mute || r.Kind == Drop }

// IsForStreams tells the faults which Stream does.
func (r Rule) IsForStreams() bool {
	switch r.Kind {
	case Slow, Stall, Cut, Truncate, Corrupt:
		return true
	}
	return false
}

// Location is where a redirect of the request URI leads.
func (r Rule) Location(uri string) string {
	_, after, _ := strings.Cut(uri, r.Match)
	return r.To + after
}

// Parse reads a JSON array of rules. What it does not know is an error.
func Parse(data []byte) ([]Rule, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	rules := []Rule{}
	if err := decoder.Decode(&rules); err != nil {
		return nil, err
	}
	for i := range rules {
		if err := rules[i].check(); err != nil {
			return nil, fmt.Errorf("rule %d (%s): %w", i, rules[i].Kind, err)
		}
	}
	return rules, nil
}

// check refuses what makes no sense and fills in defaults.
func (r *Rule) check() error {
	switch r.Kind {
	case Slow:
		if r.BytesPerSecond <= 0 {
			return errors.New("bytes_per_second must be given")
		}
	case Status:
		if r.Code < 200 || r.Code > 599 {
			return errors.New("code must be between 200 and 599")
		}
	case Redirect:
		if r.Code == 0 {
			r.Code = 302
		}
		if r.Code < 300 || r.Code > 399 {
			return errors.New("code must be between 300 and 399")
		}
	case Mute, Drop:
		if r.Match != "" {
			return errors.New("a connection has no path to match")
		}
	case Stall, Cut, Truncate, Corrupt, V0:
	default:
		return errors.New("unknown kind")
	}
	if r.AfterBytes < 0 || r.Skip < 0 || r.Times < 0 {
		return errors.New("counts must not be negative")
	}
	return nil
}
