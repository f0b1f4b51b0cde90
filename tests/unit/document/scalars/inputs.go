// SPDX-License-Identifier: Apache-2.0

package main

import "strings"

// Scalars that are written as they stand: read as values, and written as strings.
var plainScalars = strings.Split(strings.TrimPrefix(`
0
1
-1
+1
-0
+0
00
007
010
08
09
0777
-0777
+0777
0o17
0O17
-0o17
+0o17
0o8
0o
0x1F
0X1f
-0x1F
0x
0xG
0xffffffffffffffff
0x10000000000000000
0b101
0B101
-0b101
+0b101
0b2
0b
0b-1
1_000
1__000
1_
_1
-_1
0x_1
0_7
1_0.5
1.5_0
123
2147483648
9007199254740991
9007199254740993
9223372036854775807
9223372036854775808
18446744073709551615
18446744073709551616
-9223372036854775808
-9223372036854775809
+18446744073709551615
123456789012345678901234567890
1.0
1.10
0.1
1.5
-1.5
+1.5
5.
.5
-.5
+.5
.
..
.e1
.5e3
.1_5
._5
.5_
1e3
1E3
1e+3
1e-3
1e
1e+
e3
1e20
1e21
1e-6
1e-7
1e400
-1e400
1e-400
0.000001
0.0000001
0.0
-0.0
100000000000000000000.0
1234567.5
123456.5
0.0001
0.00001
123456789.123456789
3.14159265358979323846
0.1e1
1e1000000000000
0x1p4
0x1.8p1
1p3
.inf
.Inf
.INF
+.inf
-.inf
-.INF
.iNf
inf
-inf
Infinity
.nan
.NaN
.NAN
.Nan
+.nan
nan
NaN
true
True
TRUE
tRUE
false
False
FALSE
yes
Yes
YES
no
No
NO
y
Y
n
N
on
On
ON
off
Off
OFF
oN
null
Null
NULL
nULL
~
~1
none
2001-01-01
2001-1-1
2001-01-1
2001-13-01
2001-00-01
2001-02-29
2000-02-29
1900-02-29
2001-02-30
2001-01-32
2001-01-001
20010-01-01
0000-01-01
2001-12-14T21:59:43.10-05:00
2001-12-14t21:59:43.10-05:00
2001-12-14T21:59:43Z
2001-12-14T21:59:43z
2001-12-14T21:59:43
2001-12-14T1:2:3Z
2001-12-14T24:00:00Z
2001-12-14T23:59:60Z
2001-12-14T21:59:43.123456789123Z
2001-12-14T21:59:43.0Z
2001-12-14T21:59:43,5Z
2001-12-14T21:59:43.Z
2001-12-14T21:59:43+00:00
2001-12-14T21:59:43-00:30
2001-12-14T21:59:43+5:30
2001-12-14T21:59:43+0530
2001-12-14T21:59Z
2001-12-14 21:59:43.10
2001-12-14 21:59:43
2001-12-14 21:59:43Z
2001-12-14 21:59:43.10 -5
2001-12-14  21:59:43
2026-11-23
12:30
12:30:45
1:30
1:60
1:5
190:20:30.15
1:2:3.
-1:30
+1:30
1_0:30
:30
1:
1:3a
<<
=
-
--
a
hello world
a:b
a#b
http://example.com/a?b=c&d=e
http://[::1]:80/
::
:a
-a
?a
a,b
a]b
a}b
a?b
a'b
a"b
a\b
a%b
a@b
a!b
a&b
a*b
1.2.3
1.2.3.4
10.0.0.0/8
v1
1m
100Mi
0.5Gi
1e3Mi
500m
50%
1,000
1 000
0 1
+
+a
-1a
0x1g
1.e
1.5.
1.5e
(1)
$1
/a/b
;a
^a
éa
日本
a日b
`, "\n"), "\n")

// Quoted and tagged scalars, and what YAML forbids.
var taggedScalars = []string{
	``, `""`, `''`, `"1"`, `'1'`, `"a\tb"`, `"a\nb"`, `'a''b'`, `"\x41\u00e9\U0001F600"`, `"\q"`,
	`"\0"`, `"\a\b\e\f\v\r\_"`, `"é"`, `"a" # b`, `a # b`, `a #b`, `'a' 'b'`, `"a`, `'a`,
	`!!str 1`, `!!str true`, `!!str`, `!!str ""`, `!!str 2001-01-01`, `!!int 1`, `!!int "1"`, `!!int '0x10'`,
	`!!int 1.5`, `!!int x`, `!!int true`, `!!float 1`, `!!float "1"`, `!!float 1.5`, `!!float 9007199254740993`,
	`!!float x`, `!!float .inf`, `!!bool true`, `!!bool "true"`, `!!bool yes`, `!!bool 1`, `!!null ""`,
	`!!null null`, `!!null x`, `!!timestamp 2001-01-01`, `!!timestamp "2001-01-01"`, `!!timestamp x`,
	`!!binary aGVsbG8=`, `!!binary "aGVsbG8="`, `!!binary aGVsbG8`, `!!binary "***"`, `!<tag:yaml.org,2002:str> 1`,
	`!<tag:yaml.org,2002:int> "1"`, `!foo x`, `!foo 1`, `!!foo 1`, `!!set {}`, `!!map {}`, `!!seq []`,
	`&a x`, `*a`, `&a`, `[]`, `{}`, `[1, "a", null]`, `{a: 1, b: "c"}`, `[a, b,]`, `{a: 1,}`, `[a: b]`, `[a: b, c]`,
	`{"a":1}`, `{"a":b}`, `["a":b]`, `{a}`, `{a, b: 1}`, `{a: }`, `{a: , b: }`, `{a: null}`, `{a: ~}`, `{? a : b}`,
	`{? a}`, `[? a : b]`, `{a: {b: [c, {d: e}]}}`, `[[1], [2, [3]]]`, `{a: 1, a: 2}`, `{a: 1, "a": 2}`, `{1: a}`,
	`{true: a}`, `{null: a}`, `{~: a}`, `{1.5: a}`, `{"1": a}`, `{yes: a}`, `{!!str 1: a}`, `{[a]: b}`, `{{a: b}: c}`,
	`{: a}`, `{"": a}`, `[a`, `{a: b`, `a]`, `[a}`, `{a]`, `[,]`, `[a,,b]`, `{,}`, `@a`, "`a", `%a`, `a: b`, `- a`,
	`? a`, `|`, `>`, `,a`, `]`, `}`, `&`, `*`, `!`, `{<<: {a: 1}, b: 2}`, `{<<: {a: 1}, a: 2}`,
	`{<<: [{a: 1}, {a: 2, b: 3}], c: 4}`, `{<<: a}`, `{<<: [a]}`, `{<<: {a: 1}, <<: {b: 2}}`, `{<<: }`, `[<<]`,
	`{a: &x 1, b: *x}`, `{a: &x {b: 1}, c: *x}`, `{&a a: *a}`, `{&a a : b, c : *a}`,
}

// Strings that need more than the question of their type.
var texts = []string{
	"", " ", "  ", "a ", " a", "a\t", "\ta", "a\tb", "\t", "\n", "\n\n", "a\n", "a\nb", "a\nb\n", "a\n\n",
	"a\n\nb\n", "\na", "\n a\n", " a\nb\n", "  a\nb", "a \nb", "a\n b", "a\nb ", "a\n ", "a\tb\nc", "\ta\nb",
	"a\r\nb", "a\rb", "\r", "\x00", "\x01", "\x07\x08\x0b\x0c\x1b", "a\u00a0b",
	"\ufeff", "a\ufeffb", "\ufffd", "\U0001F600", "a\n\U0001F600", "é\nß", "日本語",
	"# a", "a # b", "a\n# b\n", "- a", "-", "- ", "? a", ": a", "a: b", "a:", "a :b", "key: |\n  text\n",
	"{a}", "[a]", "&a", "*a", "!a", "|", ">", "'", "\"", "'a'", "\"a\"", "it's", "say \"hi\"", "%a", "@a", "`a",
	"a'b\nc", "---", "--- a", "---\na\n", "...", "... a", "---a", "a\n---\nb\n", ",a", "?", "? ", ":", ": ",
	"a\\b", "\\", "#", "a#", "#a\n", "{{ .Values.x }}", "${VAR}", "$(VAR)", "*", "&", "=", "!!str a",
	strings.Repeat("word ", 30) + "end",
	strings.Repeat("word  ", 30) + "end",
	strings.Repeat("x", 200),
	strings.Repeat("x", 79) + " y",
	strings.Repeat("x", 80) + " y",
	strings.Repeat("x", 72) + " " + strings.Repeat("y", 10) + " z",
	"it's " + strings.Repeat("word ", 30) + ": end",
	"'" + strings.Repeat("word ", 30) + "'",
	"'" + strings.Repeat("word  ", 30) + "'",
	"tab\t" + strings.Repeat("word ", 30) + "end",
	"tab\t" + strings.Repeat("word  ", 30) + "end",
	"tab\t" + strings.Repeat("word ", 15) + " " + strings.Repeat("x", 100) + " ",
	strings.Repeat("é ", 60) + "ende",
	strings.Repeat("日本 ", 40),
	strings.Repeat("word ", 30) + "\nsecond " + strings.Repeat("word ", 30) + "\n",
	strings.Repeat(" ", 100),
	"a" + strings.Repeat(" ", 100) + "b",
	"#!/bin/sh\nset -e\nif true; then\n  echo \"a: b\"\nfi\n",
	"a: 1\nb:\n- c\n- d\n",
}

// JSON numbers.
var numbers = []string{
	"0", "-0", "1", "-1", "1.0", "1.5", "-1.5", "100", "1e3", "1E3", "1e+3", "1e-3", "123456", "1234567", "1234567.5",
	"123456.5", "0.1", "0.0001", "0.00001", "0.000001", "1e-7", "9007199254740993", "9223372036854775807",
	"9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775808",
	"-9223372036854775809", "100000000000000000000", "1e20", "1e21", "1e+21", "1.2345678901234568e+29",
	"3.14159265358979323846", "123456789.12345679", "5e-324", "1.7976931348623157e+308", "4.35", "0.3",
}

var longKey = strings.Repeat("key", 50)

// Resources as people write them, behind the head.
var documents = []string{
	"", "spec: {}\n", "spec: []\n", "spec:\n", "spec:\n  a: 1\n  b:\n    c: d\n",
	"spec:\n- a\n- b\n", "spec:\n  - a\n  - b\n", "spec:\n- a: 1\n  b: 2\n- c: 3\n", "spec:\n-\n  a: 1\n",
	"spec:\n- - a\n  - b\n- - c\n", "spec:\n- - - a\n", "spec:\n- - a: 1\n    b: 2\n", "spec:\n-\n- a\n",
	"spec:\n- [a, b]\n- {c: d}\n", "spec:\n  a: []\n  b: {}\n  c: [[], {}]\n",
	"spec:\n  b: 1\n  a: 2\n  a10: 3\n  a2: 4\n  A: 5\n  _: 6\n  a_b: 7\n  a-b: 8\n  a.b: 9\n  \"1\": 10\n  \"10\": 11\n  \"2\": 12\n  é: 13\n",
	"spec:\n  a100: 5\n  a1: 6\n  a: 7\n  ab: 8\n  a/b: 9\n  a0: 1\n  a20: 3\n  a201: 4\n",
	"data:\n  yes: 1\n  on: 2\n  \"1\": 3\n  \"null\": 4\n  \"\": 5\n  \"a b\": 6\n  \"a: b\": 7\n  \"#a\": 8\n  ' a': 9\n",
	"data:\n  \"a\\nb\": 1\n  " + longKey + ": 2\n  \"a\\tb\": 3\n",
	"data:\n  " + longKey + ":\n  - a\n  - b\n",
	"data:\n  " + longKey + ":\n    a: b\n",
	"data:\n  ? a\n  : b\n  ? c\n", "data:\n  ? a\n  :\n  - b\n", "data:\n  : a\n",
	"data:\n  a: |\n    text\n", "data:\n  a: |-\n    text\n", "data:\n  a: |+\n    text\n\n", "data:\n  a: |\n    text\n\n\n  b: 1\n",
	"data:\n  a: |+\n    text\n\n\n  b: 1\n", "data:\n  a: |-\n    text\n\n\n  b: 1\n", "data:\n  a: |\n\n    text\n",
	"data:\n  a: |\n\n\n    text\n    more\n", "data:\n  a: |2\n      text\n    more\n", "data:\n  a: |2-\n      text\n", "data:\n  a: |-2\n      text\n",
	"data:\n  a: |\n    text\n      deeper\n    back\n", "data:\n  a: |\n    text\n\n      deeper\n\n    back\n", "data:\n  a: |\n      deeper\n    back\n",
	"data:\n  a: |\n    text\n   less\n", "data:\n  a: |\n  b: 1\n", "data:\n  a: |\n\n  b: 1\n", "data:\n  a: |+\n\n  b: 1\n", "data:\n  a: |-\n\n  b: 1\n",
	"data:\n  a: |\n    # no comment\n    text # no comment\n  # a comment\n  b: 1\n", "data:\n  a: | # a comment\n    text\n", "data:\n  a: |x\n    text\n",
	"data:\n  a: |\n    ---\n    text\n", "data:\n  a: |\n    tab\there\n    \tand here\n", "data:\n  a: |\n    trailing  \n    space\n", "data:\n  a: |\n    text",
	"data:\n  a: |-\n    text", "data:\n  a: |+\n    text", "data:\n  a: |\n    text\n    ", "data:\n  a: |\n    text\n     ", "data:\n  a: |\n    text\n  ",
	"data:\n  a: |\n    text\n  \n\n", "data:\n  a: |\n   \n    text\n", "data:\n  a: |\n     \n    text\n", "data:\n  a: |\n    \n    text\n",
	"data:\n  a: >\n    folded\n    text\n", "data:\n  a: >-\n    folded\n    text\n", "data:\n  a: >+\n    folded\n    text\n\n", "data:\n  a: >\n    folded\n\n    text\n",
	"data:\n  a: >\n    folded\n\n\n    text\n", "data:\n  a: >\n    folded\n      deeper\n    text\n", "data:\n  a: >\n    folded\n\n      deeper\n\n    text\n",
	"data:\n  a: >\n\n    folded\n    text\n", "data:\n  a: >\n    folded\n    text", "data:\n  a: >2\n      deeper\n    text\n", "data:\n  a: >\n    - a\n    - b\n",
	"data:\n  a: plain\n    goes on\n", "data:\n  a: plain\n    goes on\n\n    here\n", "data:\n  a: plain\n  goes: on\n", "data:\n  a:\n    plain\n    text\n", "data:\n  a: plain\n    # comment\n    text\n",
	"data:\n  a: \"double\n    goes on\"\n", "data:\n  a: \"double\n\n    goes on\"\n", "data:\n  a: \"double \\\n    goes on\"\n", "data:\n  a: \"double\\n\\\n    \\  goes on\"\n",
	"data:\n  a: 'single\n    goes on'\n", "data:\n  a: 'single\n\n    goes on'\n", "data:\n  a: \"  spaces  \"\n", "data:\n  a: \"x\n  \n  y\"\n", "data:\n  a: \"x\ny\"\n", "data:\n  a: 'x\ny'\n",
	"data: {a: 1,\n  b: 2}\n", "data: [\n  a,\n  b\n]\n", "data: {\n  \"a\": \"b\",\n  \"c\": [1, 2]\n}\n", "data: {a: b\n  c}\n", "data: [a\n]\n", "data: [a\n b]\n", "data: {a:\n b}\n",
	"data: {a\n: b}\n", "data: {\"a\"\n: b}\n", "data: {a: [\n{b: c}]}\n", "data: [a, # comment\n  b]\n", "data: {a: 1, # comment\n  b: 2}\n",
	"data:\n  a: 1\n  a: 2\n", "data:\n  1: a\n", "data:\n  true: a\n", "data:\n  1.5: a\n", "data:\n  null: a\n", "data:\n  2001-01-01: a\n", "data:\n  !!str 1: a\n", "data:\n  0x10: a\n", "data:\n  ~: a\n",
	"data:\n  [a]: b\n", "data:\n  ? [a]\n  : b\n", "data:\n  ? a: b\n  : c\n", "data:\n  {a: b}: c\n",
	"data: &a\n  x: 1\nspec: *a\n", "data:\n  a: &a 1\n  b: *a\n", "data:\n  a: *nothing\n", "data:\n  a: &a 1\n  b: &a 2\n  c: *a\n", "data:\n  &a a: b\n  c: *a\n", "data:\n  &a a: b\n  *a : c\n",
	"data: &a\n  x: 1\n  y: 2\nspec:\n  <<: *a\n  y: 3\n", "data: &a\n  x: 1\nspec:\n  y: 3\n  <<: *a\n", "data: &a {x: 1}\nspec:\n  <<: [*a, {x: 2, y: 3}]\n  z: 4\n", "data: &a {x: 1}\nmore: &b\n  <<: *a\n  y: 2\nspec:\n  <<: *b\n", "spec:\n  <<: 1\n", "spec:\n  <<:\n", "spec:\n  <<: {a: 1}\n  <<: {b: 2}\n",
	"data:\n\ta: 1\n", "data:\n  a:\t1\n", "data:\n  a: 1\t\n", "data:\n  a: b\n c: d\n", "data:\n  a: b\n    c: d\n", "data:\n  a: b\n   - c\n", "data: a\n  b: c\n", "data:\n  - a\n  b: c\n", "data:\n  a: b\n  - c\n", "data:\n- a\nspec: b\n", "data:\n- a\n b\n", "data:\n- a\n - b\n", "data:\n- a: b\n   c: d\n", "data:\n  a: - b\n", "data:\n  a: b: c\n", "data:\n  a: 'b': c\n", "data:\n  a: 'b' c\n", "data:\n  a: \"b\" c\n", "data:\n  a: [b] c\n", "data:\n  a: {b: c} d\n", "data:\n  'a' : b\n", "data:\n  a : b\n", "data:\n  a:b\n", "data:\n  a:\n  b:\n", "data:\n  a: !!str\n  b: !!null\n", "data:\n  - !!str\n  - &a\n",
	"data: a\n...\n", "data: a\n# end\n", "data: a\n---\n", "data: a\n--- # next\n", "data: a\n--- b\n", "data: a\n---b\n", "data: a\r\nspec: b\r\n", "data: |\r\n  a\r\n  b\r\n", "data: |\n  a\rb\n", "data: a\rspec: b\r", "data: \x00\n", "data: \x01\n", "data: \x7f\n", "data: \"\\0\"\n", "data: é\n", "data: 日本\n", "data: 😀\n", "data: \u00a0a\n", "data: a\ufeffb\n",
}

// Scalars whose text is read.
var writtenScalars = []string{
	"x", `"1"`, "0", "1", "-1", "0644", "00644", "0", "00", "1.10", "1.0", "2.00", "-0.50", "0.0",
	"-0.0", "1.5", "true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "~",
	"", "2020-01-01", "2020-01-01T01:02:03Z", "2020-01-01T01:02:03.5+02:00", "1e+21", "1.5e+21",
	"!!float 1", "!!str 1", "!!float 1.0", "123456789012345678", "18446744073709551615",
}

// Scalars that get another text.
var targetScalars = []string{
	"x", "1", "1.0", "1.5", "0644", "true", "True", "null", "~", "", "2020-01-01",
	"2020-01-01T01:02:03Z", "0x1F", "1e3", "99999999999999999999", "!!float 1",
}

// What they get.
var copiedTexts = []string{
	"abc", "5", "5.5", "5.0", "-5", "+5", "-0", "0644", "0o17", "0b11", "0x1F", "1e3", "1_000",
	"99999999999999999999", "18446744073709551615", ".5", "1.", ".inf", ".nan", "", "~", "null",
	"Null", "NULL", "true", "True", "TRUE", "yes", "on", "y", "2020-02-02", "2020-02-02T01:02:03Z",
	"2020-02-02 01:02:03", "a: b", "[1]", "{a: 1}", " 5", "5 ", "<<", "1:30", "-", "- a", "#c",
	"a\nb", "a\n",
}

// YAML that is printed again.
var nodeTexts = []string{
	"a: 1\n", "a:   1\nb:  x\n", "a:\n    b:\n        c: 1\n", "a:\n  - x\n  - y\n", "a:\n- x\n",
	"- a: 1\n  b: 2\n-   c: 3\n", "-   - a\n    - b\n-\n    - c\n", "- - - a\n", "a: \"x\"\nb: 'y'\n",
	"\"a\": 1\n'b c': 2\n", "a: [1, 2,3]\n", "a: [ 1,\n  2,\n  {b: c} ]\n", "a: { b : c, \"d\":e }\n",
	"a: {}\nb: []\nc: {  }\n", "a:\nb: null\nc: ~\n", "- \n- a\n-\n", "a: |\n  x\n  y\n",
	"a: |-\n  x\n\n  y\n", "a: |+\n  x\n\nb: 1\n", "a: |\n    deep\n      er\n", "- |\n  x\n- y\n",
	"a: >\n  one\n  two\n", "a: >-\n  one\n  two\n", "a: |2\n   x\n  y\n", "a: 0644\nb: 1.10\nc: True\nd: ~\n",
	"a: yes\nb: no\nc: on\n", "a: 2020-01-01\n", "a: \"é\\t\\n\\\"\"\n", "a: \"😀\"\n", "a: 'it''s'\n",
	"a: http://h:80/p?q=1\n", "a: x#y\nb: \"#c\"\n", "a: two\n  lines\n", "a: \"two\n  lines\"\n",
	"a: [\"x: y\", 'a, b', a b]\n", "a: {b: [], c: {}, d: [[1], {e: f}]}\n",
	"\n\na: 1\n\n\nb: 2\n", "---\na: 1\n", "a: '5'\nb: \"true\"\nc: \"\"\nd: ''\n", "a: \"null\"\n",
	"a: {b: 'x', c: \"y\", 'd': z}\n", "a: [{b: 1}, {c: 2}]\n", "a: [x:y, \"-\", -1]\n",
	"a:\n- b:\n  - c: 1\n    d:\n    - e\n",
}
