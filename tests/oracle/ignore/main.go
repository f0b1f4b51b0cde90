// SPDX-License-Identifier: Apache-2.0

// Prints random folders with .sourceignore files and what Flux would leave of them, a case a line;
// ignoring_tree_test compares the agent with cases.jsonl. To compare it with more:
//
//	go run . -seed 2 -count 100000 > cases.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
)

// Case is one line: files with their content, spec.ignore, and the files that stay.
type Case struct {
	Files  map[string]string `json:"files"`
	Ignore string            `json:"ignore"`
	Kept   []string          `json:"kept"`
}

type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.Intn(len(words))] }

func (g generator) name() string {
	return g.pick("a", "b", "c", "ab", "a.yaml", "b.yaml", "x.png", ".github", "deploy", "[x", "ä", ".sops.yaml", "!a", " a", "a ",
		".gitignore", "y.tar.gz", "a*")
}

func (g generator) path() string {
	parts := []string{}
	for i := g.Intn(4); i >= 0; i-- {
		parts = append(parts, g.name())
	}
	return strings.Join(parts, "/")
}

func (g generator) component() string {
	return g.pick("a", "b", "c", "*", "**", "?", "a*", "*.yaml", "[ab]", "[^a]", "[", "[a-", "\\a", "\\", "a**", "", "deploy", "x.png",
		"ä", "*b*", "[a-b]?", "\\!a", "!a", "a\\ ", " a", ".github")
}

func (g generator) pattern() string {
	switch g.Intn(20) {
	case 0:
		return ""
	case 1:
		return "# a comment"
	case 2:
		return "  \t"
	}
	text := g.pick("", "", "", "", "!", "!", "/", "!/", "\\#")
	for i := g.pick("0", "0", "0", "1", "1", "2", "3")[0] - '0'; ; i-- {
		text += g.component()
		if i == 0 {
			break
		}
		text += "/"
	}
	return text + g.pick("", "", "", "/", " ", "\r", "\\ ")
}

func (g generator) patterns() string {
	lines := []string{}
	for i := g.Intn(4); i > 0; i-- {
		lines = append(lines, g.pattern())
	}
	return strings.Join(lines, "\n") + g.pick("", "\n")
}

func (g generator) files() map[string]string {
	files := map[string]string{}
	for i := 2 + g.Intn(8); i > 0; i-- {
		files[g.path()] = ""
	}
	for i := g.Intn(3); i > 0; i-- {
		folder := ""
		for path := range files {
			folder = filepath.Dir(path)
			if g.Intn(2) == 0 {
				break
			}
		}
		files[filepath.Join(folder, sourceignore.IgnoreFile)] = g.patterns()
	}
	return files
}

// What storage.SourceIgnoreFilter of fluxcd/pkg's artifact and its Archive do, which takes each file
// by itself.
func kept(folder, ignore string) ([]string, error) {
	domain := strings.Split(folder, "/")
	patterns, err := sourceignore.LoadIgnorePatterns(folder, domain)
	if err != nil {
		return nil, err
	}
	patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(ignore), domain)...)
	matcher := sourceignore.NewDefaultMatcher(patterns, domain)
	if len(patterns) > 0 {
		matcher = sourceignore.NewMatcher(append(sourceignore.VCSPatterns(domain), patterns...))
	}
	files := []string{}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || matcher.Match(strings.Split(path, "/"), false) {
			return err
		}
		files = append(files, strings.TrimPrefix(path, folder+"/"))
		return nil
	})
	return files, err
}

func write(folder string, files map[string]string) map[string]string {
	made := map[string]string{}
	for path, text := range files {
		full := filepath.Join(folder, path)
		// A path that another one needs as a folder is left out.
		if os.MkdirAll(filepath.Dir(full), 0o755) == nil && os.WriteFile(full, []byte(text), 0o644) == nil {
			made[path] = text
		}
	}
	return made
}

func run(g generator, count int) error {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for i := 0; i < count; i++ {
		folder, err := os.MkdirTemp("", "ignore")
		if err != nil {
			return err
		}
		c := Case{Files: write(folder, g.files())}
		if g.Intn(2) == 0 {
			c.Ignore = g.patterns()
		}
		if c.Kept, err = kept(folder, c.Ignore); err == nil {
			err = encoder.Encode(c)
		}
		os.RemoveAll(folder)
		if err != nil {
			return err
		}
	}
	return nil
}

func main() {
	seed := flag.Int64("seed", 1, "of the random cases")
	count := flag.Int("count", 600, "of cases")
	flag.Parse()
	if err := run(generator{rand.New(rand.NewSource(*seed))}, *count); err != nil {
		panic(err)
	}
}
