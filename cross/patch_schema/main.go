// SPDX-License-Identifier: Apache-2.0

// Writes agent/render/patch_schema_table.inc: what kustomize 5.8.1 knows of the types of Kubernetes,
// as far as strategic merges and namespaces need it, out of the OpenAPI schema in kyaml.
//
// Regenerate with: go run . > ../../agent/render/patch_schema_table.inc
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A node is a type: a mapping with fields, or a list with elements.
type node struct {
	fields     map[string]*node
	additional *node // of all other keys of a mapping
	elements   *node
	merges     bool // its elements are matched by keys
	keys       []string
	opaque     bool // a mapping of which the schema tells nothing
	matters    bool
	class      int
}

// The resolved schemas, by definition, and those within them.
type reader struct {
	byRef map[string]*node
	all   []*node
}

func (r *reader) read(schema *spec.Schema) *node {
	ref := schema.Ref.String()
	if ref == "" {
		return r.make(schema, &node{})
	}
	if known, ok := r.byRef[ref]; ok {
		return known
	}
	resolved, err := openapi.Resolve(&schema.Ref, openapi.Schema())
	if err != nil || resolved.Ref.String() != "" {
		log.Fatalf("%s: %v", ref, err)
	}
	made := &node{}
	r.byRef[ref] = made
	return r.make(resolved, made)
}

func (r *reader) make(schema *spec.Schema, made *node) *node {
	r.all = append(r.all, made)
	if len(schema.Type) == 1 && schema.Type[0] == "array" {
		made.readList(r, schema)
	}
	made.fields = map[string]*node{}
	for _, name := range sorted(schema.Properties) {
		property := schema.Properties[name]
		made.fields[name] = r.read(&property)
	}
	if more := schema.AdditionalProperties; more != nil && more.Schema != nil {
		made.additional = r.read(more.Schema)
	}
	isMapping := len(schema.Type) == 0 || schema.Type[0] == "object"
	made.opaque = isMapping && len(made.fields) == 0 && made.additional == nil
	return made
}

// Only lists are merged by keys, though the schema has a string ("key" of a label selector's
// requirement) that says it is.
func (n *node) readList(r *reader, schema *spec.Schema) {
	typed := &openapi.ResourceSchema{Schema: schema}
	strategy, keys := typed.PatchStrategyAndKeyList()
	for _, part := range strings.Split(strategy, ",") {
		n.merges = n.merges || part == "merge"
	}
	if n.merges {
		n.keys = keys
	}
	if schema.Items != nil {
		n.elements = r.read(schema.Items.Schema)
	}
}

func (n *node) next() []*node {
	var all []*node
	for _, name := range sorted(n.fields) {
		all = append(all, n.fields[name])
	}
	for _, one := range []*node{n.additional, n.elements} {
		if one != nil {
			all = append(all, one)
		}
	}
	return all
}

func sorted[T any](byName map[string]T) []string {
	var names []string
	for name := range byName {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// prune drops what leads neither to a list that is merged nor to an opaque mapping. (Below a type
// that is known, apiVersion and kind of an object within the object count for nothing; so the types
// of mappings that may hold one must be known.)
func prune(all []*node) {
	for changed := true; changed; {
		changed = false
		for _, n := range all {
			matters := n.merges || n.opaque
			for _, next := range n.next() {
				matters = matters || next.matters
			}
			changed = changed || matters != n.matters
			n.matters = matters
		}
	}
	for _, n := range all {
		for name, next := range n.fields {
			if !next.matters {
				delete(n.fields, name)
			}
		}
		if n.additional != nil && !n.additional.matters {
			n.additional = nil
		}
	}
}

// classify numbers the nodes so that those which cannot be told apart have one number.
func classify(all []*node) int {
	for count := 0; ; {
		signatures := map[string]int{}
		var next []int
		for _, n := range all {
			signature := n.signature()
			if _, ok := signatures[signature]; !ok {
				signatures[signature] = len(signatures)
			}
			next = append(next, signatures[signature])
		}
		for i, n := range all {
			n.class = next[i]
		}
		if len(signatures) == count {
			return count
		}
		count = len(signatures)
	}
}

func (n *node) signature() string {
	text := fmt.Sprint(n.merges, n.keys)
	for _, name := range sorted(n.fields) {
		text += fmt.Sprint(" ", name, n.fields[name].class)
	}
	if n.additional != nil {
		text += fmt.Sprint(" *", n.additional.class)
	}
	if n.elements != nil && n.elements.matters {
		text += fmt.Sprint(" []", n.elements.class)
	}
	return text
}

// isPlain tells that there is nothing to know of the type but that there is one.
func (n *node) isPlain() bool {
	return !n.merges && len(n.fields) == 0 && n.additional == nil &&
		(n.elements == nil || !n.elements.matters)
}

// A kind is a row of the table of kinds.
type kind struct {
	apiVersion, name string
	root             *node
	scope            string
}

func kinds(r *reader) []kind {
	schema := openapi.Schema()
	found := map[yaml.TypeMeta]kind{}
	for _, name := range sorted(schema.Definitions) {
		definition := schema.Definitions[name]
		extension, _ := definition.Extensions["x-kubernetes-group-version-kind"].([]any)
		for _, each := range extension {
			ids := each.(map[string]any)
			meta := yaml.TypeMeta{APIVersion: ids["version"].(string), Kind: ids["kind"].(string)}
			if group := ids["group"].(string); group != "" {
				meta.APIVersion = group + "/" + meta.APIVersion
			}
			if _, twice := found[meta]; twice {
				log.Fatalf("%v has two types", meta)
			}
			// By the reference, so that two kinds of one definition share it.
			ref := spec.Schema{SchemaProps: spec.SchemaProps{
				Ref: spec.MustCreateRef("#/definitions/" + name)}}
			found[meta] = kind{meta.APIVersion, meta.Kind, r.read(&ref), "unknown"}
		}
	}
	addScopes(found)
	var all []kind
	for _, each := range found {
		all = append(all, each)
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].name != all[j].name {
			return all[i].name < all[j].name
		}
		return all[i].apiVersion < all[j].apiVersion
	})
	return all
}

// What kyaml's precomputedIsNamespaceScoped has beyond the kinds of the schema: options of requests.
// The list itself is not public.
var withoutType = []string{"NodeProxyOptions", "PodAttachOptions", "PodExecOptions",
	"PodPortForwardOptions", "PodProxyOptions", "ServiceProxyOptions"}

func addScopes(found map[yaml.TypeMeta]kind) {
	for _, name := range withoutType {
		meta := yaml.TypeMeta{APIVersion: "v1", Kind: name}
		if _, ok := found[meta]; !ok {
			found[meta] = kind{meta.APIVersion, meta.Kind, nil, "unknown"}
		}
	}
	for meta, each := range found {
		isNamespaced, isKnown := openapi.IsNamespaceScoped(meta)
		switch {
		case isKnown && isNamespaced:
			each.scope = "namespaced"
		case isKnown:
			each.scope = "cluster"
		}
		found[meta] = each
	}
}

// A pool is a text in which strings are found by their offsets: each behind its length.
type pool struct {
	text    []byte
	offsets map[string]int
}

func (p *pool) offset(text string) int {
	at, known := p.offsets[text]
	if !known {
		at = len(p.text)
		p.offsets[text] = at
		p.text = append(append(p.text, byte(len(text))), text...)
	}
	return at
}

func main() {
	r := &reader{byRef: map[string]*node{}}
	all := kinds(r)
	prune(r.all)
	count := classify(r.all)
	types := make([]*node, count)
	for _, n := range r.all {
		if types[n.class] == nil {
			types[n.class] = n
		}
	}
	used := reachable(all)
	numbers := map[int]int{}
	for class, n := range types {
		if used[class] && !n.isPlain() {
			numbers[class] = len(numbers) + 1
		}
	}
	write(all, types, numbers)
}

// reachable tells which classes kinds lead to.
func reachable(all []kind) map[int]bool {
	seen := map[int]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if n == nil || seen[n.class] {
			return
		}
		seen[n.class] = true
		for _, next := range n.next() {
			visit(next)
		}
	}
	for _, each := range all {
		visit(each.root)
	}
	return seen
}

type table struct {
	out     *bufio.Writer
	names   pool
	numbers map[int]int
	keySets map[string]int
	keys    []int
}

// number is 0 for a plain type.
func (t *table) number(n *node) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(t.numbers[n.class])
}

func (t *table) keySet(n *node) string {
	if !n.merges {
		return "none"
	}
	id := strings.Join(n.keys, " ")
	at, known := t.keySets[id]
	if !known {
		at = len(t.keys)
		t.keySets[id] = at
		t.keys = append(t.keys, len(n.keys))
		for _, key := range n.keys {
			t.keys = append(t.keys, t.names.offset(key))
		}
	}
	return fmt.Sprint(at)
}

func write(all []kind, types []*node, numbers map[int]int) {
	t := &table{out: bufio.NewWriter(os.Stdout), numbers: numbers,
		names: pool{offsets: map[string]int{}}, keySets: map[string]int{}}
	defer t.out.Flush()
	fmt.Fprint(t.out, "// SPDX-License-Identifier: Apache-2.0\n"+
		"// Made by cross/patch_schema out of the OpenAPI schema in kyaml v0.21.1: do not edit.\n")
	ordered := make([]*node, len(numbers)+1)
	ordered[0] = &node{}
	for class, number := range numbers {
		ordered[number] = types[class]
	}
	t.writeTypes(ordered)
	fmt.Fprintf(t.out, "\nconstexpr std::array<TableKind, %d> kinds = {{\n", len(all))
	for _, each := range all {
		fmt.Fprintf(t.out, "    {%d, %d, %s, KnownScope::%s},  // %s %s\n", t.names.offset(each.name),
			t.names.offset(each.apiVersion), t.number(each.root), each.scope, each.apiVersion, each.name)
	}
	fmt.Fprint(t.out, "}};\n")
	t.writeKeys()
	t.writeNames()
}

func (t *table) writeTypes(ordered []*node) {
	var fields []string
	fmt.Fprintf(t.out, "\nconstexpr std::array<TableType, %d> types = {{\n", len(ordered)+1)
	for _, n := range ordered {
		fmt.Fprintf(t.out, "    {%d, %s, %s, %s},\n", len(fields), t.number(n.additional),
			t.number(n.elements), t.keySet(n))
		for _, name := range sorted(n.fields) {
			fields = append(fields, fmt.Sprintf("    {%d, %s},  // %s\n", t.names.offset(name),
				t.number(n.fields[name]), name))
		}
	}
	fmt.Fprintf(t.out, "    {%d, none, none, none},\n}};\n", len(fields))
	fmt.Fprintf(t.out, "\nconstexpr std::array<TableField, %d> fields = {{\n%s}};\n", len(fields),
		strings.Join(fields, ""))
}

func (t *table) writeKeys() {
	fmt.Fprintf(t.out, "\nconstexpr std::array<std::uint16_t, %d> key_sets = {", len(t.keys))
	for i, key := range t.keys {
		if i > 0 {
			fmt.Fprint(t.out, ", ")
		}
		fmt.Fprint(t.out, key)
	}
	fmt.Fprint(t.out, "};\n")
}

func (t *table) writeNames() {
	if len(t.names.text) > 0xfffe {
		log.Fatal("too many names for 16 bits")
	}
	fmt.Fprint(t.out, "\n// NOLINTNEXTLINE(*-avoid-c-arrays): a literal with zeros in it.\nconstexpr char names[] =\n")
	for at := 0; at < len(t.names.text); {
		length := int(t.names.text[at])
		// The length by three octal digits, so that no digit of the name belongs to it.
		fmt.Fprintf(t.out, "    \"\\%03o%s\"\n", length, t.names.text[at+1:at+1+length])
		at += 1 + length
	}
	fmt.Fprint(t.out, "    ;\n")
}
