// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The repository's one file is random, so that its pack is about as large.
const fileSize = 300_000

// git runs the real git without anybody's configuration.
func git(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func mustGit(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := git(t, dir, args...); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// makeRoot makes a directory with the bare repository x.git.
func makeRoot(t *testing.T) string {
	t.Helper()
	root, work := t.TempDir(), t.TempDir()
	data := make([]byte, fileSize)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data) // never fails
	if err := os.WriteFile(filepath.Join(work, "file"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	mustGit(t, work, "init", "-q", "-b", "main")
	mustGit(t, work, "add", ".")
	mustGit(t, work, "commit", "-q", "-m", "first")
	mustGit(t, work, "clone", "-q", "--bare", work, filepath.Join(root, "x.git"))
	return root
}

// A fixture is a running server and what a test does with it.
type fixture struct {
	*testing.T
	*Server
}

func start(t *testing.T, o Options) fixture {
	t.Helper()
	if o.Root == "" {
		o.Root = makeRoot(t)
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.CertificateNames == nil {
		o.CertificateNames = []string{"localhost", "127.0.0.1"}
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return fixture{t, s}
}

// clone clones and says whether that succeeded.
func (f fixture) clone(url string, config ...string) error {
	f.Helper()
	args := []string{"-c", "http.sslCAInfo=" + f.Addresses.CA}
	for _, c := range config {
		args = append(args, "-c", c)
	}
	dir := f.TempDir()
	args = append(args, "clone", "-q", url, "clone")
	out, err := git(f.T, dir, args...)
	if err != nil {
		f.Logf("git clone: %v: %s", err, out)
		return err
	}
	file, err := os.Stat(filepath.Join(dir, "clone", "file"))
	if err == nil && file.Size() != fileSize {
		f.Errorf("the file has %d bytes", file.Size())
	}
	return err
}

func (f fixture) mustClone(url string, config ...string) {
	f.Helper()
	if err := f.clone(url, config...); err != nil {
		f.Errorf("cloning %s failed: %v", url, err)
	}
}

func (f fixture) mustNotClone(url string, config ...string) {
	f.Helper()
	if f.clone(url, config...) == nil {
		f.Errorf("cloning %s succeeded", url)
	}
}

// tell sends a request to the control port.
func (f fixture) tell(method, path, body string) int {
	f.Helper()
	r, err := http.NewRequest(method, f.Addresses.Control+path, strings.NewReader(body))
	if err != nil {
		f.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		f.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func (f fixture) setFaults(rules string) {
	f.Helper()
	if status := f.tell("PUT", "/faults", rules); status != http.StatusNoContent {
		f.Fatalf("the rules were answered with %d", status)
	}
}

func (f fixture) totals() Totals {
	f.Helper()
	answer, err := http.Get(f.Addresses.Control + "/stats")
	if err != nil {
		f.Fatal(err)
	}
	defer answer.Body.Close()
	var t Totals
	if err := json.NewDecoder(answer.Body).Decode(&t); err != nil {
		f.Fatal(err)
	}
	return t
}

// client returns an HTTP client that trusts the server and follows no redirects.
func (f fixture) client() *http.Client {
	f.Helper()
	authority, err := os.ReadFile(f.Addresses.CA)
	if err != nil {
		f.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	f.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// lsRefs asks for the branch main by protocol version 2.
func (f fixture) lsRefs(c *http.Client, base string, body io.Reader) (*http.Response, string, error) {
	f.Helper()
	r, err := http.NewRequest("POST", base+"/x.git/git-upload-pack", body)
	if err != nil {
		f.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-git-upload-pack-request")
	r.Header.Set("Git-Protocol", "version=2")
	answer, err := c.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer, string(text), err
}

func lsRefsBody() *bytes.Buffer {
	return bytes.NewBufferString("0014command=ls-refs\n0016object-format=sha10001001fref-prefix refs/heads/main\n0000")
}
