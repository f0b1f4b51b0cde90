// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math/rand"
	"strings"
)

// generator makes expressions up, most of which have a value: each part is of the type that is asked
// for, but for some.
type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

func (g generator) row() Case {
	if g.Intn(3) == 0 {
		expression := g.boolean(3)
		for _, name := range []string{"status", "metadata", "spec"} {
			expression = strings.ReplaceAll(expression, name+".", g.pick("self.", "dep.")+name+".")
		}
		return Case{Scope: "ready", Expression: expression}
	}
	return Case{Scope: "object", Expression: g.some(3)}
}

func (g generator) some(depth int) string {
	makers := []func(int) string{g.boolean, g.boolean, g.integer, g.text, g.real, g.natural, g.list, g.mapping, g.time, g.duration, g.optional, g.raw}
	return makers[g.Intn(len(makers))](depth)
}

// of gives a part of the asked type, now and then of another.
func (g generator) of(maker func(int) string, depth int) string {
	if g.Intn(25) == 0 {
		return g.some(depth - 1)
	}
	return maker(depth - 1)
}

func (g generator) boolean(depth int) string {
	if depth <= 0 {
		return g.pick("true", "false", "spec.paused", "has(status.phase)", "has(spec.none)", "status.phase == 'Running'", "missing")
	}
	d := depth
	switch g.Intn(16) {
	case 0, 1:
		return g.of(g.boolean, d) + g.pick(" && ", " || ") + g.of(g.boolean, d)
	case 2:
		return "!(" + g.of(g.boolean, d) + ")"
	case 3:
		return "(" + g.of(g.boolean, d) + " ? " + g.of(g.boolean, d) + " : " + g.of(g.boolean, d) + ")"
	case 4, 5:
		return g.of(g.integer, d) + g.comparison() + g.of(g.integer, d)
	case 6:
		return g.of(g.real, d) + g.comparison() + g.of(g.integer, d)
	case 7:
		return g.of(g.text, d) + g.comparison() + g.of(g.text, d)
	case 8:
		return g.of(g.text, d) + g.pick(".contains(", ".startsWith(", ".endsWith(") + g.of(g.text, d) + ")"
	case 9:
		return g.of(g.list, d) + g.pick(".all(x, ", ".exists(x, ", ".exists_one(x, ") + g.item(d) + ")"
	case 10:
		return g.of(g.integer, d) + " in " + g.of(g.list, d)
	case 11:
		return g.of(g.text, d) + " in " + g.of(g.mapping, d)
	case 12:
		return g.of(g.list, d) + g.pick(" == ", " != ") + g.of(g.list, d)
	case 13:
		return g.of(g.time, d) + g.comparison() + g.of(g.time, d)
	case 14:
		return g.of(g.text, d) + ".matches(" + g.pick("'^[a-z]+$'", "'.'", "'R.*g'", "'['", "'\\\\d'", "'a|b'") + ")"
	default:
		return "type(" + g.some(d-1) + ") == " + g.pick("int", "string", "list", "map", "bool", "double")
	}
}

// item is a condition on x.
func (g generator) item(depth int) string {
	return g.pick("x", "x + 1", "1 / x", "x * 2") + g.comparison() + g.of(g.integer, depth)
}

func (g generator) comparison() string { return g.pick(" == ", " != ", " < ", " <= ", " > ", " >= ") }

func (g generator) integer(depth int) string {
	if depth <= 0 {
		return g.pick("0", "1", "2", "-3", "7", "spec.replicas", "status.readyReplicas", "metadata.generation", "9223372036854775807",
			"spec.numbers[1]", "spec.big", "-1")
	}
	switch g.Intn(9) {
	case 0, 1, 2:
		return "(" + g.of(g.integer, depth) + g.pick(" + ", " - ", " * ", " / ", " % ") + g.of(g.integer, depth) + ")"
	case 3:
		return "size(" + g.of(g.pickSized(), depth) + ")"
	case 4:
		return "int(" + g.of(g.real, depth) + ")"
	case 5:
		return g.of(g.text, depth) + g.pick(".indexOf(", ".lastIndexOf(") + g.of(g.text, depth) + ")"
	case 6:
		return g.of(g.list, depth) + "[" + g.pick("0", "1", "2", "-1", "1.0") + "]"
	case 7:
		return g.of(g.time, depth) + g.pick(".getHours()", ".getFullYear()", ".getDayOfYear()", ".getMonth('-08:00')", ".getDayOfWeek()")
	default:
		return "-" + g.pick("(", "(-") + g.of(g.integer, depth) + ")"
	}
}

func (g generator) pickSized() func(int) string {
	return []func(int) string{g.text, g.list, g.mapping}[g.Intn(3)]
}

func (g generator) natural(depth int) string {
	if depth <= 0 {
		return g.pick("0u", "1u", "18446744073709551615u", "0x1Fu")
	}
	if g.Intn(3) == 0 {
		return "uint(" + g.of(g.integer, depth) + ")"
	}
	return "(" + g.of(g.natural, depth) + g.pick(" + ", " - ", " * ", " / ", " % ") + g.of(g.natural, depth) + ")"
}

func (g generator) real(depth int) string {
	if depth <= 0 {
		return g.pick("0.0", "1.5", "-2.25", "1e10", "spec.ratio", "spec.whole", "1e-7", "9223372036854775808.0")
	}
	if g.Intn(3) == 0 {
		return "double(" + g.of(g.integer, depth) + ")"
	}
	return "(" + g.of(g.real, depth) + g.pick(" + ", " - ", " * ", " / ") + g.of(g.real, depth) + ")"
}

func (g generator) text(depth int) string {
	if depth <= 0 {
		return g.pick("''", "'a'", "'Running'", "status.phase", "metadata.name", "kind", "'ä日'", "spec.names[1]", "data.key", "\"b\\n\"",
			"r'\\d'", "'''x'''")
	}
	switch g.Intn(13) {
	case 0, 1:
		return "(" + g.of(g.text, depth) + " + " + g.of(g.text, depth) + ")"
	case 2:
		return "string(" + g.some(depth-1) + ")"
	case 3:
		return g.of(g.text, depth) + ".substring(" + g.of(g.integer, 1) + ")"
	case 4:
		return g.of(g.text, depth) + g.pick(".lowerAscii()", ".upperAscii()", ".trim()", ".reverse()")
	case 5:
		return g.of(g.text, depth) + ".replace(" + g.of(g.text, 1) + ", " + g.of(g.text, 1) + ")"
	case 6:
		return g.of(g.text, depth) + ".charAt(" + g.of(g.integer, 1) + ")"
	case 7:
		return g.of(g.text, depth) + ".split(" + g.of(g.text, 1) + ").join('+')"
	case 8:
		return "'%s'.format([" + g.some(depth-1) + "])"
	case 9:
		return g.pick("'%d'", "'%x'", "'%b'", "'%.1f'", "'%e'", "'%o'") + ".format([" + g.of(g.pickNumber(), depth) + "])"
	case 10:
		return g.of(g.optional, depth) + ".orValue(" + g.of(g.text, depth) + ")"
	case 11:
		return "strings.quote(" + g.of(g.text, depth) + ")"
	default:
		return "base64.encode(bytes(" + g.of(g.text, depth) + "))"
	}
}

func (g generator) pickNumber() func(int) string {
	return []func(int) string{g.integer, g.natural, g.real}[g.Intn(3)]
}

func (g generator) list(depth int) string {
	if depth <= 0 {
		return g.pick("[]", "[1]", "[1, 2, 3]", "spec.numbers", "[0, 0]", "spec.empty")
	}
	switch g.Intn(6) {
	case 0:
		return "[" + g.of(g.integer, depth) + ", " + g.of(g.integer, depth) + "]"
	case 1:
		return "(" + g.of(g.list, depth) + " + " + g.of(g.list, depth) + ")"
	case 2:
		return g.of(g.list, depth) + ".map(x, " + g.pick("x", "x * 2", "x - 1", "1 / x", "size([x])") + ")"
	case 3:
		return g.of(g.list, depth) + ".filter(x, " + g.item(depth) + ")"
	case 4:
		return g.of(g.list, depth) + ".map(x, " + g.item(depth) + ", x)"
	default:
		return "[?" + g.of(g.optional, depth) + ", " + g.of(g.integer, depth) + "]"
	}
}

func (g generator) mapping(depth int) string {
	if depth <= 0 {
		return g.pick("{}", "{'a': 1}", "metadata.labels", "status", "data")
	}
	return fmt.Sprintf("{%s: %s, %s: %s}", g.of(g.text, depth), g.of(g.integer, depth), g.pick("'a'", "'b'"), g.of(g.integer, depth))
}

func (g generator) time(depth int) string {
	if depth <= 0 {
		return g.pick("timestamp('2026-01-02T03:04:05Z')", "timestamp(metadata.creationTimestamp)", "timestamp('2024-02-29T23:59:59.999+01:00')",
			"timestamp(0)", "timestamp('9999-12-31T23:59:59Z')")
	}
	return "(" + g.of(g.time, depth) + g.pick(" + ", " - ") + g.of(g.duration, depth) + ")"
}

func (g generator) duration(depth int) string {
	if depth <= 0 {
		return g.pick("duration('1h')", "duration('1.5s')", "duration('-10m')", "duration(spec.timeout)", "duration('24h')", "duration('1ns')")
	}
	if g.Intn(2) == 0 {
		return "(" + g.of(g.time, depth) + " - " + g.of(g.time, depth) + ")"
	}
	return "(" + g.of(g.duration, depth) + g.pick(" + ", " - ") + g.of(g.duration, depth) + ")"
}

func (g generator) optional(depth int) string {
	if depth <= 0 {
		return g.pick("optional.none()", "optional.of(1)", "status.?phase", "status.?none", "spec.numbers[?1]", "data[?'x']", "spec.?nested.deep")
	}
	switch g.Intn(4) {
	case 0:
		return "optional.of(" + g.some(depth-1) + ")"
	case 1:
		return "optional.ofNonZeroValue(" + g.some(depth-1) + ")"
	case 2:
		return g.of(g.optional, depth) + ".or(" + g.of(g.optional, depth) + ")"
	default:
		return g.of(g.list, depth) + g.pick(".first()", ".last()", "[?0]")
	}
}

// raw is a row of tokens, which mostly is no expression.
func (g generator) raw(int) string {
	tokens := []string{}
	for range 1 + g.Intn(6) {
		tokens = append(tokens, g.pick("1", "'a'", "x", "status", ".phase", "(", ")", "[", "]", "{", "}", "+", "-", "!", "&&", "?", ":", ",",
			"in", "==", "0x1", "1.5", "true", ".size()", "size", ".?", "b'x'", "1u", "//", "has(status.phase)"))
	}
	return strings.Join(tokens, g.pick("", " "))
}
