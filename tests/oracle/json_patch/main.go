// SPDX-License-Identifier: Apache-2.0

// Prints random JSON patches and what kustomize 5.8.1 makes of them, a case a line. patched_object_test
// compares the agent with cases.jsonl; to compare it with more:
//
//	go run . -seed 2 -count 100000 > cases.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/api/filters/patchjson6902"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/kio/kioutil"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Case is one line. Outcome is "patched", "error", "crash", or "odd" where the agent differs on
// purpose: where kustomize compares or copies a null that the patch has set, or its own annotations,
// where annotations become a list, and where the key of one reads as no string.
type Case struct {
	Object  json.RawMessage `json:"object"`
	Patch   string          `json:"patch"`
	Hidden  bool            `json:"hidden"`
	Outcome string          `json:"outcome"`
	Result  json.RawMessage `json:"result,omitempty"`
}

var resources = provider.NewDefaultDepProvider().GetResourceFactory()

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

var keys = []string{"a", "b", "c", "x/y", "~t", "0", ""}

// number is a number as JSON writes it.
func (g generator) number() json.RawMessage {
	return json.RawMessage(g.pick("0", "1", "-1", "2", "1.5", "1.0", "1e3", "1E-7", "1234567", "9007199254740993",
		"18446744073709551615", "123456789.125", "1e21", "0.1", "1e300"))
}

func (g generator) value(depth int) any {
	switch n := g.Intn(14); {
	case n < 4 && depth > 0:
		members := map[string]any{}
		for range g.Intn(4) {
			members[keys[g.Intn(len(keys))]] = g.value(depth - 1)
		}
		return members
	case n < 8 && depth > 0:
		items := []any{}
		for range g.Intn(4) {
			items = append(items, g.value(depth-1))
		}
		return items
	case n < 10:
		return g.number()
	case n == 10:
		return g.Intn(2) == 0
	case n == 11 && g.Intn(3) == 0:
		return nil
	default:
		return g.pick("x", "", "y", "1", "true", "<&>", "ä", "a\nb", "2001-01-01", "null")
	}
}

func (g generator) object() map[string]any {
	metadata := map[string]any{"name": "it"}
	if g.Intn(2) == 0 {
		metadata["annotations"] = map[string]any{"a": "1", "b": "x"}
	}
	return map[string]any{"apiVersion": "v1", "kind": g.pick("Pod", "Namespace", "Foo"), "metadata": metadata,
		"spec": g.value(4), "a": g.value(3)}
}

func escaped(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// path leads somewhere into the object, mostly.
func (g generator) path(value any) string {
	switch g.Intn(40) {
	case 0:
		return g.pick("", "a", "/", "//", "spec/a", "x/spec", "/a/~2", "/~", "/spec/-")
	case 1:
		return "/metadata/annotations/" + g.pick("a", "c")
	case 2:
		return "/metadata/annotations"
	}
	path := ""
	for {
		switch typed := value.(type) {
		case map[string]any:
			key := keys[g.Intn(len(keys))]
			if len(typed) > 0 && g.Intn(6) != 0 {
				names := []string{}
				for name := range typed {
					names = append(names, name)
				}
				key = sorted(names)[g.Intn(len(names))]
			}
			path += "/" + escaped(key)
			value = typed[key]
		case []any:
			index := g.Intn(len(typed) + 1)
			step := fmt.Sprint(index)
			if g.Intn(4) == 0 {
				step = g.pick("-", "-1", "+0", "00", "-0", "9", "x", "", "-2", "+-1", "99999999999999999999", "1_0")
			}
			path += "/" + step
			value = nil
			if index < len(typed) {
				value = typed[index]
			}
		default:
			if g.Intn(12) == 0 {
				path += "/" + g.pick("a", "0", "-")
			}
			return path
		}
		if g.Intn(5) == 0 {
			return path
		}
	}
}

func sorted(names []string) []string {
	for i := range names {
		for j := i; j > 0 && names[j] < names[j-1]; j-- {
			names[j], names[j-1] = names[j-1], names[j]
		}
	}
	return names
}

// at finds what the path leads to, as far as tests need it to succeed sometimes.
func at(value any, path string) any {
	for _, step := range strings.Split(path, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch typed := value.(type) {
		case map[string]any:
			value = typed[step]
		case []any:
			var index int
			if _, err := fmt.Sscan(step, &index); err != nil || index < 0 || index >= len(typed) {
				return nil
			}
			value = typed[index]
		default:
			return nil
		}
	}
	return value
}

func (g generator) operation(object any) map[string]any {
	operation := map[string]any{"op": g.pick("add", "add", "add", "remove", "replace", "replace", "move", "copy", "test"),
		"path": g.path(object)}
	if g.Intn(60) == 0 {
		operation["op"] = g.pick("Add", "", "unknown")
	}
	switch operation["op"] {
	case "add", "replace":
		if g.Intn(30) != 0 {
			operation["value"] = g.value(2)
		}
		if g.Intn(12) == 0 {
			operation["value"] = map[string]any{"a": g.value(0), "b": g.value(1)}
			operation["path"] = g.pick("/metadata/annotations", "/metadata", "", "/a")
		}
	case "test":
		operation["value"] = g.value(2)
		if path := operation["path"].(string); g.Intn(3) != 0 && path != "" {
			operation["value"] = at(object, path)
		} else if g.Intn(2) == 0 && path == "" {
			operation["value"] = object
		}
	case "move", "copy":
		operation["from"] = g.path(object)
	}
	if g.Intn(200) == 0 {
		operation["path"] = g.value(1)
	}
	if g.Intn(200) == 0 {
		delete(operation, g.pick("path", "from", "op"))
	}
	if g.Intn(100) == 0 {
		operation["comment"] = "x"
	}
	return operation
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// text writes the operations as JSON, or as YAML with plain scalars for some values.
func (g generator) text(operations []any) string {
	if g.Intn(2) == 0 {
		return encoded(operations)
	}
	text := g.pick("", "---\n", "# comment\n")
	for _, operation := range operations {
		members, ok := operation.(map[string]any)
		if !ok {
			text += "- " + encoded(operation) + "\n"
			continue
		}
		line := "- {"
		for _, key := range []string{"op", "path", "from", "value", "comment"} {
			value, ok := members[key]
			if !ok {
				continue
			}
			written := encoded(value)
			if key == "value" && g.Intn(4) == 0 && members["op"] != "test" {
				written = g.pick("yes", "off", "y", "010", "0x1F", "1_000", "2001-01-01", ".5", "1e3", "0b11",
					"0o17", "2001-01-01T00:00:00Z", "{y: 1}", "{1: x}", "plain", "'no'", "12e03", "1.", "+1", "-0b11")
			}
			line += key + ": " + written + ", "
		}
		text += strings.TrimSuffix(line, ", ") + "}\n"
	}
	return text
}

func holdsNull(value any) bool {
	switch typed := value.(type) {
	case nil:
		return true
	case map[string]any:
		for _, member := range typed {
			if holdsNull(member) {
				return true
			}
		}
	case []any:
		for _, item := range typed {
			if holdsNull(item) {
				return true
			}
		}
	}
	return false
}

// holdsNotes says whether kustomize's own annotations are in what the path leads to.
func holdsNotes(path any) bool {
	text, _ := path.(string)
	_, text, _ = strings.Cut(text, "/")
	return text == "" || text == "metadata" || text == "metadata/annotations"
}

// isOdd says whether a null that the patch sets may meet a test or copy, or the parent of one, or
// whether notes do.
func isOdd(operations []any, object any, hidden bool) bool {
	sets, looks := false, false
	for _, operation := range operations {
		members, ok := operation.(map[string]any)
		if !ok {
			continue
		}
		if members["op"] == "test" && hidden && holdsNotes(members["path"]) ||
			members["from"] != nil && hidden && holdsNotes(members["from"]) {
			return true
		}
		switch members["op"] {
		case "add", "replace":
			sets = sets || holdsNull(members["value"])
		case "copy":
			sets = true
			looks = looks || holdsNull(object)
		case "test":
			looks = true
		}
	}
	return sets && looks
}

func patched(c *Case) (outcome string, result json.RawMessage) {
	defer func() {
		if recover() != nil {
			outcome = "crash"
		}
	}()
	object, err := resources.FromBytes(c.Object)
	if err != nil {
		panic(err)
	}
	if err := patch(object, c); err != nil {
		if err.Error() == "odd" {
			return "odd", nil
		}
		return "error", nil
	}
	object.RemoveBuildAnnotations()
	text, err := object.MarshalJSON()
	if err != nil {
		return "error", nil
	}
	return "patched", text
}

// patch is PatchTransformerPlugin.transformJson6902, with c.Hidden, and else
// PatchJson6902TransformerPlugin.Transform.
func patch(object *resource.Resource, c *Case) error {
	if c.Hidden {
		object.StorePreviousId()
	}
	internal := kioutil.GetInternalAnnotations(&object.RNode)
	if err := object.ApplyFilter(patchjson6902.Filter{Patch: c.Patch}); err != nil {
		return err
	}
	annotations := object.GetAnnotations()
	hasNumber := false
	for _, key := range []string{"0", "1", "true"} {
		_, found := annotations[key]
		hasNumber = hasNumber || found
	}
	if found, _ := object.Pipe(yaml.Lookup("metadata", "annotations")); found != nil &&
		found.YNode().Kind == yaml.SequenceNode || hasNumber {
		return fmt.Errorf("odd")
	}
	for key, value := range internal {
		annotations[key] = value
	}
	return object.SetAnnotations(annotations)
}

func main() {
	seed := flag.Int64("seed", 1, "of the random numbers")
	count := flag.Int("count", 120, "of cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	g := generator{rand.New(rand.NewSource(*seed))}
	for range *count {
		object := g.object()
		operations := []any{}
		for range 1 + g.Intn(4) {
			operations = append(operations, g.operation(object))
		}
		if g.Intn(200) == 0 {
			operations = append(operations, g.value(1))
		}
		c := Case{Object: json.RawMessage(encoded(object)), Patch: g.text(operations), Hidden: g.Intn(3) != 0}
		c.Outcome, c.Result = patched(&c)
		if isOdd(operations, object, c.Hidden) {
			c.Outcome, c.Result = "odd", nil
		}
		fmt.Fprintln(out, encoded(c))
	}
}
