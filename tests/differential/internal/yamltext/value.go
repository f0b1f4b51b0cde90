// SPDX-License-Identifier: Apache-2.0

// Package yamltext writes values as YAML in as many styles as people do.
package yamltext

// A Raw is the text of a scalar, written as it is.
type Raw string

// A Tagged is a value with a tag.
type Tagged struct {
	Tag   string
	Value any
}

// An Entry is one of a Map. Its key is a string or Raw.
type Entry struct{ Key, Value any }

// A Map is a mapping. One that stands in several places of a document may be written as an anchor and aliases.
// Values are string, int, bool, nil, Raw, Tagged, *Map and *List.
type Map struct {
	Entries []Entry
	Merge   []*Map // below its own entries, by "<<" where they are anchored
}

// A List is a sequence.
type List struct{ Items []any }

// M makes a Map from keys and values in turn.
func M(pairs ...any) *Map {
	made := &Map{}
	for i := 0; i+1 < len(pairs); i += 2 {
		made.Entries = append(made.Entries, Entry{pairs[i], pairs[i+1]})
	}
	return made
}

// L makes a List.
func L(items ...any) *List { return &List{items} }

// Strings makes a List of them.
func Strings(items []string) *List {
	made := &List{}
	for _, item := range items {
		made.Items = append(made.Items, item)
	}
	return made
}

// Get returns what stands under the key, or nil.
func (m *Map) Get(key string) any {
	for _, entry := range m.Entries {
		if entry.Key == key {
			return entry.Value
		}
	}
	return nil
}

// At follows keys through maps; nil where one is missing.
func (m *Map) At(keys ...string) any {
	var value any = m
	for _, key := range keys {
		inner, ok := value.(*Map)
		if !ok {
			return nil
		}
		value = inner.Get(key)
	}
	return value
}

// Set puts a value under the key, in place or at the end, and returns the map.
func (m *Map) Set(key string, value any) *Map {
	for i := range m.Entries {
		if m.Entries[i].Key == key {
			m.Entries[i].Value = value
			return m
		}
	}
	m.Entries = append(m.Entries, Entry{key, value})
	return m
}

// Add appends an item.
func (l *List) Add(items ...any) { l.Items = append(l.Items, items...) }

// flat is the map with what it merges as entries of its own.
func (m *Map) flat() *Map {
	if len(m.Merge) == 0 {
		return m
	}
	made := &Map{Entries: append([]Entry(nil), m.Entries...)}
	for _, below := range m.Merge {
		for _, entry := range below.flat().Entries {
			if key, ok := entry.Key.(string); !ok || made.Get(key) == nil {
				made.Entries = append(made.Entries, entry)
			}
		}
	}
	return made
}
