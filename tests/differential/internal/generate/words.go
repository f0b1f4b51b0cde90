// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"fmt"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

// oddScalars are read differently by the many readers of YAML.
var oddScalars = []string{
	"yes", "no", "on", "off", "y", "N", "true", "True", "TRUE", "~", "null", "Null", "0", "-0", "007", "0o17", "0x1F", "0b101", "1_000", "+12", "-12",
	"1e3", "1E+3", "1.0", "1.50", ".5", "5.", "-.5", "12:30:45", "1:2", "2001-12-14", "2001-12-14t21:59:43.10-05:00",
	"2001-12-14 21:59:43.10 -5", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
	"18446744073709551615", "0.1", "100.000", "1e21", "1e-7", "123456789.123456789", "3.0e0", "0.0", "<<", "=", "!", "v1.2", "1.2.3", "0x", "1e", "08", "0.",
	"0777", "6.02e23", "1.7976931348623157e308", "4.9e-324", "a", "''", "\"\"", "1,000",
}

// oddTexts are strings that need care when they are written.
var oddTexts = []string{
	"", " ", "a b", " leading", "trailing ", "a: b", "a #b", "#c", "- x", "key:", ":", "?", "? x", "[", "]", "{a}", "a,b", "&a", "*a", "!t", "|", ">", "%", "@x", "`x`",
	"it's", "say \"hi\"", "back\\slash", "tab\there", "ünïcödé", "日本語", "🎉 party", "nbsp\u00a0here", "zero\u200bwidth",
	"bell\u0007", "true", "1", "1.0", "null", "~", "0x10", "yes", "2001-12-14", "1_000", "=", "<<", "---", "...", "--- a", "a\nb", "a\nb\n", "a\n\nb\n\n", "  two\n spaces\n", "\n",
	"\nstarts", "ends \n", "crlf\r\nx", "long " + strings.Repeat("word ", 30), strings.Repeat("x",
		200), "a\tb\nc", "#!/bin/sh\nset -e\necho \"$HOME\"\n",
	"{\"json\": [1, 2, {\"a\": null}]}", "<html>&amp;</html>", "$(VAR)", "${VAR}", "%s", "a=b", "=a", "a==", "x\n# no comment\n", "k: v\nlist:\n- 1\n- 2\n",
}

// hardTexts are strings that kustomize garbles or refuses to print; rare, because whatever else a tree shows is then lost.
var hardTexts = []string{"del\u007f", "nel\u0085x", "ls\u2028x", "ps\u2029x"}

// word is a short harmless string.
func (g *gen) word() string {
	return pick(g, "one", "two", "three", "x", "blue", "green", "prod", "dev", "a-b", "v1", "main", "info",
		"/var/lib", "kept")
}

// text is a string of any kind.
func (g *gen) text() string {
	if g.options.Plain || g.chance(0.75) {
		return g.word()
	}
	g.feature("odd strings")
	return g.oddText()
}

func (g *gen) oddText() string {
	if g.chance(0.002) {
		return pick(g, hardTexts...)
	}
	return pick(g, oddTexts...)
}

// scalar is a value of any kind that is no collection.
func (g *gen) scalar() any {
	switch n := g.r.IntN(100); {
	case n < 55:
		return g.text()
	case n < 70:
		return g.between(0, 9000)
	case n < 80:
		return g.chance(0.5)
	case n < 83:
		return nil
	case g.options.Plain:
		return g.word()
	}
	g.feature("odd scalars")
	if g.chance(0.01) {
		return yamltext.Raw(pick(g, ".inf", "-.Inf", ".nan", "1e400")) // which JSON does not have
	}
	return yamltext.Raw(pick(g, oddScalars...))
}

// value is any value: what a custom resource may hold.
func (g *gen) value(depth int) any {
	if depth == 0 || g.chance(0.5) {
		return g.scalar()
	}
	if g.chance(0.6) {
		made := M()
		for range g.between(0, 4) {
			made.Set(g.fieldName(), g.value(depth-1))
		}
		return made
	}
	made := L()
	for range g.between(0, 3) {
		made.Add(g.value(depth - 1))
	}
	return made
}

func (g *gen) fieldName() string {
	if g.chance(0.9) || g.options.Plain {
		return pick(g, "size", "mode", "name", "items", "path", "enabled", "config", "a", "b10", "b9", "B",
			"spec", "kind", "list", "ref", "secretName")
	}
	g.feature("odd keys")
	if g.chance(0.01) {
		return ""
	}
	return pick(g, " ", "a b", "a.b", "a/b", "8080", "true", "null", "~", "1.5", "ключ", "x:y", "-",
		"'q'", "#", "on", "=", "[0]", "a~b", "@", "*", "$patch2", "<", "\"", "y", "0x1F", "a\nb")
}

// labelValue is a string that Kubernetes takes as one; now and then it looks like something else.
func (g *gen) labelValue() any {
	if g.options.Plain || g.chance(0.9) {
		return pick(g, "web", "db", "prod", "v2", "a.b_c-d", "x")
	}
	g.feature("odd label values")
	return pick(g, "", "true", "1", "007", "1e3", "yes", "null", "0x1F", "2001-12-14", "1.0")
}

// image is one as containers name them.
func (g *gen) image() string {
	name := pick(g, "nginx", "redis", "ghcr.io/org/app", "localhost:5000/app", "docker.io/library/nginx",
		"registry.example.com:443/a/b/c", "busybox")
	return name + pick(g, "", ":1.25", ":latest", ":v1.0.0-rc.1", "@sha256:"+strings.Repeat("ab", 32),
		":1@sha256:"+strings.Repeat("0c", 32), ":1.25", ":1")
}

// data are the pairs of a ConfigMap.
func (g *gen) data() *yamltext.Map {
	made := M()
	for range g.between(0, 4) {
		key := pick(g, "a", "b", "LOG_LEVEL", "app.conf", "config.yaml", "key-1", "url", "_x", "..data")
		if g.chance(0.05) && !g.options.Plain {
			key = pick(g, "8080", "true", "null", "1.5", "yes", "y")
			g.feature("odd keys")
		}
		made.Set(key, g.text())
	}
	return made
}

func (g *gen) appName() string { return pick(g, g.apps...) }

// hostName is one of this tree's.
func (g *gen) hostName() string { return fmt.Sprintf("%s.example.com", pick(g, "www", "api", "*")) }

func M(pairs ...any) *yamltext.Map  { return yamltext.M(pairs...) }
func L(items ...any) *yamltext.List { return yamltext.L(items...) }
