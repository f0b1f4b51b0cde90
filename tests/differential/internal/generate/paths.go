// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"fmt"
	"strings"

	"primocane.dev/tests/differential/internal/yamltext"
)

// A place is a value within an object, by keys and indices.
type place struct {
	steps []any // string or int
	items []any // for each step that is an index: the item
	value any
}

func (p *place) with(step, item, value any) *place {
	return &place{
		steps: append(append([]any(nil), p.steps...), step),
		items: append(append([]any(nil), p.items...), item),
		value: value,
	}
}

// places are all values within an object, but for what makes its identity.
func places(body *yamltext.Map) []*place {
	var found []*place
	var visit func(at *place)
	visit = func(at *place) {
		switch v := at.value.(type) {
		case *yamltext.Map:
			for _, entry := range v.Entries {
				key, ok := entry.Key.(string)
				if !ok || len(at.steps) == 0 && (key == "apiVersion" || key == "kind") ||
					len(at.steps) == 1 && at.steps[0] == "metadata" && (key == "name" || key == "namespace") {
					continue
				}
				visit(at.with(key, nil, entry.Value))
			}
		case *yamltext.List:
			for i, item := range v.Items {
				visit(at.with(i, item, item))
			}
		}
		if len(at.steps) > 0 {
			found = append(found, at)
		}
	}
	visit(&place{value: body})
	return found
}

// holdsNothing tells whether the way to the place leads through what a null or a merge may hide.
func (p *place) holdsNothing() bool { return p.value == nil }

func isScalar(value any) bool {
	switch value.(type) {
	case *yamltext.Map, *yamltext.List:
		return false
	}
	return true
}

// place draws one that fits; nil when none does.
func (g *gen) place(body *yamltext.Map, fits func(*place) bool) *place {
	var found []*place
	for _, p := range places(body) {
		if fits(p) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil
	}
	return pick(g, found...)
}

func (g *gen) scalarPath(body *yamltext.Map) *place {
	return g.place(body, func(p *place) bool { return isScalar(p.value) && p.value != nil })
}

// pointer is the place as JSON patches name it.
func (p *place) pointer() string {
	var out strings.Builder
	for _, step := range p.steps {
		text := fmt.Sprint(step)
		out.WriteString("/" + strings.ReplaceAll(strings.ReplaceAll(text, "~", "~0"), "/", "~1"))
	}
	return out.String()
}

// dotted is the place as replacements and vars name it; items of lists now and then by their name.
func (p *place) dotted(g *gen) string {
	var words []string
	for i, step := range p.steps {
		text := fmt.Sprint(step)
		if item, ok := p.items[i].(*yamltext.Map); ok && g.chance(0.6) {
			if name, ok := item.Get("name").(string); ok {
				text = "[name=" + name + "]"
			}
		}
		if _, isKey := step.(string); isKey {
			switch {
			case strings.Contains(text, ".") && g.chance(0.3):
				text = "[" + text + "]"
			default:
				text = strings.ReplaceAll(text, ".", `\.`)
			}
		}
		words = append(words, text)
	}
	return strings.Join(words, ".")
}

// wild is the place with one index open.
func (p *place) wild(g *gen) string {
	text := p.dotted(g)
	for i, step := range p.steps {
		if _, isIndex := step.(int); isIndex && p.items[i] != nil {
			return strings.Replace(text, fmt.Sprintf(".%v", step), ".*", 1)
		}
	}
	return text
}
