package flow_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

// columns are those that the event files name.
var columns = kanban.Layout{Columns: []kanban.Column{
	{Key: "requested", Category: kanban.Option, Turn: kanban.Business}, {Key: "committed", Category: kanban.Queue, Turn: kanban.IT},
	{Key: "doing", Category: kanban.Active, Turn: kanban.IT}, {Key: "review", Category: kanban.Active, Turn: kanban.IT},
	{Key: "waiting_business", Category: kanban.Wait, Turn: kanban.Business}, {Key: "verify", Category: kanban.Active, Turn: kanban.Business},
	{Key: "done", Category: kanban.Done}, {Key: "cancelled", Category: kanban.Cancelled},
}}

// shared is a file of the recorded data, which not every machine has.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("PARLEY_DATA")
	if root == "" {
		t.Skip("PARLEY_DATA is not set: the shared flow data are not checked")
	}
	text, err := os.ReadFile(filepath.Join(root, "flow", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// items folds events up to a moment.
func items(events []flow.Event, traits map[kanban.CardID]flow.Traits, now time.Time) []flow.Item {
	b := flow.NewBoard(columns)
	var out []flow.Item
	for id, track := range flow.Fold(b, events) {
		out = append(out, flow.Item{Track: track.At(b, now), Traits: new(traits[id])})
	}
	return out
}

// holds reports where a document lacks or contradicts what is expected of it. Numbers
// agree to the last digits that adding them up in another order can change.
func holds(t *testing.T, path string, want, have any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			t.Errorf("%s: %v, want an object", path, have)
			return
		}
		for k, v := range w {
			holds(t, path+"."+k, v, h[k])
		}
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(w) {
			t.Errorf("%s: %v, want %v", path, have, want)
			return
		}
		for i := range w {
			holds(t, path, w[i], h[i])
		}
	case float64:
		if h, ok := have.(float64); !ok || math.Abs(h-w) > 1e-9 {
			t.Errorf("%s: %v, want %v", path, have, want)
		}
	case string:
		if at, err := time.Parse(time.RFC3339, w); err == nil {
			if h, ok := have.(string); ok {
				got, err := time.Parse(time.RFC3339, h)
				if err == nil && got.Equal(at) {
					return
				}
			}
		}
		if have != want {
			t.Errorf("%s: %v, want %v", path, have, want)
		}
	default:
		if !reflect.DeepEqual(want, have) {
			t.Errorf("%s: %v, want %v", path, have, want)
		}
	}
}

func decode(t *testing.T, text []byte) (out map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheSharedEventsGiveTheExpectedNumbers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(os.Getenv("PARLEY_DATA"), "flow", "d1_events.csv")
	want, extra := decode(t, shared(t, "d1_expected.json")), decode(t, shared(t, "extra_expected.json"))
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	events, traits, err := flow.ReadCSV(in)
	if err != nil {
		t.Fatal(err)
	}
	c := flow.Clock{Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC), Zone: time.UTC}
	all := items(events, traits, c.Now)
	text, err := json.Marshal(flow.NewReport(all, columns, c, flow.Extent(all, c)))
	if err != nil {
		t.Fatal(err)
	}
	have := decode(t, text)
	holds(t, "", want, have)
	summary, _ := have["summary"].(map[string]any)
	stints, _ := extra["d1_stints"].(map[string]any)
	holds(t, "wip by day", stints["wip_by_day_nov02_to_nov20"], summary["wip_by_day_nov02_to_nov20"])
	holds(t, "stints", map[string]any{"sum_wip_days": stints["sum_wip_days"], "by_outcome": stints["by_outcome"]}, summary["stints"])
	holds(t, "unplanned", extra["unplanned_share"], summary["unplanned_share"])
}
