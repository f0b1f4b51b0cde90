// SPDX-License-Identifier: Apache-2.0

// Prints files of age and what age itself makes of them, a case a line: the vectors of the C2SP's
// community (c2sp.org/CCTV/age) for X25519 keys. age_file_test compares the agent with cases.jsonl:
//
//	go run . > cases.jsonl
package main

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	vectors "c2sp.org/CCTV/age"
	"filippo.io/age"
	"filippo.io/age/armor"
)

// runMin is how many equal bytes are worth a part of their own.
const runMin = 64

// Part is a part of a file: some bytes, that many times.
type Part struct {
	Bytes []byte `json:"bytes"`
	Count int    `json:"count"`
}

// Case is one line. Outcome is "decrypted", "no match" or "error".
type Case struct {
	Name       string   `json:"name"`
	Identities []string `json:"identities"`
	Parts      []Part   `json:"parts"`
	Outcome    string   `json:"outcome"`
	SHA256     string   `json:"sha256,omitempty"`

	file []byte
}

// parts takes long runs of one byte out of a file: most of a vector's payload is such a run.
func parts(file []byte) []Part {
	result := []Part{}
	begin := 0
	for i := 0; i < len(file); {
		end := i
		for end < len(file) && file[end] == file[i] {
			end++
		}
		if end-i >= runMin {
			if begin < i {
				result = append(result, Part{file[begin:i], 1})
			}
			result = append(result, Part{file[i : i+1], end - i})
			begin = end
		}
		i = end
	}
	if begin < len(file) {
		result = append(result, Part{file[begin:], 1})
	}
	return result
}

// read takes a vector apart: its header of "key: value" lines, an empty line, the file.
func read(name string, vector []byte) (c Case, armored, ok bool) {
	c.Name, c.file, ok = name, vector, true
	compressed := false
	for {
		line, rest, _ := bytes.Cut(c.file, []byte("\n"))
		c.file = rest
		if len(line) == 0 {
			break
		}
		key, value, _ := strings.Cut(string(line), ": ")
		switch key {
		case "identity":
			c.Identities = append(c.Identities, value)
			ok = ok && strings.HasPrefix(value, "AGE-SECRET-KEY-1")
		case "passphrase":
			ok = false
		case "armored":
			armored = value == "yes"
		case "compressed":
			compressed = true
		}
	}
	if compressed {
		reader, err := zlib.NewReader(bytes.NewReader(c.file))
		if err != nil {
			panic(err)
		}
		if c.file, err = io.ReadAll(reader); err != nil {
			panic(err)
		}
	}
	return c, armored, ok && len(c.Identities) > 0
}

func (c *Case) decrypt(armored bool) {
	identities := []age.Identity{}
	for _, text := range c.Identities {
		identity, err := age.ParseX25519Identity(text)
		if err != nil {
			panic(err)
		}
		identities = append(identities, identity)
	}
	var file io.Reader = bytes.NewReader(c.file)
	if armored {
		file = armor.NewReader(file)
	}
	reader, err := age.Decrypt(file, identities...)
	var plain []byte
	if err == nil {
		plain, err = io.ReadAll(reader)
	}
	noMatch := new(age.NoIdentityMatchError)
	switch {
	case errors.As(err, &noMatch):
		c.Outcome = "no match"
	case err != nil:
		c.Outcome = "error"
	default:
		c.Outcome = "decrypted"
		hash := sha256.Sum256(plain)
		c.SHA256 = hex.EncodeToString(hash[:])
	}
}

func main() {
	entries, err := fs.ReadDir(vectors.Vectors, ".")
	if err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, entry := range entries {
		vector, err := fs.ReadFile(vectors.Vectors, entry.Name())
		if err != nil {
			panic(err)
		}
		c, armored, ok := read(entry.Name(), vector)
		if !ok {
			continue
		}
		c.decrypt(armored)
		c.Parts = parts(c.file)
		line, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(line))
	}
}
