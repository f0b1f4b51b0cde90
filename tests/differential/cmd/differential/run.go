// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"primocane.dev/tests/differential/internal/compare"
	"primocane.dev/tests/differential/internal/engine"
	"primocane.dev/tests/differential/internal/generate"
	"primocane.dev/tests/differential/internal/reduce"
	"primocane.dev/tests/differential/internal/tree"
)

// A report counts outcomes and keeps one tree for each fault.
type report struct {
	mutex     sync.Mutex
	classes   map[compare.Class]int
	theirs    map[engine.Result]int
	valid     map[string]int // trees that kustomize builds, by feature
	features  map[string]int // all trees
	faults    map[string]*fault
	refusals  map[string]int // kustomize's, where no mistake was put in
	known     map[string]int
	intended  int
	undecided []uint64
}

// A fault is what several trees show.
type fault struct {
	outcome  compare.Outcome
	trees    []uint64
	smallest generate.Made
	number   uint64
}

func run(s *settings) error {
	began := time.Now()
	r := &report{classes: map[compare.Class]int{}, theirs: map[engine.Result]int{}, valid: map[string]int{},
		features: map[string]int{},
		faults:   map[string]*fault{}, refusals: map[string]int{}, known: map[string]int{}}
	if err := s.each(r); err != nil {
		return err
	}
	r.print(s, time.Since(began))
	if len(r.faults) == 0 {
		return os.RemoveAll(s.out)
	}
	if err := r.write(s); err != nil {
		return err
	}
	return fmt.Errorf("%d trees differ; see %s", r.wrong(), s.out)
}

// each builds all trees, several at a time.
func (s *settings) each(r *report) error {
	var next atomic.Uint64
	return s.parallel(func(p *pair) error {
		for {
			number := next.Add(1) - 1
			if number >= s.trees {
				return nil
			}
			number += s.first
			made := generate.Tree(s.seed, number, s.options())
			found, err := p.build(made.Tree)
			if err != nil {
				return err
			}
			r.add(number, made, found)
		}
	})
}

// parallel has several pairs of engines do the work, and returns the first error.
func (s *settings) parallel(work func(*pair) error) error {
	failures := make(chan error, s.jobs)
	for range s.jobs {
		go func() {
			p, err := s.pair()
			if err == nil {
				defer p.close()
				err = work(p)
			}
			failures <- err
		}()
	}
	var failed error
	for range s.jobs {
		failed = cmp.Or(failed, <-failures)
	}
	return failed
}

func (r *report) add(number uint64, made generate.Made, found built) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.classes[found.outcome.Class]++
	r.theirs[found.theirs.Result]++
	for _, feature := range made.Features {
		r.features[feature]++
		if found.theirs.Result == engine.Built {
			r.valid[feature]++
		}
	}
	if made.Mistake != "" {
		r.intended++
	} else if found.theirs.Result == engine.Failed {
		r.refusals[compare.Normal(found.theirs.Text)]++
	}
	switch {
	case found.outcome.Class == compare.Known:
		r.known[found.outcome.Signature]++
	case found.outcome.Class == compare.Undecided:
		r.undecided = append(r.undecided, number)
	case found.outcome.Class.IsWrong():
		r.addFault(number, made, found.outcome)
	}
}

func (r *report) addFault(number uint64, made generate.Made, outcome compare.Outcome) {
	key := string(outcome.Class) + ": " + outcome.Signature
	known, ok := r.faults[key]
	if !ok {
		known = &fault{outcome: outcome, smallest: made, number: number}
		r.faults[key] = known
	}
	known.trees = append(known.trees, number)
	if size := made.Tree.Size(); size < known.smallest.Tree.Size() || size == known.smallest.Tree.Size() &&
		number < known.number {
		known.smallest, known.number, known.outcome = made, number, outcome
	}
}

func (r *report) wrong() int {
	count := 0
	for class, trees := range r.classes {
		if class.IsWrong() {
			count += trees
		}
	}
	return count
}

// sorted are the faults, those of the most trees first.
func (r *report) sorted() []*fault {
	return slices.SortedFunc(maps.Values(r.faults), func(a, b *fault) int {
		return cmp.Or(len(b.trees)-len(a.trees), strings.Compare(a.outcome.Signature, b.outcome.Signature))
	})
}

func (r *report) print(s *settings, took time.Duration) {
	if s.features {
		r.printFeatures()
	}
	for _, f := range r.sorted() {
		fmt.Printf("%5d  %s: %s\n", len(f.trees), f.outcome.Class, f.outcome.Signature)
	}
	printCounts("known differences", r.known)
	fmt.Printf("%d trees of seed %d in %.0f s; kustomize builds %d, refuses %d (%d with a mistake put in), crashes on %d\n",
		s.trees, s.seed, took.Seconds(),
		r.theirs[engine.Built], r.theirs[engine.Failed], r.intended, r.theirs[engine.Crashed])
	for _, class := range compare.Classes {
		if r.classes[class] > 0 || class == compare.Same {
			fmt.Printf("%7d  %s\n", r.classes[class], class)
		}
	}
}

func (r *report) printFeatures() {
	fmt.Println("what is in trees that kustomize builds (and in all):")
	for _, feature := range slices.Sorted(maps.Keys(r.features)) {
		fmt.Printf("  %-40s %6d %6d\n", feature, r.valid[feature], r.features[feature])
	}
	printCounts("what kustomize refuses although no mistake was put in", r.refusals)
}

func printCounts(title string, counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	fmt.Println(title + ":")
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a],
			strings.Compare(a, b))
	})
	for _, key := range keys[:min(len(keys), 40)] {
		fmt.Printf("  %6d  %s\n", counts[key], key)
	}
}

// write puts a folder for each fault: the smallest tree that shows it, made smaller still.
func (r *report) write(s *settings) error {
	if err := os.RemoveAll(s.out); err != nil {
		return err
	}
	faults := r.sorted()
	var next atomic.Int64
	return s.parallel(func(p *pair) error {
		for {
			i := int(next.Add(1) - 1)
			if i >= len(faults) {
				return nil
			}
			if err := p.writeFault(s, faults[i], i); err != nil {
				return err
			}
		}
	})
}

func (p *pair) writeFault(s *settings, f *fault, i int) error {
	t := f.smallest.Tree
	if i < s.reductions {
		var err error
		if t, err = p.reduced(t, f.outcome); err != nil {
			return err
		}
	}
	note := fmt.Sprintf("%s: %s\nseen in %d trees, first in number %d of seed %d\nmistake put in: %q\n",
		f.outcome.Class, f.outcome.Signature, len(f.trees), f.number, s.seed, f.smallest.Mistake)
	return p.record(t, filepath.Join(s.out, fmt.Sprintf("%03d", i+1)), note)
}

// reduced is the smallest tree that shows the outcome's fault.
func (p *pair) reduced(t *tree.Tree, outcome compare.Outcome) (*tree.Tree, error) {
	var failed error
	small := reduce.Tree(t, reductionTries, func(changed *tree.Tree) bool {
		shows, err := p.shows(changed, outcome)
		failed = cmp.Or(failed, err)
		return shows
	})
	return small, failed
}

// shows tells whether a tree has that fault. Ours, which is the faster one, is asked first.
func (p *pair) shows(t *tree.Tree, outcome compare.Outcome) (bool, error) {
	request, err := p.write(t)
	if err != nil {
		return false, err
	}
	ours, err := p.ours.Build(request)
	if err != nil || ours.Result != ourResult(outcome.Class) {
		return false, err
	}
	theirs, err := p.theirs.Build(request)
	if err != nil {
		return false, err
	}
	found := compare.Outcomes(t, theirs, ours)
	return found.Class == outcome.Class && found.Signature == outcome.Signature, nil
}

// ourResult is how our build ends in all trees of a class of faults.
func ourResult(class compare.Class) engine.Result {
	switch class {
	case compare.OursFails:
		return engine.Failed
	case compare.OursCrashes:
		return engine.Crashed
	}
	return engine.Built
}

const reductionTries = 1000

// record writes a tree with what both engines make of it.
func (p *pair) record(t *tree.Tree, folder, note string) error {
	if err := t.Write(filepath.Join(folder, "tree")); err != nil {
		return err
	}
	found, err := p.build(t)
	if err != nil {
		return err
	}
	note += fmt.Sprintf("order %s, %s\n\n%s\n", t.Order, t.Restrictor, found.outcome.Detail)
	for name, text := range map[string]string{"theirs.txt": found.theirs.Text, "ours.txt": found.ours.Text,
		"note.txt": note} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// reduceFolder makes the tree in the folder smaller, in place.
func reduceFolder(s *settings, folder string) error {
	t, err := tree.Read(folder)
	if err != nil {
		return err
	}
	p, err := s.pair()
	if err != nil {
		return err
	}
	defer p.close()
	found, err := p.build(t)
	if err != nil {
		return err
	}
	if !found.outcome.Class.IsWrong() {
		return fmt.Errorf("nothing to reduce: %s", found.outcome.Class)
	}
	small, err := p.reduced(t, found.outcome)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s\n%s\n", found.outcome.Class, found.outcome.Signature, found.outcome.Detail)
	return small.Write(folder)
}
