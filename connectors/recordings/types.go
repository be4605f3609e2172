package recordings

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Paths gives the members that a type reads, as Absent takes them. Wrappers, types whose
// only field is V, are looked through.
func Paths[T any]() []string {
	var out []string
	paths(reflect.TypeFor[T](), "", &out)
	slices.Sort(out)
	return slices.Compact(out)
}

func paths(t reflect.Type, at string, out *[]string) {
	switch t.Kind() { //nolint:exhaustive // the others have no members
	case reflect.Pointer, reflect.Slice:
		if t != reflect.TypeFor[json.RawMessage]() {
			paths(t.Elem(), at, out)
		}
	case reflect.Map:
		if t.Elem().Kind() != reflect.Interface {
			paths(t.Elem(), join(at, "*"), out)
		}
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return
		}
		if inner, ok := wrapped(t); ok {
			paths(inner, at, out)
			return
		}
		for _, f := range reflect.VisibleFields(t) {
			if !f.Anonymous && f.IsExported() && len(f.Index) <= 2 {
				p := join(at, nameOf(f))
				*out = append(*out, p)
				paths(f.Type, p, out)
			}
		}
	}
}

// wrapped gives what a type wraps: a time, or whatever its only field V is.
func wrapped(t reflect.Type) (reflect.Type, bool) {
	if t.NumField() != 1 {
		return t, false
	}
	f := t.Field(0)
	return f.Type, f.Name == "V" || f.Type == reflect.TypeFor[time.Time]()
}

func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return strings.ToLower(f.Name[:1]) + f.Name[1:]
	}
	return name
}

// Encode writes a value as its tracker would: members by their names in JSON, wrappers
// as what they wrap, times as they are.
func Encode(v any) any { return plain(reflect.ValueOf(v)) }

func plain(v reflect.Value) any {
	switch v.Kind() { //nolint:exhaustive // the others are values of JSON as they are
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Slice:
		if raw, ok := reflect.TypeAssert[json.RawMessage](v); ok || v.IsNil() {
			return raw
		}
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plain(v.Index(i))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		out := map[string]any{}
		for _, k := range v.MapKeys() {
			out[k.String()] = plain(v.MapIndex(k))
		}
		return out
	case reflect.Struct:
		return object(v)
	}
	return v.Interface()
}

func object(v reflect.Value) any {
	if moment, ok := reflect.TypeAssert[time.Time](v); ok {
		if moment.IsZero() {
			return nil
		}
		return moment.Format("2006-01-02T15:04:05.000-0700")
	}
	if _, ok := wrapped(v.Type()); ok {
		return plain(v.Field(0))
	}
	out := map[string]any{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.Anonymous && f.IsExported() {
			out[nameOf(f)] = plain(v.FieldByIndex(f.Index))
		}
	}
	return out
}
