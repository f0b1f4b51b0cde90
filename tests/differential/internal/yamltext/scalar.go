// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	// Strings that nothing reads as something else.
	plain = regexp.MustCompile(`^[A-Za-z_/.$(][-A-Za-z0-9_/.$()+%@=]*(?: [-A-Za-z0-9_/.$()+%@=]+)*$`)
	// Words and numbers that some reader of YAML takes for something else.
	special = regexp.MustCompile(`(?i)^(?:true|false|yes|no|on|off|y|n|null|~|\.inf|\.nan|nan|[-+.]?[0-9][-+0-9._xobeE:]*|=|<<)$`)
)

func isPlain(text string) bool {
	return plain.MatchString(text) && !special.MatchString(text) && !strings.HasSuffix(text, ".")
}

// key writes a key on one line.
func (w *writer) key(key any) string {
	raw, ok := key.(Raw)
	if ok {
		return string(raw)
	}
	text := key.(string)
	switch {
	case isPlain(text) && !w.odd():
		return text
	case !isPlain(text) && special.MatchString(text) && w.chance(w.Oddness/4):
		return text // a number or boolean where a string is meant
	case strings.ContainsAny(text, "\n\t\\") || w.chance(0.4):
		return w.double(text, false)
	}
	return single(text)
}

func (w *writer) scalar(value any, step int) part {
	switch v := value.(type) {
	case nil:
		if w.odd() {
			return part{head: pick(w.r, "~", "", "Null", "NULL", "!!null null")}
		}
		return part{head: "null"}
	case bool:
		word := strconv.FormatBool(v)
		if w.odd() {
			word = pick(w.r, strings.ToUpper(word), strings.ToUpper(word[:1])+word[1:], "!!bool "+word)
		}
		return part{head: word}
	case int:
		return part{head: w.number(v)}
	case Raw:
		return part{head: string(v)}
	case string:
		return w.text(v, step)
	}
	panic(fmt.Sprintf("yamltext: a value of type %T", value))
}

func (w *writer) number(n int) string {
	if n < 0 || !w.odd() || !w.odd() {
		return strconv.Itoa(n)
	}
	return pick(w.r, fmt.Sprintf("%#x", n), fmt.Sprintf("0o%o", n), fmt.Sprintf("%d.0", n), fmt.Sprintf("+%d", n),
		fmt.Sprintf("%de0", n), fmt.Sprintf("!!int %d", n), fmt.Sprintf("0%d", n), fmt.Sprintf("%d_0",
			n), fmt.Sprintf("!!int \"%d\"", n))
}

// text writes a string; now and then as an anchor, and again as its alias.
func (w *writer) text(text string, step int) part {
	if name, ok := w.anchors[text]; ok && w.chance(0.6) {
		return part{head: "*" + name}
	}
	written := w.plainText(text, step)
	if len(text) > 2 && w.chance(w.Oddness/6) && written.head != "" {
		name := fmt.Sprintf("s%d", len(w.anchors))
		w.anchors[text] = name
		written.head = "&" + name + " " + written.head
	}
	if w.odd() && w.odd() && written.head != "" {
		written.head = pick(w.r, "!!str", "!!str", "!", "!custom") + " " + written.head
	}
	return written
}

func (w *writer) plainText(text string, step int) part {
	if strings.Contains(text, "\n") {
		return w.longText(text, step)
	}
	switch {
	case w.chance(w.Oddness/3) && text != "" && printable(text) && text == strings.TrimSpace(text):
		return w.block(text, step)
	case isPlain(text) && !w.odd():
		return part{head: text}
	case !isPlain(text) && text != "" && w.chance(w.Oddness/5) && !strings.ContainsAny(text,
		"\n\t\"'{}[]&*!|>%@`#,:"):
		return part{head: text} // whatever that is read as
	case strings.ContainsAny(text, "\\\t\r\x00\x07\x1b\x7f") || !utf8.ValidString(text):
		return part{head: w.double(text, true)}
	case w.chance(0.5):
		return part{head: w.double(text, true)}
	case w.odd() && strings.Contains(text, " ") && !strings.Contains(text, "  ") && text == strings.TrimSpace(text):
		cut := strings.Index(text, " ")
		return part{head: single(text[:cut])[:1+len(strings.ReplaceAll(text[:cut], "'", "''"))],
			lines: []string{single(text[cut+1:])[1:]}}
	}
	return part{head: single(text)}
}

func printable(text string) bool {
	for _, c := range text {
		if c < ' ' || c == 0x7f || c == utf8.RuneError || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff {
			return false
		}
	}
	return true
}

// longText writes one of several lines.
func (w *writer) longText(text string, step int) part {
	if !printable(strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), "\t", "")) || w.odd() {
		return part{head: w.double(text, true)}
	}
	return w.block(text, step)
}

// block writes a literal or folded scalar. Folded ones may be read as another text, which is as good.
func (w *writer) block(text string, step int) part {
	head := "|"
	if w.Oddness > 0 && w.chance(0.15+w.Oddness) && !strings.Contains(text, ": ") && !strings.Contains(text, "- ") {
		head = ">"
	}
	body := strings.TrimRight(text, "\n")
	breaks := len(text) - len(body)
	if strings.HasPrefix(body, " ") || strings.HasPrefix(body, "\n") || w.odd() {
		head += strconv.Itoa(step)
	}
	switch {
	case w.odd():
		head += pick(w.r, "", "-", "+")
	case breaks == 0:
		head += "-"
	case breaks > 1:
		head += "+"
	}
	lines := strings.Split(body, "\n")
	for range max(0, breaks-1) {
		lines = append(lines, "")
	}
	return part{head: head, lines: lines}
}

func single(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// double writes a double-quoted string, now and then with escapes that are not needed.
func (w *writer) double(text string, mayBreak bool) string {
	var out strings.Builder
	out.WriteByte('"')
	for i, c := range text {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\t':
			out.WriteString(pick(w.r, `\t`, `\t`, `\x09`))
		case c == '\r':
			out.WriteString(`\r`)
		case c == utf8.RuneError && i < len(text) && text[i] != 0xef:
			fmt.Fprintf(&out, `\x%02x`, text[i])
		case c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0xfeff:
			fmt.Fprintf(&out, `\u%04x`, c)
		case c > 0xffff && w.odd():
			fmt.Fprintf(&out, `\U%08x`, c)
		case c > 0x7f && c <= 0xffff && w.odd():
			fmt.Fprintf(&out, `\u%04X`, c)
		case mayBreak && c == ' ' && w.odd() && w.odd():
			out.WriteString(`\ `)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
