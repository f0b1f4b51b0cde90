// SPDX-License-Identifier: Apache-2.0

// Package gitssh serves Git repositories through the system's real sshd, as an unprivileged user or
// as root, without touching the system's own configuration of it.
package gitssh

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"primocane.dev/tests/servers/internal/ports"
)

// sshd may take this long to come up on a small, busy machine.
const startLimit = 30 * time.Second

// The folder that sshd insists on when root starts it.
const separationDir = "/run/sshd"

// Options are what a server is started with.
type Options struct {
	Root      string   // of the repositories
	Dir       string   // for keys, port, configuration and log; kept over a restart
	SSHD      string   // the program
	AcceptEnv bool     // lets GIT_PROTOCOL through, as forges do
	Session   []string // the command that runs Session for each connection
}

// Address is what a client needs.
type Address struct {
	URL        string `json:"url"` // append the repository's path
	Host       string `json:"host"`
	Port       int    `json:"port"`
	User       string `json:"user"`
	Key        string `json:"key"`
	KnownHosts string `json:"known_hosts"`
	Log        string `json:"log"`
	Faults     string `json:"faults"` // the file to write faults to
	PID        int    `json:"pid"`
}

// A Server is a running sshd.
type Server struct {
	Address Address
	pid     int
	done    chan struct{} // closed when sshd has ended
	err     error         // how it ended; to be read after that
}

// Start makes what sshd needs, runs it and returns when it answers.
func Start(ctx context.Context, o Options) (*Server, error) {
	account, err := user.Current()
	if err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	if o.Root, err = filepath.Abs(o.Root); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	// sshd takes no open socket, so the port is given back for it.
	listener, err := ports.Listen(o.Dir, "port", 0)
	if err != nil {
		return nil, err
	}
	port := ports.Of(listener)
	if err := listener.Close(); err != nil {
		return nil, err
	}
	path := func(name string) string { return filepath.Join(o.Dir, name) }
	s := &Server{done: make(chan struct{}), Address: Address{
		URL:        fmt.Sprintf("ssh://%s@127.0.0.1:%d/", account.Username, port),
		Host:       "127.0.0.1",
		Port:       port,
		User:       account.Username,
		Key:        path("user_key"),
		KnownHosts: path("known_hosts"),
		Log:        path("sshd.log"),
		Faults:     path(faultsFile),
		PID:        os.Getpid(),
	}}
	if err := s.prepare(o); err != nil {
		return nil, err
	}
	if err := s.run(o); err != nil {
		return nil, err
	}
	if err := s.waitForBanner(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// prepare writes the keys, unless they are there, and the configuration.
func (s *Server) prepare(o Options) error {
	for _, name := range []string{"host_key", "user_key"} {
		file := filepath.Join(o.Dir, name)
		if _, err := os.Stat(file); err == nil {
			continue
		}
		out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ssh-keygen: %w: %s", err, out)
		}
	}
	hostKey, err := os.ReadFile(filepath.Join(o.Dir, "host_key.pub"))
	if err != nil {
		return err
	}
	known := fmt.Sprintf("[127.0.0.1]:%d %s", s.Address.Port, hostKey)
	if err := os.WriteFile(s.Address.KnownHosts, []byte(known), 0o644); err != nil {
		return err
	}
	config := configuration(o, s.Address.Port)
	return os.WriteFile(filepath.Join(o.Dir, "sshd_config"), []byte(config), 0o644)
}

// run starts sshd. It dies with this process, however that ends.
func (s *Server) run(o Options) error {
	if os.Geteuid() == 0 {
		if err := os.MkdirAll(separationDir, 0o755); err != nil {
			return err
		}
	}
	log, err := os.OpenFile(s.Address.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(o.SSHD, "-D", "-e", "-f", filepath.Join(o.Dir, "sshd_config"))
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the signal comes when the thread that started it ends
		err := cmd.Start()
		started <- err
		if err == nil {
			s.err = cmd.Wait()
			close(s.done)
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("%w (Debian's package is openssh-server)", err)
	}
	s.pid = cmd.Process.Pid
	return nil
}

func (s *Server) waitForBanner(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for {
		select {
		case <-s.done:
			return fmt.Errorf("sshd ended: %v; its log is %s", s.err, s.Address.Log)
		case <-ctx.Done():
			return errors.New("sshd does not answer; its log is " + s.Address.Log)
		case <-time.After(10 * time.Millisecond):
		}
		if s.answers() {
			return nil
		}
	}
}

func (s *Server) answers() bool {
	c, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", s.Address.Host, s.Address.Port), time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	if err := c.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	banner := make([]byte, 4)
	_, err = io.ReadFull(c, banner)
	return err == nil && string(banner) == "SSH-"
}

// Wait returns when ctx ends, or with an error when sshd has ended by itself.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.done:
		return fmt.Errorf("sshd ended: %v; its log is %s", s.err, s.Address.Log)
	}
}

// Close ends sshd and its sessions.
func (s *Server) Close() {
	killTree(s.pid)
	<-s.done
}

// configuration is sshd's for a server of its own, which serves nothing but git-upload-pack.
func configuration(o Options, port int) string {
	path := func(name string) string { return filepath.Join(o.Dir, name) }
	words := append(append([]string{}, o.Session...), "--root", o.Root, "--dir", o.Dir)
	for i, w := range words {
		words[i] = quote(w)
	}
	lines := []string{
		fmt.Sprintf("Port %d", port),
		"ListenAddress 127.0.0.1",
		`HostKey "` + path("host_key") + `"`,
		`AuthorizedKeysFile "` + path("user_key.pub") + `"`,
		"PidFile none",
		"StrictModes no",
		"AuthenticationMethods publickey",
		"PermitRootLogin prohibit-password",
		"UsePAM " + usePAM(),
		"PrintMotd no",
		"PrintLastLog no",
		"PermitUserRC no",
		"DisableForwarding yes",
		"MaxStartups 100",
		"MaxSessions 100",
		"LogLevel VERBOSE",
		"ForceCommand " + strings.Join(words, " "),
	}
	if o.AcceptEnv {
		lines = append(lines, "AcceptEnv GIT_PROTOCOL")
	}
	return strings.Join(lines, "\n") + "\n"
}

// quote makes one word of the shell that sshd starts the session with.
func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// usePAM says whether sshd needs PAM: without it, it refuses an account whose password is locked.
func usePAM() string {
	if os.Geteuid() == 0 {
		if shadow, err := os.ReadFile("/etc/shadow"); err == nil && isLocked(string(shadow), "root") {
			return "yes"
		}
	}
	return "no"
}

func isLocked(shadow, account string) bool {
	for _, line := range strings.Split(shadow, "\n") {
		if rest, ok := strings.CutPrefix(line, account+":"); ok {
			return strings.HasPrefix(rest, "!")
		}
	}
	return false
}
