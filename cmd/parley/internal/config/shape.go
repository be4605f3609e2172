package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Shape tells what is configured without telling what it says: numbers, switches and words
// of Parley's own are given, every other text is told to be set, lists and people are
// counted, and what is empty is left out. Nothing in it is a secret, a name, an address or
// a text of a tracker.
func (c *Config) Shape() []string {
	var out []string
	shape(&out, "", reflect.ValueOf(*c))
	return out
}

// ownWords are the keys whose values are words of Parley, or keys that the configuration
// made up: by the end of their path.
func ownWords() []string {
	return []string{
		"server.auth", "group.audience", "groups.role", "timezone", "sync.write", "smtp.tls", "jira.auth", "github.status", "github.priority",
		"column.key", "category", "turn", "priority.key", "mirror", "mirror_text", "unit.key", "contract.from", "period", "cutoff", "over",
	}
}

// shape adds what there is at and below a place in the configuration.
func shape(out *[]string, path string, v reflect.Value) {
	say := func(format string, args ...any) {
		if v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
			return
		}
		*out = append(*out, strings.TrimPrefix(path, ".")+" = "+fmt.Sprintf(format, args...))
	}
	switch x := v.Interface().(type) {
	case Secret:
		say("set")
		return
	case Duration:
		say("%s", x.Duration)
		return
	case Percent:
		say("%g", x.Share)
		return
	case []Person:
		say("%d", len(x))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if key := v.Type().Field(i).Tag.Get("toml"); key != "" {
				shape(out, path+"."+key, v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Struct {
			say("%d", v.Len())
			return
		}
		for i := range v.Len() {
			shape(out, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		say("%v", v.Interface())
	case reflect.Map:
		say("%d", v.Len())
	case reflect.Pointer:
		if !v.IsNil() {
			shape(out, path, v.Elem())
		}
	case reflect.String:
		if tells(path) {
			say("%q", v.String())
			return
		}
		say("set")
	default:
		say("set")
	}
}

// tells reports whether the value at a path is a word of Parley's own.
func tells(path string) bool {
	var plain strings.Builder // without the places in lists
	depth := 0
	for _, r := range path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			plain.WriteRune(r)
		}
	}
	return slices.ContainsFunc(ownWords(), func(key string) bool { return strings.HasSuffix(plain.String(), "."+key) })
}
