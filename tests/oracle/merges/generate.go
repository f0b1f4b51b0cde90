// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A generator makes objects after their types, mostly.
type generator struct {
	random  *rand.Rand
	isPatch bool
	isOwn   bool    // the types are made here
	odd     float64 // how probable it is that a value is none that its type wants
}

var kinds = [][2]string{
	{"apps/v1", "Deployment"}, {"v1", "Service"}, {"apps/v1", "StatefulSet"}, {"v1", "Pod"},
	{"networking.k8s.io/v1", "Ingress"}, {"v1", "ServiceAccount"}, {"v1", "ConfigMap"},
	{"networking.k8s.io/v1", "NetworkPolicy"}, {"batch/v1", "CronJob"}, {"batch/v1beta1", "CronJob"},
	{"apps/v1", "ControllerRevision"}, {"v1", "PodTemplate"}, {"apps/v1", "DaemonSet"},
	{"v1", "PersistentVolumeClaim"}, {"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"},
	{"apiextensions.k8s.io/v1", "CustomResourceDefinition"}, {"autoscaling/v2", "HorizontalPodAutoscaler"},
	{"example.com/v1", "Widget"}, {"example.com/v1", "Widget"}, {"example.com/v1", "Widget"},
	{"autoscaling/v2beta2", "HorizontalPodAutoscaler"}, {"v1", "PodList"}, {"apps/v1", "Unknown"},
}

func (g *generator) chance(probability float64) bool { return g.random.Float64() < probability }

func (g *generator) oneOf(words ...string) string { return words[g.random.Intn(len(words))] }

func (g *generator) pair(withSchema bool) (string, string) {
	kind := kinds[g.random.Intn(len(kinds))]
	if g.isOwn = withSchema; withSchema {
		kind = [2]string{"example.com/v1", "Widget"}
	}
	if g.chance(0.5) {
		g.odd = []float64{0.02, 0.1, 0.3}[g.random.Intn(3)]
	}
	target := g.object(kind)
	g.isPatch = true
	patch := g.object(kind)
	if g.chance(0.3) {
		// The same again, with other values here and there.
		if changed := g.changed(target); len(changed.keys) > 0 {
			patch = changed
		}
	}
	return target.text(0), patch.text(0)
}

// A tree is a mapping, a list or the text of a scalar.
type tree struct {
	keys   []string
	values []*tree
	isList bool
	scalar string
	isLeaf bool
}

func leaf(text string) *tree { return &tree{scalar: text, isLeaf: true} }

func (t *tree) add(key string, value *tree) {
	if !slices.Contains(t.keys, key) {
		t.keys = append(t.keys, key)
		t.values = append(t.values, value)
	}
}

// text is the tree in block style, from the column on; it begins behind "key:" or "-".
func (t *tree) text(column int) string {
	switch {
	case t.isLeaf && t.scalar == "|-":
		return "|-\n" + strings.Repeat(" ", column+2) + "5\n"
	case t.isLeaf:
		return t.scalar + "\n"
	case len(t.values) == 0 && t.isList:
		return "[]\n"
	case len(t.values) == 0:
		return "{}\n"
	}
	var text strings.Builder
	for i, value := range t.values {
		text.WriteString(strings.Repeat(" ", column))
		if t.isList {
			text.WriteString("-")
		} else {
			text.WriteString(t.keys[i] + ":")
		}
		if value.isLeaf || len(value.values) == 0 {
			text.WriteString(" " + value.text(column))
		} else {
			text.WriteString("\n" + value.text(column+2))
		}
	}
	return text.String()
}

func (g *generator) object(kind [2]string) *tree {
	made := &tree{}
	made.add("apiVersion", leaf(kind[0]))
	made.add("kind", leaf(kind[1]))
	made.add("metadata", g.metadata())
	schema := openapi.SchemaForResourceType(yaml.TypeMeta{APIVersion: kind[0], Kind: kind[1]})
	g.addFields(made, schema, 0)
	if g.isPatch && g.chance(0.02) {
		made.add("$patch", leaf(g.directive()))
	}
	return made
}

func (g *generator) metadata() *tree {
	made := &tree{}
	made.add("name", leaf("a"))
	for _, field := range []string{"labels", "annotations"} {
		if g.chance(0.3) {
			made.add(field, g.freeMap(2))
		}
	}
	if g.chance(0.3) {
		made.add("finalizers", g.primitives())
	}
	return made
}

func (g *generator) directive() string {
	return g.oneOf("delete", "replace", "merge", "delete", "replace", "merge", "other", "null", `""`)
}

func (g *generator) scalar() *tree {
	return leaf(g.oneOf("a", "b", "c", "a", "b", "5", `"5"`, "8080", `"8080"`, "'80'", "true", `"true"`, "yes",
		`"yes"`, "null", "", "null", `""`, "1.5", `"null"`, "|-", "!!str 5", "text with spaces"))
}

// some is a value of any type.
func (g *generator) some(depth int) *tree {
	switch n := g.random.Intn(10); {
	case n < 6 || depth > 4:
		return g.scalar()
	case n < 8:
		return g.freeMap(depth + 1)
	}
	made := &tree{isList: true}
	for range g.random.Intn(4) {
		made.values = append(made.values, g.some(depth+1))
	}
	return made
}

// freeObject is a mapping without a type, now and then an object within the object. (Not where the
// type is known as one of scalars: kustomize does not look for an object there, we do.)
func (g *generator) freeObject(depth int) *tree {
	made := &tree{}
	if depth < 5 && g.chance(0.15) {
		kind := kinds[g.random.Intn(4)]
		made.add("apiVersion", leaf(kind[0]))
		made.add("kind", leaf(kind[1]))
		g.addFields(made, openapi.SchemaForResourceType(
			yaml.TypeMeta{APIVersion: kind[0], Kind: kind[1]}), depth)
	}
	for range g.random.Intn(3) {
		made.add(g.oneOf("a", "b", "spec", "data"), g.freeObject(depth+2))
	}
	for range g.random.Intn(3) {
		made.add(g.oneOf("c", "d", "name"), g.some(depth))
	}
	return made
}

func (g *generator) freeMap(depth int) *tree {
	made := &tree{}
	for range g.random.Intn(4) {
		made.add(g.oneOf("a", "b", "c", "d", "name", "spec"), g.some(depth))
	}
	if g.isPatch && g.chance(0.1) {
		made.add("$patch", leaf(g.directive()))
	}
	return made
}

func (g *generator) primitives() *tree {
	made := &tree{isList: true}
	for range g.random.Intn(5) {
		made.values = append(made.values, leaf(g.oneOf("a", "b", "c", "d", "e")))
		if g.chance(g.odd) {
			made.values = append(made.values, g.untagged(g.some(3)))
		}
	}
	return g.withListDirective(made)
}

// untagged drops a tag, which kustomize forgets in a list of scalars and we do not.
func (g *generator) untagged(t *tree) *tree {
	if t.scalar == "!!str 5" {
		return leaf("5")
	}
	return t
}

func (g *generator) withListDirective(list *tree) *tree {
	if g.isPatch && g.chance(0.15) {
		element := &tree{}
		element.add("$patch", leaf(g.directive()))
		if g.chance(0.2) {
			element.add("name", leaf("a"))
		}
		list.values = slices.Insert(list.values, g.random.Intn(len(list.values)+1), element)
	}
	return list
}

// addFields adds fields of the type, mostly such as lead to lists that are merged.
func (g *generator) addFields(made *tree, schema *openapi.ResourceSchema, depth int) {
	if schema == nil {
		for range 1 + g.random.Intn(3) {
			made.add(g.oneOf("spec", "data", "a", "b"), g.freeObject(depth+1))
		}
		return
	}
	var leading []string
	for _, each := range g.fieldsOf(schema) {
		if each.leads || g.chance(0.1) {
			leading = append(leading, each.name)
		}
	}
	for _, name := range leading {
		if g.chance(2.5 / float64(len(leading)+1)) {
			made.add(name, g.value(schema.Field(name), depth+1))
		}
	}
	if g.chance(0.05) {
		made.add(g.oneOf("unknown", "$setElementOrder/containers", "$retainKeys"), g.some(depth))
	}
	if g.isPatch && depth > 0 && g.chance(0.06) {
		made.add("$patch", leaf(g.directive()))
	}
}

// A field is one of a type, and whether it leads to a list that is merged.
type field struct {
	name  string
	leads bool
}

// What is known already of types, by what tells them apart.
var (
	fieldsByType = map[string][]field{}
	leadsByType  = map[string]bool{}
)

func typeID(schema *openapi.ResourceSchema) string {
	known := schema.Schema
	return fmt.Sprint(known.Description, known.Type, len(known.Properties), known.Extensions)
}

func (g *generator) fieldsOf(schema *openapi.ResourceSchema) []field {
	id := typeID(schema)
	if known, ok := fieldsByType[id]; ok && !g.isOwn {
		return known
	}
	var all []field
	for name := range schema.Schema.Properties {
		if name != "apiVersion" && name != "kind" {
			all = append(all, field{name, g.leads(schema.Field(name), 8)})
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	fieldsByType[id] = all
	return all
}

func (g *generator) leads(schema *openapi.ResourceSchema, steps int) bool {
	if schema == nil {
		return false
	}
	if g.isOwn {
		return true
	}
	id := fmt.Sprint(typeID(schema), steps)
	if _, known := leadsByType[id]; !known {
		leadsByType[id] = steps > 0 && g.leadsOn(schema, steps)
	}
	return leadsByType[id]
}

// leadsOn tells whether the type has a list that is merged within so many steps.
func (g *generator) leadsOn(schema *openapi.ResourceSchema, steps int) bool {
	if strategy, _ := schema.PatchStrategyAndKeyList(); strings.Contains(strategy, "merge") {
		return true
	}
	if next := schema.Elements(); next != nil && g.leads(next, steps-1) {
		return true
	}
	for name := range schema.Schema.Properties {
		if g.leads(schema.Field(name), steps-1) {
			return true
		}
	}
	return false
}

func (g *generator) value(schema *openapi.ResourceSchema, depth int) *tree {
	if schema == nil || g.chance(g.odd/4) || depth > 14 || g.isOwn && depth > 7 {
		return g.some(depth)
	}
	if g.chance(0.03) {
		return leaf(g.oneOf("null", ""))
	}
	switch kind := strings.Join(schema.Schema.Type, ","); {
	case kind == "array":
		return g.list(schema, depth)
	case kind == "object" && schema.Schema.AdditionalProperties != nil:
		return g.freeMap(depth)
	case kind == "object" && len(schema.Schema.Properties) == 0 || kind == "":
		return g.freeObject(depth)
	case kind == "object":
		made := &tree{}
		g.addFields(made, schema, depth)
		return made
	}
	return g.scalar()
}

func (g *generator) list(schema *openapi.ResourceSchema, depth int) *tree {
	_, keys := schema.PatchStrategyAndKeyList()
	elements := schema.Elements()
	if elements == nil || len(elements.Schema.Properties) == 0 {
		return g.primitives()
	}
	made := &tree{isList: true}
	for range g.random.Intn(4) {
		element := &tree{}
		for _, key := range keys {
			if !g.chance(g.odd + 0.01) {
				element.add(key, g.key(key))
			}
		}
		g.addFields(element, elements, depth+1)
		made.values = append(made.values, element)
		if g.chance(g.odd / 2) {
			made.values = append(made.values, g.some(depth+1))
		}
	}
	return g.withListDirective(made)
}

func (g *generator) key(name string) *tree {
	if g.chance(g.odd) {
		return g.scalar()
	}
	if strings.HasSuffix(strings.ToLower(name), "port") {
		return leaf(g.oneOf("80", "8080", "443"))
	}
	if name == "protocol" {
		return leaf(g.oneOf("TCP", "UDP"))
	}
	return leaf(g.oneOf("a", "b", "c", "d"))
}

// changed is a patch that resembles the target.
func (g *generator) changed(t *tree) *tree {
	if g.chance(g.odd / 10) {
		return g.some(3)
	}
	if t.isLeaf {
		if g.chance(0.3) && !slices.Contains([]string{"Widget", "example.com/v1"}, t.scalar) {
			return g.scalar()
		}
		return t
	}
	made := &tree{isList: t.isList}
	for i, value := range t.values {
		if g.chance(0.25) && !(i < 3 && len(t.keys) > 2 && t.keys[0] == "apiVersion") {
			continue
		}
		if !t.isList && slices.Contains([]string{"apiVersion", "kind", "name"}, t.keys[i]) {
			made.add(t.keys[i], value)
		} else if t.isList {
			made.values = append(made.values, g.untagged(g.changed(value)))
		} else {
			made.add(t.keys[i], g.changed(value))
		}
	}
	if t.isList {
		return g.withListDirective(made)
	}
	if g.chance(0.05) {
		made.add("$patch", leaf(g.directive()))
	}
	return made
}

// schema is an OpenAPI document with random types for example.com/v1 Widget.
func (g *generator) schema() string {
	definitions := spec.Definitions{}
	for i := range 3 {
		// Not a reference itself: kustomize follows a ring of them for ever.
		definitions[fmt.Sprint("type", i)] = g.ownType(3)
	}
	widget := g.ownType(4)
	for len(widget.Properties) == 0 {
		widget = g.ownType(4)
	}
	widget.AddExtension("x-kubernetes-group-version-kind", []any{
		map[string]any{"group": "example.com", "version": "v1", "kind": "Widget"}})
	definitions["widget"] = widget
	text, err := json.Marshal(map[string]any{"definitions": definitions})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (g *generator) typeOf(depth int) spec.Schema {
	var made spec.Schema
	if g.chance(0.2) {
		made.Ref = spec.MustCreateRef("#/definitions/" + g.oneOf("type0", "type1", "type2", "missing"))
		return made
	}
	return g.ownType(depth)
}

func (g *generator) ownType(depth int) spec.Schema {
	var made spec.Schema
	if depth == 0 {
		made.Type = spec.StringOrArray{"string"}
		return made
	}
	if g.chance(0.4) {
		return g.listType(depth)
	}
	made.Type = spec.StringOrArray{"object"}
	made.Properties = map[string]spec.Schema{}
	for range 1 + g.random.Intn(4) {
		made.Properties[g.oneOf("a", "b", "c", "d", "e", "name", "port")] = g.typeOf(depth - 1)
	}
	if g.chance(0.1) {
		more := g.typeOf(depth - 1)
		made.AdditionalProperties = &spec.SchemaOrBool{Allows: true, Schema: &more}
	}
	return made
}

func (g *generator) listType(depth int) spec.Schema {
	var made spec.Schema
	made.Type = spec.StringOrArray{"array"}
	elements := g.typeOf(depth - 1)
	made.Items = &spec.SchemaOrArray{Schema: &elements}
	if g.chance(0.15) {
		return made
	}
	made.AddExtension("x-kubernetes-patch-strategy", g.oneOf("merge", "merge", "merge,retainKeys", "replace"))
	keys := []any{}
	for _, key := range []string{"name", "port", "a"} {
		if g.chance(0.5) {
			keys = append(keys, key)
		}
	}
	if g.chance(0.5) {
		made.AddExtension("x-kubernetes-list-map-keys", keys)
	} else if g.chance(0.8) {
		made.AddExtension("x-kubernetes-patch-merge-key", g.oneOf("name", "port"))
	}
	return made
}
