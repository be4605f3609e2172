package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/mapping"
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
			{Column: "doing", Reach: "yes", Reason: "In progress is full: 1 of 1; finish or move one first"}, {Column: "done", OK: true, Reach: "yes"}, unshown,
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
