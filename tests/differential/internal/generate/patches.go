// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

func (g *gen) patchFields(l *layer) {
	if len(l.objects) == 0 {
		return
	}
	if g.allows("patches", 0.4) {
		items := L()
		for range pick(g, 1, 1, 2, 3) {
			items.Add(g.patchItem(l))
			if l.forget(); len(l.objects) == 0 {
				break
			}
		}
		g.feature("patches")
		l.file.Set("patches", items)
	}
	if g.allows("patchesStrategicMerge", 0.08) && len(l.objects) > 0 {
		g.feature("patchesStrategicMerge")
		items := L()
		for range pick(g, 1, 2) {
			if l.forget(); len(l.objects) == 0 {
				break
			}
			patch := g.mergePatch(pick(g, l.objects...))
			if g.chance(0.4) {
				items.Add(g.inline(patch))
			} else {
				items.Add(g.patchFile(l, patch))
			}
		}
		l.file.Set("patchesStrategicMerge", items)
	}
	if l.forget(); g.allows("patchesJson6902", 0.08) && len(l.objects) > 0 {
		g.feature("patchesJson6902")
		items := L()
		o := pick(g, l.objects...)
		target := M("version", o.version(), "kind", o.kind, "name", o.name)
		if o.group() != "" {
			target.Set("group", o.group())
		}
		item := M("target", target)
		g.setPatch(l, item, g.jsonPatch(o))
		items.Add(item)
		l.file.Set("patchesJson6902", items)
	}
}

// patchFile writes a patch and returns how the layer names its file.
func (g *gen) patchFile(l *layer, documents ...any) string {
	folder := g.aside(l)
	name := g.write(folder, g.numbered("patch", pick(g, ".yaml", ".yml", ".json6902")), documents...)
	return l.relative(path.Join(folder, name))
}

// setPatch puts a JSON patch into an item, inline or by path, as YAML or as JSON.
func (g *gen) setPatch(l *layer, item *yamltext.Map, operations *yamltext.List) {
	text := ""
	if g.chance(0.25) {
		text = yamltext.JSON(operations) + pick(g, "", "\n")
		g.feature("JSON patch as JSON")
	} else {
		text = g.inline(operations)
	}
	if g.chance(0.5) {
		item.Set("patch", text)
		return
	}
	name := g.numbered("ops", pick(g, ".yaml", ".json"))
	folder := g.aside(l)
	g.files[path.Join(folder, name)] = text
	item.Set("path", l.relative(path.Join(folder, name)))
}

func (g *gen) patchItem(l *layer) *yamltext.Map {
	o := pick(g, l.objects...)
	item := M()
	if g.chance(0.4) {
		g.feature("patch JSON6902")
		g.setPatch(l, item, g.jsonPatch(o))
		item.Set("target", g.exactTarget(o))
		if g.chance(0.2) {
			item = M("patch", `[{"op": "add", "path": "/metadata/annotations", "value": {"wide": "yes"}}]`,
				"target", g.target(o, false))
		}
		return item
	}
	g.feature("patch SMP")
	patch := g.mergePatch(o)
	documents := []any{patch}
	switch {
	case g.chance(0.3):
		g.feature("patch SMP with target")
		item.Set("target", g.target(o, true))
		if g.chance(0.3) {
			patch.Get("metadata").(*yamltext.Map).Set("name", pick(g, "any", "not-used"))
		}
	case g.chance(0.1):
		documents = append(documents, g.mergePatch(pick(g, l.objects...)))
		g.feature("several patches in a file")
	}
	if g.chance(0.5) {
		item.Set("path", g.patchFile(l, documents...))
	} else {
		item.Set("patch", g.inline(documents...))
	}
	g.patchOptions(item, patch, o)
	return item
}

func (g *gen) patchOptions(item, patch *yamltext.Map, o *object) {
	if !g.chance(0.08) {
		return
	}
	g.feature("patch options")
	item.Set("options", M(pick(g, "allowNameChange", "allowKindChange"), true))
	if !g.chance(0.6) {
		return
	}
	item.Set("target", M("kind", o.kind, "name", o.name))
	if g.chance(0.5) {
		item.Set("options", M("allowNameChange", true))
		patch.Get("metadata").(*yamltext.Map).Set("name", "renamed-"+o.original)
		return
	}
	item.Set("options", M("allowKindChange", true, "allowNameChange", g.chance(0.5)))
	patch.Set("kind", pick(g, "Widget", "DaemonSet"))
}

// exactTarget selects the object alone.
func (g *gen) exactTarget(o *object) *yamltext.Map {
	made := M("kind", o.kind, "name", pick(g, o.name, o.name, o.original))
	if g.chance(0.2) {
		made.Set("version", o.version())
	}
	if g.chance(0.2) && o.group() != "" {
		made.Set("group", o.group())
	}
	return made
}

// target selects the object, and often more. One that a merge patch of one kind is meant for is not selected too widely.
func (g *gen) target(o *object, narrow bool) *yamltext.Map {
	made := M()
	if narrow || g.chance(0.9) {
		made.Set("kind", o.kind)
		if g.chance(0.1) {
			made.Set("kind", pick(g, o.kind+"|None", ".*"+o.kind[1:], "("+o.kind+")"))
			g.feature("regular expressions")
		}
	}
	if g.chance(0.7) {
		made.Set("name", pick(g, o.name, o.name, o.original))
		if g.chance(0.15) {
			made.Set("name", pick(g, ".*", o.original+".*", "[a-z].*", strings.ReplaceAll(o.name, ".", `\.`)))
			g.feature("regular expressions")
		}
	}
	if g.chance(0.2) {
		made.Set("version", o.version())
	}
	if g.chance(0.2) && o.group() != "" {
		made.Set("group", o.group())
	}
	if g.chance(0.1) && o.namespace != "" {
		made.Set("namespace", o.namespace)
	}
	if g.chance(0.1) {
		g.feature("label selectors")
		made.Set("labelSelector", pick(g, "app=web", "app", "!app", "app in (web, db)", "tier notin (x)",
			"app!=web,env", "app==db"))
	}
	if g.chance(0.04) {
		g.feature("annotation selectors")
		made.Set("annotationSelector", pick(g, "note", "note=one", "!note"))
	}
	return made
}

// mergePatch changes an object by a part of it.
func (g *gen) mergePatch(o *object) *yamltext.Map {
	name, namespace := o.name, o.namespace
	if g.chance(0.3) {
		name, namespace = o.original, o.first
	}
	meta := M("name", name)
	if namespace != "" {
		meta.Set("namespace", namespace)
	}
	patch := M("apiVersion", o.apiVersion, "kind", o.kind, "metadata", meta)
	o.patched = true
	if g.chance(0.04) {
		g.feature("$patch")
		directive := pick(g, "delete", "delete", "replace")
		o.deleted = directive == "delete"
		return patch.Set("$patch", directive)
	}
	if g.chance(0.3) {
		meta.Set(pick(g, "labels", "annotations"), M(pick(g, "app", "patched", "example.com/x"), pick[any](g,
			"yes", "two words", nil)))
	}
	for _, entry := range g.change(o.body, 5).Entries {
		switch key := entry.Key.(string); key {
		case "apiVersion", "kind":
		case "metadata":
			for _, inner := range entry.Value.(*yamltext.Map).Entries {
				if inner.Key != "name" && inner.Key != "namespace" {
					meta.Set(inner.Key.(string), inner.Value)
				}
			}
		default:
			patch.Set(key, entry.Value)
		}
	}
	return patch
}

// change is a merge patch for a mapping.
func (g *gen) change(from *yamltext.Map, depth int) *yamltext.Map {
	made := M()
	if depth < 5 && g.chance(0.04) {
		g.feature("$patch")
		made.Set("$patch", pick(g, "delete", "replace", "merge"))
	}
	for _, entry := range from.Entries {
		key, ok := entry.Key.(string)
		if !ok || !g.chance(min(1, 2.0/float64(len(from.Entries)))) {
			continue
		}
		inner, isMap := entry.Value.(*yamltext.Map)
		if depth == 5 && key == "metadata" {
			made.Set(key, g.change(inner, depth-1))
			continue
		}
		switch {
		case g.chance(0.06):
			made.Set(key, nil)
			g.feature("patch null")
		case isMap:
			made.Set(key, g.change(inner, depth-1))
		default:
			made.Set(key, g.changed(key, entry.Value, depth))
		}
	}
	if g.chance(0.1) && depth < 5 {
		made.Set(g.fieldName(), g.value(1))
	}
	return made
}

func (g *gen) changed(key string, value any, depth int) any {
	list, ok := value.(*yamltext.List)
	if !ok {
		return g.similar(value)
	}
	made := L()
	for _, item := range list.Items {
		inner, isMap := item.(*yamltext.Map)
		if !isMap {
			if g.chance(0.5) {
				made.Add(item)
			}
			continue
		}
		if g.chance(0.6) {
			made.Add(g.changedItem(key, inner, depth))
		}
	}
	switch {
	case len(list.Items) > 0 && isScalar(list.Items[0]) && g.chance(0.6):
		made.Add("added")
	case g.chance(0.2) && len(list.Items) > 0 && !isScalar(list.Items[0]):
		if key := mergeKey(key, list.Items[0]); key != "" {
			made.Add(M(key, pick[any](g, "added", 8081), "extra", "x"))
		}
	}
	if g.chance(0.03) {
		g.feature("$patch")
		made.Add(M("$patch", pick(g, "replace", "delete", "merge")))
	}
	return made
}

// changedItem changes or deletes one item of a list that is merged by a key.
func (g *gen) changedItem(list string, item *yamltext.Map, depth int) *yamltext.Map {
	key := mergeKey(list, item)
	if key == "" {
		return g.change(item, depth-1)
	}
	if g.chance(0.1) {
		g.feature("$patch")
		return M(key, item.Get(key), "$patch", "delete")
	}
	made := g.change(item, depth-1)
	if !g.chance(0.03) {
		made.Set(key, item.Get(key))
	}
	if list == "ports" && item.Get("protocol") != nil {
		made.Set("protocol", item.Get("protocol"))
	}
	if g.chance(0.3) {
		g.shuffle(made)
	}
	return made
}

// mergeKey is what tells the items of that list apart, or "".
func mergeKey(list string, item any) string {
	inner, ok := item.(*yamltext.Map)
	if !ok {
		return ""
	}
	keys := []string{"name", "mountPath", "ip", "topologyKey", "key", "host", "path"}
	if list == "ports" {
		keys = []string{"containerPort", "port"}
	}
	for _, key := range keys {
		if inner.Get(key) != nil {
			return key
		}
	}
	return ""
}

// similar is another scalar of the same kind, mostly.
func (g *gen) similar(value any) any {
	if g.chance(0.1) {
		return g.scalar()
	}
	switch value.(type) {
	case int:
		return g.between(1, 99)
	case bool:
		return g.chance(0.5)
	}
	return g.text()
}

// jsonPatch is a list of operations on the object.
func (g *gen) jsonPatch(o *object) *yamltext.List {
	made := L()
	for range pick(g, 1, 1, 2, 3) {
		made.Add(g.operation(o))
		o.patched = true
	}
	return made
}

func (g *gen) operation(o *object) *yamltext.Map {
	p := g.place(o.body, func(p *place) bool { return !p.holdsNothing() })
	if p == nil || o.patched && g.chance(0.93) {
		return M("op", "add", "path", "/extra", "value", g.value(2))
	}
	at := p.pointer()
	switch n := g.r.IntN(100); {
	case n < 40:
		var value any = g.value(1)
		if isScalar(p.value) {
			value = g.similar(p.value)
		}
		return M("op", "replace", "path", at, "value", value)
	case n < 55:
		if len(p.steps) < 3 {
			return M("op", "add", "path", "/metadata/annotations", "value", M("patched", "true"))
		}
		o.patched = true
		return M("op", "remove", "path", at)
	case n < 85:
		return g.addition(p, at)
	case n < 88 && isScalar(p.value):
		return M("op", "test", "path", at, "value", p.value)
	case n < 94:
		return M("op", "copy", "from", at, "path", "/metadata/copied")
	}
	return M("op", "move", "from", at, "path", "/moved")
}

func (g *gen) addition(p *place, at string) *yamltext.Map {
	switch p.value.(type) {
	case *yamltext.Map:
		return M("op", "add", "path", at+"/"+pick(g, "added", "a~1b", "x.y", "c~0d"), "value", g.value(2))
	case *yamltext.List:
		return M("op", "add", "path", at+"/"+pick(g, "-", "-", "0"), "value", g.value(1))
	}
	return M("op", "add", "path", at, "value", g.similar(p.value))
}
