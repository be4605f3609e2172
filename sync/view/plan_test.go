package view_test

import (
	"context"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/store"
	"parley/sync/view"
)

// wish moves a card on the board of a bench in plan mode.
func (b *bench) wish(id kanban.CardID, to kanban.Value, by string) {
	b.t.Helper()
	b.eng.Write = false
	card, err := b.store.Card(context.Background(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	step, _, refused := b.eng.Ask(card, engine.Intent{Key: string(to), Card: id, Field: kanban.FieldStatus, To: to, Actor: by, At: now})
	if refused != nil {
		b.t.Fatal(refused)
	}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}, Record: step.Record}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) plan() view.Plan {
	b.t.Helper()
	p, err := b.views.Plan(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// The hash says what is written, whoever asked for it, when, and in which order.
func TestTheSameWorldGivesTheSameHash(t *testing.T) {
	t.Parallel()
	build := func(reverse bool, by string, to kanban.Value) *bench {
		b := newBench(t)
		cards := []engine.Card{b.see(1, time.Hour, "one", "open"), b.see(2, time.Hour, "two", "open")}
		if reverse {
			b.wish(cards[1].ID, to, by)
			b.wish(cards[0].ID, "doing", by)
		} else {
			b.wish(cards[0].ID, "doing", by)
			b.wish(cards[1].ID, to, by)
		}
		return b
	}
	first := build(false, "lea", "doing").plan()
	if first.Counts["total"] != 2 || first.Counts["field"] != 2 || first.Counts["github"] != 2 || len(first.Hash) != 64 {
		t.Errorf("plan %+v", first)
	}
	if first.Writes[0].Issue != "acme/infra#1" || first.Writes[0].Held == "" || first.Writes[0].Kind != view.PlanField {
		t.Errorf("first write %+v", first.Writes[0])
	}
	if again := build(true, "max", "doing").plan(); again.Hash != first.Hash {
		t.Errorf("the same writes, asked for by another in another order, have hash %s, not %s", again.Hash, first.Hash)
	}
	if other := build(false, "lea", "done").plan(); other.Hash == first.Hash {
		t.Error("another write has the same hash")
	}
	if none := newBench(t).plan(); none.Hash == first.Hash || none.Writes == nil {
		t.Errorf("no plan: %+v", none)
	}
}

func TestPlanningWritesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wish(b.see(1, time.Hour, "one", "open").ID, "doing", "lea")
	before, err := b.store.Seq(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	b.plan()
	if after, err := b.store.Seq(context.Background()); err != nil || after != before {
		t.Errorf("the data sequence went from %d to %d, %v", before, after, err)
	}
}

func TestAPlanNamesTheTwinsThatAreToBeCreated(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	empty := b.plan()
	for state, want := range map[mirror.State]bool{mirror.Held: true, mirror.Planned: true, mirror.Sending: false, mirror.Cancelled: false} {
		stored, err := b.store.Card(context.Background(), card.ID)
		if err != nil {
			t.Fatal(err)
		}
		stored.Mirror = &mirror.Saga{ID: "s", State: state, Source: "github", SourceID: "1001", Tracker: "jira", Container: "OPS", Reason: "it has no twin"}
		if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: stored, Face: b.eng.Face(&stored)}}}); err != nil {
			t.Fatal(err)
		}
		p := b.plan()
		if got := len(p.Writes) == 1; got != want || got == (p.Hash == empty.Hash) {
			t.Errorf("%s: %+v", state, p)
			continue
		}
		if want && (p.Writes[0].Kind != view.PlanCreate || p.Writes[0].Issue != "acme/infra#1" || p.Writes[0].To != "OPS" || p.Counts["create"] != 1 || (p.Writes[0].Held != "") != (state == mirror.Held)) {
			t.Errorf("%s: %+v", state, p.Writes[0])
		}
	}
}
