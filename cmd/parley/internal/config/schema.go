package config

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"parley/mapping"
)

// compare walks what the file holds beside the type it is decoded into, and reports
// keys that do not exist and values of the wrong kind. The decoder itself would stop
// at the first of them and does not know where in a list it is.
func (c *checker) compare(path string, have any, want reflect.Type) {
	kind, got := kindOf(want), kindOfValue(have)
	if kind == kindTexts && got == kindList {
		c.listOf(path, have, reflect.TypeFor[string]())
		return
	}
	if fits := got == kind || kind == kindTexts && got == kindText; !fits {
		c.misfit = true
		c.errorf(path, "", "is %s where %s is expected", got, kind)
		return
	}
	switch kind {
	case kindTable:
		c.tableOf(path, have, want)
	case kindList:
		c.listOf(path, have, want.Elem())
	}
}

func (c *checker) tableOf(path string, value any, want reflect.Type) {
	have, _ := value.(map[string]any)
	known := fields(want)
	for _, key := range slices.Sorted(maps.Keys(have)) {
		switch field, ok := known[key]; {
		case want.Kind() == reflect.Map:
			c.compare(join(path, key), have[key], want.Elem())
		case ok:
			c.compare(join(path, key), have[key], field)
		default:
			fix := ""
			if near := mapping.Nearest(key, slices.Sorted(maps.Keys(known))); near != "" {
				fix = "did you mean " + near + "?"
			}
			c.errorf(join(path, key), fix, "unknown key")
		}
	}
}

func (c *checker) listOf(path string, have any, want reflect.Type) {
	items, _ := have.([]any)
	if tables, ok := have.([]map[string]any); ok {
		for _, t := range tables {
			items = append(items, t)
		}
	}
	for i, item := range items {
		c.compare(fmt.Sprintf("%s[%d]", path, i), item, want)
	}
}

// fields gives the keys of a struct type.
func fields(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	if t.Kind() != reflect.Struct {
		return known
	}
	for field := range t.Fields() {
		if key := field.Tag.Get("toml"); key != "" {
			known[key] = field.Type
		}
	}
	return known
}

// The kinds of value that a key can want, in words for people.
const (
	kindTable  = "a table"
	kindList   = "a list"
	kindText   = "a text in quotes"
	kindTexts  = "a text in quotes or a list of them"
	kindNumber = "a whole number"
	kindBool   = "true or false"
)

func kindOf(t reflect.Type) string {
	if t == reflect.TypeFor[Values]() {
		return kindTexts
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return kindText
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Struct, reflect.Map:
		return kindTable
	case reflect.Slice:
		return kindList
	case reflect.Bool:
		return kindBool
	case reflect.Int, reflect.Int64:
		return kindNumber
	}
	return kindText
}

func kindOfValue(v any) string {
	switch v.(type) {
	case map[string]any:
		return kindTable
	case []any, []map[string]any:
		return kindList
	case string:
		return kindText
	case int64:
		return kindNumber
	case bool:
		return kindBool
	}
	if _, ok := v.(float64); ok {
		return "a fraction"
	}
	return "a date or time"
}
