package memory

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// own makes a shallow copy of a value independent of its original; it is nil where
// a shallow copy is that already.
type own func(reflect.Value)

// copies makes copies of what is stored: the same as encoding a value as JSON and
// decoding that would give, without the cost. Neither a caller nor the store can
// change what the other one holds.
type copies struct {
	in, out map[reflect.Type]own // out trusts that the texts are valid
}

func newCopies() copies {
	c := copies{in: map[reflect.Type]own{}, out: map[reflect.Type]own{}}
	for _, v := range []any{
		engine.Card{}, kanban.Card{}, reconcile.Op{}, reconcile.Conflict{}, connectors.Directory{}, connectors.Cursor{},
		mirror.Saga{}, []kanban.Change{}, []string{},
	} {
		t := reflect.TypeOf(v)
		c.in[t], c.out[t] = owner(t, true), owner(t, false)
	}
	return c
}

// take makes a shallow copy that came from a caller the store's own.
func take[T any](c copies, v *T) {
	if do := c.in[reflect.TypeFor[T]()]; do != nil {
		do(reflect.ValueOf(v).Elem())
	}
}

// give is a copy for a caller of what the store holds.
func give[T any](c copies, v T) T {
	if do := c.out[reflect.TypeFor[T]()]; do != nil {
		do(reflect.ValueOf(&v).Elem())
	}
	return v
}

// owner works out once what has to be done for a type. With texts it also repairs
// text that is not UTF-8, as JSON does.
func owner(t reflect.Type, texts bool) own {
	switch t.Kind() {
	case reflect.String:
		if texts {
			return repair
		}
		return nil
	case reflect.Struct:
		return ownStruct(t, texts)
	case reflect.Array:
		return each(owner(t.Elem(), texts))
	case reflect.Slice:
		return ownSlice(t, texts)
	case reflect.Pointer:
		return ownPointer(t, texts)
	case reflect.Map:
		return ownMap(t, texts)
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		panic(fmt.Sprintf("memory: a card cannot hold a %v", t))
	default:
		return nil // numbers and truth values
	}
}

// repair makes text valid, byte by byte as JSON does.
func repair(v reflect.Value) {
	if s := v.String(); !utf8.ValidString(s) {
		v.SetString(strings.Map(func(r rune) rune { return r }, s)) // an invalid byte is read as U+FFFD
	}
}

func ownStruct(t reflect.Type, texts bool) own {
	if t == reflect.TypeFor[time.Time]() {
		return nil
	}
	type part struct {
		index int
		do    own
	}
	var parts []part
	for i := range t.NumField() {
		f := t.Field(i)
		do := owner(f.Type, texts)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
			do = reflect.Value.SetZero
		case do != nil && strings.Contains(options, "omitempty"):
			do = omitEmpty(f.Type, do)
		}
		if do != nil {
			parts = append(parts, part{i, do})
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return func(v reflect.Value) {
		for _, p := range parts {
			p.do(v.Field(p.index))
		}
	}
}

// omitEmpty drops what JSON leaves out: an empty slice or map comes back as nil.
func omitEmpty(t reflect.Type, do own) own {
	if k := t.Kind(); k != reflect.Slice && k != reflect.Map {
		return do
	}
	return func(v reflect.Value) {
		if v.Len() == 0 {
			v.SetZero()
			return
		}
		do(v)
	}
}

// each applies do to all elements of an array or slice.
func each(do own) own {
	if do == nil {
		return nil
	}
	return func(v reflect.Value) {
		for i := range v.Len() {
			do(v.Index(i))
		}
	}
}

func ownSlice(t reflect.Type, texts bool) own {
	elements := each(owner(t.Elem(), texts))
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		n := v.Len()
		fresh := reflect.MakeSlice(t, n, n)
		reflect.Copy(fresh, v)
		v.Set(fresh)
		if elements != nil {
			elements(v)
		}
	}
}

func ownPointer(t reflect.Type, texts bool) own {
	target := owner(t.Elem(), texts)
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		fresh := reflect.New(t.Elem())
		fresh.Elem().Set(v.Elem())
		v.Set(fresh)
		if target != nil {
			target(fresh.Elem())
		}
	}
}

func ownMap(t reflect.Type, texts bool) own {
	keys, values := owner(t.Key(), texts), owner(t.Elem(), texts)
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeMapWithSize(t, v.Len())
		for entries := v.MapRange(); entries.Next(); {
			fresh.SetMapIndex(owned(entries.Key(), keys), owned(entries.Value(), values))
		}
		v.Set(fresh)
	}
}

// owned is a copy of v that do has worked on.
func owned(v reflect.Value, do own) reflect.Value {
	if do == nil {
		return v
	}
	fresh := reflect.New(v.Type()).Elem()
	fresh.Set(v)
	do(fresh)
	return fresh
}
