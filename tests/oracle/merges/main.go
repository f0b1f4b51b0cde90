// SPDX-License-Identifier: Apache-2.0

// Prints what kustomize 5.8.1 makes of random objects and strategic merge patches, a JSON object per
// line: "target" and "patch" in YAML, with "schema" the OpenAPI document that is used instead of the
// built-in one, and either "merged" (null if the object is deleted) or "error".
//
//	go run . -count 100000 -seed 1 > /tmp/merges.jsonl    many, for PRIMOCANE_MERGES
//	go run . -pick 160 > cases.jsonl                      few that differ, for the unit test
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"os"
	"sort"
	"strings"

	"sigs.k8s.io/kustomize/api/filters/patchstrategicmerge"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

type row struct {
	Target string           `json:"target"`
	Patch  string           `json:"patch"`
	Schema string           `json:"schema,omitempty"`
	Merged *json.RawMessage `json:"merged,omitempty"`
	Error  string           `json:"error,omitempty"`
}

// merge does what ApplySmPatch in api/resource/resource.go does before it restores the identity:
// what the filter returns counts only as far as it is something.
func merge(target, patch string) (json.RawMessage, error) {
	object, err := yaml.Parse(target)
	if err != nil {
		log.Fatalf("%v in\n%s", err, target)
	}
	change, err := yaml.Parse(patch)
	if err != nil {
		log.Fatalf("%v in\n%s", err, patch)
	}
	left, err := patchstrategicmerge.Filter{Patch: change}.Filter([]*yaml.RNode{object})
	if err != nil {
		return nil, err
	}
	if len(left) == 0 || object.IsNilOrEmpty() {
		return json.RawMessage("null"), nil
	}
	return object.MarshalJSON()
}

func run(one row) row {
	merged, err := merge(one.Target, one.Patch)
	if err != nil {
		one.Error, _, _ = strings.Cut(err.Error(), ": node contents")
		return one
	}
	one.Merged = &merged
	return one
}

// make builds one case. Only every tenth has types of its own, because they are read each time.
func makeRow(random *rand.Rand, withSchema bool) row {
	g := &generator{random: random}
	one := row{}
	if withSchema {
		one.Schema = g.schema()
		useSchema(one.Schema)
	}
	one.Target, one.Patch = g.pair(withSchema)
	return run(one)
}

func useSchema(text string) {
	openapi.ResetOpenAPI()
	if err := openapi.SetSchema(map[string]string{}, []byte(text), true); err != nil {
		log.Fatal(err)
	}
}

func main() {
	log.SetFlags(0)
	count := flag.Int("count", 1000, "how many")
	seed := flag.Int64("seed", 1, "what they are made from")
	pick := flag.Int("pick", 0, "print only so many that differ")
	withSchema := flag.Bool("schema", false, "with types of their own")
	flag.Parse()

	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if *pick > 0 {
		for _, one := range pickRows(*pick) {
			encoder.Encode(one)
		}
		return
	}
	random := rand.New(rand.NewSource(*seed))
	for range *count {
		encoder.Encode(makeRow(random, *withSchema))
	}
}

// pickRows looks for short cases of many signs, and keeps the shortest of each set of signs.
func pickRows(count int) []row {
	var all []row
	for _, withSchema := range []bool{false, true} {
		shortest := map[string]row{}
		random := rand.New(rand.NewSource(7))
		for range 30000 {
			one := makeRow(random, withSchema)
			signs := one.signs()
			if known, ok := shortest[signs]; !ok || one.length() < known.length() {
				shortest[signs] = one
			}
		}
		var rows []row
		for _, one := range shortest {
			rows = append(rows, one)
		}
		sort.Slice(rows, func(i, j int) bool { return rows[i].length() < rows[j].length() })
		share := count * 3 / 4
		if withSchema {
			share = count - share
		}
		step := max(1, len(rows)/2/share)
		for at := 0; at < len(rows) && share > 0; at, share = at+step, share-1 {
			all = append(all, rows[at])
		}
	}
	return all
}

func (r row) length() int { return len(r.Target) + len(r.Patch) + len(r.Schema) }

// signs tells in which respects two cases differ.
func (r row) signs() string {
	kind := r.Target[strings.Index(r.Target, "kind:"):]
	kind, _, _ = strings.Cut(kind, "\n")
	signs := []string{kind, strings.SplitN(r.Error, "\n", 2)[0]}
	for _, sign := range []string{"$patch: delete", "$patch: replace", "$patch: merge", "null", ": \n",
		"ports", "env:", "volumes:", "finalizers", "labels", "- {}", "- null"} {
		signs = append(signs, fmt.Sprint(strings.Contains(r.Patch, sign), strings.Contains(r.Target, sign)))
	}
	return strings.Join(signs, " ")
}
