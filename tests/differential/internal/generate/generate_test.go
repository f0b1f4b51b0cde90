// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"maps"
	"strings"
	"testing"
)

func TestTheSameSeedGivesTheSameTree(t *testing.T) {
	for number := range uint64(50) {
		a := Tree(7, number, Options{Mistake: 0.5})
		b := Tree(7, number, Options{Mistake: 0.5})
		if !maps.Equal(a.Tree.Files, b.Tree.Files) || a.Mistake != b.Mistake {
			t.Fatalf("tree %d differs from itself", number)
		}
	}
}

func TestNarrowedTreesHoldNoOtherFields(t *testing.T) {
	for number := range uint64(200) {
		made := Tree(1, number, Options{Fields: []string{"namespace"}, Plain: true})
		for name, text := range made.Tree.Files {
			if strings.Contains(name, "ustomization") && strings.Contains(text, "patches") {
				t.Fatalf("tree %d has patches in %s:\n%s", number, name, text)
			}
		}
	}
}

func TestEachMistakeLeavesFiles(t *testing.T) {
	for number := range uint64(300) {
		made := Tree(3, number, Options{Mistake: 1})
		if made.Mistake == "" {
			t.Fatalf("tree %d has no mistake", number)
		}
	}
}
