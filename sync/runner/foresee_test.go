package runner

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func TestWhatIsForeseenIsWhatComes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ds []Decision
	keys := map[string]string{}
	for range 3 {
		key, _, lost := collide(t, w)
		keys[lost.ID] = key
		ds = append(ds, Decision{Key: lost.ID + "/op", Conflict: lost.ID, Choice: ChoiceRestore, By: "lea"})
	}
	ds[2].Choice = ChoiceDismiss
	unknown := append(slices.Clone(ds), Decision{Conflict: "none", Choice: ChoiceRestore})
	before := w.card(keys[ds[0].Conflict])
	f, err := w.runner.Foresee(context.Background(), unknown)
	w.must(err)
	if f.Refused["none"] != "there is no such conflict" || len(f.Refused) != 1 {
		t.Errorf("refused %v", f.Refused)
	}
	if c := w.card(keys[ds[0].Conflict]); c.Rev != before.Rev || len(c.Ops) != len(before.Ops) {
		t.Error("foreseeing has changed a card")
	}
	written := map[string]int{}
	for _, d := range ds {
		_, err := w.runner.Decide(context.Background(), d)
		w.must(err)
		c := w.card(keys[d.Conflict])
		for i := range c.Ops {
			if op := &c.Ops[i]; op.State.Open() {
				written[op.Tracker]++
			}
		}
	}
	if !maps.Equal(f.Writes, written) || f.Total() != 4 {
		t.Errorf("foreseen %v, %d in all; came %v", f.Writes, f.Total(), written)
	}
	f, err = w.runner.Foresee(context.Background(), ds)
	w.must(err)
	if len(f.Refused) != 3 || f.Total() != 0 || f.Refused[ds[0].Conflict] != "this conflict was restored already" {
		t.Errorf("afterwards %+v, want all refused", f)
	}
}

func TestForeseenCardsTakeUpPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	var ds []Decision
	for range 2 {
		_, _, lost := collide(t, w)
		ds = append(ds, Decision{Key: lost.ID, Conflict: lost.ID, Choice: ChoiceRestore, By: "lea"})
	}
	f, err := w.runner.Foresee(context.Background(), ds)
	w.must(err)
	if why := f.Refused[ds[1].Conflict]; len(f.Refused) != 1 || !strings.Contains(why, "full") {
		t.Errorf("refused %v, want the second alone because the column is full", f.Refused)
	}
	for i, d := range ds {
		if _, err := w.runner.Decide(context.Background(), d); (err != nil) != (i == 1) {
			t.Errorf("decision %d: %v", i, err)
		}
	}
}

func TestAConflictWhoseCardIsGoneIsForeseenToBeRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	orphan := reconcile.Conflict{ID: "0199-orphan", Card: "aaaaaaaaaaaa", Field: kanban.FieldStatus, State: reconcile.ConflictOpen, Loser: reconcile.Edit{Side: "jira", Value: "doing"}}
	_, err := w.store.Commit(context.Background(), store.Commit{Now: w.clock.Now(), Record: engine.Record{Conflicts: []reconcile.Conflict{orphan}}})
	w.must(err)
	f, err := w.runner.Foresee(context.Background(), []Decision{{Conflict: orphan.ID, Choice: ChoiceDismiss}})
	w.must(err)
	if f.Total() != 0 || f.Refused[orphan.ID] != "the card of this conflict is gone" {
		t.Errorf("foreseen %+v", f)
	}
}
