// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// mistake breaks one file as people do, and tells how.
func (g *gen) mistake() string {
	all := slices.Sorted(maps.Keys(g.files))
	file := pick(g, all...)
	kustomizations := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		return !strings.HasPrefix(strings.ToLower(path.Base(name)), "kustomization")
	})
	kustomization := pick(g, kustomizations...)
	mistakes := []struct {
		name string
		make func()
	}{
		{"a file is missing", func() { delete(g.files, file) }},
		{"a folder is missing", func() { g.append(kustomization, "resources:\n- ../nowhere\n") }},
		{"an unknown field", func() {
			g.append(kustomization, pick(g, "resource:\n- a.yaml\n", "namePrefx: a\n", "x: 1\n",
				"images2: []\n", "commonLabel: {a: b}\n"))
		}},
		{"a wrong type", func() {
			g.append(kustomization, pick(g, "namePrefix: [a]\n", "namespace: 12\n", "namespace: {}\n",
				"resources: a.yaml\n", "commonAnnotations: [a]\n", "commonAnnotations: {a: 1}\n",
				"images: nginx\n", "replicas: [{name: web, count: two}]\n", "patches: {}\n",
				"labels: {a: b}\n", "labels: [{pairs: {a: 1}}]\n", "labels: [{pairs: {a: true}}]\n",
				"buildMetadata: origin\n",
				"configMapGenerator: {}\n", "vars: [{name: 1}]\n", "namePrefix: true\n", "nameSuffix: 1\n",
				"nameSuffix: null\n", "generatorOptions: []\n", "commonAnnotations: {a: null}\n",
				"sortOptions: fifo\n"))
		}},
		{"a bad value", func() {
			g.append(kustomization, pick(g, "apiVersion: v2\n", "kind: Deployment\n",
				"sortOptions: {order: other}\n", "buildMetadata: [other]\n", "openapi: {version: v1.99}\n",
				"openapi: {path: none.json}\n",
				"configMapGenerator: [{literals: [a=b]}]\n",
				"configMapGenerator: [{name: x, literals: [ab]}]\n",
				"configMapGenerator: [{name: x, behavior: other}]\n",
				"configMapGenerator: [{name: x, behavior: merge}]\n",
				"configMapGenerator: [{name: x, literals: [a=1, a=2]}]\n",
				"configMapGenerator: [{name: x, literals: ['a b=1']}]\n",
				"secretGenerator: [{name: x, files: [none.txt]}]\n",
				"images: [{name: a, newTag: b, digest: c}]\n", "images: [{newTag: b}]\n",
				"replicas: [{name: nobody, count: 1}]\n", "commonLabels: {'a b': c}\n",
				"commonLabels: {a: 'b c'}\n", "namespace: UPPER\n",
				"transformers: [none.yaml]\n",
				"transformers: ['{apiVersion: builtin, kind: Other, metadata: {name: x}}']\n",
				"transformers: ['{apiVersion: example.com/v1, kind: Other, metadata: {name: x}}']\n",
				"configurations: [none.yaml]\n", "crds: [none.json]\n", "components: [none]\n",
				"validators: ['{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: x}, prefix: a}']\n",
				"vars: [{name: X, objref: {kind: Nothing, apiVersion: v1, name: x}}]\n",
				"commonAnnotations: {'a/b/c': d}\n"))
		}},
		{"a bad patch", func() {
			g.append(kustomization, "patches:\n"+pick(g, "- patch: x\n", "- path: none.yaml\n",
				"- patch: '[{op: remove, path: /none}]'\n  target: {kind: Deployment}\n",
				"- patch: '[{op: other, path: /a}]'\n  target: {kind: Service}\n",
				"- patch: '{}'\n", "- target: {kind: Service}\n",
				"- patch: '[]'\n  target: {kind: Service}\n",
				"- patch: '{apiVersion: v1, kind: Service, metadata: {name: nobody}}'\n",
				"- patch: '[{op: add, path: a, value: 1}]'\n  target: {kind: ConfigMap}\n",
				"- patch: '[{op: test, path: /kind, value: x}]'\n  target: {kind: ConfigMap}\n",
				"- patch: '[{op: add, path: /data, value: 1}]'\n  target: {kind: '['}\n",
				"- patch: '[{op: add, path: /data, value: 1}]'\n  target: {labelSelector: '=='}\n",
				"- patch: '[{op: add, path: /metadata/labels, value: [1]}]'\n  target: {kind: ConfigMap}\n",
				"- patch: '[{op: replace, path: /kind, value: 1}]'\n  target: {kind: ConfigMap}\n",
				"- patch: '[{op: replace, path: /metadata/name, value: x}]'\n  target: {kind: ConfigMap}\n",
				"- patch: '[{op: add, path: /metadata/labels, value: {a: 1}}]'\n  target: {kind: Service}\n",
				"- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'\n  path: x.yaml\n"))
		}},
		{"a bad replacement", func() {
			g.append(kustomization, "replacements:\n"+pick(g,
				"- source: {kind: Nothing}\n  targets: [{select: {kind: Service}, fieldPaths: [a]}]\n",
				"- source: {kind: Service}\n", "- targets: []\n", "- path: none.yaml\n",
				"- sourceValue: x\n  targets: [{select: {kind: Service}, fieldPaths: [spec.none]}]\n",
				"- sourceValue: x\n  targets: [{fieldPaths: [a]}]\n", "- {}\n",
				"- sourceValue: x\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [metadata.name]}]\n",
				"- sourceValue: x\n  targets: [{select: {kind: Service}, fieldPaths: ['spec.ports.[name=']}]\n"))
		}},
		{"bad YAML", func() {
			g.append(file, pick(g, "\n  x: [\n", "\tx: y\n", "\"\n", "a: b: c\n", "- x\ny: z\n", "*none\n",
				"{\n", "%\n", "x: 'y\n", "--- |\n", "x: !!int a\n", "%YAML 1.1\n---\na: b\n",
				"? [a]\n: b\n", "a: 1\na: 2\n", "\x01\n", "x: \xff\n", "@a: b\n", "x: &a\n  b: *a\n",
				"<<: x\n"))
		}},
		{"bad bytes", func() { g.cut(file) }},
		{"a bad object", func() {
			g.addObject(kustomization, pick(g, "kind: ConfigMap\nmetadata:\n  name: x\n",
				"apiVersion: v1\nmetadata:\n  name: x\n", "apiVersion: v1\nkind: ConfigMap\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata: x\n", "- a\n", "x\n", "", "# only a comment\n",
				"null\n", "---\n---\n", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 1\n",
				"apiVersion: 1\nkind: ConfigMap\nmetadata:\n  name: x\n",
				"apiVersion: v1\nkind: [a]\nmetadata:\n  name: x\n",
				"apiVersion: v1\nkind: List\nitems: []\n", "apiVersion: v1\nkind: List\n",
				"apiVersion: v1\nkind: List\nitems: x\n", "apiVersion: v1\nkind: List\nitems: [1]\n",
				"apiVersion: v1\nkind: ConfigMapList\nitems: null\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels: {a: 1}\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels: [a]\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations: {a: true}\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations: null\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: 1\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: ''\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ''\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: x-\n",
				"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
				"apiVersion: v1\nkind: ''\nmetadata:\n  name: x\n",
				"apiVersion: a/b/c\nkind: ConfigMap\nmetadata:\n  name: x\n",
				"apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  a: 1\n",
				"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec: null\n",
				"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template: x\n",
				"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template:\n    spec:\n      containers: x\n",
				"apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: x\nsubjects: x\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: null\n",
				"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"))
		}},
		{"a cycle", func() {
			g.append(kustomization, "resources:\n- "+pick(g, ".", "../overlay", "..",
				"./")+"\n")
		}},
		{"two kustomization files", func() {
			g.files[path.Join(path.Dir(kustomization), "kustomization.yml")] = "namePrefix: a\n"
			g.files[path.Join(path.Dir(kustomization), "Kustomization")] = "namePrefix: b\n"
		}},
		{"an empty kustomization", func() {
			g.files[kustomization] = pick(g, "", "{}\n", "# nothing\n", "resources: []\n", "null\n", "[]\n",
				"x\n", "kind: Kustomization\n", "---\n")
		}},
		{"a file is listed twice", func() {
			g.addObject(kustomization, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: twice\n")
			g.append(kustomization, "bases: [extra.yaml]\n")
		}},
	}
	made := pick(g, mistakes...)
	made.make()
	return made.name
}

// append adds lines to a file; a field of a kustomization that is there already is put in its place.
func (g *gen) append(file, text string) {
	field, _, _ := strings.Cut(text, ":")
	lines := strings.SplitAfter(g.files[file], "\n")
	kept := lines[:0:0]
	skipping := false
	for _, line := range lines {
		if strings.TrimRight(line, "\r\n") == "" || !strings.ContainsAny(line[:1], " -#\r\n") {
			skipping = strings.HasPrefix(line, field+":") && g.chance(0.8)
		}
		if !skipping {
			kept = append(kept, line)
		}
	}
	whole := strings.Join(kept, "")
	if whole != "" && !strings.HasSuffix(whole, "\n") {
		whole += "\n"
	}
	g.files[file] = whole + text
}

// addObject lists one more file.
func (g *gen) addObject(kustomization, text string) {
	g.files[path.Join(path.Dir(kustomization), "extra.yaml")] = text
	whole := g.files[kustomization]
	if strings.Contains(whole, "resources:\n") {
		g.files[kustomization] = strings.Replace(whole, "resources:\n", "resources:\n- extra.yaml\n", 1)
		return
	}
	g.append(kustomization, "resources:\n- extra.yaml\n")
}

// cut removes, doubles or changes a few bytes.
func (g *gen) cut(file string) {
	text := g.files[file]
	if text == "" {
		return
	}
	from := g.r.IntN(len(text))
	to := min(len(text), from+g.between(1, 8))
	g.files[file] = text[:from] + pick(g, "", "", text[from:to]+text[from:to], "\t", " ", "\n", ":", "'",
		"- ", "{") + text[to:]
}
