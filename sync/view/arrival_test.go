package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// queued is a board with a queue, on which what comes into work within a day was planned by
// nobody.
func queued(c *mapping.Config) {
	c.Columns = append(c.Columns, mapping.ColumnConfig{Key: "agreed", Category: kanban.Queue, GitHub: []string{"open + label:agreed"}})
	c.Arrival = 24 * time.Hour
}

// walk gives a card the columns it went through, an hour each from its creation on.
func (b *bench) walk(c engine.Card, columns ...kanban.ColumnKey) {
	b.t.Helper()
	c, err := b.store.Card(b.t.Context(), c.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	c.Steps = nil
	for n, column := range columns {
		c.Steps = append(c.Steps, kanban.Step{Column: column, At: c.Sides[kanban.GitHub].Issue.Created.Add(time.Duration(n) * time.Hour)})
	}
	if _, err := b.store.Commit(b.t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: c, Face: b.eng.Face(&c)}}}); err != nil {
		b.t.Fatal(err)
	}
}

// TestWhatArrivesInWorkIsToldAsSuch tells of a card that was begun an hour after it was asked
// for, and what a board that counts it so would make of those that are there already.
func TestWhatArrivesInWorkIsToldAsSuch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*mapping.Config)
		want   *view.SortStory
		shifts []string
	}{
		"off": {nil, &view.SortStory{Planned: true}, []string{"1 planned: yes → no"}},
		"on":  {queued, &view.SortStory{Arrived: &view.Arrival{At: now.Add(-49 * time.Hour), Minutes: 60}}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if c.change != nil {
				b = newBench(t, c.change)
			}
			card := b.see(1, 50*time.Hour, "a fire", "open", "wip")
			b.walk(card, "todo", "doing")
			b.walk(b.see(2, 50*time.Hour, "agreed", "open", "wip"), "todo", "agreed", "doing")
			ex, err := b.views.Explain(t.Context(), string(card.ID))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, ex.Sort); diff != "" || ex.Card.Planned != c.want.Planned {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.shifts, shifts(b.preview(view.Somebody(), boardOf(t, queued)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
