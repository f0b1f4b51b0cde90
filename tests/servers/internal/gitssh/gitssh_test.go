// SPDX-License-Identifier: Apache-2.0

package gitssh

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain makes the test binary the command that sshd starts for each connection, too.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "session" {
		if err := Session(os.Args[3], os.Args[5]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func run(t *testing.T, env []string, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
	}, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func makeRoot(t *testing.T) string {
	t.Helper()
	repository := filepath.Join(t.TempDir(), "x.git")
	out, err := run(t, nil, "sh", "-ec", `git init -q --bare "$1"; cd "$1"
		tree=$(git mktree < /dev/null); commit=$(git commit-tree -m first "$tree")
		git update-ref refs/heads/main "$commit"; git symbolic-ref HEAD refs/heads/main`, "sh", repository)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return filepath.Dir(repository)
}

func start(t *testing.T, acceptEnv bool) *Server {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "it's a folder")
	s, err := Start(t.Context(), Options{
		Root: makeRoot(t), Dir: dir, SSHD: "/usr/sbin/sshd", AcceptEnv: acceptEnv,
		Session: []string{self, "session"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// ssh is the client's command line, as GIT_SSH_COMMAND takes it.
func (s *Server) ssh() string {
	words := []string{"ssh", "-F", "none", "-i", s.Address.Key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
		"-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=\"" + s.Address.KnownHosts + "\""}
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

func (s *Server) lsRemote(t *testing.T, path string, env ...string) (string, error) {
	t.Helper()
	env = append(env, "GIT_SSH_COMMAND="+s.ssh())
	return run(t, env, "git", "ls-remote", s.Address.URL+path)
}

func TestARepositoryIsServedByProtocol2OrWithoutTheVariableBy0(t *testing.T) {
	for _, acceptEnv := range []bool{true, false} {
		s := start(t, acceptEnv)
		out, err := s.lsRemote(t, "x.git", "GIT_TRACE_PACKET=1")
		if err != nil || !strings.Contains(out, "\trefs/heads/main\n") {
			t.Errorf("%v: %s", err, out)
		}
		if strings.Contains(out, "< version 2") != acceptEnv {
			t.Errorf("variable accepted: %t: %s", acceptEnv, out)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	s := start(t, true)
	for _, path := range []string{"absent.git", "../x.git", "../../etc"} {
		if out, err := s.lsRemote(t, path); path != "../x.git" && err == nil {
			t.Errorf("%s: %s", path, out)
		}
	}
	for _, command := range []string{"id", "git-receive-pack '/x.git'", "git-upload-pack '/x.git'; id", ""} {
		out, err := run(t, nil, "sh", "-c", fmt.Sprintf("exec %s -p %d %s@127.0.0.1 %s </dev/null",
			s.ssh(), s.Address.Port, s.Address.User, quote(command)))
		if err == nil || strings.Contains(out, "uid=") {
			t.Errorf("%q was run: %s", command, out)
		}
	}
}

func TestAForeignHostKeyIsNoticed(t *testing.T) {
	s, other := start(t, true), start(t, true)
	foreign, err := os.ReadFile(other.Address.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(foreign), " ")
	line := fmt.Sprintf("[127.0.0.1]:%d %s", s.Address.Port, key)
	if err := os.WriteFile(s.Address.KnownHosts, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := s.lsRemote(t, "x.git"); err == nil || !strings.Contains(out, "Host key verification failed") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestFaultsHitNewSessions(t *testing.T) {
	s := start(t, true)
	for rules, works := range map[string]bool{
		`[{"kind":"cut","after_bytes":20}]`:            false,
		`[{"kind":"truncate","after_bytes":20}]`:       false,
		`[{"kind":"corrupt","after_bytes":2}]`:         false,
		`[{"kind":"slow","bytes_per_second":1000000}]`: true,
		`[{"kind":"cut","match":"/other.git"}]`:        true,
		`[{"kind":"v0"}]`:                              false,
		`nonsense`:                                     false,
	} {
		if err := os.WriteFile(s.Address.Faults, []byte(rules), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := s.lsRemote(t, "x.git"); (err == nil) != works {
			t.Errorf("%s: %v: %s", rules, err, out)
		}
	}
}

func TestClosingEndsSessionsThatStall(t *testing.T) {
	s := start(t, true)
	if err := os.WriteFile(s.Address.Faults, []byte(`[{"kind":"stall"}]`), 0o644); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	cmd := exec.Command("sh", "-c", fmt.Sprintf("exec %s -p %d %s@127.0.0.1 %s",
		s.ssh(), s.Address.Port, s.Address.User, quote("git-upload-pack '/x.git'")))
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { done <- cmd.Wait() }()
	for {
		log, err := os.ReadFile(s.Address.Log)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(log), "Starting session") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.Close()
	if err := <-done; err == nil {
		t.Error("a session that was ended looks like a success")
	}
}

func TestALockedAccountIsRecognised(t *testing.T) {
	shadow := "daemon:*:1:0:::::\nroot:!:1:0:::::\nrootless:*:1:::::\nme:$6$x:1:::::\n"
	for account, want := range map[string]bool{"root": true, "rootless": false, "me": false, "absent": false} {
		if isLocked(shadow, account) != want {
			t.Errorf("%s: locked should be %t", account, want)
		}
	}
}
