// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Style says how a file is written. Oddness is the chance of each liberty: 0 for what tools print, 0.3 for a museum.
type Style struct {
	Oddness float64
	step    int // spaces by which maps are indented
	inList  int // spaces by which lists are indented in maps
	gap     int // spaces behind a dash
}

// NewStyle draws the habits of one author.
func NewStyle(r *rand.Rand) Style {
	s := Style{step: 2, gap: 1}
	switch n := r.IntN(100); {
	case n < 50:
	case n < 75:
		s.Oddness = 0.02
	case n < 93:
		s.Oddness = 0.08
	default:
		s.Oddness = 0.25
	}
	if r.IntN(2) == 0 {
		s.inList = 2
	}
	if s.Oddness > 0.05 && r.IntN(3) == 0 {
		s.step = 1 + r.IntN(5)
		s.gap = 1 + r.IntN(3)
		s.inList = r.IntN(s.step + 1)
	}
	return s
}

// Plain is the style of what no reader stumbles over.
func Plain() Style { return Style{step: 2, gap: 1} }

// writer writes one document.
type writer struct {
	Style
	r       *rand.Rand
	seen    map[any]int    // how often a collection stands in the document
	anchors map[any]string // of collections and of strings that have been written
}

// Document writes one value as a document, without a separator; it ends in a line break.
func Document(value any, s Style, r *rand.Rand) string {
	w := &writer{Style: s, r: r, seen: map[any]int{}, anchors: map[any]string{}}
	w.count(value)
	part := w.node(value, w.step)
	lines := part.lines
	if part.head != "" {
		lines = append([]string{part.head}, lines...)
	}
	return strings.Join(lines, "\n") + "\n"
}

func (w *writer) odd() bool { return w.r.Float64() < w.Oddness }

func (w *writer) chance(p float64) bool { return w.r.Float64() < p }

// count finds what stands in several places, and so may be anchored.
func (w *writer) count(value any) {
	switch v := value.(type) {
	case *Map:
		w.seen[v]++
		if w.seen[v] > 1 {
			return
		}
		for _, entry := range v.Entries {
			w.count(entry.Value)
		}
		for _, below := range v.Merge {
			w.seen[below]++
		}
	case *List:
		w.seen[v]++
		if w.seen[v] > 1 {
			return
		}
		for _, item := range v.Items {
			w.count(item)
		}
	case Tagged:
		w.count(v.Value)
	}
}

// A part is a written node: what stands behind "key:" or "-", and the lines below it, not yet
// indented. A block part may begin on the line of a dash.
type part struct {
	head  string
	lines []string
	block bool
	list  bool
}

// node writes a value, whose lines the caller will indent by `step`.
func (w *writer) node(value any, step int) part {
	switch v := value.(type) {
	case *Map:
		return w.collection(v, func() part { return w.mapping(v) })
	case *List:
		return w.collection(v, func() part { return w.sequence(v) })
	case Tagged:
		inner := w.node(v.Value, step)
		inner.head = strings.TrimSpace(v.Tag + " " + inner.head)
		return inner
	}
	return w.scalar(value, step)
}

func (w *writer) collection(value any, write func() part) part {
	if name, ok := w.anchors[value]; ok {
		return part{head: "*" + name}
	}
	name := ""
	if w.seen[value] > 1 && w.chance(min(0.9, 0.05+w.Oddness*8)) {
		name = fmt.Sprintf("%s%d", pick(w.r, "a", "ref", "x-", "A_"), len(w.anchors))
	}
	written := write()
	if name != "" {
		// Known from here on: nothing may hold itself.
		w.anchors[value] = name
		written.head = strings.TrimSpace("&" + name + " " + written.head)
	}
	if w.odd() && w.odd() {
		tag := "!!map"
		if _, ok := value.(*List); ok {
			tag = "!!seq"
		}
		written.head = strings.TrimSpace(tag + " " + written.head)
	}
	return written
}

func (w *writer) mapping(m *Map) part {
	merged := w.mergeable(m)
	if merged == "" {
		m = m.flat()
	}
	if len(m.Entries) == 0 && merged == "" {
		return part{head: "{}"}
	}
	if merged == "" && (w.odd() || (len(m.Entries) < 3 && w.chance(w.Oddness/2))) {
		return w.flowPart(m)
	}
	var lines []string
	if merged != "" {
		lines = append(lines, "<<: "+merged)
	}
	for _, entry := range m.Entries {
		lines = append(lines, w.before()...)
		lines = append(lines, w.entry(entry)...)
	}
	return part{lines: lines, block: true}
}

// mergeable is what stands behind "<<:", or nothing unless all of it is anchored.
func (w *writer) mergeable(m *Map) string {
	var names []string
	for _, below := range m.Merge {
		name, ok := w.anchors[below]
		if !ok {
			return ""
		}
		names = append(names, "*"+name)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func (w *writer) entry(entry Entry) []string {
	key := w.key(entry.Key)
	value := w.node(entry.Value, w.step)
	indent := w.step
	if value.list {
		indent = w.inList
	}
	if w.odd() && w.odd() && w.odd() {
		// The long form of an entry.
		return append([]string{"? " + key, strings.TrimRight(": "+value.head, " ")},
			indented(value.lines, max(indent, 1))...)
	}
	if w.odd() && w.odd() {
		key += " "
	}
	first := key + ":"
	if value.head != "" {
		first += w.space() + value.head
	}
	if len(value.lines) == 0 || value.block {
		first += w.comment()
	}
	return append([]string{first}, indented(value.lines, indent)...)
}

func (w *writer) sequence(l *List) part {
	if len(l.Items) == 0 {
		return part{head: "[]"}
	}
	if w.odd() || (scalarsOnly(l) && w.chance(w.Oddness)) {
		return w.flowPart(l)
	}
	var lines []string
	for _, item := range l.Items {
		lines = append(lines, w.before()...)
		lines = append(lines, w.item(item)...)
	}
	return part{lines: lines, block: true, list: true}
}

func (w *writer) item(item any) []string {
	value := w.node(item, 1+w.gap)
	dash := "-" + strings.Repeat(" ", w.gap)
	if value.head == "" && value.block && len(value.lines) > 0 && !isComment(value.lines[0]) && !w.odd() {
		first := dash + value.lines[0]
		return append([]string{first}, indented(value.lines[1:], 1+w.gap)...)
	}
	first := strings.TrimRight(dash+value.head, " ")
	if len(value.lines) == 0 {
		first += w.comment()
	}
	return append([]string{first}, indented(value.lines, 1+w.gap)...)
}

func scalarsOnly(l *List) bool {
	for _, item := range l.Items {
		switch item.(type) {
		case *Map, *List:
			return false
		}
	}
	return true
}

func isComment(line string) bool { return line == "" || line[0] == '#' }

func (w *writer) space() string {
	if w.odd() && w.odd() {
		return strings.Repeat(" ", 2+w.r.IntN(3))
	}
	return " "
}

// before is what may stand above an entry or item: comments and empty lines.
func (w *writer) before() []string {
	if !w.chance(w.Oddness / 2) {
		return nil
	}
	return [][]string{{""}, {"# about the next line"}, {"#no space: here", "# - x"}, {"# ünïcode", ""}, {"",
		"", "# after two"}}[w.r.IntN(5)]
}

func (w *writer) comment() string {
	if !w.chance(w.Oddness / 3) {
		return ""
	}
	return pick(w.r, " # as it was", "  # {\"$patch\": delete}", " #", " # 'quoted' \"twice\"", "   ")
}

func indented(lines []string, by int) []string {
	margin := strings.Repeat(" ", by)
	moved := make([]string, 0, len(lines))
	for _, line := range lines {
		if line != "" {
			line = margin + line
		}
		moved = append(moved, line)
	}
	return moved
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }
