package view_test

import (
	"testing"
	"time"

	"parley/sync/store"
	"parley/sync/view"
)

// TestNumbersSayThatReadingIsNotOver has a tracker that was not read yet, and then was:
// the picture that is kept says so, too, though no card changed.
func TestNumbersSayThatReadingIsNotOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "a card", "open", "wip")
	for _, want := range []bool{true, false} {
		if !want {
			read := store.SourceState{Tracker: "github", Source: "acme/infra", OKAt: now, Imported: true}
			if _, err := b.store.Commit(t.Context(), store.Commit{Now: now, Cursor: &read}); err != nil {
				t.Fatal(err)
			}
			if whole, err := b.views.Complete(t.Context()); err != nil || whole {
				t.Errorf("a history is missing of which nobody has told yet, and all counts as read: %v", err)
			}
			b.recorded()
		}
		p, err := b.views.FlowPicture(t.Context(), view.FlowQuery{})
		if err != nil || p.Reading != want || p.Work.N != 1 {
			t.Errorf("%d cards, reading %v, want %v, %v", p.Work.N, p.Reading, want, err)
		}
		if w, err := b.views.Workload(t.Context(), view.FlowQuery{}); err != nil || w.Reading != want {
			t.Errorf("workload: reading %v, want %v, %v", w.Reading, want, err)
		}
	}
}

// recorded lets the histories of all issues be there.
func (b *bench) recorded() {
	rows, err := b.store.Unrecorded(b.t.Context(), "github", nil, "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	var marks []store.HistoryMark
	for _, r := range rows {
		marks = append(marks, store.HistoryMark{Tracker: "github", ID: r.ID, Upto: store.HistoryWhole})
	}
	if _, err := b.store.Commit(b.t.Context(), store.Commit{Now: now, Histories: marks}); err != nil || len(marks) == 0 {
		b.t.Fatal(len(marks), err)
	}
}
