// SPDX-License-Identifier: Apache-2.0

package yamltext

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Source is where chance comes from.
type Source = rand.Rand

// JSON writes a value as JSON; a Raw is taken for JSON.
func JSON(value any) string {
	switch v := value.(type) {
	case *Map:
		var items []string
		for _, entry := range v.flat().Entries {
			items = append(items, JSON(fmt.Sprint(entry.Key))+": "+JSON(entry.Value))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case *List:
		var items []string
		for _, item := range v.Items {
			items = append(items, JSON(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case Tagged:
		return JSON(v.Value)
	case Raw:
		if json.Valid([]byte(v)) {
			return string(v)
		}
		return JSON(string(v))
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a value that no generator makes
	}
	return strings.ReplaceAll(string(text), "\x7f", `\u007f`)
}
