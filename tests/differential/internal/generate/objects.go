// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

// An object is one that a layer holds, as far as the generator follows it.
type object struct {
	apiVersion string
	kind       string
	original   string // its name as written
	name       string // as the layers so far make it
	namespace  string
	first      string        // its namespace as written
	cluster    bool          // it has none
	body       *yamltext.Map // as written
	generated  bool          // its name ends in a hash
	deleted    bool          // by a patch
	patched    bool          // it may differ from what was written
}

func (o *object) group() string {
	group, _, found := strings.Cut(o.apiVersion, "/")
	if !found {
		return ""
	}
	return group
}

func (o *object) version() string {
	return o.apiVersion[strings.LastIndex(o.apiVersion, "/")+1:]
}

// key tells objects of one set apart.
func (o *object) key() string { return o.group() + "|" + o.kind + "|" + o.namespace + "|" + o.name }

// A shape makes the rest of one kind's objects.
type shape struct {
	apiVersion string
	kind       string
	suffix     string // that its names often end in, so that others can guess them
	weight     int
	cluster    bool // has no namespace
	fill       func(g *gen, o *object)
}

// nameOf guesses the name of an object of that kind, as those are named.
func (g *gen) nameOf(kind string) string {
	name := g.appName()
	for _, s := range shapes {
		if s.kind == kind && s.suffix != "" && g.chance(0.4) {
			return name + s.suffix
		}
	}
	return name
}

// object makes one of any kind.
func (g *gen) object() *object {
	total := 0
	for _, s := range shapes {
		total += s.weight
	}
	n := g.r.IntN(total)
	for _, s := range shapes {
		if n -= s.weight; n < 0 {
			return g.objectOf(s)
		}
	}
	return nil
}

// objectOfKind makes one of that kind.
func (g *gen) objectOfKind(kind string) *object {
	for _, s := range shapes {
		if s.kind == kind {
			return g.objectOf(s)
		}
	}
	panic("no shape of " + kind)
}

func (g *gen) objectOf(s shape) *object {
	o := &object{apiVersion: s.apiVersion, kind: s.kind, original: g.nameOf(s.kind), cluster: s.cluster}
	if !s.cluster && g.chance(0.25) {
		o.namespace = g.namespaceName()
		o.first = o.namespace
	}
	o.name = o.original
	meta := M("name", o.original)
	if o.namespace != "" {
		meta.Set("namespace", o.namespace)
	}
	if g.chance(0.5) {
		meta.Set("labels", g.labelMap())
	}
	if g.chance(0.25) {
		meta.Set("annotations", g.annotations())
	}
	if g.chance(0.04) {
		meta.Set("finalizers", L("example.com/guard"))
	}
	if g.chance(0.03) {
		meta.Set("ownerReferences", L(M("apiVersion", "v1", "kind", "ConfigMap", "name",
			g.nameOf("ConfigMap"), "uid", "0-1")))
	}
	if g.chance(0.03) {
		meta.Set("creationTimestamp", nil)
	}
	o.body = M("apiVersion", o.apiVersion, "kind", o.kind, "metadata", meta)
	s.fill(g, o)
	if g.chance(0.03) {
		o.body.Set("status", M("phase", g.word()))
	}
	if g.chance(0.1) {
		g.shuffle(o.body)
	}
	return o
}

func (g *gen) shuffle(m *yamltext.Map) {
	g.r.Shuffle(len(m.Entries), func(i, j int) { m.Entries[i], m.Entries[j] = m.Entries[j], m.Entries[i] })
}

func (g *gen) namespaceName() string {
	return pick(g, "default", "apps", "prod", "kube-system", "data")
}

func (g *gen) labelMap() *yamltext.Map {
	made := M()
	for _, label := range g.labels {
		if g.chance(0.7) {
			made.Set(label, g.labelValue())
		}
	}
	if len(made.Entries) == 0 && g.chance(0.8) {
		made.Set("app", g.appName())
	}
	return made
}

// selector are a few labels that nothing else reads as a number.
func (g *gen) selector() *yamltext.Map { return M("app", g.appName()) }

func (g *gen) annotations() *yamltext.Map {
	made := M()
	for range g.between(0, 3) {
		made.Set(pick(g, "note", "example.com/a", "prometheus.io/scrape", "description", "checksum/config"),
			g.text())
	}
	switch n := g.r.IntN(100); {
	case n < 3:
		made.Set("config.kubernetes.io/local-config", pick(g, "true", "false"))
		g.feature("local config")
	case n < 6:
		made.Set("kustomize.config.k8s.io/needs-hash", pick(g, "true", "false", "enabled"))
		g.feature("needs-hash")
	case n < 8:
		made.Set("kustomize.config.k8s.io/behavior", pick(g, "merge", "replace", "create"))
		g.feature("behavior annotation")
	case n < 9:
		made.Set(pick(g, "config.kubernetes.io/index", "internal.config.kubernetes.io/path",
			"config.k8s.io/id", "config.kubernetes.io/path"), pick(g, "0", "x"))
		g.feature("notes of tools")
	}
	return made
}
