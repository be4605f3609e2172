package view_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
	"parley/sync/view"
)

// record stores conflicts as a step would.
func (b *bench) record(cs ...reconcile.Conflict) {
	b.t.Helper()
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: engine.Record{Conflicts: cs}}); err != nil {
		b.t.Fatal(err)
	}
}

// met is a conflict of a card: Ana's edit on the board against ben's in GitHub.
func met(id string, card kanban.CardID, state string, age time.Duration) reconcile.Conflict {
	board := reconcile.Edit{Side: reconcile.SideBoard, Actor: "ana", Value: "doing", At: now.Add(-age)}
	c := reconcile.Conflict{
		ID: id, Card: card, Field: kanban.FieldStatus, At: now.Add(-age), Base: "todo", Policy: reconcile.NewestWins, State: state, Ambiguous: true,
		Loser:   reconcile.Edit{Side: "github", Actor: "ben", Value: "done", Native: "closed:completed", At: now.Add(-age)},
		Support: []reconcile.Edit{{Side: "github", Value: "todo"}, board},
	}
	if state != reconcile.ConflictOpen {
		c.Winner = board
	}
	return c
}

func TestConflictsTellBothEdits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	b.record(met("0199-open", card.ID, reconcile.ConflictOpen, 3*time.Hour), met("0198-auto", card.ID, reconcile.ConflictAuto, 2*time.Hour),
		met("0197-new", card.ID, reconcile.ConflictAuto, time.Hour), met("0196-over", card.ID, reconcile.ConflictRestored, time.Minute), met("0195-gone", "aaaaaaaaaaaa", reconcile.ConflictDismissed, 0))
	all, err := b.views.Conflicts(context.Background(), true)
	if err != nil || len(all) != 5 {
		t.Fatalf("%d conflicts, %v", len(all), err)
	}
	some, err := b.views.Conflicts(context.Background(), false)
	if err != nil || len(some) != 3 || some[0].ID != "0199-open" || some[1].ID != "0197-new" || some[2].ID != "0198-auto" {
		t.Errorf("to act on: %+v, %v; want the open one, then the newest", some, err)
	}
	open, auto := some[0], some[1]
	if open.Winner != nil || !open.Open() || !open.Restorable || open.Kept.Value != "In progress" || open.Kept.By() != "ana on the board" {
		t.Errorf("the open one: %+v", open)
	}
	if auto.Winner == nil || auto.Winner.Side != "board" || !auto.Ambiguous || auto.Policy != "newest" || auto.Loser.Words() != "Done (closed as completed)" || auto.Loser.By() != "ben in GitHub" {
		t.Errorf("the one decided: %+v", auto)
	}
	if open.Now != "To do" || open.Superseded || auto.Now != "To do" || !auto.Superseded || auto.Restorable {
		t.Errorf("by now %q and %q, superseded %v and %v, want what the card shows: not what won and was set again since", open.Now, auto.Now, open.Superseded, auto.Superseded)
	}
	if auto.Key != "acme/infra#1" || auto.Title != "one" || auto.Name != "Status" {
		t.Errorf("about %s, %s, %s", auto.Key, auto.Title, auto.Name)
	}
	for _, c := range all {
		if c.ID == "0196-over" && c.Restorable || c.ID == "0195-gone" && (c.Key != "" || c.Title != "") {
			t.Errorf("%+v", c)
		}
	}
	ex, err := b.views.Explain(context.Background(), string(card.ID))
	if err != nil || len(ex.Fields[0].Lost) != 4 || len(ex.Fields[1].Lost) != 0 {
		t.Errorf("explained with %d and %d conflicts, %v", len(ex.Fields[0].Lost), len(ex.Fields[1].Lost), err)
	}
}

// asked is a store that keeps which conflicts were asked for.
type asked struct {
	view.Source
	conflicts []store.ConflictQuery
}

func (a *asked) Conflicts(ctx context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error) {
	a.conflicts = append(a.conflicts, q)
	return a.Source.Conflicts(ctx, q)
}

// What is over only grows: who asks for what can be acted on does not read it.
func TestWhatIsOverIsNotReadForWhatIsNot(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	b.record(met("0199-open", card.ID, reconcile.ConflictOpen, 0), met("0196-over", card.ID, reconcile.ConflictDismissed, 0))
	src := &asked{Source: b.views.Source}
	options := b.views.Options
	options.Source = src
	some, err := view.New(options).As(b.views.Viewer).Conflicts(context.Background(), false)
	if err != nil || len(some) != 1 || len(src.conflicts) != 1 || len(src.conflicts[0].States) != 2 {
		t.Errorf("%d conflicts, asked for %+v, %v", len(some), src.conflicts, err)
	}
}

func TestConflictsAreNamedByTheBeginningOfTheirIDs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open")
	const twin = "0199a2b3-7c1e-7d2f-9a10-3f6c2b7a9e01"
	b.record(met(twin, card.ID, "open", 0), met("0199a2b3-7c1e-7d2f-9a10-3f6c2b7a9e02", card.ID, "auto", 0), met("0199b000-0000-7d2f-9a10-3f6c2b7a9e02", card.ID, "auto", 0))
	for name, want := range map[string]string{
		twin: twin, strings.ToUpper(twin): twin, "0199b0": "0199b000-0000-7d2f-9a10-3f6c2b7a9e02", "0199B000\n": "0199b000-0000-7d2f-9a10-3f6c2b7a9e02",
		"0199a": "", "0199a2b3": "", "777777": "", "": "",
	} {
		c, err := b.views.Conflict(context.Background(), name)
		if c.ID != want || (want == "") != view.IsName(err) {
			t.Errorf("%q names %q, %v; want %q", name, c.ID, err, want)
		}
	}
	all, err := b.views.Conflicts(context.Background(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		found, err := b.views.Conflict(context.Background(), c.Short)
		if err != nil || found.ID != c.ID || len(c.Short) < 8 {
			t.Errorf("what is shown of %s, %q, names %q, %v", c.ID, c.Short, found.ID, err)
		}
	}
}

// A restricted card's words are nobody's to read: not in a conflict either.
func TestConflictsOfRestrictedCardsSayNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "Payroll of the board", "open", "confidential")
	c := met("0199-open", card.ID, reconcile.ConflictOpen, 0)
	c.Field, c.Base = kanban.FieldTitle, "Payroll"
	c.Loser.Value, c.Loser.Native, c.Support[1].Value = "Payroll of the board", "Payroll of the board", "Payroll old"
	label := met("0198-label", card.ID, reconcile.ConflictAuto, 0)
	label.Field = kanban.Element(kanban.FieldLabels, "layoffs")
	b.record(c, label)
	all, err := b.views.Conflicts(context.Background(), true)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for _, x := range all {
		text := strings.Join([]string{x.Title, x.Name, string(x.Field), x.Kept.Words(), x.Loser.Words()}, " ")
		if strings.Contains(text, "ayroll") || strings.Contains(text, "layoffs") {
			t.Errorf("it says %q", text)
		}
	}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: engine.Record{Activity: []engine.Activity{
		{At: now, Card: card.ID, Kind: engine.DidChange, Field: kanban.FieldTitle, Text: "title: Payroll → Payroll of the board"},
	}}}); err != nil {
		t.Fatal(err)
	}
	lines, err := b.views.Activity(context.Background(), 0, 10)
	if err != nil || len(lines) == 0 || strings.Contains(lines[0].Text, "Payroll") {
		t.Errorf("activity says %+v, %v", lines, err)
	}
}
