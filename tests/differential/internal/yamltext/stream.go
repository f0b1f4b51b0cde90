// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"math/rand/v2"
	"strings"
)

// Stream writes documents as a file.
func Stream(values []any, s Style, r *rand.Rand) string {
	w := &writer{Style: s, r: r}
	var out strings.Builder
	if w.odd() {
		out.WriteString(pick(r, "---\n", "# a head\n---\n", "\n", "--- # first\n", "# only a comment\n\n"))
	} else if w.chance(0.1) {
		out.WriteString("---\n")
	}
	if len(values) > 1 && w.odd() {
		out.WriteString("---\n---\n") // of files of objects, because other readers take the first document
	}
	for i, value := range values {
		if i > 0 {
			out.WriteString("---")
			if w.odd() {
				out.WriteString(pick(r, " ", " # next", "\n---", "\n# empty\n---", "\n\n", "\nnull\n---"))
			}
			out.WriteString("\n")
		}
		out.WriteString(Document(value, s, r))
	}
	return w.disguise(out.String())
}

// disguise changes what editors and systems change.
func (w *writer) disguise(text string) string {
	if w.odd() {
		text += pick(w.r, "\n", "---\n", "# the end\n", "...\n", "---\n# nothing\n", "  \n")
	}
	if w.odd() {
		text = strings.TrimSuffix(text, "\n")
	}
	if w.odd() && w.chance(0.3) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if w.odd() && w.chance(0.2) {
		text = "\ufeff" + text
	}
	if w.odd() && w.chance(0.3) {
		text = strings.ReplaceAll(text, ":\n", ": \n")
	}
	return text
}
