// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"path"

	"primocane.dev/tests/differential/internal/yamltext"
)

// configurationFields tell kustomize about kinds that it does not know.
func (g *gen) configurationFields(l *layer) {
	if g.allows("configurations", 0.1) {
		g.feature("configurations")
		listed := L()
		for range pick(g, 1, 1, 2) {
			folder := g.aside(l)
			name := g.write(folder, g.numbered("config", ".yaml"), g.configuration())
			listed.Add(l.relative(path.Join(folder, name)))
		}
		l.file.Set("configurations", listed)
	}
	if g.allows("crds", 0.06) {
		g.feature("crds")
		name := g.numbered("definitions", ".json")
		g.files[path.Join(l.folder, name)] = yamltext.JSON(g.definitions())
		if g.chance(0.3) {
			name = g.write(l.folder, g.numbered("definitions", ".yaml"), g.definitions())
		}
		l.file.Set("crds", L(name))
	}
	if g.allows("openapi", 0.015) {
		g.feature("openapi")
		if g.chance(0.3) {
			l.file.Set("openapi", M("version", "v1.21.2"))
			return
		}
		name := g.numbered("schema", ".json")
		g.files[path.Join(l.folder, name)] = yamltext.JSON(g.schema())
		l.file.Set("openapi", M("path", name))
	}
}

func (g *gen) configuration() *yamltext.Map {
	made := M()
	if g.chance(0.6) {
		g.feature("configurations nameReference")
		made.Set("nameReference", L(M("kind", pick(g, "ConfigMap", "Secret", "Service", "Widget"), "version", "v1",
			"fieldSpecs", L(g.fieldSpec("spec/configRef/name", "spec/ref", "spec/secretName"), M("kind",
				"Widget", "path", "spec/parts/name")))))
	}
	for _, field := range []string{"namePrefix", "nameSuffix"} {
		if g.chance(0.1) {
			g.feature("configurations " + field)
			made.Set(field, L(g.fieldSpec("spec/name", "spec/configRef/name", "metadata/name")))
		}
	}
	if g.chance(0.2) {
		g.feature("configurations commonLabels")
		made.Set("commonLabels", L(g.fieldSpec("spec/selector/matchLabels", "spec/podLabels",
			"spec/template/metadata/labels").Set("create", true)))
	}
	if g.chance(0.2) {
		g.feature("configurations commonAnnotations")
		made.Set("commonAnnotations", L(g.fieldSpec("spec/podAnnotations", "spec/parts/annotations")))
	}
	if g.chance(0.2) {
		g.feature("configurations namespace")
		made.Set("namespace", L(g.fieldSpec("spec/targetNamespace", "spec/configRef/namespace")))
	}
	if g.chance(0.2) {
		g.feature("configurations images")
		made.Set("images", L(g.fieldSpec("spec/image", "spec/parts/image",
			"spec/template/spec/containers[]/image").Set("create", true)))
	}
	if g.chance(0.2) {
		g.feature("configurations replicas")
		made.Set("replicas", L(g.fieldSpec("spec/replicas", "spec/size").Set("create", true)))
	}
	if g.chance(0.2) {
		g.feature("configurations varReference")
		made.Set("varReference", L(g.fieldSpec("spec/path", "data", "spec/values", "metadata/annotations")))
	}
	if g.chance(0.1) {
		g.feature("configurations labels")
		made.Set(pick(g, "labels", "templateLabels"), L(g.fieldSpec("spec/podLabels", "spec/labels")))
	}
	return made
}

// definitions are a schema as `crds` wants it, with Kubernetes's marks.
func (g *gen) definitions() *yamltext.Map {
	spec := M(
		"configRef", M("type", "object", "x-kubernetes-object-ref-api-version", "v1",
			"x-kubernetes-object-ref-kind", pick(g, "ConfigMap", "Secret")),
		"secretName", M("type", "string", "x-kubernetes-object-ref-api-version", "v1",
			"x-kubernetes-object-ref-kind", "Secret", "x-kubernetes-object-ref-name-key", pick(g, "name",
				"secretName")),
	)
	if g.chance(0.4) {
		spec.Set("podLabels", M("type", "object", "x-kubernetes-label-selector", ""))
	}
	if g.chance(0.4) {
		spec.Set("podAnnotations", M("type", "object", "x-kubernetes-annotation", ""))
	}
	if g.chance(0.2) {
		spec.Set("ref", M("type", "string", "x-kubernetes-identity", ""))
	}
	properties := M("apiVersion", M("type", "string"), "kind", M("type", "string"), "metadata", M("type",
		"object"), "spec", M("$ref", "example.com/v1.WidgetSpec"))
	return M("example.com/v1.Widget", M("Schema", M("properties", properties), "Dependencies",
		L("example.com/v1.WidgetSpec")),
		"example.com/v1.WidgetSpec", M("Schema", M("properties", spec)))
}

// schema is an OpenAPI document that knows Widget's lists.
func (g *gen) schema() *yamltext.Map {
	parts := M("type", "array", "items", M("type", "object"), "x-kubernetes-patch-merge-key", pick(g, "name",
		"size"), "x-kubernetes-patch-strategy", "merge")
	properties := M("apiVersion", M("type", "string"), "kind", M("type", "string"), "metadata", M("type",
		"object"), "spec", M("type", "object", "properties", M("parts", parts, "items", parts)))
	kinds := L(M("group", "example.com", "kind", "Widget", "version", "v1"))
	made := M("definitions", M("v1.Widget", M("type", "object", "properties", properties,
		"x-kubernetes-group-version-kind", kinds)))
	if g.chance(0.3) {
		made.Set("paths", M("/apis/example.com/v1/widgets", M("get", M("x-kubernetes-action", "list",
			"x-kubernetes-group-version-kind", M("group", "example.com", "kind", "Widget", "version",
				"v1")))))
	}
	return made
}
