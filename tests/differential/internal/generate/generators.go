// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

func (g *gen) generators(l *layer) {
	if g.allows("configMapGenerator", 0.25) {
		g.feature("configMapGenerator")
		l.file.Set("configMapGenerator", g.generatorItems(l, "ConfigMap"))
	}
	if g.allows("secretGenerator", 0.15) {
		g.feature("secretGenerator")
		l.file.Set("secretGenerator", g.generatorItems(l, "Secret"))
	}
	if g.allows("generatorOptions", 0.1) {
		g.feature("generatorOptions")
		l.file.Set("generatorOptions", g.generatorOptions())
	}
}

func (g *gen) generatorOptions() *yamltext.Map {
	made := M()
	if g.chance(0.5) {
		made.Set("disableNameSuffixHash", g.chance(0.8))
	}
	if g.chance(0.4) {
		made.Set("labels", g.labelPairs())
	}
	if g.chance(0.4) {
		made.Set("annotations", M("generated", g.quotable()))
	}
	if g.chance(0.2) {
		made.Set("immutable", g.chance(0.8))
	}
	return made
}

func (g *gen) generatorItems(l *layer, kind string) *yamltext.List {
	items := L()
	for range pick(g, 1, 1, 2) {
		items.Add(g.generatorItem(l, kind))
	}
	return items
}

// generatorItem makes a new object, or changes one that is there.
func (g *gen) generatorItem(l *layer, kind string) *yamltext.Map {
	item := M()
	existing := l.of(kind)
	if len(existing) > 0 && g.chance(0.4) {
		o := pick(g, existing...)
		item.Set("name", o.original)
		item.Set("behavior", pick(g, "merge", "merge", "replace"))
		if o.first != "" {
			item.Set("namespace", o.first)
		}
		g.feature("generator behavior")
	} else {
		o := &object{apiVersion: "v1", kind: kind, original: g.nameOf(kind), generated: true}
		if g.chance(0.15) {
			o.namespace = g.namespaceName()
			o.first = o.namespace
			item.Set("namespace", o.namespace)
		}
		o.name = o.original
		for l.holds(o) || l.held(o) {
			o.original += "-2"
			o.name = o.original
		}
		o.body = M("apiVersion", "v1", "kind", kind, "metadata", M("name", o.name), "data", M("a", "x"))
		l.objects = append(l.objects, o)
		item.Set("name", o.original)
		if g.chance(0.1) {
			item.Set("behavior", "create")
		}
	}
	g.sources(l, item)
	if kind == "Secret" && g.chance(0.5) {
		item.Set("type", pick(g, "Opaque", "kubernetes.io/tls", "example.com/x"))
	}
	if g.chance(0.25) {
		g.feature("generator options")
		item.Set("options", g.generatorOptions())
	}
	return item
}

// fileTexts are what generators read.
var fileTexts = []string{
	"a=1\nb=2\n", "plain text", "", "\n", "ends without a break", "  indented\n\ttabbed \n", "ünïcode ☃\n", "\x00\x01\xff\xfe binary", "\xff", "line\r\nline\r\n", "a: b\nc:\n- 1\n",
	"trailing space \nx\n", "\ufeffbom\n", strings.Repeat("long line ",
		40) + "\n", "{\"json\": true}", "#!/bin/sh\nexec \"$@\"\n", "a\n\n\nb\n\n\n", "'single' \"double\"\n", "tab\tonly",
}

var envTexts = []string{
	"A=1\nB=two words\n", "# comment\n\nA=1\n", "A=\nB==x\n", "A=\"quoted\"\nB='single'\n", "export A=1\n", "A=1\r\nB=2\r\n", "  A=1\n", "A=1 # not a comment\n", "\ufeffA=1\n", "A=ünï\n", "NOVALUE\n",
	"A=1\nB=2", "A.b=1\nc-d=2\n", "A =1\n",
}

// sources are the pairs of a generator. A key is used once.
func (g *gen) sources(l *layer, item *yamltext.Map) {
	if g.chance(0.7) {
		literals := L()
		for _, key := range g.some(3, "a", "b", "LOG_LEVEL", "url", "x.y", "_z") {
			value := g.quotable()
			if g.chance(0.1) {
				value = pick(g, "'quoted'", "\"quoted\"", "a=b=c", "\"half", " spaced ", "''", "multi\nline",
					"'x\"")
			}
			literals.Add(key + "=" + value)
		}
		item.Set("literals", literals)
	}
	if g.chance(0.35) {
		g.feature("generator files")
		files := L()
		for range g.between(1, 2) {
			folder := g.aside(l)
			name := g.numbered("file", pick(g, ".txt", ".conf", ".yaml", ".bin", ""))
			g.files[path.Join(folder, name)] = pick(g, fileTexts...)
			listed := l.relative(path.Join(folder, name))
			if g.chance(0.4) {
				listed = g.numbered("key", pick(g, "", ".txt")) + "=" + listed
			}
			files.Add(listed)
		}
		item.Set("files", files)
	}
	if g.chance(0.2) {
		g.feature("generator envs")
		folder := g.aside(l)
		name := g.numbered("vars", ".env")
		text := pick(g, envTexts...)
		if literals, ok := item.Get("literals").(*yamltext.List); ok && len(literals.Items) > 0 && g.chance(0.9) {
			text = strings.ReplaceAll(text, "A", "E1")
		}
		g.files[path.Join(folder, name)] = text
		if g.chance(0.2) {
			item.Set("env", l.relative(path.Join(folder, name)))
		} else {
			item.Set("envs", L(l.relative(path.Join(folder, name))))
		}
	}
}
