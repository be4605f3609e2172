package memory

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unsafe"
)

// recipeOf works out what has to be done for a type; with texts, text that is not
// UTF-8 is repaired as well.
func recipeOf(t reflect.Type, texts bool) *recipe {
	r := &recipe{}
	r.add(t, 0, texts, false)
	return r
}

// add adds what has to be done for a value of a type at an offset. With omitEmpty
// an empty slice or map is left out, and so comes back as nil.
func (r *recipe) add(t reflect.Type, at uintptr, texts, omitEmpty bool) {
	p := part{at: at}
	switch t.Kind() {
	case reflect.String:
		if texts {
			r.texts = append(r.texts, at)
		}
		return
	case reflect.Struct:
		r.addFields(t, at, texts)
		return
	case reflect.Array:
		for i := range t.Len() {
			r.add(t.Elem(), at+uintptr(i)*t.Elem().Size(), texts, false)
		}
		return
	case reflect.Slice:
		if p.own = ownSlice(t, recipeOf(t.Elem(), texts)); t.Elem().Kind() == reflect.String {
			p.own = ownTexts(!texts)
		}
	case reflect.Pointer:
		p.own = ownPointer(t, recipeOf(t.Elem(), texts))
	case reflect.Map:
		p.own = ownMap(t, recipeOf(t.Key(), texts), recipeOf(t.Elem(), texts))
	case reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		panic(fmt.Sprintf("memory: a card cannot hold a %v", t))
	default:
		return // numbers and truth values
	}
	if p.zero = zero(t); omitEmpty && t.Kind() != reflect.Pointer {
		p.omit = empty(t)
	}
	r.parts = append(r.parts, p)
}

func (r *recipe) addFields(t reflect.Type, at uintptr, texts bool) {
	if t == reflect.TypeFor[time.Time]() {
		return
	}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			r.drops = append(r.drops, part{at: at + f.Offset, zero: zero(f.Type)})
			continue
		}
		r.add(f.Type, at+f.Offset, texts, strings.Contains(options, "omitempty"))
	}
}

// zero sets a value of a type to its zero value.
func zero(t reflect.Type) func(unsafe.Pointer) {
	return func(p unsafe.Pointer) { reflect.NewAt(t, p).Elem().SetZero() }
}

// empty reports whether a slice or map of a type has nothing in it.
func empty(t reflect.Type) func(unsafe.Pointer) bool {
	return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().Len() == 0 }
}
