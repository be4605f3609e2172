package runner

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
)

// move asks for a column, by the API or a page.
func move(r *Runner, c kanban.CardID, to kanban.Value, key string) error {
	_, err := r.Intend(context.Background(), engine.Intent{Key: key, Card: c, Field: kanban.FieldStatus, To: to, Actor: "lea"})
	return err
}

// narrow makes a board on which one card may be in progress at a time, and no more than
// two in work for Ana.
func narrow(w *world) {
	w.change = func(c *mapping.Config) {
		c.Columns[1].WIP, c.Columns[1].WIPHard = 1, true
		c.Persons = []mapping.PersonConfig{{Name: "Ana", Jira: "ana", GitHub: "ben", WIP: 2, Hard: true}}
	}
}

func TestHardLimitRefusesMovesAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	first, _ := w.pair("First")
	second, number := w.pair("Second")
	a, b := w.card(first).ID, w.card(second).ID
	w.must(move(w.runner, a, "doing", "one"))
	err := move(w.runner, b, "doing", "two")
	refused, ok := errors.AsType[*engine.Refusal](err)
	if !ok || refused.Stale || refused.Reason != "doing is full: 1 of 1; finish or move one first" || refused.Limit == nil || refused.Count != 1 {
		t.Fatalf("error %v, want doing to be full", err)
	}
	if diff := cmp.Diff([]kanban.Value{"review", "done"}, refused.Allowed); diff != "" {
		t.Errorf("allowed (-want +got):\n%s", diff)
	}
	_, err = w.runner.Intend(t.Context(), engine.Intent{Key: "p", Card: b, Field: kanban.FieldPriority, To: "high"})
	w.must(err)
	w.must(move(w.runner, a, "doing", "again")) // it is there already
	w.must(move(w.runner, a, "review", "out"))
	w.must(move(w.runner, b, "doing", "two")) // a refused op was not used up
	w.settle(3)
	w.expect(second, number, "In Progress", "open priority:high status:in-progress", "doing")
}

func TestWhatTrackersSayIsNeverRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	first, _ := w.pair("First")
	second, _ := w.pair("Second")
	third, _ := w.pair("Third")
	w.must(move(w.runner, w.card(first).ID, "doing", "one"))
	w.must(w.site.Transition("ana", second, "Start work", noEdit))
	w.settle(2)
	if w.face(second).Column != "doing" {
		t.Fatal("what was done in Jira is not shown")
	}
	if refused, ok := errors.AsType[*engine.Refusal](move(w.runner, w.card(third).ID, "doing", "three")); !ok || refused.Count != 2 {
		t.Errorf("refusal %+v, want 2 of 1", refused)
	}
	w.must(move(w.runner, w.card(first).ID, "review", "out"))
}

func TestHardLimitOfAPersonCountsByTheConfiguredName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	var ids []kanban.CardID
	for i := range 3 {
		key, number := w.pair(fmt.Sprint("Card ", i))
		w.must(w.hub.Assign("ben", repo, number, "ben"))
		w.settle(2)
		if got := w.face(key).Person; got != "Ana" {
			t.Fatalf("the one who works on it is %q, want Ana", got)
		}
		ids = append(ids, w.card(key).ID)
	}
	w.must(move(w.runner, ids[0], "review", "a"))
	w.must(move(w.runner, ids[1], "review", "b"))
	refused, ok := errors.AsType[*engine.Refusal](move(w.runner, ids[2], "review", "c"))
	if !ok || refused.Reason != "Ana has 2 of 2 cards in work; finish or move one first" {
		t.Fatalf("refusal %+v, want that of Ana", refused)
	}
	if diff := cmp.Diff([]kanban.Value{"done"}, refused.Allowed); diff != "" {
		t.Errorf("allowed (-want +got):\n%s", diff)
	}
	w.must(move(w.runner, ids[0], "doing", "within"))
}

func TestOfTwoProcessesOneGetsTheLastPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	const cards = 6
	ids := make([]kanban.CardID, cards)
	for i := range ids {
		key, _ := w.pair(fmt.Sprint("Card ", i))
		ids[i] = w.card(key).ID
	}
	one := w.runner
	w.start()
	runners := []*Runner{one, w.runner}
	in := make([]bool, cards)
	var group errgroup.Group
	for i, id := range ids {
		group.Go(func() error {
			err := move(runners[i%2], id, "doing", fmt.Sprint("op", i))
			if _, refused := errors.AsType[*engine.Refusal](err); refused {
				return nil
			}
			in[i] = err == nil
			return err
		})
	}
	w.must(group.Wait())
	got := 0
	for i, id := range ids {
		c, err := w.store.Card(t.Context(), id)
		w.must(err)
		if there := c.Status.Agreed == "doing"; there != in[i] {
			t.Errorf("card %d: told %v, is there %v", i, in[i], there)
		} else if there {
			got++
		}
	}
	if got != 1 {
		t.Errorf("%d cards got the last place, want 1", got)
	}
}

func TestRestoringAConflictObeysLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	other, _ := w.pair("Other")
	w.must(move(w.runner, w.card(other).ID, "doing", "one"))
	_, _, lost := collide(t, w)
	_, err := w.runner.Restore(t.Context(), lost.ID, "lea")
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || refused.Limit == nil {
		t.Fatalf("error %v, want doing to be full", err)
	}
	w.must(move(w.runner, w.card(other).ID, "review", "out"))
	_, err = w.runner.Restore(t.Context(), lost.ID, "lea")
	w.must(err)
}
