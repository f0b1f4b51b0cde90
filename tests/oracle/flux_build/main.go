// SPDX-License-Identifier: Apache-2.0

// Prints what Flux builds of the folders in inputs.yaml, a case a line; flux_build_test compares the
// agent with cases.jsonl:
//
//	go run . < inputs.yaml > cases.jsonl
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// Case is one line. Without a result it is an error in Flux.
type Case struct {
	Name   string            `json:"name"`
	Path   string            `json:"path,omitempty"`
	Spec   map[string]any    `json:"spec"`
	Files  map[string]string `json:"files"`
	Result []json.RawMessage `json:"result,omitempty"`
	Built  bool              `json:"built"`
}

func setCommon(object map[string]any, spec map[string]any) {
	for _, key := range []string{"labels", "annotations"} {
		pairs, _, err := unstructured.NestedStringMap(spec, "commonMetadata", key)
		if err != nil {
			panic(err)
		}
		for name, value := range pairs {
			if err := unstructured.SetNestedField(object, value, "metadata", key, name); err != nil {
				panic(err)
			}
		}
	}
}

// The steps of kustomize-controller's build, and what apply does to the objects of it.
func build(c Case, root string) ([]json.RawMessage, error) {
	folder := filepath.Join(root, c.Path)
	object := unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
		"metadata": map[string]any{"name": "apps", "namespace": "flux-system"}, "spec": c.Spec,
	}}
	if _, err := kustomize.NewGenerator(root, object).WriteFile(folder); err != nil {
		return nil, err
	}
	built, err := kustomize.SecureBuild(root, folder, false)
	if err != nil {
		return nil, err
	}
	strategy, _, _ := unstructured.NestedString(c.Spec, "postBuild", "substituteStrategy")
	for _, resource := range built.Resources() {
		replaced, err := kustomize.SubstituteVariables(context.Background(), nil, object, resource,
			kustomize.SubstituteWithDryRun(true), kustomize.SubstituteWithStrict(true),
			kustomize.SubstituteWithAlways(strategy == "Always"))
		if err != nil {
			return nil, err
		}
		if replaced != nil {
			if _, err := built.Replace(replaced); err != nil {
				return nil, err
			}
		}
	}
	var result []json.RawMessage
	for _, resource := range built.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			return nil, err
		}
		var object map[string]any
		if err := yaml.Unmarshal(text, &object); err != nil {
			return nil, err
		}
		setCommon(object, c.Spec)
		data, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		result = append(result, data)
	}
	return result, nil
}

func run(c Case) Case {
	root, err := os.MkdirTemp("", "flux-build")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(root)
	for path, text := range c.Files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	result, err := build(c, root)
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %s\n", c.Name, err)
		return c
	}
	c.Result, c.Built = result, true
	return c
}

func main() {
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	var cases []Case
	if err := yaml.UnmarshalStrict(data, &cases); err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, c := range cases {
		line, err := json.Marshal(run(c))
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}
