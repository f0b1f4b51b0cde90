// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

// A layer is one kustomization: its file, and what it is known to hold.
type layer struct {
	folder    string
	component bool
	leaves    bool // its files may lie outside its folder
	file      *yamltext.Map
	objects   []*object
	prefix    string // that it adds
	suffix    string
}

// The values that a tree has of these once, because two are a mistake.
var varNames = []string{"FIRST_VAR", "SECOND_VAR", "THIRD"}

// top makes the layer that is built and all below it.
func (g *gen) top(leaves bool) {
	depth := pick(g, 0, 1, 1, 1, 2, 2, 3)
	g.feature(fmt.Sprintf("%d layers", depth+1))
	g.layer("overlay", depth, leaves)
}

func (g *gen) layer(folder string, depth int, leaves bool) *layer {
	l := &layer{folder: folder, leaves: leaves, file: M()}
	if g.chance(0.7) {
		l.file.Set("apiVersion", "kustomize.config.k8s.io/v1beta1")
		l.file.Set("kind", "Kustomization")
	}
	if g.chance(0.03) {
		l.file.Set("metadata", M("name", "it", "annotations", M("a", "b")))
	}
	resources, bases := L(), L()
	if depth > 0 {
		g.below(l, depth, resources, bases)
	}
	most := 2
	if depth == 0 {
		most = 4
	}
	for range g.between(min(1, most-depth-1), most) {
		g.objectFile(l, resources)
	}
	if len(resources.Items) > 1 && g.chance(0.2) {
		g.r.Shuffle(len(resources.Items), func(i, j int) {
			resources.Items[i], resources.Items[j] = resources.Items[j], resources.Items[i]
		})
	}
	if len(resources.Items) > 0 || g.chance(0.5) {
		l.file.Set("resources", resources)
	}
	if len(bases.Items) > 0 {
		l.file.Set("bases", bases)
	}
	g.fields(l, depth)
	g.writeKustomization(l)
	return l
}

// below lists one or two layers under this one; now and then one that another layer lists too.
func (g *gen) below(l *layer, depth int, resources, bases *yamltext.List) {
	for range pick(g, 1, 1, 1, 2, 2, 3) {
		var base *layer
		if len(g.shared) > 0 && g.chance(0.4) {
			base = pick(g, g.shared...)
			g.feature("a base used twice")
		} else {
			g.folders++
			folder := pick(g, "base-%d", "apps/layer-%d", "%d")
			base = g.layer(fmt.Sprintf(folder, g.folders), depth-1, l.leaves)
			g.shared = append(g.shared, base)
		}
		if !l.absorb(base.objects) && g.chance(0.98) {
			continue // would be a conflict
		}
		name := l.relative(base.folder)
		if g.chance(0.15) {
			name = pick(g, "./", "") + name + "/"
		}
		if g.allows("bases", 0.1) {
			g.feature("bases")
			bases.Add(name)
			continue
		}
		resources.Add(name)
	}
}

// absorb takes a base's objects, unless one of them is there already.
func (l *layer) absorb(objects []*object) bool {
	for _, o := range objects {
		if l.holds(o) {
			return false
		}
	}
	for _, o := range objects {
		taken := *o
		l.objects = append(l.objects, &taken)
	}
	return true
}

func (l *layer) holds(o *object) bool {
	return slices.ContainsFunc(l.objects, func(other *object) bool {
		return other.kind == o.kind && other.group() == o.group() && other.name == o.name
	})
}

// held tells whether an object had that name before a layer changed it.
func (l *layer) held(o *object) bool {
	return slices.ContainsFunc(l.objects, func(other *object) bool {
		return other.kind == o.kind && other.original == o.name
	})
}

// forget drops what a patch deletes.
func (l *layer) forget() {
	l.objects = slices.DeleteFunc(slices.Clone(l.objects), func(o *object) bool { return o.deleted })
}

// relative is the path from the layer's folder.
func (l *layer) relative(to string) string {
	name, err := filepath.Rel(l.folder, to)
	if err != nil {
		panic(err) // both are relative to the tree
	}
	return name
}

// aside is a folder for another file of the layer.
func (g *gen) aside(l *layer) string {
	if l.leaves && g.chance(0.05) {
		g.feature("files outside")
		return "shared"
	}
	return path.Join(l.folder, pick(g, "", "", "", "files", "deep/er"))
}

// newObject makes one that the layer does not hold yet.
func (g *gen) newObject(l *layer, mayConflict bool) *object {
	for range 20 {
		o := g.object()
		if l.holds(o) && !(mayConflict && g.chance(0.01)) {
			continue
		}
		l.objects = append(l.objects, o)
		g.feature("kind " + o.kind)
		return o
	}
	return nil
}

// objectFile writes a file of objects and lists it.
func (g *gen) objectFile(l *layer, resources *yamltext.List) {
	var documents []any
	for range pick(g, 1, 1, 1, 2, 3) {
		if o := g.newObject(l, true); o != nil {
			documents = append(documents, o.body)
		}
	}
	if len(documents) == 0 {
		return
	}
	if g.chance(0.06) {
		g.feature("lists of objects")
		documents = []any{M("apiVersion", "v1", "kind", pick(g, "List", "ConfigMapList"), "items", L(documents...))}
	}
	folder := g.aside(l)
	name := g.numbered(pick(g, "objects", "app", "res.name", "ünï"), pick(g, ".yaml", ".yaml", ".yml", ".json", ""))
	if strings.HasSuffix(name, ".json") {
		var texts []string
		for _, document := range documents {
			texts = append(texts, yamltext.JSON(document))
		}
		g.files[path.Join(folder, name)] = strings.Join(texts, "\n---\n") + "\n"
	} else {
		g.write(folder, name, documents...)
	}
	resources.Add(l.relative(path.Join(folder, name)))
}

func (g *gen) writeKustomization(l *layer) {
	if g.chance(0.3) {
		g.shuffle(l.file)
	}
	style := g.style()
	if g.chance(0.5) {
		style = yamltext.Plain()
	}
	name := pick(g, "kustomization.yaml", "kustomization.yaml", "kustomization.yaml", "kustomization.yml",
		"Kustomization")
	g.files[path.Join(l.folder, name)] = yamltext.Stream([]any{l.file}, style, g.r)
}

// kinds are those of the layer's objects that fit.
func (l *layer) of(kinds ...string) []*object {
	var found []*object
	for _, o := range l.objects {
		if slices.Contains(kinds, o.kind) {
			found = append(found, o)
		}
	}
	return found
}
