// SPDX-License-Identifier: Apache-2.0

// Package ports finds loopback ports that a server keeps when it is started again.
package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// New ports come from below the range which the kernel hands to outgoing connections, so that none
// of these takes the port while its server is down.
const (
	lowest  = 20000
	highest = 32767
	tries   = 100
)

// Listen listens on 127.0.0.1. The port is the wanted one, or, if that is 0, the one that the file
// dir/name holds, or else a free one. The file is written, so that the next start finds it.
func Listen(dir, name string, wanted int) (*net.TCPListener, error) {
	file := filepath.Join(dir, name)
	if wanted == 0 {
		wanted = kept(file)
	}
	listener, err := open(wanted)
	if err != nil {
		return nil, err
	}
	line := strconv.Itoa(Of(listener)) + "\n"
	if err := os.WriteFile(file, []byte(line), 0o644); err != nil {
		listener.Close()
		return nil, err
	}
	return listener, nil
}

// Of returns the port of a listener.
func Of(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// kept returns the port that the file holds, 0 if there is none.
func kept(file string) int {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	port, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return port
}

func open(port int) (*net.TCPListener, error) {
	if port != 0 {
		return listen(port)
	}
	var last error
	for range tries {
		listener, err := listen(lowest + rand.IntN(highest-lowest+1))
		if err == nil {
			return listener, nil
		}
		last = err
	}
	return nil, fmt.Errorf("no free port between %d and %d: %w", lowest, highest, last)
}

func listen(port int) (*net.TCPListener, error) {
	return net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
}
