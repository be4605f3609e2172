package recordings

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Load reads recordings by their path below PARLEY_DATA, and the part of each that the
// keys lead to; an element of a list is led to by its own. Without PARLEY_DATA the test
// is skipped.
func Load(t testing.TB, path string, keys ...string) []json.RawMessage {
	t.Helper()
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("PARLEY_DATA is not set: the recorded answers are not at hand")
	}
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path))) //nolint:gosec // the folder is the tester's own
	if err != nil {
		t.Fatal(err)
	}
	out := parts(raw, keys)
	if len(out) == 0 {
		t.Fatalf("%s has nothing at %v", path, keys)
	}
	return out
}

// parts follows keys into a value, through every list on the way and at the end.
func parts(raw json.RawMessage, keys []string) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && list != nil {
		var out []json.RawMessage
		for _, element := range list {
			out = append(out, parts(element, keys)...)
		}
		return out
	}
	if len(keys) == 0 {
		return []json.RawMessage{raw}
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object[keys[0]] == nil {
		return nil
	}
	return parts(object[keys[0]], keys[1:])
}

// Absent gives of some paths, as "fields.status.id", those that no recording has with a
// value. Lists are passed through; a star stands for any key.
func Absent(recordings []json.RawMessage, paths []string) []string {
	have := map[string]bool{}
	for _, raw := range recordings {
		var v any
		if json.Unmarshal(raw, &v) == nil {
			collect(v, "", have)
		}
	}
	var out []string
	for _, p := range paths {
		if !have[p] {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// collect notes the paths of a value, each with its last key and with a star for it.
func collect(v any, at string, have map[string]bool) {
	switch x := v.(type) {
	case map[string]any:
		for k, member := range x {
			if member == nil {
				continue
			}
			for _, key := range []string{k, "*"} {
				have[join(at, key)] = true
				collect(member, join(at, key), have)
			}
		}
	case []any:
		for _, member := range x {
			collect(member, at, have)
		}
	}
}

func join(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}
