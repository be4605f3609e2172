package flow_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// object is a part of a document, which no test leaves unread: it is taken out.
func object(t *testing.T, doc map[string]any, key string) map[string]any {
	t.Helper()
	out, ok := doc[key].(map[string]any)
	if !ok {
		t.Fatalf("there is no %q in %v", key, doc)
	}
	delete(doc, key)
	return out
}

func TestTheSharedEventsGiveTheExpectedNumbers(t *testing.T) {
	t.Parallel()
	want, extra := decode(t, shared(t, "d1_expected.json")), decode(t, shared(t, "extra_expected.json"))
	events, traits, err := flow.ReadCSV(bytes.NewReader(shared(t, "d1_events.csv")))
	if err != nil {
		t.Fatal(err)
	}
	c := flow.Clock{Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC), Zone: time.UTC}
	all := items(events, traits, c.Now)
	report := flow.NewReport(all, columns, c, flow.Extent(all, c))
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	have := decode(t, text)
	summary, _ := have["summary"].(map[string]any)
	summary["throughput_daily_nov02_nov20"] = summary["throughput_daily"]
	holds(t, "", want, have)
	if cards := object(t, want, "cards"); len(cards) != len(report.Cards) {
		t.Errorf("%d cards, want %d", len(report.Cards), len(cards))
	}
	stints := object(t, extra, "d1_stints")
	holds(t, "stints", stints, map[string]any{
		"wip_by_day_nov02_to_nov20": summary["wip_by_day"], "sum_wip_days": float64(report.Summary.Stints.Days), "by_outcome": summary["stints"].(map[string]any)["by_outcome"],
	})
	holds(t, "unplanned", object(t, extra, "unplanned_share"), summary["unplanned_share"])
}

// rows are the rows of a table of numbers without its heading and its first column.
func rows(t *testing.T, text []byte) (out [][]int) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range all[1:] {
		var numbers []int
		for _, cell := range row[1:] {
			n, err := strconv.Atoi(cell)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, n)
		}
		out = append(out, numbers)
	}
	return out
}

// column is one column of rows.
func column(rows [][]int, n int) (out []int) {
	for _, row := range rows {
		out = append(out, row[n])
	}
	return out
}

// asRead is a value as a document tells it.
func asRead(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Everything else that the file expects: pace, what exceeds, and Little's law.
func TestTheSharedPaceAndLaw(t *testing.T) {
	t.Parallel()
	extra, items10, days := decode(t, shared(t, "extra_expected.json")), rows(t, shared(t, "pace.csv")), rows(t, shared(t, "littles_law.csv"))
	for _, key := range []string{"d1_stints", "unplanned_share"} {
		object(t, extra, key) // see above
	}
	cycles := column(items10, 2)
	pace := flow.NewPace([]kanban.ColumnKey{"doing", "review", "verify"}, flow.Ages{"doing": column(items10, 0), "review": column(items10, 1)}, cycles)
	holds(t, "pace", object(t, extra, "pace_nearest_rank"), asRead(t, map[string]any{"age_at_exit_doing": pace["doing"], "age_at_exit_review": pace["review"], "cycle_days": pace["verify"]}))

	longer := slices.DeleteFunc(slices.Clone(cycles), func(n int) bool { return n <= 7 })
	holds(t, "exceed", extra["P(exceed 12)"], 1-flow.MetShare(cycles, 12))
	holds(t, "exceed later", extra["P(exceed 12 | still open after day 7)"], 1-flow.MetShare(longer, 12))
	delete(extra, "P(exceed 12)")
	delete(extra, "P(exceed 12 | still open after day 7)")

	var events []flow.Event
	for n, d := range days {
		events = append(events, way(strconv.Itoa(n), fmt.Sprint(d[0]-1, " doing"), fmt.Sprint(d[1]-1, " done"))...)
	}
	c := at(9)
	all := items(events, nil, c.Now)
	span := flow.Extent(all, c)
	perDay, sum, done, took := flow.PerDay(all, c, span), 0.0, flow.Throughput(all, c, span), 0.0
	for _, n := range perDay {
		sum += float64(n)
	}
	finished := 0.0
	for _, n := range done {
		finished += float64(n)
	}
	for _, n := range flow.Finished(all, c, span) {
		took += float64(n)
	}
	length := float64(span.Len())
	holds(t, "little", object(t, extra, "little"), map[string]any{"wip_by_day": asRead(t, perDay), "avg_wip": sum / length, "throughput_per_day": finished / length, "avg_cycle_days": took / finished})
	if len(extra) > 0 {
		t.Errorf("nobody reads %v", extra)
	}
}

func TestTheSharedForecasts(t *testing.T) {
	t.Parallel()
	all := decode(t, shared(t, "mc_expected.json"))
	sample := func(doc map[string]any) (out flow.Sample) {
		for _, n := range doc["samples"].([]any) {
			out = append(out, int(n.(float64)))
		}
		delete(doc, "samples")
		return out
	}
	sure := func(d flow.Distribution) any {
		out := flow.Lines{}
		for _, p := range flow.Percents() {
			out[p] = d.Sure(p)
		}
		return asRead(t, out)
	}
	when := func(s flow.Sample, items int) any {
		out, err := s.When(items)
		if err != nil {
			t.Fatal(err)
		}
		return asRead(t, out)
	}
	small := object(t, all, "T")
	s := sample(small)
	d, ways, chances := s.HowMany(3), map[string]any{}, []any(nil)
	for n, w := range d.Ways {
		ways[strconv.Itoa(n)] = w.String()
	}
	for days := range 6 {
		chances = append(chances, atLeast(s.HowMany(days+1), 4).RatString())
	}
	holds(t, "T", small, map[string]any{"how_many_3d": map[string]any{"pmf_over_125": ways, "at_least": sure(d)}, "when_4_items_days": when(s, 4), "when_4_cdf": chances})
	if d.All.Int64() != 125 {
		t.Errorf("of %v ways", d.All)
	}

	large := object(t, all, "D")
	s = sample(large)
	d = s.HowMany(14)
	five, _ := atLeast(d, 5).Float64()
	holds(t, "D", large, map[string]any{"how_many_14d_at_least": sure(d), "when_5_items_days": when(s, 5), "P(at least 5 in 14d)": five})
	if len(all) > 0 {
		t.Errorf("nobody reads %v", all)
	}

	// And that sample is the one that the events give.
	events, traits, err := flow.ReadCSV(bytes.NewReader(shared(t, "d1_events.csv")))
	if err != nil {
		t.Fatal(err)
	}
	c := flow.Clock{Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC), Zone: time.UTC}
	cards := items(events, traits, c.Now)
	if diff := cmp.Diff(s, flow.Throughput(cards, c, flow.Extent(cards, c))); diff != "" {
		t.Error(diff)
	}
}
