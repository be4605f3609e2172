package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func cardCases() []check {
	return []check{
		{"a card comes back as it was written", roundTrip},
		{"an unknown card is ErrUnknown", unknownCard},
		{"many cards load at once", manyCards},
		{"a card is found by every name it has", resolve},
		{"a name that fits two cards is ErrAmbiguous", ambiguous},
		{"nonsense is refused", nonsense},
		{"an intent is answered once", answers},
		{"the sequence grows with what people see", sequence},
		{"counts and size", counts},
	}
}

func roundTrip(t fixture) {
	s := t.store
	w := fullCard()
	commit(t, s, store.Commit{Cards: []store.CardWrite{w}})
	got := must(s.Card(t.Context(), w.Card.ID))(t)
	want := w.Card
	want.Lock = 1
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("card changed on its way (-want +got):\n%s", diff)
	}
	faces := must(s.Faces(t.Context(), store.FaceQuery{}))(t)
	if diff := cmp.Diff([]store.Face{{Card: w.Face, Seq: 1}}, faces); diff != "" {
		t.Errorf("face changed on its way (-want +got):\n%s", diff)
	}
}

// fullCard is a card with something in every part.
func fullCard() store.CardWrite {
	w := paired("full", "Ünïcode ☃ \U0001F600 <b>")
	issue := &w.Card.Sides[kanban.Jira].Issue
	issue.Created, issue.Updated, issue.Closed = at(1), at(2), at(3)
	issue.Status = connectors.Option{ID: "3", Name: "In Arbeit", Category: "indeterminate"}
	issue.Labels, issue.Components = []string{"a", "b"}, []string{"Trading"}
	issue.Assignees = []connectors.Person{{ID: "1", Name: "Ana"}}
	issue.Custom = map[string]string{"Team": "Payments"}
	w.Card.Sides[kanban.GitHub].Problem = &engine.Problem{Kind: connectors.NotFound, Text: "gone", At: at(4), Retries: 2}
	edit := reconcile.Edit{Side: "jira", Source: "77", Actor: "ana", Value: "doing", Native: "3", At: at(5)}
	w.Card.Status.Support = []reconcile.Edit{edit}
	w.Card.Status.Sides[kanban.GitHub] = reconcile.SideState{
		Known: true, Native: "open", Seq: 9, Seen: 1,
		Refused: &reconcile.Refusal{Version: 1, Native: "open", Reason: "no way", At: at(6)},
	}
	w.Card.Pairing = &engine.Pairing{How: "hand", At: at(7), By: "ops"}
	w.Card.Ops = []reconcile.Op{newOp("op-1", "full", reconcile.Planned, 1)}
	w.Face.Blocked = &kanban.Block{Reason: "waits", Party: kanban.Third, Since: at(8)}
	w.Face.Badges = []kanban.Badge{{Kind: kanban.BadgeDiffers, Text: "differs"}}
	return w
}

func unknownCard(t fixture) {
	s := t.store
	if _, err := s.Card(t.Context(), "nobody"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Card = %v, want ErrUnknown", err)
	}
	if err := s.Touch(t.Context(), "nobody", epoch()); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Touch = %v, want ErrUnknown", err)
	}
	if _, err := s.Resolve(t.Context(), "nobody"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("Resolve = %v, want ErrUnknown", err)
	}
}

func manyCards(t fixture) {
	s := t.store
	const n = 1203 // more than one statement takes
	var c store.Commit
	var ids []kanban.CardID
	for i := range n {
		w := newCard(kanban.NewCardID("jira", time.Duration(i).String()), "many")
		w.Card.Ops = []reconcile.Op{newOp("op-"+string(w.Card.ID), w.Card.ID, reconcile.Planned, i)}
		c.Cards = append(c.Cards, w)
		ids = append(ids, w.Card.ID)
	}
	commit(t, s, c)
	cards := must(s.Cards(t.Context(), append(ids, "nobody")))(t)
	if len(cards) != n {
		t.Fatalf("%d cards, want %d", len(cards), n)
	}
	for id, card := range cards {
		if card.ID != id || len(card.Ops) != 1 || card.Ops[0].Card != id {
			t.Fatalf("card %s came as %s with writes %v", id, card.ID, card.Ops)
		}
	}
}

func resolve(t fixture) {
	s := t.store
	a, b := newCard("aaa", "a"), newCard("bbb", "b")
	commit(t, s, store.Commit{Cards: []store.CardWrite{a, b}, Issues: []store.IssueRow{
		{Tracker: "jira", ID: "1", Key: "OPS-12", Card: "aaa"},
		{Tracker: "github", ID: "2", Key: "Acme/Payments#7", Card: "aaa"},
	}})
	commit(t, s, store.Commit{Moved: []store.Alias{{Old: "bbb", New: "aaa"}}})
	for _, name := range []string{"aaa", "bbb", "OPS-12", "ops-12", " OPS-12\n", "acme/payments#7", "ACME/Payments#7", "AAA"} {
		if got := must(s.Resolve(t.Context(), name))(t); got != "aaa" {
			t.Errorf("Resolve(%q) = %q, want aaa", name, got)
		}
	}
}

func ambiguous(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("aaa", "a"), newCard("bbb", "b")}, Issues: []store.IssueRow{
		{Tracker: "jira", ID: "1", Key: "OPS-12", Card: "aaa"},
		{Tracker: "other", ID: "1", Key: "OPS-12", Card: "bbb"},
	}})
	_, err := s.Resolve(t.Context(), "OPS-12")
	if both, ok := errors.AsType[store.AmbiguousError](err); !errors.Is(err, store.ErrAmbiguous) || !ok || !slices.Equal(both.Cards, []kanban.CardID{"aaa", "bbb"}) {
		t.Errorf("Resolve = %v, want the ErrAmbiguous of aaa and bbb", err)
	}
}

func nonsense(t fixture) {
	s := t.store
	w := newCard("aaa", "a")
	for name, c := range map[string]store.Commit{
		"no id":          {Cards: []store.CardWrite{{}}},
		"NUL in id":      {Cards: []store.CardWrite{newCard("a\x00", "a")}},
		"written twice":  {Cards: []store.CardWrite{w, w}},
		"moved to self":  {Moved: []store.Alias{{Old: "a", New: "a"}}},
		"moved nowhere":  {Moved: []store.Alias{{Old: "a"}}},
		"written, moved": {Cards: []store.CardWrite{w}, Moved: []store.Alias{{Old: "aaa", New: "b"}}},
	} {
		if _, err := s.Commit(t.Context(), c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if n := must(s.Seq(t.Context()))(t); n != 0 {
		t.Errorf("sequence %d after refusals, want 0", n)
	}
}

func answers(t fixture) {
	s := t.store
	if _, ok, err := s.AnswerOf(t.Context(), "k"); ok || err != nil {
		t.Fatalf("AnswerOf = %v, %v before any", ok, err)
	}
	commit(t, s, store.Commit{Answer: &store.Answer{Key: "k", JSON: json.RawMessage(`{"state":"done"}`)}})
	got, ok, err := s.AnswerOf(t.Context(), "k")
	if !ok || err != nil || string(got) != `{"state":"done"}` {
		t.Errorf("AnswerOf = %s, %v, %v", got, ok, err)
	}
	_, err = s.Commit(t.Context(), store.Commit{
		Cards: []store.CardWrite{newCard("aaa", "a")}, Answer: &store.Answer{Key: "k", JSON: json.RawMessage(`{}`)},
	})
	if !errors.Is(err, store.ErrAnswered) {
		t.Errorf("second answer: %v, want ErrAnswered", err)
	}
	if _, err := s.Card(t.Context(), "aaa"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("the refused commit left its card: %v", err)
	}
	if n := must(s.PruneAnswers(t.Context(), at(1)))(t); n != 1 {
		t.Errorf("pruned %d answers, want 1", n)
	}
}

func sequence(t fixture) {
	s := t.store
	seen := commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("aaa", "a"), newCard("bbb", "b")}})
	if seen != 1 {
		t.Fatalf("sequence %d after the first commit, want 1", seen)
	}
	same := commit(t, s, store.Commit{Cursor: &store.SourceState{Tracker: "jira"}, Issues: []store.IssueRow{{Tracker: "jira", ID: "1"}}})
	if same != 1 {
		t.Errorf("sequence %d after a commit nobody can see, want 1", same)
	}
	line := engine.Record{Activity: []engine.Activity{{Kind: engine.DidPair, Text: "paired"}}}
	if n := commit(t, s, store.Commit{Record: line}); n != 2 {
		t.Errorf("sequence %d after activity, want 2", n)
	}
	if n := must(s.Seq(t.Context()))(t); n != 2 {
		t.Errorf("Seq = %d, want 2", n)
	}
}

func counts(t fixture) {
	s := t.store
	w := newCard("aaa", "a")
	w.Dirty = true
	w.Card.Ops = []reconcile.Op{newOp("1", "aaa", reconcile.Planned, 0), newOp("2", "aaa", reconcile.Finished, 0)}
	commit(t, s, store.Commit{
		Cards:  []store.CardWrite{w, newCard("bbb", "b")},
		Issues: []store.IssueRow{{Tracker: "jira", ID: "1"}},
		Record: engine.Record{
			Events:    []kanban.Event{newEvent("e1", "1", 0), newEvent("e2", "1", 0)},
			Conflicts: []reconcile.Conflict{{ID: "c1", State: reconcile.ConflictOpen}, {ID: "c2", State: reconcile.ConflictAuto}},
		},
	})
	want := store.Tally{Cards: 2, Due: 1, Issues: 1, Events: 2, OpenOps: 1, Conflicts: 1}
	if got := must(s.Counts(t.Context()))(t); got != want {
		t.Errorf("Counts = %+v, want %+v", got, want)
	}
	disk, ok := s.(interface {
		Size(ctx context.Context) (int64, error)
	})
	if !ok {
		return // it has none
	}
	if n := must(disk.Size(t.Context()))(t); n < 4096 {
		t.Errorf("Size = %d bytes, want at least a page", n)
	}
}
