// SPDX-License-Identifier: Apache-2.0

package gitssh

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// killTree ends a process and all that descend from it: sshd's sessions are process groups of their
// own and outlive it.
func killTree(pid int) {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range stats {
		if child, parent, ok := parse(file); ok {
			children[parent] = append(children[parent], child)
		}
	}
	var kill func(int)
	kill = func(p int) {
		_ = syscall.Kill(p, syscall.SIGKILL) // an error means that it has ended
		for _, child := range children[p] {
			kill(child)
		}
	}
	kill(pid)
}

// parse reads a process's id and its parent's: "PID (NAME) STATE PARENT ...".
func parse(file string) (pid, parent int, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, false // it has ended
	}
	end := bytes.LastIndexByte(data, ')') // a name may hold anything
	if end < 0 {
		return 0, 0, false
	}
	fields := bytes.Fields(data[end+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	pid, err = strconv.Atoi(filepath.Base(filepath.Dir(file)))
	if err != nil {
		return 0, 0, false
	}
	parent, err = strconv.Atoi(string(fields[1]))
	return pid, parent, err == nil
}
