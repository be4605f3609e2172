package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

func TestTargetsTellRightsThenTrackersThenLimits(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *mapping.Config) {
		c.Columns[1].WIP, c.Columns[1].WIPHard = 1, true
		c.Columns = append(c.Columns, mapping.ColumnConfig{Key: "parked", Name: "Parked", Category: kanban.Queue, Turn: kanban.IT})
	})
	first := b.see(1, time.Hour, "one", "open", "wip")
	card := b.see(2, time.Hour, "two", "open", "bu:risk")
	unshown := view.Target{Column: "parked", Reach: "yes", Reason: "neither tracker of this card can show Parked"}
	no := func(reason string) []view.Target {
		var out []view.Target
		for _, c := range []kanban.ColumnKey{"doing", "done", "parked"} {
			out = append(out, view.Target{Column: c, Reach: "unknown", Reason: reason})
		}
		return out
	}
	for _, c := range []struct {
		name string
		who  view.Viewer
		want []view.Target
	}{
		{"ops", view.Somebody(), []view.Target{
			{Column: "doing", Reach: "yes", Reason: "In progress is full: 1 of 1, its hard limit (acme/infra#1); finish or move one first"}, {Column: "done", OK: true, Reach: "yes"}, unshown,
		}},
		{"a developer", view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer}, no("the business takes cards out of To do")},
		{"another unit", view.Viewer{Audience: "unit:trading", Role: kanban.Liaison}, no("it is another unit's card")},
		{"a wall", view.Viewer{Audience: view.AudienceWall}, no("you may look at the board, not change it")},
	} {
		got, err := b.views.As(c.who).Card(t.Context(), string(card.ID))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.Targets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	within, err := b.views.Card(t.Context(), string(first.ID))
	if err != nil || !within.Targets[0].OK || within.Targets[0].Column != "todo" {
		t.Errorf("out of a full column: %+v, %v", within.Targets, err)
	}
	board, err := b.views.Board(t.Context(), view.Query{})
	if err != nil || board.Columns[0].Cards[0].Targets != nil {
		t.Errorf("a card of the board tells %v, %v; want no targets there", board.Columns[0].Cards[0].Targets, err)
	}
}

// TestTargetsBelieveFreshStepsOnly: what was seen of a workflow counts for a week.
func TestTargetsBelieveFreshStepsOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *mapping.Config) {
		for i, status := range []string{"To Do", "In Progress", "Done"} {
			c.Columns[i].Jira = []string{status}
		}
		c.Trackers = append(c.Trackers, mapping.TrackerConfig{Name: "jira", Kind: "jira", Containers: []string{"OPS"}})
	})
	issue := connectors.Issue{
		Ref: connectors.Ref{Tracker: "jira", ID: "1", Key: "OPS-1", Container: "OPS"}, Kind: connectors.Jira, Type: "Task", Title: "one",
		Status: connectors.Option{ID: "1", Name: "To Do"}, Created: now, Updated: now,
	}
	b.eng.Rules, _ = mapping.Compile(b.config, []connectors.Directory{{Tracker: "jira", Kind: connectors.Jira, Statuses: []connectors.Status{
		{Option: issue.Status}, {Option: connectors.Option{ID: "2", Name: "In Progress"}}, {Option: connectors.Option{ID: "3", Name: "Done"}},
	}}})
	step := b.eng.Step(engine.Card{ID: "card"}, engine.Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Since: -1}}, now)
	for age, want := range map[time.Duration]string{store.EdgeLife - time.Hour: "no", store.EdgeLife + time.Hour: "unknown"} {
		card, err := b.store.Card(t.Context(), "card")
		if err != nil {
			card = step.Card
		}
		edge := store.Edge{Tracker: "jira", Project: "OPS", Type: "Task", From: "1", To: "2", TransitionID: "11", SeenAt: now.Add(-age)}
		_, err = b.store.Commit(t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: card, Face: b.eng.Face(&card)}}, Edges: []store.Edge{
			edge, {Tracker: "jira", Project: "OPS", Type: "Task", From: "2", To: "1", TransitionID: "12", SeenAt: now},
		}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.views.Card(t.Context(), "card")
		if err != nil || got.Targets[1].Column != "done" || got.Targets[1].Reach != want {
			t.Errorf("seen %s ago: %+v, %v; want done to be reached: %s", age, got.Targets, err, want)
		}
	}
}
