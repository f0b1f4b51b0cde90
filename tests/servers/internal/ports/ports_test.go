// SPDX-License-Identifier: Apache-2.0

package ports

import (
	"os"
	"path/filepath"
	"testing"
)

func TestASecondStartGetsTheSamePort(t *testing.T) {
	dir := t.TempDir()
	first, err := Listen(dir, "port", 0)
	if err != nil {
		t.Fatal(err)
	}
	port := Of(first)
	first.Close()
	second, err := Listen(dir, "port", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if Of(second) != port {
		t.Errorf("port %d after a restart, was %d", Of(second), port)
	}
}

func TestAPortInUseIsAnError(t *testing.T) {
	dir := t.TempDir()
	first, err := Listen(dir, "port", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if second, err := Listen(dir, "port", 0); err == nil {
		second.Close()
		t.Error("the kept port was given out twice")
	}
}

func TestADamagedPortFileIsReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "port"), []byte("no number"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := Listen(dir, "port", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if kept(filepath.Join(dir, "port")) != Of(l) {
		t.Error("the file does not hold the port in use")
	}
}
