// SPDX-License-Identifier: Apache-2.0

package githttp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A backend runs git http-backend, once per request, as the CGI program that it is. Both bodies are
// streamed. net/http/cgi is no choice, because it refuses chunked requests, which git sends.
type backend struct {
	git    string   // the program
	root   string   // of the repositories
	config []string // KEY=VALUE, of git's configuration
	log    *os.File // its standard error
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	cmd := exec.CommandContext(r.Context(), b.git, "http-backend")
	cmd.Env = b.environment(r)
	cmd.Stdin = r.Body
	cmd.Stderr = b.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := relay(w, bufio.NewReader(out)); err != nil {
		fmt.Fprintf(b.log, "%s %s: %v\n", r.Method, r.URL.RequestURI(), err)
		_ = cmd.Cancel() // its answer has nowhere to go; an error means that it has ended
	}
	if err := cmd.Wait(); err != nil {
		fmt.Fprintf(b.log, "%s %s: git http-backend: %v\n", r.Method, r.URL.RequestURI(), err)
	}
}

// environment is CGI's, without anything of the user's own git configuration.
func (b *backend) environment(r *http.Request) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=/nonexistent",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_PROJECT_ROOT=" + b.root,
		"GIT_HTTP_EXPORT_ALL=1",
		"PATH_INFO=" + r.URL.Path,
		"QUERY_STRING=" + r.URL.RawQuery,
		"REQUEST_METHOD=" + r.Method,
		"CONTENT_TYPE=" + r.Header.Get("Content-Type"),
		"HTTP_CONTENT_ENCODING=" + r.Header.Get("Content-Encoding"),
		"HTTP_GIT_PROTOCOL=" + r.Header.Get("Git-Protocol"),
		"REMOTE_ADDR=127.0.0.1",
		"SERVER_PROTOCOL=" + r.Proto,
		"GIT_CONFIG_COUNT=" + strconv.Itoa(len(b.config)),
	}
	if r.ContentLength >= 0 {
		env = append(env, "CONTENT_LENGTH="+strconv.FormatInt(r.ContentLength, 10))
	}
	for i, setting := range b.config {
		key, value, _ := strings.Cut(setting, "=")
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, key),
			fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, value))
	}
	return env
}

// relay passes a CGI answer on as it comes.
func relay(w http.ResponseWriter, out *bufio.Reader) error {
	header, err := textproto.NewReader(out).ReadMIMEHeader()
	if err != nil {
		http.Error(w, "git http-backend gave no answer", http.StatusBadGateway)
		return errors.New("no header came from git http-backend")
	}
	status := http.StatusOK
	if line := header.Get("Status"); line != "" {
		if status, err = strconv.Atoi(strings.Fields(line)[0]); err != nil {
			return fmt.Errorf("status %q: %w", line, err)
		}
		header.Del("Status")
	}
	for key, values := range header {
		w.Header()[key] = values
	}
	w.WriteHeader(status)
	_, err = io.Copy(struct{ io.Writer }{w}, out) // without ReadFrom: each part goes at once
	return err
}
