// SPDX-License-Identifier: Apache-2.0

// Prints the objects of inputs.yaml, and random changes of each, with what the modules of
// kustomize-controller v1.9.4 say of their health, a case a line; health_test compares the agent with
// cases.jsonl. To compare it with more:
//
//	go run . -seed 2 -count 1000 > cases.jsonl
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"sort"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/runtime/statusreaders"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// The time at which inputs.yaml is looked at; kstatus itself takes the real one.
var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Case is one line. Message is left out where the health is unknown: it is Go's.
type Case struct {
	Object  map[string]any `json:"object"`
	Health  string         `json:"health"`
	Message string         `json:"message,omitempty"`
}

// atRealTime moves the time of creation by as much as the real clock is ahead of now.
func atRealTime(object map[string]any) *unstructured.Unstructured {
	u := (&unstructured.Unstructured{Object: object}).DeepCopy()
	text, found, err := unstructured.NestedString(object, "metadata", "creationTimestamp")
	if created, wrong := time.Parse(time.RFC3339, text); found && err == nil && wrong == nil {
		moved := created.Add(time.Since(now)).UTC().Format(time.RFC3339)
		_ = unstructured.SetNestedField(u.Object, moved, "metadata", "creationTimestamp")
	}
	return u
}

// health is what kustomize-controller's poller finds. kstatus panics on containers of odd shape: such
// objects are left out.
func health(object map[string]any) (row Case, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	u := atRealTime(object)
	row.Object = object
	if u.GroupVersionKind().GroupKind() == (schema.GroupKind{Group: "batch", Kind: "Job"}) {
		result := statusreaders.ComputeJobStatus(u)
		row.Health, row.Message = string(result.Status), result.Message
	} else if result, err := status.Compute(u); err != nil {
		row.Health = "Unknown"
	} else {
		row.Health, row.Message = string(result.Status), result.Message
	}
	if row.Health == "Unknown" {
		row.Message = ""
	}
	return row, true
}

// A place is a member of a mapping or an item of a list.
type place struct {
	get func() any
	set func(any)
	cut func()
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// places finds all below value, but for what makes it an object of its kind.
func places(value any, isTop bool) (found []place) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			if isTop && (key == "apiVersion" || key == "kind") {
				continue
			}
			found = append(found, place{
				get: func() any { return v[key] },
				set: func(to any) { v[key] = to },
				cut: func() { delete(v, key) },
			})
			found = append(found, places(v[key], false)...)
		}
	case []any:
		for i := range v {
			found = append(found, place{
				get: func() any { return v[i] },
				set: func(to any) { v[i] = to },
				cut: func() { v[i] = map[string]any{} },
			})
			found = append(found, places(v[i], false)...)
		}
	}
	return found
}

func change(r *rand.Rand, object map[string]any) {
	all := places(object, true)
	if len(all) == 0 {
		return
	}
	at := all[r.Intn(len(all))]
	switch old := at.get().(type) {
	case int64:
		at.set([]any{old + 1, old - 1, int64(0), old * 2, float64(old) + 0.5, fmt.Sprint(old)}[r.Intn(6)])
	case string:
		at.set([]any{"True", "False", "Unknown", "", "Ready", "Running", "Pending", int64(1)}[r.Intn(8)])
	default:
		if r.Intn(3) > 0 {
			at.cut()
			return
		}
		at.set([]any{nil, "x", int64(7), true}[r.Intn(4)])
	}
}

func read(path string) (objects []map[string]any) {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	reader := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := reader.Read()
		if err == io.EOF {
			return objects
		}
		if err != nil {
			panic(err)
		}
		asJSON, err := sigsyaml.YAMLToJSON(document)
		if err != nil {
			panic(err)
		}
		if string(asJSON) == "null" {
			continue
		}
		var u unstructured.Unstructured
		if err := u.UnmarshalJSON(asJSON); err != nil {
			panic(err)
		}
		objects = append(objects, u.Object)
	}
}

func main() {
	seed := flag.Int64("seed", 1, "of the random changes")
	count := flag.Int("count", 3, "how many changed objects to print for each")
	flag.Parse()
	r := rand.New(rand.NewSource(*seed))
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	print := func(object map[string]any) {
		if row, ok := health(object); ok {
			if err := out.Encode(row); err != nil {
				panic(err)
			}
		}
	}
	for _, object := range read("inputs.yaml") {
		print(object)
		for range *count {
			changed := (&unstructured.Unstructured{Object: object}).DeepCopy().Object
			for range 1 + r.Intn(2) {
				change(r, changed)
			}
			print(changed)
		}
	}
}
