// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"

	"primocane.dev/tests/differential/internal/yamltext"
)

func (g *gen) replacementFields(l *layer) {
	if !g.allows("replacements", 0.15) || len(l.objects) == 0 {
		return
	}
	items := L()
	for range pick(g, 1, 1, 2) {
		item := g.replacement(l)
		if item == nil {
			continue
		}
		if !g.chance(0.3) {
			items.Add(item)
			continue
		}
		g.feature("replacements by path")
		var document any = item
		if g.chance(0.5) {
			document = L(item)
		}
		folder := g.aside(l)
		name := g.write(folder, g.numbered("replacement", ".yaml"), document)
		items.Add(M("path", l.relative(path.Join(folder, name))))
	}
	if len(items.Items) > 0 {
		g.feature("replacements")
		l.file.Set("replacements", items)
	}
}

func (g *gen) replacement(l *layer) *yamltext.Map {
	source := pick(g, l.objects...)
	made := M()
	if g.chance(0.12) {
		g.feature("replacements.sourceValue")
		made.Set("sourceValue", g.quotable())
	} else {
		from := g.identity(source)
		if p := g.scalarPath(source.body); p != nil && !source.patched && g.chance(0.8) {
			from.Set("fieldPath", p.dotted(g))
		}
		if g.chance(0.15) {
			from.Set("options", M("delimiter", pick(g, "/", ":", "-", "."), "index", pick(g, 0, 0, 0, 1)))
			g.feature("replacements source options")
		}
		made.Set("source", from)
	}
	targets := L()
	for range pick(g, 1, 1, 2) {
		if target := g.replacementTarget(pick(g, l.objects...)); target != nil {
			targets.Add(target)
		}
	}
	if len(targets.Items) == 0 {
		return nil
	}
	return made.Set("targets", targets)
}

// identity names one object.
func (g *gen) identity(o *object) *yamltext.Map {
	made := M("kind", o.kind, "name", o.name)
	if g.chance(0.2) {
		made.Set("version", o.version())
	}
	if g.chance(0.2) && o.group() != "" {
		made.Set("group", o.group())
	}
	if g.chance(0.15) && o.namespace != "" {
		made.Set("namespace", o.namespace)
	}
	return made
}

func (g *gen) replacementTarget(o *object) *yamltext.Map {
	p := g.place(o.body, func(p *place) bool {
		_, isText := p.value.(string)
		return isText || isScalar(p.value) && p.value != nil && g.chance(0.05)
	})
	if p == nil || o.patched && g.chance(0.9) {
		return nil
	}
	made := M("select", g.identity(o))
	if g.chance(0.15) {
		g.feature("replacements reject")
		made.Set("reject", L(pick(g, M("name", "nobody"), M("kind", "Secret"), M("name", g.appName()),
			M("labelSelector", "app=web"))))
	}
	options := M()
	var paths *yamltext.List
	switch n := g.r.IntN(10); {
	case n < 6:
		paths = L(p.dotted(g))
	case n < 8:
		g.feature("replacements *")
		paths = L(p.wild(g))
	default:
		g.feature("replacements create")
		made.Set("select", pick(g, g.identity(o), M("kind", o.kind), g.target(o, true)))
		paths = L(pick(g, "spec.created", "metadata.annotations.created", `metadata.labels.example\.com/x`,
			"spec.list.[name=new].value", "metadata.annotations.[example.com/y]"))
		options.Set("create", true)
	}
	if g.chance(0.1) {
		paths.Add("metadata.name")
	}
	made.Set("fieldPaths", paths)
	if g.chance(0.2) {
		g.feature("replacements target options")
		options.Set("delimiter", pick(g, "/", ":", "-", "."))
		options.Set("index", pick(g, 0, 0, 1, -1))
	}
	if g.chance(0.05) {
		options.Set("encoding", "base64")
	}
	if g.chance(0.1) {
		options.Set("create", true)
	}
	if len(options.Entries) > 0 {
		made.Set("options", options)
	}
	return made
}
