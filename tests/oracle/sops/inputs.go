// SPDX-License-Identifier: Apache-2.0

package main

import "strings"

// input is a plaintext in one format, and what is to be made of it.
type input struct {
	name, format, text string
	to                 []string // formats; its own when empty
}

var inputs = []input{
	{name: "secret", format: "yaml", text: `apiVersion: v1
kind: Secret
metadata:
    name: database
    labels:
        app: web
stringData:
    password: hunter2
    empty: ""
    lines: |
        one
        two
data:
    key: aHVudGVyMg==
`, to: []string{"yaml", "json"}},
	{name: "scalars", format: "yaml", text: `int: 12
negative: -7
octal: 0644
hex: 0x1F
big: 9007199254740993
float: 1.5
whole: 2.0
large: 123456789.0
exponent: 1e21
tiny: 0.00000012
yes: true
no: false
none: null
tilde: ~
date: 2001-12-14
time: 2001-12-14t21:59:43.10-05:00
text: "12"
word: "true"
old: "yes"
sexagesimal: "1:30"
blank: " padded "
quote: it's "quoted"
colon: "a: b"
hash: "a #b"
dash: "- a"
unicode: "gr\u00fc\u00df \u2028 \u00a0"
tab: "a\tb"
merge: "<<"
`, to: []string{"yaml", "json"}},
	{name: "lists", format: "yaml", text: `list:
    - one
    - 2
    - [three, [four, 5]]
    - name: a
      deep:
        - b: c
          d: [e]
    - {}
    - []
empty_list: []
empty_map: {}
nested:
    list:
        - - - x
    map:
        inner:
            value: y
`},
	{name: "lines", format: "yaml", text: "a: |\n    x\n    y\nb: |-\n    x\n    y\nc: |+\n    x\n\n\nd: \"\\n\"\ne: \" x\\ny\"\nf: \"x\\n  y\\n\"\ng: \"x \\ny\"\nh: \"\\nx\"\nlist:\n    - \"x\\ny\\n\"\n    - \" x\\ny\"\n    - k: \"x\\ny\"\n"},
	{name: "documents", format: "yaml", text: "a: one\n---\nb: two\n---\nc:\n    - three\n"},
	{name: "keys", format: "yaml", text: "\"12\": a\n\"true\": b\n\"a: b\": c\n\"\": d\n'it''s': e\n\"x:y\": f\n\"<<\": g\nsecret:\n    \"1.5\": h\n    \"<<\":\n        i: j\n"},
	{name: "suffixes", format: "yaml", text: "plain_unencrypted: visible\nnested_unencrypted:\n    inner: visible\n    number: 3\nhidden: secret\nmap_secret:\n    value: 1\n    other: x\nlist_secret:\n    - a\n    - b\n"},
	{name: "file", format: "json", text: `{"a": "one", "n": 12, "f": 1.50, "e": 1e3, "big": 12345678901234567, "t": true, "z": null, "l": ["x", 1, {"y": "<&>"}], "m": {"secret": "\u2028 \u00fc", "q": "\"\\"}, "el": [], "em": {}}`, to: []string{"json", "yaml"}},
	{name: "docker", format: "json", text: `{"auths": {"ghcr.io": {"auth": "dTpw", "username": "u"}}}`},
	{name: "env", format: "dotenv", text: "# comment\nA=one\nB = two \nC=\nD=x=y\nE=line\\nbreak\n#another\n\nSECRET_F=\"quoted\"\nG=#no comment\n", to: []string{"dotenv", "yaml", "json"}},
	{name: "config", format: "ini", text: `; the head
top = level

# of the section
[server]
host = localhost
; above the key
port=8080
password : hunter2 ; behind it
quoted = "in quotes"
single = 'x'
tick = ` + "`a # b`" + `
lines = """one
two"""
long = a \
  b
padded = "  x  "
"odd = key" = value

[empty]

[server.sub]
SECRET = ü
`, to: []string{"ini", "yaml", "json"}},
	{name: "bytes", format: "binary", text: "\x00\x01\xff\xfe binary\r\n\tdata \x80"},
	{name: "words", format: "binary", text: "just a text\nwith lines\n"},
	{name: "json inside", format: "binary", text: `{"not": "touched"}`},
	{name: "large", format: "binary", text: strings.Repeat("0123456789abcdef", 1000)},
	{name: "flat", format: "yaml", text: "A: one\nB: 2\nC: true\nD: 1.0\nE: \"x\\ny\"\nF: 1234567.5\n", to: []string{"dotenv", "yaml"}},
	{name: "sections", format: "yaml", text: "server:\n    host: x\n    port: 8080\n    ok: true\n    ratio: 2.0\n    lines: \"a\\nb\"\nother:\n    k: \" v \"\n", to: []string{"ini"}},
	{name: "data", format: "yaml", text: "data: plain\n", to: []string{"binary"}},
	{name: "no data", format: "yaml", text: "x: plain\n", to: []string{"binary"}},
	{name: "number as data", format: "json", text: `{"data": 12}`, to: []string{"binary"}},
	{name: "deep", format: "yaml", text: "a:\n    b: c\n", to: []string{"dotenv", "ini"}},
}

// rule is what says which values are encrypted.
type rule struct {
	name                                           string
	unencryptedSuffix, encryptedSuffix             string
	unencryptedRegex, encryptedRegex               string
	unencryptedCommentRegex, encryptedCommentRegex string
	macOnlyEncrypted                               bool
}

var rules = []rule{
	{name: "all"},
	{name: "unencrypted suffix", unencryptedSuffix: "_unencrypted"},
	{name: "encrypted suffix", encryptedSuffix: "_secret"},
	{name: "unencrypted regex", unencryptedRegex: "^(apiVersion|kind|metadata|list|A)$"},
	{name: "encrypted regex", encryptedRegex: "^(data|stringData|SECRET.*|secret|password)$"},
	{name: "encrypted regex, mac of those", encryptedRegex: "(?i)^(data|stringData|secret.*|password|n|e)$", macOnlyEncrypted: true},
}
