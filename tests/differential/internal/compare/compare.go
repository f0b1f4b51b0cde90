// SPDX-License-Identifier: Apache-2.0

// Package compare tells whether primocane built a tree as kustomize did.
package compare

import (
	"fmt"
	"regexp"
	"strings"

	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/tree"
)

// A Class says how two builds relate.
type Class string

const (
	Same          Class = "same"
	BothFail      Class = "both fail"
	Differs       Class = "differs"
	OursFails     Class = "ours fails"
	OursAccepts   Class = "ours accepts what kustomize refuses"
	OursCrashes   Class = "ours crashes"
	TheirsCrashes Class = "kustomize crashes"
	Undecided     Class = "kustomize answers now this, now that"
	Known         Class = "known difference"
)

// Classes are all of them, as they are reported.
var Classes = []Class{Same, BothFail, TheirsCrashes, Undecided, Known, Differs, OursFails, OursAccepts, OursCrashes}

// IsWrong tells whether a build of that class is a fault of ours.
func (c Class) IsWrong() bool {
	switch c {
	case Differs, OursFails, OursAccepts, OursCrashes:
		return true
	}
	return false
}

// An Outcome is a class with what is alike in all trees that suffer from the same fault.
type Outcome struct {
	Class     Class
	Signature string
	Detail    string // the first lines that differ, or the message
}

// Outcomes compares two answers about one tree.
func Outcomes(t *tree.Tree, theirs, ours engine.Answer) Outcome {
	found := compare(theirs, ours)
	if !found.Class.IsWrong() {
		return found
	}
	for _, rule := range Rules {
		if rule.Fits(t, theirs, ours) {
			return Outcome{Known, rule.Name, found.Detail}
		}
	}
	return found
}

func compare(theirs, ours engine.Answer) Outcome {
	switch {
	case theirs.Result == engine.Crashed:
		first, _, _ := strings.Cut(theirs.Text, "\n")
		return Outcome{TheirsCrashes, Normal(first), theirs.Text}
	case ours.Result == engine.Crashed:
		return Outcome{OursCrashes, Normal(crash(ours.Text)), ours.Text}
	case theirs.Result == engine.Failed && ours.Result == engine.Failed:
		return Outcome{Class: BothFail, Signature: Normal(theirs.Text)}
	case theirs.Result == engine.Failed:
		return Outcome{OursAccepts, Normal(theirs.Text), theirs.Text}
	case ours.Result == engine.Failed:
		return Outcome{OursFails, Normal(ours.Text), ours.Text}
	case theirs.Text == ours.Text:
		return Outcome{Class: Same}
	}
	signature, detail := firstDifference(theirs.Text, ours.Text)
	return Outcome{Differs, signature, detail}
}

var (
	dump    = regexp.MustCompile(`(?s)^.*\}: `) // kustomize prints whole objects in some messages
	quoted  = regexp.MustCompile("\"[^\"]*\"|'[^']*'|`[^`]*`|\\[[^\\]]*\\]|\\([^)]*\\)")
	pathish = regexp.MustCompile(`[-\w.~/]*/[-\w.~/]*`)
	numbers = regexp.MustCompile(`\d+`)
	spaces  = regexp.MustCompile(`\s+`)
)

// Normal is a message without what differs from tree to tree.
func Normal(message string) string {
	// kustomize repeats the whole way to the place; what went wrong stands at the end.
	message = strings.TrimSpace(message)
	if at := strings.LastIndex(message, "recursed accumulation of path"); at >= 0 {
		message = message[at:]
	}
	message = dump.ReplaceAllString(message, "")
	message = quoted.ReplaceAllString(message, "Q")
	message = pathish.ReplaceAllString(message, "P")
	message = numbers.ReplaceAllString(message, "0")
	message = spaces.ReplaceAllString(message, " ")
	if len(message) > 160 {
		message = message[len(message)-160:]
	}
	return message
}

// crash is the line that tells most in what a dying program leaves.
func crash(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "ERROR:") || strings.Contains(line, "runtime error") ||
			strings.Contains(line, "Assertion") || strings.HasPrefix(strings.TrimSpace(line), "#0") {
			return line
		}
	}
	return text
}

const linesShown = 12

// firstDifference shows where two texts part, and names the fields there.
func firstDifference(theirs, ours string) (signature, detail string) {
	a, b := strings.Split(theirs, "\n"), strings.Split(ours, "\n")
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	var out strings.Builder
	for i := max(0, at-4); i < at; i++ {
		fmt.Fprintf(&out, "  %s\n", a[i])
	}
	for i := at; i < min(len(a), at+linesShown); i++ {
		fmt.Fprintf(&out, "- %s\n", a[i])
	}
	for i := at; i < min(len(b), at+linesShown); i++ {
		fmt.Fprintf(&out, "+ %s\n", b[i])
	}
	return signatureOf(lineAt(a, at), lineAt(b, at)), out.String()
}

func lineAt(lines []string, at int) string {
	if at < len(lines) {
		return lines[at]
	}
	return ""
}

// signatureOf tells two lines' relation without what differs from tree to tree.
func signatureOf(theirs, ours string) string {
	a, b := parseLine(theirs), parseLine(ours)
	switch {
	case a.key == b.key && a.depth == b.depth:
		return "a value: " + a.value + " | " + b.value
	case a.depth != b.depth:
		return "another depth: " + a.shown() + " | " + b.shown()
	}
	return a.shown() + " | " + b.shown()
}

// A line is what a signature keeps of one.
type line struct {
	depth int
	key   string // "" for what is no field
	value string // how it is written
}

func (l line) shown() string {
	key := l.key
	switch {
	case key == "" && l.value == "":
		return "END"
	case key == "":
		return "- " + l.value
	case !isKnown(key):
		key = "KEY"
	}
	return key + ": " + l.value
}

func parseLine(text string) line {
	content := strings.TrimLeft(text, " -")
	found := line{depth: len(text) - len(content)}
	key, value, isField := strings.Cut(content, ":")
	if isField && (value == "" || value[0] == ' ') {
		found.key, content = key, strings.TrimSpace(value)
	}
	found.value = styleOf(content)
	return found
}

// isKnown keeps the names of the API's own fields.
func isKnown(key string) bool {
	return len(key) < 24 && strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func styleOf(value string) string {
	if value == "" {
		return ""
	}
	style := "text"
	switch c := value[0]; {
	case strings.ContainsRune("'\"|>{[&*!", rune(c)):
		style = string(c)
	case c >= '0' && c <= '9' || c == '-' || c == '.':
		style = "number"
	case value == "true" || value == "false" || value == "null":
		style = value
	}
	if strings.Contains(value, "\\") {
		style += " with escapes"
	}
	if strings.Trim(value, printableASCII) != "" {
		style += " beyond ASCII"
	}
	return style
}

// printableASCII are all such characters.
var printableASCII = func() string {
	var all []byte
	for c := byte(' '); c < 0x7f; c++ {
		all = append(all, c)
	}
	return string(all)
}()
