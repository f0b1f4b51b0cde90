// SPDX-License-Identifier: Apache-2.0

// Command differential compares primocane's builds of random kustomizations with kustomize's own.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"primocane.dev/tests/differential/internal/compare"
	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/generate"
	"primocane.dev/tests/differential/internal/tree"
)

const usage = `usage:
  differential run [flags]            compare TREES random trees
  differential write [flags] DIR      write the first of these trees and what is known of it
  differential reduce [flags] DIR     make the tree in DIR smaller as long as it shows the same fault
  differential case [flags] DIR CASE  make the tree in DIR a case of tests/unit/render/cases
  differential kustomize              answer requests on standard input by kustomize
flags of all:`

type settings struct {
	trees, first, seed uint64
	fields             string
	mistakes           float64
	plain, self        bool
	ours, oursCommand  string
	theirsCommand      string
	out                string
	jobs, reductions   int
	timeout            time.Duration
	features           bool
}

func (s *settings) register(flags *flag.FlagSet) {
	flags.Uint64Var(&s.trees, "trees", 2000, "how many trees")
	flags.Uint64Var(&s.first, "first", 0, "number of the first tree")
	flags.Uint64Var(&s.seed, "seed", 1, "another seed makes other trees")
	flags.StringVar(&s.fields, "fields", "",
		"fields that kustomization files may hold, with commas between; all when empty")
	flags.Float64Var(&s.mistakes, "mistakes", 0.08, "share of trees into which a mistake is put")
	flags.BoolVar(&s.plain, "plain", false, "no odd YAML and no odd scalars")
	flags.StringVar(&s.ours, "ours", "", "program that answers requests (build_trees)")
	flags.StringVar(&s.oursCommand, "ours-command", "",
		"program with a `build` command, started for each tree, instead of -ours")
	flags.StringVar(&s.theirsCommand, "theirs-command", "", "likewise, instead of kustomize in this program")
	flags.BoolVar(&s.self, "self", false, "compare kustomize with itself")
	flags.StringVar(&s.out, "out", "build/differential", "where differences are written")
	flags.IntVar(&s.jobs, "jobs", runtime.NumCPU(), "trees at a time")
	flags.IntVar(&s.reductions, "reduce", 30, "how many differences are made small")
	flags.DurationVar(&s.timeout, "timeout", 20*time.Second, "that one build may take")
	flags.BoolVar(&s.features, "features", false, "print what the trees that could be built hold")
}

func (s *settings) options() generate.Options {
	options := generate.Options{Mistake: s.mistakes, Plain: s.plain}
	if s.fields != "" {
		options.Fields = strings.Split(s.fields, ",")
	}
	return options
}

func (s *settings) theirEngine() (engine.Engine, error) {
	if s.theirsCommand != "" {
		return &engine.Command{Program: s.theirsCommand, Timeout: s.timeout}, nil
	}
	program, err := os.Executable()
	return &engine.Process{Command: []string{program, "kustomize"}, Timeout: s.timeout}, err
}

func (s *settings) ourEngine() (engine.Engine, error) {
	switch {
	case s.self:
		return s.theirEngine()
	case s.oursCommand != "":
		return &engine.Command{Program: s.oursCommand, Timeout: s.timeout}, nil
	case s.ours != "":
		return &engine.Process{Command: []string{s.ours}, Timeout: s.timeout}, nil
	}
	return nil, fmt.Errorf("say what is compared with kustomize: -ours, -ours-command or -self")
}

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(1)
	}
}

func command(arguments []string) error {
	var s settings
	flags := flag.NewFlagSet("differential", flag.ExitOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), usage)
		flags.PrintDefaults()
	}
	s.register(flags)
	if len(arguments) == 0 {
		flags.Usage()
		os.Exit(64)
	}
	_ = flags.Parse(arguments[1:]) // ends the program itself
	switch verb := arguments[0]; {
	case verb == "kustomize":
		return engine.ServeKustomize(os.Stdin, os.Stdout)
	case verb == "run" && flags.NArg() == 0:
		return run(&s)
	case verb == "write" && flags.NArg() == 1:
		return write(&s, flags.Arg(0))
	case verb == "reduce" && flags.NArg() == 1:
		return reduceFolder(&s, flags.Arg(0))
	case verb == "case" && flags.NArg() == 2:
		return makeCase(&s, flags.Arg(0), flags.Arg(1))
	}
	flags.Usage()
	os.Exit(64)
	return nil
}

func write(s *settings, folder string) error {
	made := generate.Tree(s.seed, s.first, s.options())
	fmt.Printf("folder: %s\norder: %s\nload restrictor: %s\nmistake: %s\nholds: %s\n", made.Tree.Folder,
		made.Tree.Order, made.Tree.Restrictor, made.Mistake, strings.Join(made.Features, ", "))
	return made.Tree.Write(folder)
}

// makeCase writes a tree and what kustomize prints for it.
func makeCase(s *settings, folder, into string) error {
	t, err := tree.Read(folder)
	if err != nil {
		return err
	}
	theirs, err := s.theirEngine()
	if err != nil {
		return err
	}
	defer theirs.Close()
	input := filepath.Join(into, "input")
	if err := t.Write(input); err != nil {
		return err
	}
	answer, err := theirs.Build(engine.RequestFor(t, input))
	if err != nil {
		return err
	}
	if answer.Result != engine.Built {
		return fmt.Errorf("kustomize does not build it: %s", answer.Text)
	}
	return os.WriteFile(filepath.Join(into, "expected.yaml"), []byte(answer.Text), 0o644)
}

// pair are both engines with a folder for the tree that they build.
type pair struct {
	theirs, ours engine.Engine
	folder       string
}

func (s *settings) pair() (*pair, error) {
	theirs, err := s.theirEngine()
	if err != nil {
		return nil, err
	}
	ours, err := s.ourEngine()
	if err != nil {
		return nil, err
	}
	parent := ""
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		parent = "/dev/shm" // thousands of small files
	}
	folder, err := os.MkdirTemp(parent, "differential-")
	return &pair{theirs, ours, folder}, err
}

func (p *pair) close() {
	p.theirs.Close()
	p.ours.Close()
	_ = os.RemoveAll(p.folder)
}

// A built tree is one with both answers.
type built struct {
	theirs, ours engine.Answer
	outcome      compare.Outcome
}

// write puts the tree where both engines find it.
func (p *pair) write(t *tree.Tree) (engine.Request, error) {
	root := filepath.Join(p.folder, "tree")
	return engine.RequestFor(t, root), t.Write(root)
}

func (p *pair) build(t *tree.Tree) (built, error) {
	request, err := p.write(t)
	if err != nil {
		return built{}, err
	}
	theirs, err := p.theirs.Build(request)
	if err != nil {
		return built{}, err
	}
	ours, err := p.ours.Build(request)
	if err != nil {
		return built{}, err
	}
	found := built{theirs, ours, compare.Outcomes(t, theirs, ours)}
	if !found.outcome.Class.IsWrong() {
		return found, nil
	}
	// Whoever asks kustomize again may get another answer: it walks maps in no order.
	for range 4 {
		again, err := p.theirs.Build(request)
		if err != nil {
			return built{}, err
		}
		if again != theirs && (again.Result != engine.Failed || theirs.Result != engine.Failed) {
			found.outcome = compare.Outcome{Class: compare.Undecided, Signature: "order of a map",
				Detail: found.outcome.Detail}
			break
		}
	}
	return found, nil
}
