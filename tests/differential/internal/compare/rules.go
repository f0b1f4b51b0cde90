// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"strings"

	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/tree"
)

// A Rule is a difference that is wanted, or known and accepted; docs/kustomize.md lists them for users.
type Rule struct {
	Name   string
	Reason string
	Fits   func(t *tree.Tree, theirs, ours engine.Answer) bool
}

// Rules are all of them. A tree to which one applies is not compared further.
var Rules = []Rule{
	{
		Name: "characters that break lines",
		Reason: "kustomize's printer breaks the line at U+0085, U+2028 and U+2029 and its reader then has a space there: " +
			"the character is lost. Ours keeps it, as an escape.",
		Fits: func(t *tree.Tree, _, _ engine.Answer) bool {
			return holds(t, "\u0085", "\u2028", "\u2029", `\u0085`, `\u2028`, `\u2029`, `\x85`, `\N`, `\L`, `\P`)
		},
	},
	{
		Name: "characters that kustomize cannot read back",
		Reason: "kustomize prints some control characters (U+007F) unescaped and then refuses its own text. " +
			"Kubernetes takes them.",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "control characters are not allowed")
		},
	},
	{
		Name: "keys that look like numbers",
		Reason: "kustomize prints the key of a label or annotation that it adds without quotes and then refuses its own text " +
			"(labels: {\"7\": x}).",
		Fits: func(_ *tree.Tree, theirs, ours engine.Answer) bool {
			return refusal(theirs, ours, "json: unsupported type: map[interface {}]interface {}")
		},
	},
}

// holds tells whether one of the texts stands in a file.
func holds(t *tree.Tree, texts ...string) bool {
	for _, file := range t.Files {
		for _, text := range texts {
			if strings.Contains(file, text) {
				return true
			}
		}
	}
	return false
}

// refusal tells whether kustomize alone refuses, with that in its message.
func refusal(theirs, ours engine.Answer, message string) bool {
	return theirs.Result == engine.Failed && ours.Result == engine.Built && strings.Contains(theirs.Text, message)
}
