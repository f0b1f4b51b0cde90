// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"strings"
)

// flowPart writes a collection in flow style, on one line or several.
func (w *writer) flowPart(value any) part {
	if !w.odd() {
		return part{head: w.flow(value)}
	}
	open, items, shut := w.flowItems(value)
	if w.chance(0.3) {
		items[len(items)-1] += ","
	}
	lines := []string{}
	for i, item := range items {
		if i+1 < len(items) {
			item += ","
		}
		lines = append(lines, "  "+item)
	}
	return part{head: open, lines: append(lines, shut)}
}

func (w *writer) flow(value any) string {
	switch v := value.(type) {
	case *Map:
		if name, ok := w.anchors[v]; ok {
			return "*" + name
		}
		if len(v.flat().Entries) == 0 {
			return "{}"
		}
	case *List:
		if name, ok := w.anchors[v]; ok {
			return "*" + name
		}
		if len(v.Items) == 0 {
			return "[]"
		}
	case Tagged:
		return v.Tag + " " + w.flow(v.Value)
	case string:
		return w.flowText(v)
	default:
		return w.scalar(v, 2).head
	}
	open, items, shut := w.flowItems(value)
	space := ""
	if w.chance(0.3) {
		space = " "
	}
	return open + space + strings.Join(items, ", ") + space + shut
}

func (w *writer) flowItems(value any) (open string, items []string, shut string) {
	if l, ok := value.(*List); ok {
		for _, item := range l.Items {
			text := w.flow(item)
			if text == "" {
				text = "null"
			}
			items = append(items, text)
		}
		return "[", items, "]"
	}
	for _, entry := range value.(*Map).flat().Entries {
		key := w.key(entry.Key)
		colon := ": "
		if strings.HasPrefix(key, `"`) && w.odd() {
			colon = ":"
		}
		items = append(items, key+colon+w.flow(entry.Value))
	}
	return "{", items, "}"
}

func (w *writer) flowText(text string) string {
	if isPlain(text) && !w.odd() {
		return text
	}
	if strings.ContainsAny(text, "\\\t\r\n\x00\x07\x1b") || !printable(text) || w.chance(0.7) {
		return w.double(text, false)
	}
	return single(text)
}

// Flow writes a value on one line, as JSON where it is quoted so.
func Flow(value any, s Style, w *Source) string {
	inner := &writer{Style: s, r: w, seen: map[any]int{}, anchors: map[any]string{}}
	return inner.flow(value)
}
