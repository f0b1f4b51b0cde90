// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"

	"primocane.dev/tests/differential/internal/yamltext"
)

// pluginFields lists built-in transformers, generators and validators, by file, by folder and inline.
func (g *gen) pluginFields(l *layer) {
	if g.allows("transformers", 0.1) && len(l.objects) > 0 {
		g.feature("transformers")
		l.file.Set("transformers", g.plugins(l, g.transformer))
	}
	if g.allows("generators", 0.06) {
		g.feature("generators")
		l.file.Set("generators", g.plugins(l, g.generator))
	}
	if g.allows("validators", 0.04) && len(l.objects) > 0 {
		g.feature("validators")
		l.file.Set("validators", g.plugins(l, g.validator))
	}
}

func (g *gen) plugins(l *layer, make func(*layer, *yamltext.Map) string) *yamltext.List {
	listed := L()
	for range pick(g, 1, 1, 2) {
		meta := M("name", g.numbered("plugin", ""))
		made := M("apiVersion", "builtin", "metadata", meta)
		kind := make(l, made)
		made.Set("kind", kind)
		g.feature("builtin " + kind)
		switch g.r.IntN(4) {
		case 0, 1:
			listed.Add(g.inline(made))
		case 2:
			folder := g.aside(l)
			name := g.write(folder, g.numbered("plugin", ".yaml"), made)
			listed.Add(l.relative(path.Join(folder, name)))
		default:
			folder := path.Join(l.folder, g.numbered("plugins", ""))
			name := g.write(folder, g.numbered("plugin", ".yaml"), made)
			g.files[path.Join(folder, "kustomization.yaml")] = "resources:\n- " + name + "\n"
			listed.Add(l.relative(folder))
		}
	}
	return listed
}

func (g *gen) transformer(l *layer, made *yamltext.Map) string {
	o := pick(g, l.objects...)
	meta := made.Get("metadata").(*yamltext.Map)
	switch g.r.IntN(14) {
	case 0:
		made.Set("prefix", "t-")
		if g.chance(0.95) {
			made.Set("fieldSpecs", L(M("path", "metadata/name")))
		}
		return pick(g, "PrefixTransformer", "PrefixTransformer", "PrefixSuffixTransformer")
	case 1:
		made.Set("suffix", "-t")
		made.Set("fieldSpecs", L(M("path", "metadata/name", "kind", o.kind)))
		return "SuffixTransformer"
	case 2:
		meta.Set("namespace", g.namespaceName())
		if g.chance(0.3) {
			made.Set("unsetOnly", true)
		}
		if g.chance(0.3) {
			made.Set("setRoleBindingSubjects", pick(g, "defaultOnly", "allServiceAccounts", "none"))
		}
		if g.chance(0.6) {
			made.Set("fieldSpecs", L(M("path", "metadata/namespace", "create", true)))
		}
		return "NamespaceTransformer"
	case 3:
		made.Set("labels", g.labelPairs())
		made.Set("fieldSpecs", L(M("path", "metadata/labels", "create", true), g.fieldSpec("spec/selector",
			"spec/template/metadata/labels")))
		return "LabelTransformer"
	case 4:
		made.Set("annotations", M("by", g.quotable()))
		made.Set("fieldSpecs", L(M("path", "metadata/annotations", "create", true)))
		return "AnnotationsTransformer"
	case 5:
		made.Set("imageTag", g.imageItem(l))
		if g.chance(0.5) {
			made.Set("fieldSpecs", L(M("path", pick(g, "spec/image", "spec/template/spec/containers[]/image"))))
		}
		return "ImageTagTransformer"
	case 6:
		made.Set("replica", M("name", o.name, "count", 3))
		made.Set("fieldSpecs", L(M("path", "spec/replicas", "create", true, "kind", o.kind)))
		return "ReplicaCountTransformer"
	case 7, 8:
		if g.chance(0.5) {
			made.Set("patch", g.inline(g.mergePatch(o)))
		} else {
			made.Set("patch", yamltext.JSON(g.jsonPatch(o)))
			made.Set("target", g.target(o, true))
		}
		return "PatchTransformer"
	case 9:
		made.Set("target", M("kind", o.kind, "name", o.name, "version", o.version(), "group", o.group()))
		made.Set("jsonOp", pick(g, yamltext.JSON(g.jsonPatch(o)), g.inline(g.jsonPatch(o))))
		return "PatchJson6902Transformer"
	case 10:
		if g.chance(0.5) {
			made.Set("patches", g.inline(g.mergePatch(o)))
		} else {
			made.Set("paths", L(g.patchFile(l, g.mergePatch(o))))
		}
		return "PatchStrategicMergeTransformer"
	case 11:
		if item := g.replacement(l); item != nil {
			made.Set("replacements", L(item))
		}
		return "ReplacementTransformer"
	case 12:
		made.Set("value", g.word())
		made.Set("targets", L(M("selector", M("kind", o.kind), "fieldPath", pick(g,
			"/metadata/annotations/added", "/spec/added", "/data/a"))))
		if g.chance(0.2) {
			made.Get("targets").(*yamltext.List).Items[0].(*yamltext.Map).Set("filePathPosition", 1)
		}
		return "ValueAddTransformer"
	}
	return "HashTransformer"
}

func (g *gen) generator(l *layer, made *yamltext.Map) string {
	meta := made.Get("metadata").(*yamltext.Map)
	if g.chance(0.08) {
		made.Set("cloud", "gke")
		made.Set("kubernetesService", M("name", "k8s-sa-name"))
		made.Set("serviceAccount", M("name", "gsa-name", "projectId", "project-id"))
		return "IAMPolicyGenerator"
	}
	kind := pick(g, "ConfigMap", "Secret")
	item := g.generatorItem(l, kind)
	for _, entry := range item.Entries {
		switch entry.Key {
		case "name":
			meta.Set("name", entry.Value)
		case "namespace":
			meta.Set("namespace", entry.Value)
		default:
			made.Set(entry.Key.(string), entry.Value)
		}
	}
	if meta.Get("namespace") != nil && g.chance(0.5) {
		made.Set("namespace", meta.Get("namespace"))
	}
	return kind + "Generator"
}

// validator is a transformer that changes nothing, mostly.
func (g *gen) validator(l *layer, made *yamltext.Map) string {
	switch g.r.IntN(10) {
	case 0:
		made.Set("labels", M("validated-by", "us"))
		if g.chance(0.6) {
			made.Set("fieldSpecs", L(M("path", "metadata/labels", "create", true)))
		}
		return "LabelTransformer"
	case 1, 2, 3, 4, 5, 6, 7:
		made.Set("target", M("kind", "Nothing"))
		made.Set("patch", `[{"op": "remove", "path": "/spec"}]`)
		return "PatchTransformer"
	case 8:
		made.Set("prefix", "")
		made.Set("fieldSpecs", L(M("path", "metadata/name")))
		return "PrefixTransformer"
	}
	return g.transformer(l, made)
}
