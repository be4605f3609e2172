package recordings

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// soft is a wrapper as the connectors have them.
type soft[T any] struct{ V T }

type inner struct {
	ID string `json:"id"`
}

type outer struct {
	inner

	At     time.Time               `json:"at"`
	Others []soft[*inner]          `json:"others"`
	Named  map[string]inner        `json:"named"`
	Raw    json.RawMessage         `json:"raw"`
	Any    soft[map[string]string] `json:"any,omitzero"`
}

func TestPathsOfAType(t *testing.T) {
	t.Parallel()
	want := []string{"any", "at", "id", "named", "named.*.id", "others", "others.id", "raw"}
	if diff := cmp.Diff(want, Paths[outer]()); diff != "" {
		t.Error(diff)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	all := parts([]byte(`[{"data":[{"id":"1","named":{"x":{"id":"2"}},"others":[{}]}]},{"data":{"id":null,"at":"now"}},{"else":1}]`), []string{"data"})
	if len(all) != 2 {
		t.Fatalf("%d values", len(all))
	}
	if diff := cmp.Diff([]string{"any", "others.id", "raw"}, Absent(all, Paths[outer]())); diff != "" {
		t.Error(diff)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	v := outer{inner: inner{"1"}, At: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Others: []soft[*inner]{{&inner{"2"}}, {}}, Raw: json.RawMessage(`[1]`)}
	got, err := json.Marshal(Encode(v))
	want := `{"any":null,"at":"2026-11-02T09:00:00.000+0000","id":"1","named":null,"others":[{"id":"2"},null],"raw":[1]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}
