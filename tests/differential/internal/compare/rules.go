// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/tree"
)

// A Rule is a difference that is wanted, or known and accepted; docs/kustomize.md lists them for users.
type Rule struct {
	Name   string
	Reason string
	Fits   func(t *tree.Tree, theirs, ours engine.Answer) bool
}

// Rules are all of them. A tree to which one applies is not compared further.
var Rules = []Rule{}
