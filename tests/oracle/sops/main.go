// SPDX-License-Identifier: Apache-2.0

// Prints files that SOPS encrypted for age keys, and what SOPS makes of them, a case a line;
// sops_file_test compares the agent with cases.jsonl:
//
//	go run . > cases.jsonl
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/aes"
	sopsage "github.com/getsops/sops/v3/age"
	"github.com/getsops/sops/v3/cmd/sops/common"
	"github.com/getsops/sops/v3/cmd/sops/formats"
	"github.com/getsops/sops/v3/config"
	"github.com/getsops/sops/v3/keys"
)

// Case is one line. Outcome is "decrypted" or "error". Key is the identity.
type Case struct {
	Name    string `json:"name"`
	From    string `json:"from"`
	To      string `json:"to"`
	Key     string `json:"key"`
	File    []byte `json:"file"`
	Outcome string `json:"outcome"`
	Plain   []byte `json:"plain,omitempty"`
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func store(format string) common.Store {
	return common.StoreForFormat(formats.FormatFromString(format), config.NewStoresConfig())
}

func encrypt(in input, r rule, recipients []string) []byte {
	branches := must(store(in.format).LoadPlainFile([]byte(in.text)))
	group := sops.KeyGroup{}
	for _, recipient := range recipients {
		group = append(group, keys.MasterKey(must(sopsage.MasterKeyFromRecipient(recipient))))
	}
	tree := sops.Tree{Branches: branches, Metadata: sops.Metadata{
		KeyGroups:               []sops.KeyGroup{group},
		UnencryptedSuffix:       r.unencryptedSuffix,
		EncryptedSuffix:         r.encryptedSuffix,
		UnencryptedRegex:        r.unencryptedRegex,
		EncryptedRegex:          r.encryptedRegex,
		UnencryptedCommentRegex: r.unencryptedCommentRegex,
		EncryptedCommentRegex:   r.encryptedCommentRegex,
		MACOnlyEncrypted:        r.macOnlyEncrypted,
		Version:                 "3.13.3",
	}}
	key, errs := tree.GenerateDataKey()
	if len(errs) > 0 {
		panic(errs)
	}
	cipher := aes.NewCipher()
	mac := must(tree.Encrypt(key, cipher))
	tree.Metadata.LastModified = time.Now().UTC()
	tree.Metadata.MessageAuthenticationCode = must(cipher.Encrypt(mac, key, tree.Metadata.LastModified.Format(time.RFC3339)))
	return must(store(in.format).EmitEncryptedFile(tree))
}

// decrypt does what kustomize-controller does, and checks the MAC as SOPS does.
func decrypt(file []byte, from, to, key string) (plain []byte, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("panic: %v", recovered)
		}
	}()
	tree, err := store(from).LoadEncryptedFile(file)
	if err != nil {
		return nil, err
	}
	os.Setenv("SOPS_AGE_KEY", key)
	dataKey, err := tree.Metadata.GetDataKey()
	if err != nil {
		return nil, err
	}
	cipher := aes.NewCipher()
	mac, err := tree.Decrypt(dataKey, cipher)
	if err != nil {
		return nil, err
	}
	original, err := cipher.Decrypt(tree.Metadata.MessageAuthenticationCode, dataKey, tree.Metadata.LastModified.Format(time.RFC3339))
	if err != nil {
		return nil, err
	}
	if original != mac {
		return nil, sops.MacMismatch
	}
	return store(to).EmitPlainFile(tree.Branches)
}

// damages are ways to spoil a file that SOPS wrote.
var damages = []struct {
	name string
	do   func(file []byte) []byte
}{
	{"cut off", func(file []byte) []byte { return file[:len(file)*2/3] }},
	{"a value changed", func(file []byte) []byte { return bytes.Replace(file, []byte("data:"), []byte("data:AAAA"), 1) }},
	{"the MAC changed", func(file []byte) []byte {
		at := bytes.LastIndex(file, []byte("mac"))
		return append(append([]byte{}, file[:at]...), bytes.Replace(file[at:], []byte("data:"), []byte("data:AAAA"), 1)...)
	}},
	{"a later date", func(file []byte) []byte {
		return bytes.Replace(file, []byte("T"+time.Now().UTC().Format("15:04")), []byte("T23:59"), 1)
	}},
	{"its kind changed", func(file []byte) []byte { return bytes.Replace(file, []byte("Secret"), []byte("Config"), 1) }},
	{"a key called otherwise", func(file []byte) []byte { return bytes.Replace(file, []byte("password"), []byte("passw0rd"), 1) }},
	{"no metadata", func(file []byte) []byte { return bytes.ReplaceAll(file, []byte("sops"), []byte("spos")) }},
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	ours, others := must(age.GenerateX25519Identity()), must(age.GenerateX25519Identity())
	write := func(c Case) {
		plain, err := decrypt(c.File, c.From, c.To, c.Key)
		c.Plain, c.Outcome = plain, "decrypted"
		if err != nil {
			c.Plain, c.Outcome = nil, "error"
		}
		fmt.Fprintln(out, string(must(json.Marshal(c))))
	}
	for _, in := range inputs {
		to := in.to
		if len(to) == 0 {
			to = []string{in.format}
		}
		for i, r := range rules {
			if in.format == "binary" && i > 0 {
				continue
			}
			recipients := []string{ours.Recipient().String()}
			if i%2 == 1 {
				recipients = append([]string{others.Recipient().String()}, recipients...)
			}
			file := encrypt(in, r, recipients)
			for _, format := range to {
				write(Case{Name: strings.Join([]string{in.name, r.name}, ", "), From: in.format, To: format, Key: ours.String(), File: file})
			}
			if in.name != "secret" && in.name != "env" && in.name != "config" && in.name != "docker" {
				continue
			}
			for _, damage := range damages {
				spoiled := damage.do(file)
				if bytes.Equal(spoiled, file) {
					continue
				}
				write(Case{Name: strings.Join([]string{in.name, r.name, damage.name}, ", "), From: in.format, To: in.format, Key: ours.String(), File: spoiled})
			}
		}
	}
}
