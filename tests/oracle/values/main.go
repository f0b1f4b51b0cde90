// SPDX-License-Identifier: Apache-2.0

// Prints values and references to values, written by hand and at random, with what the modules of
// helm-controller merge them to, a case a line; chart_values_test compares the agent with
// cases.jsonl. To compare it with more:
//
//	go run . -seed 2 -count 20000 > cases.jsonl
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Reference is an item of valuesFrom with the text that it leads to.
type Reference struct {
	Text    string `json:"text"`
	Path    string `json:"path,omitempty"`
	Literal bool   `json:"literal,omitempty"`
}

// Case is one line. Merged is left out where Flux answers an error.
type Case struct {
	Values     map[string]any `json:"values"`
	References []Reference    `json:"references"`
	Merged     map[string]any `json:"merged,omitempty"`
	Fails      bool           `json:"fails,omitempty"`
}

// texts answers every look-up with one Secret that holds all texts.
type texts struct {
	client.Client
	data map[string][]byte
}

func (t texts) Get(_ context.Context, _ client.ObjectKey, object client.Object, _ ...client.GetOption) error {
	object.(*corev1.Secret).Data = t.data
	return nil
}

func deepCopy(values map[string]any) (copied map[string]any) {
	text, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(text, &copied); err != nil {
		panic(err)
	}
	return copied
}

func merge(values map[string]any, references []Reference) Case {
	row := Case{Values: deepCopy(values), References: references}
	source := texts{data: map[string][]byte{}}
	var from []meta.ValuesReference
	for i, reference := range references {
		key := fmt.Sprintf("key-%d", i)
		source.data[key] = []byte(reference.Text)
		from = append(from, meta.ValuesReference{Kind: "Secret", Name: "all", ValuesKey: key,
			TargetPath: reference.Path, Literal: reference.Literal})
	}
	merged, err := chartutil.ChartValuesFromReferences(context.Background(), logr.Discard(), source,
		"default", values, from...)
	if err != nil {
		row.Fails = true
		return row
	}
	row.Merged = merged
	return row
}

var pathTexts = []string{
	"text", "1", "0", "007", "-5", "+5", "--5", "+-5", "true", "TRUE", "False", "null", "NULL", "1.5",
	"9223372036854775807", "9223372036854775808", "", "a,b", "a\\,b", "a,b=c", "a,b.c=d", "x,b[0]=1",
	"x,b[1", "x,b[1].c", "{a,b}", "{a,1,true}", "{}", "{,}", "{a", "{a}b", "{a},b=1", "{a\\,b}",
	"'quoted'", "\"quoted\"", "'1'", "\"true\"", "'", "'\"both\"'", "'a,b'", "'{a,b}'", "\\", "a\\",
	"\\{a}", "a=b", "a=b,c=d", "[1]", "a.b", "x,.b=1", "x,=1", "x,a.=1", "x,a..b=1", "x,[0]=1", "x,a[]=1",
	"x,a[-1]=1", "x,a[+1]=1", "x,a[x]=1", "x,a[0]b=1", "x,a[0][1]=1", "x,a[0].b[1].c=2", "x,a[2]=1,a[0]=2",
	"x,a[0].b=", "x,a[0]=", "x,a=", "x,", ",", "ümläut", "x,ü=1", "line\nbreak", "x,a[65537]=1", "x,a[20]=1",
	"x,a[0]={1,2}", "x," + strings.Repeat("a.", 30) + "b=1", "x," + strings.Repeat("a.", 31) + "b=1",
}

var paths = []string{
	"a", "b", "c", "a.b", "a.b.c", "b.a", "c.a.b", "a[0]", "a[1]", "b[2]", "a[0].b", "a.b[0]", "a.b[1].c",
	"c[0][1]", "a\\.b", "c.a\\.b.c", "a/b", "c_d.e-f", "a[0][0].b", "a.", "a..b", ".a", "a[0]b",
}

var documents = []string{
	"", "# nothing\n", "null", "{}", "a: 1", "a: text\nb: [1, 2]", "a: {b: 1}", "a: {b: {c: [1, {b: 2}]}}",
	"a: null", "a: {b: null}", "a: [x, y]", "a: [{b: 1}, {c: 2}]", "b: {a: 1}\nc: {a: {b: true}}",
	"c: [[1, 2], [3]]", "a:\n  b: |\n    several\n    lines\n", "[1]", "text", "a: 1\n---\na: 2",
	"\"a.b\": {c: 1}", "\"\": {a: 1}", "a: yes\nb: 0o7\nc: 1_000",
}

var values = []string{
	"{}", `{"a":1}`, `{"a":{"b":"inline"}}`, `{"a":{"b":{"c":"inline"}},"b":[1]}`, `{"a":null}`,
	`{"a":["x",{"b":"y"}]}`, `{"a":[{"b":"inline"}],"c":{"a":{"b":"inline"}}}`, `{"c":[[0,0],null]}`,
	`{"a.b":"inline","c":{"a.b":{"c":"inline"}}}`, `{"b":{"a":"inline"}}`,
}

func read(text string) (read map[string]any) {
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		panic(err)
	}
	return read
}

func random(r *rand.Rand, from []string) string { return from[r.Intn(len(from))] }

// A path or a text of the pieces that mean something.
func scramble(r *rand.Rand) string {
	var text strings.Builder
	for range 1 + r.Intn(10) {
		text.WriteString(random(r, []string{"a", "b", ".", "[0]", "[1]", "[", "]", "=", ",", "{", "}",
			"\\", "'", "1", "true", "a.b", "c=", "a[0].", ",a=", ",b[1]="}))
	}
	return text.String()
}

func randomReference(r *rand.Rand) Reference {
	if r.Intn(3) == 0 {
		return Reference{Text: random(r, documents)}
	}
	reference := Reference{Path: random(r, paths), Text: random(r, pathTexts), Literal: r.Intn(6) == 0}
	if r.Intn(4) == 0 {
		reference.Text = scramble(r)
	}
	return reference
}

func main() {
	seed := flag.Int64("seed", 1, "of the random cases")
	count := flag.Int("count", 600, "how many random cases to print")
	flag.Parse()
	r := rand.New(rand.NewSource(*seed))
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	print := func(values string, references ...Reference) {
		if err := out.Encode(merge(read(values), references)); err != nil {
			panic(err)
		}
	}
	for _, text := range pathTexts {
		print("{}", Reference{Path: "a.b", Text: text})
		print("{}", Reference{Path: "a", Text: text, Literal: true})
	}
	for _, document := range documents {
		print(`{"a":{"c":"inline"}}`, Reference{Text: document})
	}
	for _, path := range paths {
		for _, value := range values {
			print(value, Reference{Path: path, Text: "set"})
		}
	}
	for range *count {
		var references []Reference
		for range 1 + r.Intn(4) {
			references = append(references, randomReference(r))
		}
		print(random(r, values), references...)
	}
}
