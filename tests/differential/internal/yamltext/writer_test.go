// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v3"
)

var shared = M("app", "web", "n", 1)

var sample = M("a", "text", "b", L(1, true, nil, "x: y", "it's"), "c", M("d", M(), "e", L(), "f", shared),
	"g", shared, "h", "two\nlines\n", "i", " lead", "j", L(L("k"), M("l", "m")))

// meaning is a value as readers see it.
func meaning(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return value
}

func TestWhatIsWrittenPlainlyIsReadAsMeant(t *testing.T) {
	wanted := meaning(t, JSON(sample))
	for seed := range uint64(100) {
		text := Document(sample, Plain(), rand.New(rand.NewPCG(seed, 0)))
		if found := meaning(t, text); !reflect.DeepEqual(found, wanted) {
			t.Fatalf("seed %d:\n%s\nis read as %v", seed, text, found)
		}
	}
}

func TestMostOddDocumentsCanBeRead(t *testing.T) {
	bad := 0
	for seed := range uint64(500) {
		style := Style{Oddness: 0.2, step: 3, gap: 2}
		var value any
		if err := yaml.Unmarshal([]byte(Document(sample, style, rand.New(rand.NewPCG(seed, 0)))),
			&value); err != nil {
			bad++
		}
	}
	if bad > 50 {
		t.Fatalf("%d of 500 documents cannot be read", bad)
	}
}

func TestJSONIsJSON(t *testing.T) {
	if !json.Valid([]byte(JSON(sample))) {
		t.Fatal(JSON(sample))
	}
}
