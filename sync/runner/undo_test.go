package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/memory"
)

// undo takes a change back.
func undo(r *Runner, c kanban.CardID, key string) (Answer, error) {
	return r.Undo(context.Background(), engine.Undo{Key: key, Card: c, Actor: "lea"})
}

func TestUndoInTimeSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, number := w.pair("Undone")
	c := w.card(key).ID
	writes := w.writes()
	w.must(move(w.runner, c, "doing", "one"))
	a, err := undo(w.runner, c, "one")
	w.must(err)
	again, err := undo(w.runner, c, "one")
	if err != nil || again != a || a.State != engine.IntentDone || a.Op != "one" {
		t.Errorf("answers %+v and %+v, %v; want the same, done", a, again, err)
	}
	w.settle(3)
	w.expect(key, number, "To Do", "open", "todo")
	if w.writes() != writes {
		t.Error("something was written")
	}
	_, err = undo(w.runner, c, "two")
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || refused.Stale {
		t.Errorf("an op that nobody has used: %v", err)
	}
}

func TestUndoOfWhatWasWrittenWritesItBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, number := w.pair("Undone")
	c := w.card(key).ID
	w.must(move(w.runner, c, "doing", "before"))
	w.settle(2)
	w.must(move(w.runner, c, "review", "one"))
	w.work()
	w.expect(key, number, "In Review", "open status:review", "review")
	w.clock.Advance(5 * time.Second)
	_, err := undo(w.runner, c, "one")
	w.must(err)
	w.settle(3)
	w.expect(key, number, "In Progress", "open status:in-progress", "doing")
	w.must(move(w.runner, c, "review", "two"))
	w.clock.Advance(engine.UndoFor)
	_, err = undo(w.runner, c, "two")
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || refused.Stale {
		t.Errorf("after ten seconds: %v", err)
	}
}

func TestUndoFindsThePlaceThatItLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, narrow)
	first, _ := w.pair("First")
	second, _ := w.pair("Second")
	third, _ := w.pair("Third")
	a, b := w.card(first).ID, w.card(second).ID
	w.must(move(w.runner, a, "doing", "one"))
	w.must(w.site.Transition("ana", second, "Start work", noEdit)) // two of one
	w.settle(2)
	w.must(move(w.runner, b, "review", "out"))
	_, err := undo(w.runner, b, "out")
	w.must(err) // as full as it was
	w.must(move(w.runner, a, "review", "out of two"))
	w.must(move(w.runner, b, "review", "and of one"))
	w.must(move(w.runner, w.card(third).ID, "doing", "in"))
	_, err = undo(w.runner, b, "and of one")
	if refused, ok := errors.AsType[*engine.Refusal](err); !ok || refused.Limit == nil {
		t.Errorf("somebody has the place: %v", err)
	}
	_, err = undo(w.runner, a, "out of two")
	w.must(err) // two were there when it left
}

func TestTheSameBlockGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Blocked")
	c := w.card(key)
	in := engine.Intent{Key: "one", Card: c.ID, Field: kanban.FieldBlocked, To: "third", Reason: "waits for the bank", Rev: c.Rev, Actor: "lea"}
	writes := w.writes()
	a, err := w.runner.Intend(t.Context(), in)
	w.must(err)
	if again, err := w.runner.Intend(t.Context(), in); err != nil || again != a || a.Rev != c.Rev+1 {
		t.Errorf("answers %+v and %+v, %v", a, again, err)
	}
	in.Reason = "something else"
	if _, err := w.runner.Intend(t.Context(), in); err == nil {
		t.Error("another reason by the same op was taken")
	}
	in.Key, in.Rev = "two", c.Rev
	if refused, ok := errors.AsType[*engine.Refusal](second(w.runner.Intend(t.Context(), in))); !ok || !refused.Stale {
		t.Errorf("an old revision: %v", refused)
	}
	w.settle(3)
	events, err := w.store.Events(t.Context(), c.ID)
	w.must(err)
	blocks := slices.DeleteFunc(events, func(e kanban.Event) bool { return e.Changes[0].Field != kanban.ChangeBlocked })
	if len(blocks) != 1 || blocks[0].Changes[0].ToName != "waits for the bank" || w.writes() != writes {
		t.Errorf("events %+v, %d writes; want one event and none", blocks, w.writes()-writes)
	}
	if f := w.face(key); f.Blocked == nil || f.Turn != kanban.Third {
		t.Errorf("after three polls it is %+v", f.Blocked)
	}
}

func second(_ Answer, err error) error { return err }

// interleaved is a store in which something else happens right before a commit.
type interleaved struct {
	*memory.Store

	between func()
}

func (s *interleaved) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if f := s.between; f != nil {
		s.between = nil
		f()
	}
	return s.Store.Commit(ctx, c)
}

// crowd is a board in memory on which two processes take in what people ask for.
type crowd struct {
	t      *rapid.T
	store  *interleaved
	run    [2]*Runner
	cards  []kanban.CardID
	done   []string // ops, in their order
	moved  map[string]kanban.CardID
	clock  time.Time
	ids    int
	layout kanban.Layout
}

func newCrowd(t *rapid.T) *crowd {
	c := &crowd{t: t, store: &interleaved{Store: memory.New()}, moved: map[string]kanban.CardID{}, clock: monday}
	config := board()
	for i := range config.Columns[1:] {
		i++ // in the first one they all are
		config.Columns[i].WIP = rapid.IntRange(0, 2).Draw(t, "wip")
		config.Columns[i].WIPHard = config.Columns[i].WIP > 0
	}
	config.Limits = []mapping.LimitConfig{{Class: "standard", WIP: rapid.IntRange(1, 4).Draw(t, "in work"), Hard: true}}
	for i := range c.run {
		c.run[i] = New(Options{
			Store: c.store, Compile: func([]connectors.Directory) (*mapping.Rules, []mapping.Problem) { return mapping.Compile(config, nil) },
			Write: true, Poll: time.Minute, Now: func() time.Time { return c.clock }, NewID: func() string { c.ids++; return fmt.Sprint("id-", c.ids) },
		})
		if err := c.run[i].Prepare(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	c.layout = c.run[0].Engine().Rules.Layout()
	for i := range 6 {
		c.see(fmt.Sprint(i))
	}
	return c
}

// see stores a card, in the first column.
func (c *crowd) see(id string) {
	ref := connectors.Ref{Tracker: "github", ID: id, Key: repo + "#" + id, Container: repo}
	eng := c.run[0].Engine()
	step := eng.Step(engine.Card{ID: kanban.NewCardID("github", id)}, engine.Observed{Side: kanban.GitHub, Observation: connectors.Observation{
		Issue: connectors.Issue{Ref: ref, Kind: connectors.GitHub, Title: "Card", State: "open", Created: monday, Updated: monday}, Since: -1,
	}}, monday)
	_, err := c.store.Store.Commit(context.Background(), store.Commit{Now: monday, Cards: []store.CardWrite{c.run[0].cardWrite(eng, step.Card)}, Record: step.Record})
	if err != nil {
		c.t.Fatal(err)
	}
	c.cards = append(c.cards, step.Card.ID)
}

// ask lets one process take in a random wish; while it does, the other may take in another.
func (c *crowd) ask(depth int) {
	if depth > 0 && rapid.Bool().Draw(c.t, "meanwhile") {
		c.store.between = func() { c.ask(depth - 1) }
	}
	r := c.run[rapid.IntRange(0, 1).Draw(c.t, "process")]
	card := rapid.SampledFrom(c.cards).Draw(c.t, "card")
	key := fmt.Sprint("op-", len(c.done))
	c.done = append(c.done, key)
	var err error
	switch rapid.IntRange(0, 5).Draw(c.t, "wish") {
	case 0:
		key := rapid.SampledFrom(c.done).Draw(c.t, "undone")
		_, err = undo(r, c.moved[key], key)
	case 1:
		_, err = r.Intend(context.Background(), engine.Intent{Key: key, Card: card, Field: kanban.FieldPriority, To: "high", Actor: "lea"})
		if err != nil {
			c.t.Errorf("a priority was refused: %v", err)
		}
	default:
		c.moved[key] = card
		to := rapid.SampledFrom(c.layout.Columns).Draw(c.t, "to").Key
		err = move(r, card, kanban.Value(to), key)
	}
	c.store.between = nil
	_, refused := errors.AsType[*engine.Refusal](err)
	if err != nil && !refused && !errors.Is(err, store.ErrUnknown) {
		c.t.Fatal(err)
	}
}

// TestNoInterleavingOfIntentsExceedsALimit: whatever two processes are asked for, and
// whenever the one comes between the reading and the writing of the other.
func TestNoInterleavingOfIntentsExceedsALimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := newCrowd(rt)
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			c.ask(2)
			faces, err := c.store.Faces(context.Background(), store.FaceQuery{})
			if err != nil {
				rt.Fatal(err)
			}
			for _, l := range c.layout.WIPLimits() {
				n := 0
				for _, f := range faces {
					if c.layout.Counts(l, f.Card) {
						n++
					}
				}
				if l.Hard && n > l.WIP {
					rt.Fatalf("%s holds %d of %d", l.ID(), n, l.WIP)
				}
			}
		}
	})
}
