// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"os"
	"strings"
	"testing"
)

func TestEachRuleIsToldToUsers(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/kustomize.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range Rules {
		if row := "| " + rule.Name + " | "; !strings.Contains(string(page), row) {
			t.Errorf("docs/kustomize.md has no row %q", row)
		}
	}
}
