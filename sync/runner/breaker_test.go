package runner

import (
	"context"
	"fmt"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

// crowd makes n pairs.
func (w *world) crowd(n int) (keys []string) {
	w.t.Helper()
	for i := range n {
		j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprintf("Work %d", i)})
		w.must(err)
		_, err = w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: j.Key + " work"})
		w.must(err)
		keys = append(keys, j.Key)
	}
	w.settle(3)
	return keys
}

// approve lets all held writes go, as parley apply does.
func (w *world) approve(keys []string) {
	w.t.Helper()
	ctx := context.Background()
	for _, key := range keys {
		card := w.card(key)
		var held []string
		for _, op := range card.Ops {
			if op.State == reconcile.Held {
				held = append(held, op.ID)
			}
		}
		rows, err := w.store.IssueByKey(ctx, key)
		w.must(err)
		w.must(w.runner.apply(ctx, rows[0], engine.Approved{Ops: held, By: "olga"}))
	}
}

func TestMassChangeIsHeldBeforeItsFirstWrite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n      int
		held   bool
		limits Limits
		change func(w *world, key string, number int)
	}{
		"30 of 60 cards moved": {n: 30, held: true, limits: Limits{Change: 0.2, Close: 1}, change: func(w *world, _ string, n int) {
			w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
		}},
		"20 of 60 cards moved": {n: 20, limits: Limits{Change: 0.2, Close: 1}, change: func(w *world, _ string, n int) {
			w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
		}},
		"8 of 60 cards closed": {n: 8, held: true, limits: Limits{Change: 1, Close: 0.1}, change: func(w *world, key string, _ int) {
			w.must(w.site.MigrateStatus("ana", key, "Done"))
		}},
		"no limits": {n: 30, limits: Limits{Change: 1, Close: 1}, change: func(w *world, _ string, n int) {
			w.must(w.hub.AddLabels("ben", repo, n, "priority:high"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(w *world) { w.limits = c.limits })
			keys := w.crowd(60)
			before := w.writes()
			for i, key := range keys[:c.n] {
				c.change(w, key, i+1)
			}
			w.settle(3)
			if written := w.writes() - before; (written == 0) != c.held {
				t.Fatalf("%d requests that write; held: %t, tripped %v", written, c.held, w.runner.Tripped())
			}
			if c.held {
				w.resumeAfterTrip(keys[:c.n])
			}
			for _, key := range keys[:c.n] {
				card := w.card(key)
				for _, f := range kanban.Fields {
					m, state := w.runner.Engine().Machine(&card, f), card.Field(f)
					if !m.Shows(state, kanban.Jira) || !m.Shows(state, kanban.GitHub) && state.Sides[1].Native != "" && f == kanban.FieldStatus {
						t.Fatalf("%s differs in %s: %+v", key, f, state)
					}
				}
			}
			if len(w.runner.Tripped()) > 0 {
				t.Errorf("still tripped: %v", w.runner.Tripped())
			}
		})
	}
}

// resumeAfterTrip checks that a restart keeps the breaker, and lets its writes go.
func (w *world) resumeAfterTrip(keys []string) {
	w.t.Helper()
	w.must(w.store.Close())
	w.start()
	w.must(w.runner.TakeUp(context.Background()))
	before := w.writes()
	if w.settle(2); w.writes() != before || len(w.runner.Tripped()) != 1 {
		w.t.Fatalf("after a restart: %d writes, tripped %v", w.writes()-before, w.runner.Tripped())
	}
	w.approve(keys)
	w.settle(6)
}

func TestBoardIsNotHeldByABreaker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 0.2, Close: 0.1} })
	keys := w.crowd(60)
	for i := range 30 {
		w.must(w.hub.AddLabels("ben", repo, i+1, "status:review"))
	}
	w.settle(2)
	card := w.card(keys[59])
	answer, err := w.runner.Intend(context.Background(), engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: "doing", Rev: card.Rev, Actor: "olga"})
	w.must(err)
	if w.settle(2); answer.State != engine.IntentSent {
		t.Errorf("the drag is %s", answer.State)
	}
	w.expect(keys[59], 60, "In Progress", "open status:in-progress", "doing")
}
