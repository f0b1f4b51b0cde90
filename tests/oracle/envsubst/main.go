// SPDX-License-Identifier: Apache-2.0

// Prints random texts and objects with variables and what Flux makes of them, a case a line:
// fluxcd/pkg's envsubst for texts, and kustomize_varsub.go's steps around it for objects.
// variable_expansion_test and substitution_test compare the agent with cases.jsonl. To compare it
// with more:
//
//	go run . -seed 2 -count 100000 > cases.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"unicode/utf8"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/yaml"
)

// Case is one line: with Text or with Object. Without a result it is an error in Flux.
type Case struct {
	Variables map[string]string `json:"variables"`
	Text      string            `json:"text,omitempty"`
	Object    json.RawMessage   `json:"object,omitempty"`
	Result    json.RawMessage   `json:"result,omitempty"`
}

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

func (g generator) name() string {
	if g.Intn(12) > 0 {
		return g.pick("a", "b", "c", "path", "text", "empty", "A_1")
	}
	return g.pick("missing", "ä", "é1", "1", "", "a b")
}

func (g generator) word() string {
	return g.pick("x", "ab", "/", "foo", "*", "*.", "?", "[a-c]", "[^a]", "[", "\\", "\\/", "\\\\", "", " ", ":", "$", "$$", "}", "ä", "o*", "a*b", "#", "%", "=", "-", "{", "b", ".*", "\\*", "[\\]-a]", "$${")
}

func (g generator) words() string {
	text := ""
	for n := g.Intn(4); n > 0; n-- {
		text += g.word()
	}
	return text
}

func (g generator) param(depth int) string {
	if depth > 0 && g.Intn(4) == 0 {
		return g.words() + g.expression(depth-1) + g.words()
	}
	return g.words()
}

func (g generator) number() string {
	return g.pick("0", "1", "2", "5", "-1", " -2", "100", "+3", "x", "-100", "99999999999999999999", "é")
}

func (g generator) expression(depth int) string {
	name := g.name()
	switch g.Intn(14) {
	case 0, 1, 2:
		return "${" + name + "}"
	case 3:
		return "${#" + name + "}"
	case 4:
		return "${" + name + g.pick("^", "^^", ",", ",,", ",^", "^,", "^^^") + "}"
	case 5:
		return "${" + name + ":" + g.number() + "}"
	case 6:
		return "${" + name + ":" + g.number() + g.pick(":", ":", "::") + g.number() + "}"
	case 7:
		return "${" + name + g.pick("#", "##", "%", "%%") + g.param(depth) + "}"
	case 8:
		return "${" + name + g.pick("/", "//", "/#", "/%") + g.param(depth) + g.pick("/", "/", "//", "") + g.param(depth) + "}"
	case 9:
		return g.pick("${", "${", "$", "$$${") + name + g.pick(":", ":=", "=", "", ":%", "+", "-")
	case 10:
		return "${" + name + g.pick(":+", ":?", "+", "?", "-") + g.param(depth) + "}"
	default:
		return "${" + name + g.pick(":=", ":-", "=") + g.param(depth) + g.param(depth) + "}"
	}
}

func (g generator) text() string {
	text := ""
	for n := 1 + g.Intn(3); n > 0; n-- {
		text += g.words() + g.expression(2)
	}
	return text + g.words()
}

func (g generator) variables() map[string]string {
	variables := map[string]string{"empty": ""}
	for _, name := range []string{"a", "b", "c", "A_1"} {
		if g.Intn(4) > 0 {
			variables[name] = g.pick("abcABC123ABCabc", "foo/bar/baz", "fooäÖß", "x", "a.b.c", "true", "8080", "0755", "1e3", "yes", "~", "null", "a: b", "{c: d}", "[1, 2]", "\"q\"", "it's", "#x", " x ", "- a", "1.10", "ÀÉ", "ǆar", "*", "%", "@", "`", "| ", "2001-01-01", "a #b", "0x1F", "12_3", "!!str 5", ":")
		}
	}
	variables["path"] = g.pick("/path/to/file", "path/to/file.tar.gz")
	variables["text"] = g.pick("a long text of several words that goes on and on until it is to be wrapped somewhere", "ab ab ab")
	return variables
}

func (g generator) scalar() any {
	switch g.Intn(8) {
	case 0:
		return g.pick("plain", "yes", "1", "a: b", "", "two\nlines\n")
	case 1:
		return g.Intn(100)
	case 2:
		return g.Intn(2) == 0
	case 3:
		return g.pick("line ${a}\nline ${b}\n", "  ${a}\n\n${b}", "${a}\n", "x: '${a}' \"${b}\"", "${a}:${b}", "${a} # ${b}",
			"when the text is so long that it does not fit on one line of YAML ${a} and is folded ${empty} so that ${b} comes on another line ${c:=with a default}")
	default:
		return g.pick("${a}", "${b}", "${c}", "${A_1}", "${missing:=d}", "v${a}", "${a}-${b}", "\"${a}\"", "'${a}'", "$${a}", "${a:=x}", "${empty}", "${text}", "${text/ab/${a}}", "${missing}")
	}
}

func (g generator) object() map[string]any {
	spec := map[string]any{}
	for n := 1 + g.Intn(4); n > 0; n-- {
		key := g.pick("one", "two", "three", "four", "${a}", "k${A_1}")
		switch g.Intn(5) {
		case 0:
			spec[key] = []any{g.scalar(), g.scalar()}
		case 1:
			spec[key] = map[string]any{"in": g.scalar(), "list": []any{map[string]any{"a": g.scalar(), "b": g.scalar()}}}
		default:
			spec[key] = g.scalar()
		}
	}
	return map[string]any{"apiVersion": "v1", "kind": "Foo", "metadata": map[string]any{"name": "x"}, "spec": spec}
}

func evaluate(text string, variables map[string]string) (result string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	result, err := envsubst.Eval(text, func(name string) (string, bool) {
		value, exists := variables[name]
		return value, exists
	})
	return result, err == nil
}

func marshal(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

func (g generator) makeCase() Case {
	made := Case{Variables: g.variables()}
	if g.Intn(3) > 0 {
		made.Text = g.text()
		if result, ok := evaluate(made.Text, made.Variables); ok {
			if !utf8.ValidString(result) {
				return g.makeCase() // JSON has no half characters
			}
			made.Result = marshal(result)
		}
		return made
	}
	made.Object = marshal(g.object())
	text, err := yaml.JSONToYAML(made.Object)
	if err != nil {
		panic(err)
	}
	if result, ok := evaluate(string(text), made.Variables); ok {
		if data, err := yaml.YAMLToJSON([]byte(result)); err == nil {
			made.Result = data
		}
	}
	return made
}

func main() {
	seed := flag.Int64("seed", 1, "")
	count := flag.Int("count", 400, "")
	flag.Parse()
	g := generator{rand.New(rand.NewSource(*seed))}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i := 0; i < *count; {
		made := g.makeCase()
		if made.Result == nil && g.Intn(5) > 0 {
			continue // errors are many and alike
		}
		fmt.Fprintln(out, string(marshal(made)))
		i++
	}
}
