// SPDX-License-Identifier: Apache-2.0

// Prints random versions and ranges and what Masterminds/semver makes of them, a case a line;
// semver_test compares the agent with cases.jsonl. To compare it with more:
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
	"strings"

	"github.com/Masterminds/semver/v3"
)

// Case is one line. Contains has a word for each version, "yes" or "no"; Order is that of the first
// two versions, if both are some. Loose and Strict are the canonical forms of the first version, ""
// where it is none.
type Case struct {
	Versions []string `json:"versions"`
	Loose    string   `json:"loose"`
	Strict   string   `json:"strict"`
	Order    *int     `json:"order,omitempty"`
	Range    string   `json:"range"`
	Contains []string `json:"contains,omitempty"`
}

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

func (g generator) number() string {
	switch g.Intn(40) {
	case 0:
		return g.pick("00", "01", "007", "18446744073709551615", "18446744073709551616", "", "a", "-1")
	}
	return g.pick("0", "0", "1", "1", "2", "3", "10", "11")
}

func (g generator) wild() string {
	if g.Intn(5) == 0 {
		return g.pick("x", "X", "*", "x", "*", "xx", "1|2", "|")
	}
	return g.number()
}

func (g generator) tail() string {
	text := ""
	if g.Intn(4) == 0 {
		text += "-" + g.pick("0", "1", "2", "10", "rc", "rc.1", "rc.2", "rc.10", "alpha", "alpha.beta", "beta", "a-b", "-", "01", "rc.01",
			"99999999999999999999", "99999999999999999998", "rc.", "", "ä", "a..b", "0a", "x", "rc-1.x")
	}
	if g.Intn(10) == 0 {
		text += "+" + g.pick("build", "5", "a.b", "", "01", "a+b", "x-y")
	}
	return text
}

func (g generator) version(number func() string, short int) string {
	text := g.pick("", "", "", "v")
	if g.Intn(60) == 0 {
		text = g.pick(" ", "V", "vv", "=", ".")
	}
	parts := 3
	if g.Intn(short) == 0 {
		parts = 1 + g.Intn(4)
	}
	numbers := []string{}
	for range parts {
		numbers = append(numbers, number())
	}
	text += strings.Join(numbers, ".") + g.tail()
	if g.Intn(100) == 0 {
		text += g.pick(" ", "\n", ".", "-", "+", "\x00")
	}
	return text
}

func (g generator) space() string { return g.pick("", "", "", " ", " ", "  ", "\t", "\n", "\v", "\u00a0") }

func (g generator) condition() string {
	if g.Intn(8) == 0 {
		return g.version(g.wild, 2) + g.pick(" - ", " - ", " - ", " -", "- ", "  -\t") + g.version(g.wild, 2)
	}
	operator := g.pick("", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "^", ">=", "<")
	if g.Intn(60) == 0 {
		operator = g.pick("==", "<>", "!", "=!", "^^", "~=", "|")
	}
	gap := ""
	if g.Intn(4) == 0 {
		gap = g.space()
	}
	return operator + gap + g.version(g.wild, 2)
}

func (g generator) constraint() string {
	if g.Intn(60) == 0 {
		return g.pick("", " ", "||", "*", "x", ",", "latest", ">=", "1 ||", "|| 1", strings.Repeat("1||", 32)+"1", strings.Repeat("1||", 31)+"1",
			strings.Repeat("1 ", 255)+"1", strings.Repeat("1 ", 256)+"1", "1 - 2 1 - 2", "1 - 2 - 3", "1||2 - 3", "a1 - 2", ">1 - 2", "1.2.3.4 - 5")
	}
	text := ""
	for i := range 1 + g.Intn(3)*g.Intn(2) {
		if i > 0 {
			text += g.pick("||", " || ", " || ", "|")
		}
		for j := range 1 + g.Intn(3)*g.Intn(2) {
			if j > 0 {
				text += g.pick(" ", ", ", ",", " , ", "  ", ",,", "")
			}
			text += g.condition()
		}
	}
	if g.Intn(20) == 0 {
		text = g.space() + text + g.space()
	}
	return text
}

func (g generator) next() Case {
	c := Case{Versions: []string{}, Range: g.constraint()}
	for range 6 {
		c.Versions = append(c.Versions, g.version(g.number, 6))
	}
	if strict, err := semver.StrictNewVersion(c.Versions[0]); err == nil {
		c.Strict = strict.String()
	}
	first, err := semver.NewVersion(c.Versions[0])
	if err == nil {
		c.Loose = first.String()
		if second, err := semver.NewVersion(c.Versions[1]); err == nil {
			order := first.Compare(second)
			c.Order = &order
		}
	}
	constraint, err := semver.NewConstraint(c.Range)
	if err != nil {
		return c
	}
	for _, text := range c.Versions {
		word := "no"
		if version, err := semver.NewVersion(text); err == nil && constraint.Check(version) {
			word = "yes"
		}
		c.Contains = append(c.Contains, word)
	}
	return c
}

func main() {
	seed := flag.Int64("seed", 1, "of the random numbers")
	count := flag.Int("count", 800, "of cases")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	g := generator{rand.New(rand.NewSource(*seed))}
	for range *count {
		line, err := json.Marshal(g.next())
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}
