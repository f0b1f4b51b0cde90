// SPDX-License-Identifier: Apache-2.0

// Prints how kustomize 5.8.1 reads and prints YAML, one JSON array per line:
//
//	["read", SCALAR, JSON]           a value written as SCALAR in a resource, and its JSON text;
//	                                 null if kustomize refuses it
//	["write", VALUE, YAML]           {"value": VALUE} as kustomize prints it
//	["document", YAML, JSON, YAML]   a resource, its JSON and how it is printed; null if refused
//	["text", SCALAR, TEXT]           the text that a node of SCALAR has
//	["set", SCALAR, TEXT, JSON]      what a node of SCALAR is when its text becomes TEXT; null if
//	                                 kustomize then cannot print it. "" is for a node without tag.
//	["nodes", YAML, YAML]            YAML as kyaml prints it again, without white space around it
//
// An alias to what contains it is left out: kustomize recurses until it crashes.
//
// Regenerate with: go run . > table.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/api/provider"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

// render reads one resource as kustomize does and returns its JSON and its YAML.
func render(document string) (string, string, error) {
	factory := provider.NewDefaultDepProvider().GetResourceFactory()
	resource, err := factory.FromBytes([]byte(document))
	if err != nil {
		return "", "", err
	}
	asJSON, err := resource.MarshalJSON()
	if err != nil {
		return "", "", err
	}
	asYAML, err := resource.AsYAML()
	return string(asJSON), string(asYAML), err
}

const head = "apiVersion: v1\nkind: Test\nmetadata:\n  name: test\n"

func readRow(scalar string) []any {
	asJSON, _, err := render(head + "value: " + scalar + "\n")
	if err != nil {
		return []any{"read", scalar, nil}
	}
	_, after, _ := strings.Cut(asJSON, `"value":`)
	return []any{"read", scalar, strings.TrimSuffix(after, "}")}
}

func writeRow(value any) []any {
	asYAML, err := yaml.Marshal(map[string]any{"value": value})
	if err != nil {
		log.Fatalf("%v: %v", value, err)
	}
	return []any{"write", value, string(asYAML)}
}

func documentRow(document string) []any {
	document = head + document
	asJSON, asYAML, err := render(document)
	if err != nil {
		return []any{"document", document, nil, nil}
	}
	return []any{"document", document, json.RawMessage(asJSON), asYAML}
}

func textRow(scalar string) []any {
	node, err := kyaml.Parse("value: " + scalar + "\n")
	if err != nil {
		log.Fatalf("%s: %v", scalar, err)
	}
	return []any{"text", scalar, node.Field("value").Value.YNode().Value}
}

// setRow does what the replacement filter does to a scalar (setFieldValue).
func setRow(scalar, text string) []any {
	node, err := kyaml.Parse("value: " + scalar + "\n")
	if err != nil {
		log.Fatalf("%s: %v", scalar, err)
	}
	target := node.Field("value").Value.YNode()
	if scalar == "" {
		*target = kyaml.Node{Kind: kyaml.ScalarNode}
	}
	target.Value = text
	asJSON, err := node.MarshalJSON()
	if err != nil {
		return []any{"set", scalar, text, nil}
	}
	value := string(asJSON[len(`{"value":`) : len(asJSON)-1])
	return []any{"set", scalar, text, value}
}

func nodesRow(text string) []any {
	printed, err := kyaml.MustParse(text).String()
	if err != nil {
		log.Fatalf("%s: %v", text, err)
	}
	return []any{"nodes", text, strings.TrimSpace(printed)}
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	print := func(row []any) {
		if err := encoder.Encode(row); err != nil {
			log.Fatal(err)
		}
	}
	for _, scalar := range append(plainScalars, taggedScalars...) {
		print(readRow(scalar))
	}
	for _, text := range append(plainScalars, texts...) {
		print(writeRow(text))
	}
	for _, number := range numbers {
		print(writeRow(json.RawMessage(number)))
	}
	for _, document := range documents {
		print(documentRow(document))
	}
	for _, scalar := range writtenScalars {
		print(textRow(scalar))
	}
	for _, text := range nodeTexts {
		print(nodesRow(text))
	}
	for _, scalar := range targetScalars {
		for _, text := range copiedTexts {
			print(setRow(scalar, text))
		}
	}
}
