// SPDX-License-Identifier: Apache-2.0

// Package generate makes random kustomizations: layers, all fields, objects that refer to each other,
// YAML in all styles, and a share of mistakes. The same seed gives the same tree.
package generate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"primocane.dev/tests/differential/internal/tree"
	"primocane.dev/tests/differential/internal/yamltext"
)

// Options narrow what is generated.
type Options struct {
	Fields  []string // of kustomization files; all when empty
	Mistake float64  // the share of trees into which a mistake is put
	Plain   bool     // no odd YAML
}

// A Made is a tree with what is in it, for the statistics.
type Made struct {
	Tree     *tree.Tree
	Features []string
	Mistake  string // that was put in, or ""
}

type gen struct {
	r        *rand.Rand
	options  Options
	allowed  map[string]bool
	files    map[string]string
	features map[string]bool
	apps     []string
	labels   []string
	density  float64 // of fields: most trees hold few, so that most are built and differences are told apart
	folders  int     // made so far
	texts    int     // files of other kinds made so far
	shared   []*layer
}

// Tree makes the tree of that number.
func Tree(seed, number uint64, options Options) Made {
	g := &gen{
		r: rand.New(rand.NewPCG(seed,
			number)), options: options, allowed: map[string]bool{}, files: map[string]string{},
		features: map[string]bool{},
	}
	for _, field := range options.Fields {
		g.allowed[field] = true
	}
	g.density = pick(g, 0.1, 0.25, 0.25, 0.4, 0.4, 0.7, 1)
	g.apps = g.some(3, "web", "db", "api", "cache", "worker", "a", "my-app", "web-2", "metrics.v1", "x9")
	g.labels = g.some(3, "app", "tier", "app.kubernetes.io/name", "app.kubernetes.io/part-of", "env", "9to5",
		"Release")
	made := &tree.Tree{Folder: "overlay", Order: tree.OrderLegacy, Restrictor: tree.RestrictNone}
	if g.chance(0.3) {
		made.Order = tree.OrderNone
	}
	if g.chance(0.3) {
		made.Restrictor = tree.RestrictRoot
	}
	g.top(made.Restrictor == tree.RestrictNone)
	mistake := ""
	if g.chance(options.Mistake) {
		mistake = g.mistake()
	}
	made.Files = g.files
	return Made{made, slices.Sorted(maps.Keys(g.features)), mistake}
}

func (g *gen) chance(p float64) bool { return g.r.Float64() < p }

// some draws up to n of the words, at least one, in no order.
func (g *gen) some(n int, from ...string) []string {
	words := slices.Clone(from)
	g.r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return words[:min(len(words), 1+g.r.IntN(n))]
}

func pick[T any](g *gen, from ...T) T { return from[g.r.IntN(len(from))] }

// between draws a number from a to b.
func (g *gen) between(a, b int) int { return a + g.r.IntN(b-a+1) }

func (g *gen) feature(name string) { g.features[name] = true }

// allows draws whether a kustomization file gets the field.
func (g *gen) allows(field string, p float64) bool {
	drawn := g.chance(p * g.density) // always, so that a narrowed tree resembles the whole one
	return drawn && (len(g.allowed) == 0 || g.allowed[field])
}

func (g *gen) style() yamltext.Style {
	if g.options.Plain {
		return yamltext.Plain()
	}
	return yamltext.NewStyle(g.r)
}

// write puts documents into a file of the folder and returns its name.
func (g *gen) write(folder, name string, documents ...any) string {
	style := g.style()
	if style.Oddness > 0 {
		g.feature("odd YAML")
	}
	g.files[path.Join(folder, name)] = yamltext.Stream(documents, style, g.r)
	return name
}

// numbered is a name for another file.
func (g *gen) numbered(stem, ending string) string {
	g.texts++
	return fmt.Sprintf("%s-%d%s", stem, g.texts, ending)
}

// inline is a document as the text of a field.
func (g *gen) inline(documents ...any) string {
	style := g.style()
	if g.chance(0.8) {
		style = yamltext.Plain()
	}
	return strings.TrimPrefix(yamltext.Stream(documents, style, g.r), "\ufeff")
}
