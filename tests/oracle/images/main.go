// SPDX-License-Identifier: Apache-2.0

// Prints random rules for images and what kustomize 5.8.1 makes of objects by them, a case a line;
// image_name_test compares the agent with cases.jsonl. To compare it with more:
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

	"sigs.k8s.io/kustomize/api/filters/imagetag"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Case is one line. With Walk all lists of containers are visited, else the field "image" is.
// Outcome is "updated", "error" or "crash" (the name is no regular expression).
type Case struct {
	Rule    types.Image     `json:"rule"`
	Object  json.RawMessage `json:"object"`
	Walk    bool            `json:"walk"`
	Outcome string          `json:"outcome"`
	Result  json.RawMessage `json:"result,omitempty"`
}

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

var imageNames = []string{"nginx", "nginx", "library/nginx", "ghcr.io/a/nginx", "localhost:5000/nginx", "localhost:5000/a/b", "a", "a.b", "axb",
	"ngin", "nginxx", "", "/a", "a/b/c", "A", "ä", "a:b", "docker.io/nginx", "äb", "a\nb"}

func (g generator) image() string {
	image := imageNames[g.Intn(len(imageNames))]
	if g.Intn(2) == 0 {
		image += ":" + g.pick("1", "v1.2.3", "", "latest", "{TAG}", "1_2-3", "1+2", "a:b", "a/b", "ä", " ")
	}
	if g.Intn(3) == 0 {
		image += g.pick("@sha256:", "@sha512:", "@", "@sha256", "@sha256:") + g.pick("abc123", "", "{D}", "x:y", "x@y", "g h")
	}
	if g.Intn(12) == 0 {
		image = strings.Repeat(image, 2) + g.pick("@", ":", "/", "\n")
	}
	return image
}

func (g generator) rule() types.Image {
	rule := types.Image{Name: imageNames[g.Intn(len(imageNames))]}
	if g.Intn(4) == 0 {
		rule.Name = g.pick(".*", "ngin.", "(?:library/)?nginx", "a|b", "[an].*", "nginx$", "^nginx", "nginx:1", "(", "*", "a.b", ".", "..",
			"(.*/)?nginx", "ngin+x", "\\w+", "(?<n>a)", "nginx(:1)?", "[", "a{1,2}", ".*/nginx", "nginx@.*")
	}
	some := func(words ...string) string {
		if g.Intn(3) != 0 {
			return ""
		}
		return g.pick(words...)
	}
	rule.NewName = some("new", "reg:5000/x", "nginx", "a.b/c", "x@y", "w")
	rule.NewTag = some("2", "v2", "{X}", "a:b", "", " ")
	rule.Digest = some("sha256:ff", "ff", "sha256:")
	rule.TagSuffix = some("-alpine", "@x", ".1")
	return rule
}

// field is what an image may be written as.
func (g generator) field() any {
	switch g.Intn(30) {
	case 0:
		return map[string]any{"name": g.image()}
	case 1:
		return []any{g.image()}
	case 2:
		return g.Intn(3)
	}
	return g.image()
}

func (g generator) tree(depth int) any {
	if depth == 0 {
		return g.image()
	}
	if g.Intn(4) == 0 {
		items := []any{}
		for range g.Intn(3) {
			items = append(items, g.tree(depth-1))
		}
		return items
	}
	members := map[string]any{}
	for range g.Intn(4) {
		switch g.Intn(4) {
		case 0:
			members[g.pick("containers", "initContainers")] = g.containers(depth - 1)
		case 1:
			members["image"] = g.image()
		default:
			members[g.pick("spec", "template", "x", "ephemeralContainers", "container")] = g.tree(depth - 1)
		}
	}
	return members
}

func (g generator) containers(depth int) any {
	if g.Intn(12) == 0 {
		return g.tree(depth)
	}
	items := []any{}
	for range g.Intn(3) {
		container := map[string]any{"name": "x"}
		if g.Intn(6) != 0 {
			container["image"] = g.field()
		}
		if g.Intn(4) == 0 {
			container["more"] = g.tree(depth)
		}
		items = append(items, container)
	}
	if g.Intn(20) == 0 {
		items = append(items, nil)
	}
	if g.Intn(40) == 0 {
		items = append(items, g.tree(depth))
	}
	return items
}

func updated(c *Case) (outcome string, result json.RawMessage) {
	defer func() {
		if recover() != nil {
			outcome = "crash"
		}
	}()
	node := yaml.MustParse(string(c.Object))
	var filter kio.Filter = imagetag.LegacyFilter{ImageTag: c.Rule}
	if !c.Walk {
		filter = imagetag.Filter{ImageTag: c.Rule, FsSlice: types.FsSlice{{Path: "image"}}}
	}
	if _, err := filter.Filter([]*yaml.RNode{node}); err != nil {
		return "error", nil
	}
	text, err := node.MarshalJSON()
	if err != nil {
		return "error", nil
	}
	return "updated", text
}

func main() {
	seed := flag.Int64("seed", 1, "of the random numbers")
	count := flag.Int("count", 200, "of cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	g := generator{rand.New(rand.NewSource(*seed))}
	for range *count {
		c := Case{Rule: g.rule(), Walk: g.Intn(3) == 0}
		object := map[string]any{"apiVersion": "v1", "kind": "Foo", "metadata": map[string]any{"name": "x"}}
		if g.Intn(20) == 0 {
			object["kind"] = "CustomResourceDefinition"
		}
		if c.Walk {
			object["spec"] = g.tree(4)
			object["containers"] = g.containers(2)
		} else {
			object["image"] = g.field()
		}
		text, err := json.Marshal(object)
		if err != nil {
			panic(err)
		}
		c.Object = text
		c.Outcome, c.Result = updated(&c)
		line, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}
