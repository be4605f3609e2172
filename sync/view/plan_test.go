package view_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/remark"
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

// What is to be said is in the plan, and its words are not where they are for few.
func TestAPlanNamesTheCommentsThatAreToBePosted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, time.Hour, "one", "open")
	empty := b.plan()
	held := mirror.Saga{ID: "s", State: mirror.Held}
	for name, c := range map[string]struct {
		change func(*remark.Remark)
		to     string // "-": it is not in the plan
	}{
		"held":     {func(*remark.Remark) {}, "Which week?"},
		"for few":  {func(r *remark.Remark) { r.Audience.Internal = true }, "hidden"},
		"no card":  {func(r *remark.Remark) { r.Issue.ID = "77" }, "hidden"},
		"sending":  {func(r *remark.Remark) { r.Post.State = mirror.Sending }, "-"},
		"posted":   {func(r *remark.Remark) { r.Post.State, r.Written = mirror.Done, 1 }, "-"},
		"edited":   {func(r *remark.Remark) { r.Post.State = mirror.Done }, "Which week?"},
		"unwanted": {func(r *remark.Remark) { r.Post.State, r.Retract = mirror.Done, true }, ""},
	} {
		r := remark.Remark{Key: "q " + name, Issue: connectors.Ref{Tracker: "github", ID: "1001", Key: "acme/infra#1"}, Body: "Which week?", Version: 1, Reason: "asked", Post: held}
		c.change(&r)
		if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Remarks: []store.RemarkWrite{{Remark: r}}}); err != nil {
			t.Fatal(err)
		}
		p := b.plan()
		var got *view.PlanWrite
		for i := range p.Writes {
			if string(p.Writes[i].Exact.From) == r.Key {
				got = &p.Writes[i]
			}
		}
		switch {
		case (got == nil) != (c.to == "-"):
			t.Errorf("%s: in the plan: %v", name, got != nil)
		case got != nil && (got.Kind != view.PlanComment || strings.Contains(got.To+got.Reason, "week") != (c.to == "Which week?") || p.Hash == empty.Hash):
			t.Errorf("%s: %+v", name, got)
		}
	}
}
