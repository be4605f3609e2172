package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"parley/mapping"
)

// Key is what can be said of one key of the configuration without words of its own.
type Key struct {
	Table   string // that it stands in: "sync", "unit.contract"
	Many    bool   // the table is written once for each: [[unit.contract]]
	Name    string
	Type    string   // name of the Go type that has the key, whose comment says what it means
	Of      string   // name of the Go type of its value, where that is a table of its own
	Kind    string   // "a text in quotes", "a list of a text in quotes", …
	Default string   // as it would be written; "" where there is none
	Allowed []string // the words that are let through, where they are a closed set
	Example string   // as it would be written
}

// Describe lists every key, table by table in the order of the code. Defaults are those
// that a file without the key is given; what is allowed is asked of the checks themselves,
// by giving them a word that cannot be; examples are those of a file that has every key.
func Describe(example string) ([]Key, error) {
	d := describer{text: example}
	if _, err := toml.Decode(example, &d.written); err != nil {
		return nil, fmt.Errorf("read the example: %w", err)
	}
	if err := d.refuseEach(); err != nil {
		return nil, err
	}
	bare := defaults()
	fillTables(reflect.ValueOf(bare).Elem())
	bare.complete()
	shown := bare.Policy()
	for list, is := range map[*[]string][]string{&bare.Visibility.Shows.Own: texts(shown.Own), &bare.Visibility.Shows.Other: texts(shown.Other),
		&bare.Visibility.Shows.IT: texts(shown.IT), &bare.Visibility.Shows.Ops: texts(shown.Ops), &bare.Visibility.Shows.Wall: texts(shown.Wall)} {
		*list = is
	}
	d.table("", false, reflect.ValueOf(bare).Elem())
	return d.keys, nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

type describer struct {
	text    string
	written map[string]any
	refused map[string][]string // path without indexes → what the checks let through there
	keys    []Key
}

// withoutIndexes is a path as the reference writes it.
func withoutIndexes(path string) string {
	for {
		at := strings.IndexByte(path, '[')
		if at < 0 {
			return path
		}
		end := strings.IndexByte(path[at:], ']')
		path = path[:at] + path[at+end+1:]
	}
}

// impossible is a text that nothing in a configuration can be, nor be a slip of.
const impossible = "§"

// oneOf is how a check names a closed set.
const oneOf = "it is one of "

// refuseEach puts the impossible into each text in turn and keeps what the checks say to it.
func (d *describer) refuseEach() error {
	d.refused = map[string][]string{}
	load := func() (*Config, error) {
		c := defaults()
		_, err := toml.Decode(d.text, c)
		return c, err
	}
	whole, err := load()
	if err != nil {
		return fmt.Errorf("read the example: %w", err)
	}
	for i, path := range leaves(reflect.ValueOf(whole).Elem(), "", nil) {
		if d.refused[withoutIndexes(path)] != nil {
			continue
		}
		c, err := load()
		if err != nil {
			return err
		}
		n := 0
		leaves(reflect.ValueOf(c).Elem(), "", func(v reflect.Value) {
			if n == i {
				v.SetString(impossible)
			}
			n++
		})
		check := checker{source: source{"config.toml", index(d.text)}, env: func(string) (string, bool) { return "x", true }}
		check.check(c)
		for _, p := range check.list {
			if set, closed := strings.CutPrefix(p.Fix, oneOf); closed && p.Path == path && p.Severity == mapping.Error && strings.Contains(p.Message, impossible) {
				d.refused[withoutIndexes(path)] = strings.Split(set, ", ")
			}
		}
	}
	d.unbind()
	return nil
}

// unbind takes out what the checks let through only because this file names it elsewhere.
func (d *describer) unbind() {
	delete(d.refused, "unit.contract.priorities")
	for path, words := range d.refused {
		kept := slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "unit:") })
		if len(kept) < len(words) {
			d.refused[path] = append(kept, "unit:KEY")
		}
	}
	d.refused["visibility.shows.other"] = d.refused["visibility.shows.own"] // empty in the example
}

// leaves walks the texts of a value in a fixed order, gives their paths, and hands each to
// visit, if there is one.
func leaves(v reflect.Value, path string, visit func(reflect.Value)) (paths []string) {
	switch {
	case v.Kind() == reflect.String:
		if visit != nil {
			visit(v)
		}
		return []string{path}
	case v.Kind() == reflect.Struct:
		for i, f := range reflect.VisibleFields(v.Type()) {
			if key := f.Tag.Get("toml"); key != "" {
				paths = append(paths, leaves(v.Field(i), join(path, key), visit)...)
			}
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			paths = append(paths, leaves(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)...)
		}
	case v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.String:
		for _, key := range slices.SortedFunc(maps.Keys(mapOf(v)), strings.Compare) {
			word := reflect.New(v.Type().Elem()).Elem()
			word.SetString(mapOf(v)[key])
			paths = append(paths, leaves(word, join(path, key), visit)...)
			v.SetMapIndex(reflect.ValueOf(key), word)
		}
	}
	return paths
}

func mapOf(v reflect.Value) map[string]string {
	m, _ := reflect.TypeAssert[map[string]string](v)
	return m
}

// fillTables puts one empty table into every list of tables, so that each has its defaults.
func fillTables(v reflect.Value) {
	for i, f := range reflect.VisibleFields(v.Type()) {
		if f.Tag.Get("toml") == "" {
			continue
		}
		switch at := v.Field(i); {
		case kindOf(f.Type) == kindTable && at.Kind() == reflect.Struct:
			fillTables(at)
		case at.Kind() == reflect.Slice && at.Type().Elem().Kind() == reflect.Struct:
			at.Set(reflect.MakeSlice(at.Type(), 1, 1))
			fillTables(at.Index(0))
		}
	}
}

// table lists the keys of a table, then the tables in it.
func (d *describer) table(path string, many bool, v reflect.Value) {
	type inner struct {
		path string
		many bool
		v    reflect.Value
	}
	var tables []inner
	for i, f := range reflect.VisibleFields(v.Type()) {
		name := f.Tag.Get("toml")
		if name == "" {
			continue
		}
		at, of := v.Field(i), f.Type
		key := Key{Table: path, Many: many, Name: name, Type: v.Type().Name(), Kind: kindOf(of), Allowed: d.refused[join(path, name)], Example: d.example(join(path, name))}
		list := of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct
		switch of {
		case reflect.TypeFor[Secret](), reflect.TypeFor[Duration](), reflect.TypeFor[Percent]():
			key.Of = of.Name()
		}
		switch {
		case list:
			key.Of, key.Kind = of.Elem().Name(), "a list of tables"
			tables = append(tables, inner{join(path, name), true, at.Index(0)})
		case key.Kind == kindTable && of.Kind() == reflect.Struct:
			key.Of, key.Example = of.Name(), brief(key.Example)
			tables = append(tables, inner{join(path, name), false, at})
		case key.Kind == kindList:
			key.Kind = "a list of texts"
			key.Default = written(at)
		default:
			key.Default = written(at)
		}
		d.keys = append(d.keys, key)
	}
	for _, t := range tables {
		if t.v.Type() == reflect.TypeFor[When]() && t.path != "rule.when" {
			continue // the same keys, told once
		}
		d.table(t.path, t.many, t.v)
	}
}

// brief leaves out an example that is read better key by key.
func brief(example string) string {
	if len(example) > 90 {
		return ""
	}
	return example
}

// example is how a file writes a key, from the first place where it has it.
func (d *describer) example(path string) string {
	at := any(d.written)
	for part := range strings.SplitSeq(path, ".") {
		at = first(at, part)
	}
	return inline(at)
}

// first finds a key in a table, or in the first of a list of tables that has it.
func first(at any, key string) any {
	switch at := at.(type) {
	case map[string]any:
		return at[key]
	case []map[string]any:
		for _, t := range at {
			if v := first(t, key); v != nil {
				return v
			}
		}
	case []any:
		for _, t := range at {
			if v := first(t, key); v != nil {
				return v
			}
		}
	}
	return nil
}

// written is a default as a file would write it, "" for none.
func written(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case Duration:
		return strconv.Quote(shortly(x.String()))
	case Percent:
		text, _ := x.MarshalText() // never fails
		return strconv.Quote(string(text))
	case Secret, map[string]string, map[string]Values, map[string]Percent, *int, *bool:
		return ""
	case int64:
		return "" // an id of something at GitHub: 0 is none
	case int, bool:
		return fmt.Sprint(x)
	case string:
		if x == "" {
			return ""
		}
		return strconv.Quote(x)
	}
	if v.Kind() == reflect.Slice && v.Len() > 0 {
		var items []any
		for i := range v.Len() {
			items = append(items, v.Index(i).String())
		}
		return inline(items)
	}
	return ""
}

// shortly writes 24h0m0s as 24h.
func shortly(d string) string {
	if rest, whole := strings.CutSuffix(d, "m0s"); whole {
		d = rest + "m"
	}
	if rest, whole := strings.CutSuffix(d, "h0m"); whole {
		d = rest + "h"
	}
	return d
}

// inline writes a value on one line.
func inline(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strconv.Quote(v)
	case []any:
		parts := make([]string, 0, len(v))
		for _, x := range v {
			parts = append(parts, inline(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+" = "+inline(v[key]))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case []map[string]any:
		return ""
	}
	return fmt.Sprint(v)
}
