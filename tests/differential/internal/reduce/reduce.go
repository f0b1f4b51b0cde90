// SPDX-License-Identifier: Apache-2.0

// Package reduce makes a tree as small as it can be while something stays true of it.
package reduce

import (
	"path"
	"slices"
	"strings"

	"primocane.dev/tests/differential/internal/tree"
)

// Tree drops files, list items, fields and documents as long as `holds` does. `tries` bounds the questions asked.
func Tree(t *tree.Tree, tries int, holds func(*tree.Tree) bool) *tree.Tree {
	r := &reducer{best: t.Clone(), tries: tries, holds: holds}
	for before := -1; before != r.best.Size() && r.tries > 0; {
		before = r.best.Size()
		r.dropFiles()
		for _, name := range r.best.Paths() {
			r.shrink(name)
		}
		r.flatten()
	}
	return r.best
}

type reducer struct {
	best  *tree.Tree
	tries int
	holds func(*tree.Tree) bool
}

// attempt keeps a changed tree if it still shows the fault.
func (r *reducer) attempt(change func(files map[string]string)) bool {
	if r.tries <= 0 {
		return false
	}
	r.tries--
	changed := r.best.Clone()
	change(changed.Files)
	if !r.holds(changed) {
		return false
	}
	r.best = changed
	return true
}

func (r *reducer) dropFiles() {
	for _, name := range r.best.Paths() {
		r.attempt(func(files map[string]string) { delete(files, name) })
	}
}

// shrink drops documents, then blocks of lines from the largest to the smallest, of one file.
func (r *reducer) shrink(name string) {
	if _, ok := r.best.Files[name]; !ok {
		return
	}
	r.dropBlocks(name, documents)
	r.dropBlocks(name, blocks)
	r.simplify(name)
}

type span struct{ from, to int }

// dropBlocks tries without each block; after a success the rest is cut anew. What could be left out
// only after that is found in the next round.
func (r *reducer) dropBlocks(name string, cut func(lines []string) []span) {
	for i := 0; ; i++ {
		lines := strings.SplitAfter(r.best.Files[name], "\n")
		spans := cut(lines)
		if i >= len(spans) {
			return
		}
		without := strings.Join(slices.Concat(lines[:spans[i].from], lines[spans[i].to:]), "")
		if len(without) < len(r.best.Files[name]) &&
			r.attempt(func(files map[string]string) { files[name] = without }) {
			i-- // another block is there now
		}
	}
}

// documents are the parts of a stream with their separators.
func documents(lines []string) []span {
	var found []span
	from := 0
	for i := 1; i <= len(lines); i++ {
		if i == len(lines) || strings.HasPrefix(lines[i], "---") {
			found = append(found, span{from, i})
			from = i
		}
	}
	if len(found) < 2 {
		return nil
	}
	return found
}

// blocks are lines with all that is indented below them, the largest first.
func blocks(lines []string) []span {
	var found []span
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			found = append(found, span{i, i + 1})
			continue
		}
		end := i + 1
		for end < len(lines) && (strings.TrimSpace(lines[end]) == "" || depth(lines[end]) > depth(line)) {
			end++
		}
		found = append(found, span{i, end})
		if end < len(lines) && strings.HasPrefix(strings.TrimLeft(lines[end], " "), "- ") &&
			depth(lines[end]) == depth(line) && !strings.HasPrefix(strings.TrimLeft(line, " "), "- ") {
			// A list that is not indented below its key.
			for end < len(lines) && (strings.HasPrefix(strings.TrimLeft(lines[end], " "), "- ") &&
				depth(lines[end]) == depth(line) || depth(lines[end]) > depth(line)) {
				end++
			}
			found = append(found, span{i, end})
		}
	}
	slices.SortStableFunc(found, func(a, b span) int { return (b.to - b.from) - (a.to - a.from) })
	return found
}

// depth is where the content of a line begins; behind the dash of a list item.
func depth(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// simplify tries what makes lines shorter: comments, items of flow collections, what a dash holds.
func (r *reducer) simplify(name string) {
	for i := 0; i < strings.Count(r.best.Files[name], "\n")+1; i++ {
		lines := strings.SplitAfter(r.best.Files[name], "\n")
		if i >= len(lines) {
			break
		}
		for _, shorter := range shorterLines(lines[i]) {
			changed := slices.Clone(lines)
			changed[i] = shorter
			if r.attempt(func(files map[string]string) { files[name] = strings.Join(changed, "") }) {
				i-- // once more, it may become shorter still
				break
			}
		}
	}
}

// shorterLines are what the line could be instead, each shorter than it.
func shorterLines(line string) []string {
	text := strings.TrimRight(line, "\r\n")
	ending := line[len(text):]
	var found []string
	add := func(shorter string) {
		if len(shorter) < len(text) {
			found = append(found, shorter+ending)
		}
	}
	if at := strings.Index(text, " #"); at >= 0 {
		add(text[:at])
	}
	if open := strings.IndexAny(text, "{["); open >= 0 {
		items := strings.Split(text[open:], ", ")
		for i := range items {
			if len(items) > 1 {
				kept := strings.Join(slices.Delete(slices.Clone(items), i, i+1), ", ")
				switch i {
				case 0:
					kept = text[open:open+1] + kept
				case len(items) - 1:
					kept += items[i][len(items[i])-1:]
				}
				add(text[:open] + kept)
			}
		}
	}
	if key, value, ok := strings.Cut(text, ": "); ok && len(value) > 1 {
		add(key + ": x")
		add(key + ": " + value[:len(value)/2])
		if strings.Contains(value, " ") {
			add(key + ": " + value[strings.Index(value, " ")+1:])
		}
	}
	return found
}

// flatten gives plain names to folders and files whose names are long.
func (r *reducer) flatten() {
	for _, name := range r.best.Paths() {
		folder, file := path.Split(name)
		if strings.HasPrefix(strings.ToLower(file), "kustomization") {
			continue
		}
		if short := strings.Map(asciiLetter, file); short != file && short != "" {
			r.attempt(func(files map[string]string) {
				for other, text := range files {
					files[other] = strings.ReplaceAll(text, file, short)
				}
				files[folder+short] = files[name]
				delete(files, name)
			})
		}
	}
}

func asciiLetter(c rune) rune {
	if c >= 0x80 {
		return -1
	}
	return c
}
