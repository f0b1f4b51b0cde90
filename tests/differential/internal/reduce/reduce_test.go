// SPDX-License-Identifier: Apache-2.0

package reduce

import (
	"maps"
	"strings"
	"testing"

	"primocane.dev/tests/differential/internal/tree"
)

func TestOnlyWhatMattersIsLeft(t *testing.T) {
	big := &tree.Tree{Files: map[string]string{
		"a.yaml": "kind: A\nlist:\n- one: 1\n  two: 2\n- bad: yes\n  more: x\nrest: y\n---\nkind: B\n",
		"b.yaml": "kind: C\n",
	}}
	small := Tree(big, 1000, func(t *tree.Tree) bool { return strings.Contains(t.Files["a.yaml"], "bad: y") })
	wanted := map[string]string{"a.yaml": "- bad: y\n"}
	if !maps.Equal(small.Files, wanted) {
		t.Fatalf("%q", small.Files)
	}
}
