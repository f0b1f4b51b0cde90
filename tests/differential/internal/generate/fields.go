// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"
	"slices"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

// fields puts a random choice of all fields into the layer's file, in the order in which kustomize obeys them.
func (g *gen) fields(l *layer, depth int) {
	g.generators(l)
	g.components(l, depth)
	g.patchFields(l)
	g.configurationFields(l)
	g.nameFields(l)
	g.labelFields(l)
	g.containerFields(l)
	g.replacementFields(l)
	g.pluginFields(l)
	g.varFields(l)
	if len(l.objects) == 0 && g.chance(0.9) {
		l.file.Set("commonAnnotations", M("only", "this"))
	}
	if g.allows("sortOptions", 0.06) {
		g.feature("sortOptions")
		l.file.Set("sortOptions", g.sortOptions())
	}
	if g.allows("buildMetadata", 0.06) {
		g.feature("buildMetadata")
		l.file.Set("buildMetadata", Strings(g.some(3, "originAnnotations", "transformerAnnotations",
			"managedByLabel")))
	}
	l.rename()
}

// Strings makes a list of them.
func Strings(words []string) *yamltext.List { return yamltext.Strings(words) }

// rename follows what the layer's own prefix and suffix do.
func (l *layer) rename() {
	for _, o := range l.objects {
		if !slices.Contains([]string{"Namespace", "CustomResourceDefinition", "APIService"}, o.kind) {
			o.name = l.prefix + o.name + l.suffix
		}
	}
}

func (g *gen) nameFields(l *layer) {
	if g.allows("namespace", 0.35) {
		g.feature("namespace")
		name := pick(g, g.namespaceName(), "tenant-a", "team-9")
		if g.chance(0.02) {
			name = pick(g, "my.space", "UPPER")
		}
		l.file.Set("namespace", name)
		for _, o := range l.objects {
			if !o.cluster {
				o.namespace = name
			}
		}
	}
	if g.allows("namePrefix", 0.25) {
		g.feature("namePrefix")
		l.prefix = pick(g, "dev-", "p-", "x", "a.b-", "very-long-prefix-")
		l.file.Set("namePrefix", l.prefix)
	}
	if g.allows("nameSuffix", 0.15) {
		g.feature("nameSuffix")
		l.suffix = pick(g, "-dev", "-s", "2", "-v1.0")
		l.file.Set("nameSuffix", l.suffix)
	}
}

func (g *gen) labelFields(l *layer) {
	if g.allows("labels", 0.3) {
		g.feature("labels")
		items := L()
		for range pick(g, 1, 1, 2) {
			items.Add(g.labelItem())
		}
		l.file.Set("labels", items)
	}
	if g.allows("commonLabels", 0.12) {
		g.feature("commonLabels")
		l.file.Set("commonLabels", g.labelPairs())
	}
	if g.allows("commonAnnotations", 0.25) {
		g.feature("commonAnnotations")
		made := M()
		for range g.between(1, 2) {
			made.Set(g.numberLike("note", "owner", "example.com/team"), g.quotable())
		}
		l.file.Set("commonAnnotations", made)
	}
}

// labelPairs are labels that a kustomization adds: strings, whatever they look like.
func (g *gen) labelPairs() *yamltext.Map {
	made := M()
	for range g.between(1, 2) {
		made.Set(g.numberLike("app", "team", "app.kubernetes.io/instance", "env"), g.labelValue())
	}
	return made
}

// numberLike is one of the keys, or rarely one that some reader takes for something else.
func (g *gen) numberLike(keys ...string) string {
	if g.chance(0.002) && !g.options.Plain {
		g.feature("odd label keys")
		return pick(g, "7", "true", "null", "1.5", "y", "~")
	}
	return pick(g, keys...)
}

// quotable is a string that a kustomization adds somewhere.
func (g *gen) quotable() string {
	if g.chance(0.7) {
		return g.word()
	}
	return g.oddText()
}

func (g *gen) labelItem() *yamltext.Map {
	item := M("pairs", g.labelPairs())
	if g.chance(0.4) {
		g.feature("labels.includeSelectors")
		item.Set("includeSelectors", g.chance(0.9))
	}
	if g.chance(0.3) {
		g.feature("labels.includeTemplates")
		item.Set("includeTemplates", g.chance(0.9))
	}
	if g.chance(0.2) {
		g.feature("labels.fields")
		item.Set("fields", L(g.fieldSpec("spec/podLabels", "spec/template/metadata/labels",
			"spec/parts/labels", "metadata/extra", "spec/volumeClaimTemplates[]/metadata/labels")))
	}
	return item
}

// fieldSpec is one of a transformer's configuration.
func (g *gen) fieldSpec(paths ...string) *yamltext.Map {
	made := M("path", pick(g, paths...))
	if g.chance(0.6) {
		made.Set("kind", pick(g, "Widget", "Deployment", "Gadget", "StatefulSet"))
	}
	if g.chance(0.2) {
		made.Set("group", pick(g, "example.com", "apps"))
	}
	if g.chance(0.1) {
		made.Set("version", pick(g, "v1", "v1alpha1"))
	}
	// Two of one path that disagree are a conflict, with kustomize's own as well.
	create := len(made.Get("path").(string))%2 == 0
	if g.chance(0.05) {
		create = !create
	}
	if create {
		made.Set("create", true)
	}
	return made
}

func (g *gen) sortOptions() *yamltext.Map {
	if g.chance(0.4) {
		return M("order", "fifo")
	}
	made := M("order", "legacy")
	if g.chance(0.7) {
		made.Set("legacySortOptions", M("orderFirst", Strings(g.some(3, "Deployment", "Namespace", "Service",
			"Widget")), "orderLast", Strings(g.some(3, "ConfigMap", "Secret", "Ingress"))))
	}
	return made
}

// images of the layer's containers, as `images` names them.
func (l *layer) images() []string {
	var names []string
	var visit func(value any)
	visit = func(value any) {
		switch v := value.(type) {
		case *yamltext.Map:
			for _, entry := range v.Entries {
				if text, ok := entry.Value.(string); ok && entry.Key == "image" {
					name, _, _ := strings.Cut(text, "@")
					if colon := strings.LastIndex(name, ":"); colon > strings.LastIndex(name, "/") {
						name = name[:colon]
					}
					names = append(names, name)
				}
				visit(entry.Value)
			}
		case *yamltext.List:
			for _, item := range v.Items {
				visit(item)
			}
		}
	}
	for _, o := range l.objects {
		visit(o.body)
	}
	return names
}

func (g *gen) containerFields(l *layer) {
	if g.allows("images", 0.25) {
		g.feature("images")
		items := L()
		for range pick(g, 1, 1, 2) {
			items.Add(g.imageItem(l))
		}
		l.file.Set("images", items)
	}
	if g.allows("imageTags", 0.02) {
		g.feature("imageTags")
		l.file.Set("imageTags", L(g.imageItem(l)))
	}
	scaled := l.of("Deployment", "StatefulSet", "ReplicaSet")
	if g.allows("replicas", 0.2) && len(scaled) > 0 {
		g.feature("replicas")
		o := pick(g, scaled...)
		l.file.Set("replicas", L(M("name", pick(g, o.name, o.original), "count", g.between(0, 9))))
	}
}

func (g *gen) imageItem(l *layer) *yamltext.Map {
	name := pick(g, append(l.images(), "nginx")...)
	if g.chance(0.05) {
		name = pick(g, "ngin.", "nginx|redis", "*", "docker.io/library/nginx", "NGINX")
	}
	item := M("name", name)
	if g.chance(0.5) {
		item.Set("newName", pick(g, "mirror.example.com/x/nginx", "other", "localhost:5000/y"))
	}
	switch g.r.IntN(5) {
	case 0:
		item.Set("digest", "sha256:"+strings.Repeat("cd", 32))
	case 1:
		g.feature("images.tagSuffix")
		item.Set("tagSuffix", pick(g, "-alpine", "-1"))
	case 2, 3:
		item.Set("newTag", pick(g, "2.0", "v3", "1", "latest", "007", "1e3"))
	}
	return item
}

func (g *gen) varFields(l *layer) {
	if !g.allows("vars", 0.08) || len(l.objects) == 0 {
		return
	}
	items := L()
	for _, name := range varNames {
		if g.features["var "+name] || g.chance(0.4) {
			continue
		}
		o := pick(g, l.objects...)
		reference := M("kind", o.kind, "apiVersion", o.apiVersion, "name", o.original)
		if g.chance(0.1) {
			reference = M("kind", o.kind, "group", o.group(), "version", o.version(), "name", o.original)
		}
		item := M("name", name, "objref", reference)
		if g.chance(0.5) {
			if found := g.scalarPath(o.body); found != nil {
				item.Set("fieldref", M("fieldPath", found.dotted(g)))
			}
		}
		g.feature("var " + name)
		items.Add(item)
	}
	if len(items.Items) > 0 {
		g.feature("vars")
		l.file.Set("vars", items)
	}
}

func (g *gen) components(l *layer, depth int) {
	if !g.allows("components", 0.15) || depth == 0 && g.chance(0.5) {
		return
	}
	listed := L()
	for range pick(g, 1, 1, 2) {
		g.folders++
		g.feature("components")
		name := path.Join(pick(g, "components", "."), "part-"+string(rune('a'+g.folders)))
		part := &layer{folder: name, component: true, leaves: l.leaves, objects: l.objects,
			file: M("apiVersion", "kustomize.config.k8s.io/v1alpha1", "kind", "Component")}
		resources := L()
		for range g.between(0, 2) {
			g.objectFile(part, resources)
		}
		if len(resources.Items) > 0 {
			part.file.Set("resources", resources)
		}
		g.fields(part, 0)
		if len(part.file.Entries) == 2 {
			part.file.Set("namePrefix", "c-")
		}
		g.writeKustomization(part)
		l.objects = part.objects
		listed.Add(l.relative(name))
	}
	l.file.Set("components", listed)
}
