package hostile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/connectors"
)

// kinds are those that an error may have.
var kinds = []connectors.ErrorKind{
	connectors.Auth, connectors.Forbidden, connectors.RateLimit, connectors.NotFound, connectors.Gone, connectors.Moved,
	connectors.Conflict, connectors.Invalid, connectors.Unknown, connectors.Transient, connectors.Malformed,
}

// longest is how many bytes the words of an error may have.
const longest = 8 << 10

// refused holds an error to what callers and people rely on: it is classified, names what
// was being done, is short and printable, keeps the secret, and says how to mend what a
// person has to mend. A moment to try again lies ahead, and not more than a day.
func refused(t *testing.T, err error) {
	t.Helper()
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		t.Fatalf("%T is not classified: %v", err, err)
	}
	if !slices.Contains(kinds, e.Kind) || e.Tracker == "" || e.Doing == "" {
		t.Fatalf("incomplete: %+v", *e)
	}
	if words := fmt.Sprintf("%v %+v", err, *e); strings.Contains(words, Secret) || len(words) > longest {
		t.Fatalf("%d bytes, or with the secret: %.2000s", len(words), words)
	}
	for _, s := range []string{e.Message, e.Hint, e.Field, e.Location} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("not fit for a line: %q", s)
		}
	}
	if e.Kind == connectors.Auth && e.Hint == "" {
		t.Fatalf("how is this to be mended? %+v", *e)
	}
	if !e.RetryAt.IsZero() && (e.RetryAt.Before(Now()) || e.RetryAt.After(Now().Add(25*time.Hour))) {
		t.Fatalf("to be tried again at %v", e.RetryAt)
	}
}

// sound holds what was made of an answer to what the engine relies on.
func sound(t *testing.T, v any, size int) {
	t.Helper()
	walk(t, reflect.ValueOf(v), size, 0)
}

// walk visits a value with all its parts.
func walk(t *testing.T, v reflect.Value, size, depth int) {
	t.Helper()
	if depth > 20 || !v.IsValid() {
		return
	}
	switch v.Kind() { //nolint:exhaustive // numbers and the like hold nothing
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(t, v.Elem(), size, depth+1)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(t, v.Index(i), size, depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			walk(t, k, size, depth+1)
			walk(t, v.MapIndex(k), size, depth+1)
		}
	case reflect.String:
		if v.Len() > size {
			t.Fatalf("a text of %d bytes, more than %d: %.80q", v.Len(), size, v.String())
		}
	case reflect.Struct:
		one(t, v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[time.Time]() {
				walk(t, v.Field(i), size, depth+1)
			}
		}
	}
}

// one judges a struct by its type.
func one(t *testing.T, v reflect.Value) {
	t.Helper()
	if !v.CanInterface() {
		return
	}
	switch x := v.Interface().(type) {
	case time.Time:
		if !x.IsZero() && (x.Year() < 1970 || x.Year() > 2200) {
			t.Fatalf("the moment %v", x)
		}
	case connectors.Issue:
		if x.ID == "" || x.Key == "" || x.Updated.IsZero() {
			t.Fatalf("an issue without id, key or time: %+v", x)
		}
		again(t, x)
	case connectors.Entry:
		if x.ID == "" || x.IssueID == "" || x.Seq < 0 || x.At.IsZero() {
			t.Fatalf("an entry without id, issue or time: %+v", x)
		}
		again(t, x)
	}
}

// again requires of a value that it is the same after it was written and read, as the
// store does.
func again[T any](t *testing.T, v T) {
	t.Helper()
	first, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("encode %+v: %v", v, err)
	}
	var read T
	if err := json.Unmarshal(first, &read); err != nil {
		t.Fatalf("decode %s: %v", first, err)
	}
	second, err := json.Marshal(read)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("%s\nis read as\n%s\n%v", first, second, err)
	}
}
