package memory

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
)

// fill puts something into every part of a value that can be reached, now and then
// nothing, an empty list or text that is not UTF-8.
func fill(v reflect.Value, rnd *rand.Rand) {
	switch {
	case v.CanInt():
		v.SetInt(rnd.Int64N(100))
		return
	case v.CanUint():
		v.SetUint(rnd.Uint64N(100))
		return
	case v.CanFloat():
		v.SetFloat(float64(rnd.IntN(100)) / 4)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rnd.IntN(2) == 0)
	case reflect.String:
		v.SetString([]string{"", "a", "Größe", "bad \xff\xfe utf-8", "NUL \x00"}[rnd.IntN(5)])
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(rnd.Int64N(1e9), rnd.Int64N(1e9)).UTC()))
			return
		}
		for _, field := range v.Fields() {
			fill(field, rnd)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), rnd)
		}
	default:
		fillIndirect(v, rnd)
	}
}

func fillIndirect(v reflect.Value, rnd *rand.Rand) {
	if rnd.IntN(5) == 0 {
		return // nil
	}
	switch n := rnd.IntN(3); v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), rnd)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n+1)) // with room to append into
		for i := range n {
			fill(v.Index(i), rnd)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, rnd)
			fill(value, rnd)
			v.SetMapIndex(key, value)
		}
	default:
		panic("cannot fill " + v.Type().String())
	}
}

// shares gives the path of a part that two values have in common.
func shares(a, b reflect.Value, path string) string {
	switch a.Kind() {
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[time.Time]() {
			return ""
		}
		for i := range a.NumField() {
			if at := shares(a.Field(i), b.Field(i), path+"."+a.Type().Field(i).Name); at != "" {
				return at
			}
		}
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		return sharesIndirect(a, b, path)
	}
	return ""
}

func sharesIndirect(a, b reflect.Value, path string) string {
	if a.Kind() != reflect.Array && (a.IsNil() || b.IsNil()) {
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.Pointer() == b.Pointer() {
			return path
		}
		return shares(a.Elem(), b.Elem(), path)
	case reflect.Map:
		if a.Pointer() == b.Pointer() {
			return path
		}
		for _, key := range a.MapKeys() {
			if other := b.MapIndex(key); other.IsValid() {
				if at := shares(a.MapIndex(key), other, path+"[]"); at != "" {
					return at
				}
			}
		}
		return ""
	case reflect.Slice:
		if a.Cap() > 0 && b.Cap() > 0 && a.Pointer() == b.Pointer() {
			return path
		}
	}
	for i := range min(a.Len(), b.Len()) {
		if at := shares(a.Index(i), b.Index(i), path+"[]"); at != "" {
			return at
		}
	}
	return ""
}

// sameAsJSON holds the copies of one type to what JSON would make of them.
func sameAsJSON[T any](t *testing.T) {
	t.Helper()
	c, rnd := newCopies(), rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var v, want T
		fill(reflect.ValueOf(&v).Elem(), rnd)
		text, err := json.Marshal(v)
		if err == nil {
			err = json.Unmarshal(text, &want)
		}
		if err != nil {
			t.Fatal(err)
		}
		in := v
		take(c, &in)
		out := give(c, in)
		if diff := cmp.Diff(want, in); diff != "" {
			t.Fatalf("what is kept of a %T (-as JSON +as copied):\n%s", v, diff)
		}
		if diff := cmp.Diff(want, out); diff != "" {
			t.Fatalf("what is given of a %T (-as JSON +as copied):\n%s", v, diff)
		}
		for who, pair := range map[string][2]T{"caller and store": {v, in}, "store and caller": {in, out}} {
			if at := shares(reflect.ValueOf(pair[0]), reflect.ValueOf(pair[1]), ""); at != "" {
				t.Fatalf("%s share %T%s", who, v, at)
			}
		}
	}
}

func TestCopiesAreWhatJSONWouldMake(t *testing.T) {
	t.Parallel()
	sameAsJSON[engine.Card](t)
	sameAsJSON[kanban.Card](t)
	sameAsJSON[reconcile.Op](t)
	sameAsJSON[reconcile.Conflict](t)
	sameAsJSON[mirror.Saga](t)
	sameAsJSON[remark.Remark](t)
	sameAsJSON[dispatch.Dispatch](t)
	sameAsJSON[connectors.Directory](t)
	sameAsJSON[connectors.Cursor](t)
	sameAsJSON[[]kanban.Change](t)
}

func TestSharedPartsAreSeen(t *testing.T) {
	t.Parallel()
	card := engine.Card{Sides: [2]*engine.Side{{Issue: connectors.Issue{Labels: []string{"a"}}}}}
	other := card
	if at := shares(reflect.ValueOf(card), reflect.ValueOf(other), ""); at != ".Sides[]" {
		t.Errorf("a shallow copy shares %q, want .Sides[]", at)
	}
	side := *card.Sides[0]
	other.Sides[0] = &side
	if at := shares(reflect.ValueOf(card), reflect.ValueOf(other), ""); at != ".Sides[].Issue.Labels" {
		t.Errorf("a copy of the side shares %q, want .Sides[].Issue.Labels", at)
	}
}
