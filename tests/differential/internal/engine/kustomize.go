// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"sigs.k8s.io/kustomize/kustomize/v5/commands/build"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

// ServeKustomize answers requests by kustomize's own command, in this process: it does not pay for
// starting a program and for reading Kubernetes's schema for each tree.
func ServeKustomize(in io.Reader, out io.Writer) error {
	// What is deprecated is told there by every second tree.
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	os.Stderr = quiet
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		request, err := parseRequest(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return err
		}
		if err := writeAnswer(out, buildByKustomize(request)); err != nil {
			return err
		}
	}
}

func buildByKustomize(request Request) (answer Answer) {
	// The schema outlives a build in kustomize's globals. The default one is what a new process
	// has, another one would be found by the next tree.
	if mentionsSchema(request.Root) {
		openapi.ResetOpenAPI()
		defer openapi.ResetOpenAPI()
	}
	defer func() {
		if panicked := recover(); panicked != nil {
			answer = Answer{Crashed, fmt.Sprintf("%v\n%s", panicked, debug.Stack())}
		}
	}()
	var printed bytes.Buffer
	command := build.NewCmdBuild(filesys.MakeFsOnDisk(), build.MakeHelp("kustomize", "build"),
		&printed)
	command.SetArgs([]string{"--reorder", request.Order, "--load-restrictor", request.Restrictor,
		request.folder()})
	command.SetOut(io.Discard)
	command.SetErr(io.Discard)
	command.SilenceErrors = true
	if err := command.Execute(); err != nil {
		return Answer{Failed, err.Error()}
	}
	return Answer{Built, printed.String()}
}

func mentionsSchema(root string) bool {
	found := false
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasPrefix(strings.ToLower(entry.Name()), "kustomization") {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && strings.Contains(strings.ToLower(string(text)), "openapi") {
			found = true
			return fs.SkipAll
		}
		return err
	})
	return found
}
