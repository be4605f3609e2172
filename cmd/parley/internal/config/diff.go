package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Changed is one key that two configurations do not agree on.
type Changed struct {
	Path string `json:"path"` // `sync.poll`, `column "review".name`
	From string `json:"from"` // as people would write it; "" where there was none, or it is a secret
	To   string `json:"to"`
}

// String is the change in words. A secret is never among them.
func (c Changed) String() string {
	switch {
	case c.From == "" && c.To == "":
		return c.Path + ": changed"
	case c.From == "":
		return c.Path + ": new, " + c.To
	case c.To == "":
		return c.Path + ": gone, was " + c.From
	}
	return c.Path + ": " + c.From + " → " + c.To
}

// Differences lists what a newer configuration says otherwise, in the order of the code.
// Tables of a list are told apart by what they are called, so that one more in the middle
// is one change.
func Differences(older, newer *Config) []Changed {
	d := &differ{}
	d.value("", reflect.ValueOf(older).Elem(), reflect.ValueOf(newer).Elem())
	return d.list
}

// Restart are the keys, of those that changed, which a running Parley cannot take up: what
// it listens on and where its memory is belong to the process.
func Restart(changes []Changed) []string {
	var out []string
	for _, c := range changes {
		if c.Path == "server.listen" || c.Path == "store.url" {
			out = append(out, c.Path)
		}
	}
	return out
}

type differ struct{ list []Changed }

func (d *differ) add(path, from, to string) { d.list = append(d.list, Changed{path, from, to}) }

func (d *differ) value(path string, a, b reflect.Value) {
	switch {
	case a.Type() == reflect.TypeFor[Secret]():
		if a.Interface() != b.Interface() {
			d.add(path, "", "")
		}
	case kindOf(a.Type()) == kindText && a.Kind() == reflect.Struct: // a duration, a percentage
		d.plain(path, a, b)
	case a.Kind() == reflect.Struct:
		for i, f := range reflect.VisibleFields(a.Type()) {
			if key := f.Tag.Get("toml"); key != "" {
				d.value(join(path, key), a.Field(i), b.Field(i))
			}
		}
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() == reflect.Struct:
		d.tables(path, a, b)
	default:
		d.plain(path, a, b)
	}
}

func (d *differ) plain(path string, a, b reflect.Value) {
	if from, to := shownAs(a), shownAs(b); from != to {
		d.add(path, from, to)
	}
}

// shownAs is a value as people would write it.
func shownAs(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case map[string]string:
		return inOrder(x)
	case map[string]Values:
		return inOrder(x)
	case map[string]Percent:
		return inOrder(x)
	case *int, *bool:
		if v.IsNil() {
			return ""
		}
		return fmt.Sprint(v.Elem().Interface())
	case int, int64, bool:
		return fmt.Sprint(x)
	}
	return written(v)
}

func inOrder[T any](m map[string]T) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, key+" = "+shownIn(m[key]))
	}
	return strings.Join(parts, ", ")
}

func shownIn(v any) string {
	if text, ok := v.(string); ok {
		return strconv.Quote(text)
	}
	return written(reflect.ValueOf(v))
}

// tables compares two lists of tables, each by what it is called.
func (d *differ) tables(path string, a, b reflect.Value) {
	was, is := called(a), called(b)
	for i, name := range was {
		if at := slices.Index(is, name); at >= 0 {
			d.value(path+" "+name, a.Index(i), b.Index(at))
		} else {
			d.add(path, name, "")
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			d.add(path, "", name)
		}
	}
	among := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(n string) bool { return !slices.Contains(other, n) })
	}
	if !slices.Equal(among(was, is), among(is, was)) {
		d.add(path+": the order", strings.Join(was, ", "), strings.Join(is, ", "))
	}
}

// called are the names of tables, each once: what the file calls them, else their place.
func called(list reflect.Value) []string {
	out := make([]string, 0, list.Len())
	for i := range list.Len() {
		name := callOf(list.Index(i).Interface())
		if name == "" || slices.Contains(out, name) {
			name = fmt.Sprintf("%s(%d)", name, i+1)
		}
		out = append(out, name)
	}
	return out
}

func callOf(table any) string {
	var name string
	switch t := table.(type) {
	case Jira:
		name = t.Name
	case GitHub:
		name = t.Name
	case Column:
		name = t.Key
	case Priority:
		name = t.Key
	case Unit:
		name = t.Key
	case Contract:
		name = t.From
	case Person:
		name = t.Name
	case Limit:
		name = t.Class
	case Group:
		name = t.Group
	case Pair:
		name = t.Jira + " with " + t.GitHub
	}
	if name == "" {
		return ""
	}
	return strconv.Quote(name)
}
