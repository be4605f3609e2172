package memory

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
)

// copies makes copies of what is stored: the same as encoding a value as JSON and
// decoding that would give, at a hundredth of the cost. Neither a caller nor the
// store can change what the other one holds. What has to be done for a type is
// worked out once, so that a field that a card gets tomorrow is copied as well.
type copies struct {
	in, out map[reflect.Type]*recipe // out trusts that the texts are valid
}

func newCopies() copies {
	c := copies{in: map[reflect.Type]*recipe{}, out: map[reflect.Type]*recipe{}}
	for _, v := range []any{
		engine.Card{}, kanban.Card{}, reconcile.Op{}, reconcile.Conflict{}, connectors.Directory{}, connectors.Cursor{},
		mirror.Saga{}, remark.Remark{}, dispatch.Dispatch{}, []kanban.Change{}, []string{},
	} {
		t := reflect.TypeOf(v)
		c.in[t], c.out[t] = recipeOf(t, true), recipeOf(t, false)
	}
	return c
}

// take makes a shallow copy that came from a caller the store's own.
func take[T any](c copies, v *T) { c.in[reflect.TypeFor[T]()].follow(unsafe.Pointer(v)) } //nolint:gosec // see recipe

// give is a copy for a caller of what the store holds.
func give[T any](c copies, v T) T {
	c.out[reflect.TypeFor[T]()].follow(unsafe.Pointer(&v)) //nolint:gosec // see recipe
	return v
}

// recipe is what makes a shallow copy of a value of one type independent of its
// original. Its parts are found by their offsets, which come from the type itself:
// that is what makes a copy cheap enough for millions of them.
type recipe struct {
	texts []uintptr // texts to be made valid
	parts []part    // slices, maps and pointers to be copied
	drops []part    // what JSON leaves out
}

// part is a slice, map or pointer somewhere in a value.
type part struct {
	at   uintptr
	own  func(unsafe.Pointer) // makes the one at this address independent
	omit func(unsafe.Pointer) bool
	zero func(unsafe.Pointer)
}

// plain reports whether a shallow copy is independent already.
func (r *recipe) plain() bool { return len(r.texts)+len(r.parts)+len(r.drops) == 0 }

// follow makes the shallow copy at p independent.
func (r *recipe) follow(p unsafe.Pointer) {
	for _, d := range r.drops {
		d.zero(unsafe.Add(p, d.at))
	}
	for _, at := range r.texts {
		if text := (*string)(unsafe.Add(p, at)); !utf8.ValidString(*text) {
			*text = repaired(*text)
		}
	}
	for _, part := range r.parts {
		at := unsafe.Add(p, part.at)
		switch {
		case *(*unsafe.Pointer)(at) == nil: // nil: each of the three begins with a pointer
		case part.omit != nil && part.omit(at):
			part.zero(at)
		default:
			part.own(at)
		}
	}
}

// repaired is text made valid, byte by byte as JSON does.
func repaired(s string) string {
	return strings.Map(func(r rune) rune { return r }, s) // an invalid byte is read as U+FFFD
}

// owned is a shallow copy of a value of which the recipe has been followed.
func (r *recipe) owned(v reflect.Value) reflect.Value {
	if r.plain() {
		return v
	}
	fresh := reflect.New(v.Type())
	fresh.Elem().Set(v)
	r.follow(fresh.UnsafePointer())
	return fresh.Elem()
}

// ownTexts copies the most frequent kind of slice.
func ownTexts(valid bool) func(unsafe.Pointer) {
	return func(p unsafe.Pointer) {
		texts := (*[]string)(p)
		*texts = slices.Clone(*texts)
		if valid {
			return
		}
		for i, text := range *texts {
			if !utf8.ValidString(text) {
				(*texts)[i] = repaired(text)
			}
		}
	}
}

func ownSlice(t reflect.Type, element *recipe) func(unsafe.Pointer) {
	size := t.Elem().Size()
	return func(p unsafe.Pointer) {
		v := reflect.NewAt(t, p).Elem()
		n := v.Len()
		fresh := reflect.MakeSlice(t, n, n)
		reflect.Copy(fresh, v)
		v.Set(fresh)
		if element.plain() {
			return
		}
		first := fresh.UnsafePointer()
		for i := range n {
			element.follow(unsafe.Add(first, uintptr(i)*size))
		}
	}
}

func ownPointer(t reflect.Type, target *recipe) func(unsafe.Pointer) {
	return func(p unsafe.Pointer) {
		v := reflect.NewAt(t, p).Elem()
		fresh := reflect.New(t.Elem())
		fresh.Elem().Set(v.Elem())
		target.follow(fresh.UnsafePointer())
		v.Set(fresh)
	}
}

func ownMap(t reflect.Type, key, value *recipe) func(unsafe.Pointer) {
	return func(p unsafe.Pointer) {
		v := reflect.NewAt(t, p).Elem()
		fresh := reflect.MakeMapWithSize(t, v.Len())
		for entries := v.MapRange(); entries.Next(); {
			fresh.SetMapIndex(key.owned(entries.Key()), value.owned(entries.Value()))
		}
		v.Set(fresh)
	}
}
