// SPDX-License-Identifier: Apache-2.0

// Package tree holds a kustomization with all its files, and how it is to be built.
package tree

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The values of the two options of a build, as the command line spells them.
const (
	OrderLegacy = "legacy"
	OrderNone   = "none"

	RestrictNone = "LoadRestrictionsNone"
	RestrictRoot = "LoadRestrictionsRootOnly"
)

// A Tree is a folder of files, one folder of which is built.
type Tree struct {
	Files      map[string]string // by path
	Folder     string            // that is built, "." for the root
	Order      string
	Restrictor string
}

// Paths are those of the files, sorted.
func (t *Tree) Paths() []string { return slices.Sorted(maps.Keys(t.Files)) }

// Size is that of all files together.
func (t *Tree) Size() int {
	size := 0
	for _, text := range t.Files {
		size += len(text)
	}
	return size
}

// Clone copies the tree; the copy's files may be changed.
func (t *Tree) Clone() *Tree {
	copied := *t
	copied.Files = maps.Clone(t.Files)
	return &copied
}

// Write makes the folder `root` hold the tree's files and nothing else.
func (t *Tree) Write(root string) error {
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(root, t.Folder), 0o755); err != nil {
		return err
	}
	for path, text := range t.Files {
		file := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Read takes all files below `root`; the folder that is built is `overlay`, if there is one.
func Read(root string) (*Tree, error) {
	t := &Tree{Files: map[string]string{}, Folder: ".", Order: OrderLegacy, Restrictor: RestrictNone}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		t.Files[name] = string(text)
		if strings.HasPrefix(name, "overlay/") {
			t.Folder = "overlay"
		}
		return err
	})
	return t, err
}
