// SPDX-License-Identifier: Apache-2.0

// Prints random selectors and what kustomize 5.8.1 finds with them, a case a line; selector_test
// compares the agent with cases.jsonl. To compare it with more:
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

	"sigs.k8s.io/kustomize/api/filters/replacement"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Object has had an identity in front of its present one.
type Object struct {
	APIVersion   string            `json:"apiVersion"`
	Kind         string            `json:"kind"`
	Name         string            `json:"name"`
	Namespace    string            `json:"namespace"`
	OldName      string            `json:"oldName"`
	OldNamespace string            `json:"oldNamespace"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
}

// Case is one line. Kind is "pattern" (Selectors[0].Name for Object.Name), "labels", "patch" or
// "replacement" (the first selector selects, the others reject). Found is "yes", "no" or "error".
type Case struct {
	Kind      string           `json:"kind"`
	Selectors []types.Selector `json:"selectors"`
	Object    Object           `json:"object"`
	Found     string           `json:"found"`
}

var factory = resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory())

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

// some gives one of the words, or "" in half of the cases.
func (g generator) some(words ...string) string {
	if g.Intn(2) == 0 {
		return ""
	}
	return g.pick(words...)
}

// pattern makes a regular expression, sometimes a wrong one.
func (g generator) pattern(depth int) string {
	text := ""
	for range 1 + g.Intn(3) {
		switch n := g.Intn(16); {
		case n < 5:
			text += g.pick("a", "b", "c", "web", "-", "ä", "1", "A", ".", "_")
		case n < 7:
			text += g.pick(".", "\\.", "\\d", "\\w", "\\s", "\\pN", "\\p{L}", "\\PL", "\\b", "\\z", "\\A", "^", "$",
				"\\x61", "\\x{e4}", "\\141", "\\Qa.b\\E", "\\Q)", "\\-", "\\/", "\\D", "\\B", "\\p{Greek}", "\\p{^L}", "\\n", "\\a")
		case n < 9:
			text += g.pick("[ab]", "[^a]", "[a-c]", "[[:alpha:]]", "[]a]", "[^]a]", "[\\w-]", "[a-]", "[\\]a]", "[^\\d]",
				"[[:^digit:]b]", "[(?<a>]", "[\\pL]", "[[a]", "[a[:word:]]", "[äb]", "[-a]", "[\\x61-c]")
		case n < 12 && depth > 0:
			text += g.pick("(", "(?:", "(?i:", "(?<n>", "(?P<n>", "(?s:", "(?-s:", "(?U:", "(?m:") + g.pattern(depth-1) + ")"
		case n == 12 && depth > 0:
			text += g.pattern(depth-1) + "|" + g.pattern(depth-1)
		case n == 13:
			text += g.pick("(?i)", "(?s)", "(?m)", "(?U)", "(?is-m)", "")
		case n == 14 && g.Intn(4) == 0:
			text += g.pick("\\C", "\\1", "\\Z", "(?=a)", "(?<!a)", "(?<", "(?P=n)", "(?#a)", "[", "]", "(", ")", "\\", "**", "{", "}",
				"[b-a]", "\\p{None}", "[[:none:]]", "(?P<n", "(?<n-m>a)", "a{2,1}", "a{1001}", "(a{40}){40}", "\\x{110000}",
				"\\xZZ", "\\8", "(?z)", "\\E", "\\G", "\\K", "\\h", "\\N", "\\R", "[\\C]", "[[=a=]]", "(?i", "a{,2}", "a{2", "(?<>a)")
		default:
			text += g.pick("a", "web")
		}
		if g.Intn(4) == 0 {
			text += g.pick("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{,2}", "{2}?")
		}
	}
	return text
}

var names = []string{"a", "b", "ab", "a.b", "axb", "web", "web-1", "WEB", "abc", "a\nb", "ä", "aa", "", "a]b", "a1", "(a|b)"}

// namePattern is what people write, mostly.
func (g generator) namePattern() string {
	if g.Intn(3) == 0 {
		return g.pattern(1)
	}
	return g.pick(names...)
}

func (g generator) labelSelector() string {
	if g.Intn(3) == 0 { // from tokens
		text := ""
		for range g.Intn(8) {
			text += g.pick("a", "b", "in", "notin", "=", "==", "!=", "!", "(", ")", ",", "<", ">", " ", "\t", "a.b/c", "1", "-1",
				"x y", "A", "_", "a/b/c", "a/", "/a", "a-", "ä", "\x00", "\n", "===", "!!", "v", strings.Repeat("l", 60+g.Intn(6)))
		}
		return text
	}
	requirements := []string{}
	for range g.Intn(3) {
		key := g.pick("a", "b", "c", "e.f/g", "E.f/g", "e..f/g", "-e/g", "e-/g", "e.-f/g", "in", strings.Repeat("p", 251+g.Intn(5))+"/g")
		requirements = append(requirements, g.pick(
			key, "!"+key, key+"=x", key+"==1", key+" != x", key+" in (x, y)", key+" in ()", key+" in (,)", key+" in (x,,1)",
			key+" notin (x,1)", key+">0", key+" < 2", key+">x", key+"=", key+" notin (in,notin)", key+">-1", key+" in (x y)",
			key+">9223372036854775808", key+"> 01", key+" = in", key+"!= ", key+" in x", key+" in (,x,)", key+" in (x,)"))
	}
	return strings.Join(requirements, g.pick(",", ", ", ",", ";", ",,"))
}

func (g generator) marks() map[string]string {
	marks := map[string]string{}
	for range g.Intn(4) {
		marks[g.pick("a", "b", "c", "e.f/g", "in")] = g.pick("x", "y", "1", "", "0", "-5", "+5", "9223372036854775807", "in")
	}
	return marks
}

func (g generator) selector() types.Selector {
	s := types.Selector{}
	s.Group = g.some("apps", "", "app.", "ap+s", ".*")
	s.Version = g.some("v1", "v.*", "v2")
	s.Kind = g.some("Deployment", "Deploy.*", "Namespace", "deployment", "(?i)deployment")
	if g.Intn(2) == 0 {
		s.Name = g.namePattern()
	}
	s.Namespace = g.some("default", "x", ".*", "x|y", "_non_namespaceable_")
	if g.Intn(4) == 0 {
		s.LabelSelector = g.labelSelector()
	}
	if g.Intn(4) == 0 {
		s.AnnotationSelector = g.labelSelector()
	}
	return s
}

func (g generator) object() Object {
	o := Object{APIVersion: g.pick("v1", "apps/v1"), Kind: g.pick("Deployment", "Namespace", "Foo"), Name: g.pick("a", "b", "web", "ab"),
		Namespace: g.pick("", "x", "y", "default"), Labels: g.marks(), Annotations: g.marks()}
	o.OldName, o.OldNamespace = o.Name, o.Namespace
	if g.Intn(2) == 0 {
		o.OldName, o.OldNamespace = g.pick("a", "b", "web"), g.pick("", "x", "y")
	}
	return o
}

func answer(found bool, err error) string {
	switch {
	case err != nil:
		return "error"
	case found:
		return "yes"
	}
	return "no"
}

func (c *Case) resources() resmap.ResMap {
	o := c.Object
	metadata := map[string]any{"name": o.OldName, "labels": o.Labels, "annotations": o.Annotations}
	if o.OldNamespace != "" {
		metadata["namespace"] = o.OldNamespace
	}
	text, _ := json.Marshal(map[string]any{"apiVersion": o.APIVersion, "kind": o.Kind, "metadata": metadata})
	all, err := factory.NewResMapFromBytes(text)
	if err != nil {
		panic(err)
	}
	object := all.Resources()[0]
	if o.Name != o.OldName || o.Namespace != o.OldNamespace {
		object.StorePreviousId()
		if err := object.SetName(o.Name); err != nil {
			panic(err)
		}
		if err := object.SetNamespace(o.Namespace); err != nil {
			panic(err)
		}
	}
	return all
}

// find is what kustomize finds.
func (c *Case) find() (bool, error) {
	selector := c.Selectors[0]
	switch c.Kind {
	case "pattern":
		compiled, err := types.NewSelectorRegex(&selector)
		return err == nil && compiled.MatchName(c.Object.Name), err
	case "labels":
		node := yaml.NewMapRNode(nil)
		if err := node.SetLabels(c.Object.Labels); err != nil {
			return false, err
		}
		return node.MatchesLabelSelector(selector.LabelSelector)
	case "patch":
		found, err := c.resources().Select(selector)
		return len(found) == 1, err
	}
	target := types.TargetSelector{Select: &selector, FieldPaths: []string{"spec"}, Options: &types.FieldOptions{Create: true}}
	for _, reject := range c.Selectors[1:] {
		target.Reject = append(target.Reject, &reject)
	}
	source := yaml.MustParse("{apiVersion: v9, kind: Source, metadata: {name: source}}")
	node := &c.resources().Resources()[0].RNode
	_, err := replacement.Filter{Replacements: []types.Replacement{{
		Source:  &types.SourceSelector{ResId: resid.NewResId(resid.NewGvk("", "v9", "Source"), "source")},
		Targets: []*types.TargetSelector{&target},
	}}}.Filter([]*yaml.RNode{source, node})
	return node.Field("spec") != nil, err
}

func (g generator) newCase() Case {
	c := Case{Object: g.object()}
	switch n := g.Intn(10); {
	case n < 4:
		c.Kind = "pattern"
		c.Object = Object{Name: g.pick(names...)}
		if g.Intn(2) == 0 {
			for c.Object.Name = ""; g.Intn(5) != 0; {
				c.Object.Name += g.pick("a", "b", "c", ".", "-", "ä", "1", "A", "\n", " ", "web", "]", "aa", "π", "²")
			}
		}
		c.Selectors = append(c.Selectors, types.Selector{ResId: resid.ResId{
			Name: g.pick("", "", ".*", "[^q]*") + g.pattern(2) + g.pick("", "", ".*")}})
		if g.Intn(5) == 0 {
			c.Selectors[0].Name = g.namePattern()
		}
	case n < 7:
		c.Kind = "labels"
		c.Object = Object{Labels: g.marks()}
		c.Selectors = append(c.Selectors, types.Selector{LabelSelector: g.labelSelector()})
	case n < 8:
		c.Kind = "patch"
		c.Selectors = append(c.Selectors, g.selector())
	default:
		c.Kind = "replacement"
		for range 1 + g.Intn(3) {
			c.Selectors = append(c.Selectors, g.selector())
		}
	}
	return c
}

func main() {
	seed := flag.Int64("seed", 1, "of the random numbers")
	count := flag.Int("count", 300, "of cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	g := generator{rand.New(rand.NewSource(*seed))}
	for range *count {
		c := g.newCase()
		c.Found = answer(c.find())
		text, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(text))
	}
}
