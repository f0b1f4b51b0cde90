// SPDX-License-Identifier: Apache-2.0

package gitssh

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"primocane.dev/tests/servers/internal/fault"
)

// faultsFile in the server's directory holds the faults that new sessions suffer; none if absent.
const faultsFile = "faults.json"

// Session runs the one command that a client may ask for, git-upload-pack of a repository below
// root, and returns its error. Without faults it does not return.
func Session(root, dir string) error {
	command := os.Getenv("SSH_ORIGINAL_COMMAND")
	repository, err := repositoryOf(command, root)
	if err != nil {
		return err
	}
	git, err := exec.LookPath("git")
	if err != nil {
		return err
	}
	rules, err := readFaults(filepath.Join(dir, faultsFile), command)
	if err != nil {
		return err
	}
	// The repository may be another user's. The user's own configuration is not to be seen.
	env := append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_COUNT=2",
		"GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		"GIT_CONFIG_KEY_1=uploadpack.allowFilter", "GIT_CONFIG_VALUE_1=true")
	args := []string{"git", "upload-pack", repository}
	if len(rules) == 0 {
		return syscall.Exec(git, args, env)
	}
	return faulty(&exec.Cmd{Path: git, Args: args, Env: env, Stderr: os.Stderr}, rules)
}

// repositoryOf returns the path that "git-upload-pack 'PATH'" means, always one below root.
func repositoryOf(command, root string) (string, error) {
	path, ok := strings.CutPrefix(command, "git-upload-pack ")
	if !ok {
		return "", fmt.Errorf("only git-upload-pack is served, not %q", command)
	}
	path = strings.Trim(path, "'")
	return filepath.Join(root, filepath.Clean("/"+path)), nil
}

// readFaults returns the rules of the file that hit the command.
func readFaults(file, command string) ([]fault.Rule, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rules, err := fault.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var hits []fault.Rule
	for _, r := range rules {
		if !r.IsForStreams() || r.Skip != 0 || r.Times != 0 {
			return nil, fmt.Errorf("%s: %s with counts, or at all, is not for SSH", file, r.Kind)
		}
		if strings.Contains(command, r.Match) {
			hits = append(hits, r)
		}
	}
	return hits, nil
}

// faulty runs the command with faults on what it writes.
func faulty(cmd *exec.Cmd, rules []fault.Rule) error {
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	gone := make(chan struct{})
	leave := sync.OnceFunc(func() { close(gone) })
	stream := fault.Stream(os.Stdout, fault.End{
		Close:    func(bool) {}, // the end of the session closes it
		Gone:     gone,
		Released: make(chan struct{}), // a session keeps the faults that it began with
	}, rules)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(in, os.Stdin) // ends when the client closes or leaves
		_ = in.Close()
		leave()
	}()
	if _, err = stream.Write(nil); err == nil {
		_, err = io.Copy(stream, out)
	}
	if err != nil {
		_ = cmd.Process.Kill() // its answer has nowhere to go
	}
	waited := cmd.Wait()
	if errors.Is(err, fault.ErrEnded) && allTruncate(rules) {
		return nil
	}
	return errors.Join(err, waited)
}

// allTruncate says whether an end by these rules shall look like success.
func allTruncate(rules []fault.Rule) bool {
	for _, r := range rules {
		if r.Kind == fault.Cut || r.Kind == fault.Stall {
			return false
		}
	}
	return true
}
