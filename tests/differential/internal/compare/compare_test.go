// SPDX-License-Identifier: Apache-2.0

package compare

import (
	"testing"

	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/tree"
)

func TestClasses(t *testing.T) {
	built := func(text string) engine.Answer { return engine.Answer{Result: engine.Built, Text: text} }
	failed := engine.Answer{Result: engine.Failed, Text: "no"}
	crashed := engine.Answer{Result: engine.Crashed, Text: "panic"}
	for _, c := range []struct {
		theirs, ours engine.Answer
		wanted       Class
	}{
		{built("a: b\n"), built("a: b\n"), Same},
		{built("a: b\n"), built("a: c\n"), Differs},
		{built("a: b\n"), failed, OursFails},
		{failed, built("a: b\n"), OursAccepts},
		{failed, failed, BothFail},
		{crashed, built(""), TheirsCrashes},
		{built(""), crashed, OursCrashes},
	} {
		if found := Outcomes(&tree.Tree{}, c.theirs, c.ours); found.Class != c.wanted {
			t.Errorf("%v and %v: %s, not %s", c.theirs, c.ours, found.Class, c.wanted)
		}
	}
}

func TestSignaturesNameNoValues(t *testing.T) {
	a, _ := firstDifference("a: one\nname: x\n", "a: one\nname: 'y'\n")
	b, _ := firstDifference("b: two\nname: longer\n", "b: two\nname: 'other'\n")
	if a != b {
		t.Errorf("%q and %q", a, b)
	}
}
