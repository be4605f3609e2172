package mapping

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

// roundTrip is what a priority scale does when a Jira priority is changed.
type roundTrip struct {
	NaiveDrifts int `json:"naive_drifts_of_5"` // priorities that a plain table rewrites without need
	Cases       int `json:"cases"`
	Writes      int `json:"sticky_total_writes"`
}

// scales are five Jira priorities dealt out to fewer labels, in order.
func scales() map[string][][]string {
	return map[string][][]string{
		"P0-P2":          {{"1"}, {"2", "3"}, {"4", "5"}},
		"P0-P3":          {{"1"}, {"2"}, {"3"}, {"4", "5"}},
		"urgent-or-none": {{"1"}, {"2", "3", "4", "5"}},
	}
}

func scaleRules(t *testing.T, classes [][]string) *Rules {
	t.Helper()
	c := Config{Trackers: []TrackerConfig{{Name: "jira", Kind: "jira"}, {Name: "github", Kind: "github"}}}
	dir := connectors.Directory{Tracker: "jira", Kind: connectors.Jira}
	for i, ids := range classes {
		c.Priorities = append(c.Priorities, PriorityConfig{Key: fmt.Sprintf("p%d", i), Jira: ids, GitHub: []string{fmt.Sprintf("label:P%d", i)}})
		for _, id := range ids {
			dir.Priorities = append(dir.Priorities, connectors.Option{ID: id, Name: "Priority " + id})
		}
	}
	return compiled(t, c, []connectors.Directory{dir}, "no column lists")
}

// TestPriorityRoundTrip brings every pair of values into every other state by a Jira
// edit and counts what is written: nothing inside a class, one write between two, and
// never anything at the side that was edited.
func TestPriorityRoundTrip(t *testing.T) {
	t.Parallel()
	got := map[string]roundTrip{}
	for name, classes := range scales() {
		l, f := scaleRules(t, classes).Lens("jira", "github"), kanban.FieldPriority
		var trip roundTrip
		class := map[kanban.Native]kanban.Value{}
		for i, ids := range classes {
			for _, id := range ids {
				class[kanban.Native(id)] = kanban.Value(fmt.Sprintf("p%d", i))
				if id != ids[0] {
					trip.NaiveDrifts++
				}
			}
		}
		for before := range class {
			for edited, want := range class {
				for i := range classes {
					trip.Cases++
					label := kanban.Native(fmt.Sprintf("label:p%d", i))
					m, _ := l.Back(kanban.Jira, f, edited, class[before])
					if m != want {
						t.Fatalf("%s: %s means %s", name, edited, m)
					}
					if to := l.Forward(kanban.GitHub, f, m, label)[0]; to != label {
						trip.Writes++
						label = to
					}
					back, opinion := l.Back(kanban.GitHub, f, label, m)
					if back != m || opinion != kanban.Says || l.Forward(kanban.Jira, f, back, edited)[0] != edited {
						t.Fatalf("%s: after the write %s is %s and Jira would be rewritten", name, label, back)
					}
				}
			}
		}
		got[name] = trip
	}
	want := map[string]roundTrip{"P0-P2": {2, 75, 50}, "P0-P3": {1, 100, 75}, "urgent-or-none": {3, 50, 25}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	compareWithData(t, got)
}

// compareWithData holds the counts against those of an independent brute force.
func compareWithData(t *testing.T, got map[string]roundTrip) {
	t.Helper()
	t.Run("data", func(t *testing.T) {
		t.Parallel()
		dir := os.Getenv("PARLEY_DATA")
		if dir == "" {
			t.Skip("PARLEY_DATA is not set: the counts are compared with the table above only")
		}
		data, err := os.ReadFile(filepath.Join(dir, "flow", "prio_roundtrip_expected.json"))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]roundTrip{}
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
