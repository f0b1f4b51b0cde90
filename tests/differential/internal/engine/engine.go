// SPDX-License-Identifier: Apache-2.0

// Package engine builds trees by kustomize and by primocane, and speaks with programs that do.
//
// Such a program reads one line per tree: the tree's folder, the folder in it that is built, the
// order and the load restrictor, with tabs between. It answers "ok N" or "failed N" on a line and
// then N bytes: what the build prints, or why it failed.
package engine

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"primocane.dev/tests/differential/internal/tree"
)

// A Request is one tree on the disk.
type Request struct {
	Root       string
	Folder     string
	Order      string
	Restrictor string
}

// RequestFor is that for a tree written to `root`.
func RequestFor(t *tree.Tree, root string) Request {
	return Request{Root: root, Folder: t.Folder, Order: t.Order, Restrictor: t.Restrictor}
}

func (r Request) folder() string { return filepath.Join(r.Root, r.Folder) }

func (r Request) line() string {
	return strings.Join([]string{r.Root, r.Folder, r.Order, r.Restrictor}, "\t") + "\n"
}

func parseRequest(line string) (Request, error) {
	words := strings.Split(line, "\t")
	if len(words) != 4 {
		return Request{}, fmt.Errorf("not a request: %q", line)
	}
	return Request{words[0], words[1], words[2], words[3]}, nil
}

// A Result says how a build ended.
type Result string

const (
	Built   Result = "built"
	Failed  Result = "failed"
	Crashed Result = "crashed" // or did not end in time
)

// An Answer is a result with what was printed, or the message of the error.
type Answer struct {
	Result Result
	Text   string
}

// An Engine builds one tree after the other.
type Engine interface {
	Build(request Request) (Answer, error)
	Close()
}

// A Process is a program that answers requests. It is started anew when it has died.
type Process struct {
	Command []string
	Timeout time.Duration
	Env     []string

	running *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	err     *tail
}

func (p *Process) start() error {
	p.running = exec.Command(p.Command[0], p.Command[1:]...)
	p.running.Env = append(os.Environ(), p.Env...)
	p.err = &tail{}
	p.running.Stderr = p.err
	in, err := p.running.StdinPipe()
	if err != nil {
		return err
	}
	out, err := p.running.StdoutPipe()
	if err != nil {
		return err
	}
	p.in, p.out = in, bufio.NewReader(out)
	return p.running.Start()
}

// Build asks the program. A program that dies or is too slow is an answer, not an error.
func (p *Process) Build(request Request) (Answer, error) {
	if p.running == nil {
		if err := p.start(); err != nil {
			p.running = nil
			return Answer{}, err
		}
	}
	process := p.running.Process
	alarm := time.AfterFunc(p.Timeout, func() { _ = process.Kill() })
	answer, err := p.ask(request)
	inTime := alarm.Stop()
	if err == nil {
		return answer, nil
	}
	p.Close()
	if !inTime {
		return Answer{Crashed, fmt.Sprintf("no answer within %s", p.Timeout)}, nil
	}
	return Answer{Crashed, p.err.String()}, nil
}

func (p *Process) ask(request Request) (Answer, error) {
	if _, err := io.WriteString(p.in, request.line()); err != nil {
		return Answer{}, err
	}
	return readAnswer(p.out)
}

func readAnswer(from *bufio.Reader) (Answer, error) {
	head, err := from.ReadString('\n')
	if err != nil {
		return Answer{}, err
	}
	var word string
	var size int
	if _, err := fmt.Sscanf(head, "%s %d\n", &word, &size); err != nil {
		return Answer{}, fmt.Errorf("not an answer: %q", head)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(from, text); err != nil {
		return Answer{}, err
	}
	result := map[string]Result{"ok": Built, "failed": Failed, "crashed": Crashed}[word]
	return Answer{result, string(text)}, nil
}

func writeAnswer(to io.Writer, answer Answer) error {
	word := map[Result]string{Built: "ok", Failed: "failed", Crashed: "crashed"}[answer.Result]
	_, err := fmt.Fprintf(to, "%s %d\n%s", word, len(answer.Text), answer.Text)
	return err
}

// Close ends the program.
func (p *Process) Close() {
	if p.running == nil {
		return
	}
	_ = p.in.Close()
	_ = p.running.Process.Kill()
	_ = p.running.Wait()
	p.running = nil
}

// A Command is a program with a `build` of kustomize's kind, which is started for each tree.
type Command struct {
	Program string
	Timeout time.Duration
}

// Build starts the program.
func (c *Command) Build(request Request) (Answer, error) {
	build := exec.Command(c.Program, "build", "--reorder", request.Order, "--load-restrictor",
		request.Restrictor, request.folder())
	var out bytes.Buffer
	err := &tail{}
	build.Stdout, build.Stderr = &out, err
	if err := build.Start(); err != nil {
		return Answer{}, err
	}
	alarm := time.AfterFunc(c.Timeout, func() { _ = build.Process.Kill() })
	defer alarm.Stop()
	switch ended := build.Wait(); {
	case ended == nil:
		return Answer{Built, out.String()}, nil
	case !build.ProcessState.Exited() || strings.Contains(err.String(), "goroutine "):
		return Answer{Crashed, err.String()}, nil
	}
	return Answer{Failed, err.String()}, nil
}

// Close does nothing: no program outlives its build.
func (c *Command) Close() {}

// tail keeps the end of what is written to it.
type tail struct{ text []byte }

const tailMax = 8192

func (t *tail) Write(text []byte) (int, error) {
	t.text = append(t.text, text...)
	if len(t.text) > tailMax {
		t.text = t.text[len(t.text)-tailMax:]
	}
	return len(text), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.text)) }
