package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

// TestWhatWasBeforeIsToldAndNotFolded reads the history of an issue only after Parley has
// met it, and people have gone on.
func TestWhatWasBeforeIsToldAndNotFolded(t *testing.T) {
	t.Parallel()
	eng, _, issue, entries := threeMoves(t)
	for i := range entries {
		entries[i].At = monday.Add(time.Duration(i+1) * time.Minute) // quicker ones are one move
	}
	issue.Labels, issue.Updated = []string{"review"}, entries[1].At
	met := eng.Step(Card{ID: "c"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Since: 2}}, issue.Updated).Card
	if diff := cmp.Diff([]kanban.Step{{Column: "review", At: monday}}, met.Steps); diff != "" {
		t.Fatalf("met without its history (-want +got):\n%s", diff)
	}
	issue.Labels, issue.Updated = []string{"doing"}, entries[2].At
	later := eng.Step(met, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: issue, Entries: entries[2:], Since: connectors.Onward}}, issue.Updated).Card
	var events []kanban.Event
	for _, e := range entries {
		events = append(events, eng.Rules.Event("github", "7", e))
	}
	want := []kanban.Step{{Column: "todo", At: monday}, {Column: "doing", At: entries[0].At}, {Column: "review", At: entries[1].At}, {Column: "doing", At: entries[2].At}}
	for name, card := range map[string]Card{"at once": later, "again": func() Card { c, _ := eng.Recollect(later, kanban.GitHub, "7", events); return c }()} {
		after, told := eng.Recollect(card, kanban.GitHub, "7", events)
		if told != (name == "at once") {
			t.Errorf("%s: told %v", name, told)
		}
		if diff := cmp.Diff(want, unsigned(after.Steps)); diff != "" {
			t.Errorf("%s, the journey (-want +got):\n%s", name, diff)
		}
		after.Steps, after.Profiles = card.Steps, card.Profiles
		if diff := cmp.Diff(card, after); diff != "" {
			t.Errorf("%s, something else has changed:\n%s", name, diff)
		}
	}
	for _, read := range [][]kanban.Event{events[:2], events} { // the last one is not folded yet
		if early, told := eng.Recollect(met, kanban.GitHub, "7", read); !told || !cmp.Equal(want[:3], unsigned(early.Steps)) {
			t.Errorf("before anything else happened: %v", early.Steps)
		}
	}
	for name, of := range map[string]struct {
		side  kanban.Side
		issue string
	}{"another issue": {kanban.GitHub, "8"}, "a side that it lacks": {kanban.Jira, "7"}} {
		if _, told := eng.Recollect(later, of.side, of.issue, events); told {
			t.Errorf("%s tells something", name)
		}
	}
}

func TestAHistoryThatLeadsElsewhereIsNotBelieved(t *testing.T) {
	t.Parallel()
	step := func(column string, second int) kanban.Step {
		return kanban.Step{Column: kanban.ColumnKey(column), At: monday.Add(time.Duration(second) * time.Second)}
	}
	for name, c := range map[string]struct{ past, known, want []kanban.Step }{
		"nothing was known":       {[]kanban.Step{step("todo", 0)}, nil, []kanban.Step{step("todo", 0)}},
		"it leads there":          {[]kanban.Step{step("todo", 0), step("doing", 5)}, []kanban.Step{step("doing", 0)}, []kanban.Step{step("todo", 0), step("doing", 5)}},
		"it leads elsewhere":      {[]kanban.Step{step("todo", 0)}, []kanban.Step{step("doing", 0)}, []kanban.Step{step("doing", 0)}},
		"it says nothing":         {nil, []kanban.Step{step("doing", 0)}, []kanban.Step{step("doing", 0)}},
		"what came later is kept": {[]kanban.Step{step("todo", 0), step("doing", 5), step("done", 9)}, []kanban.Step{step("doing", 0), step("review", 9)}, []kanban.Step{step("todo", 0), step("doing", 5), step("review", 9)}},
	} {
		if diff := cmp.Diff(c.want, recalled(c.past, c.known)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
