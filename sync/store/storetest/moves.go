package storetest

import (
	"errors"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func moveCases() []check {
	return []check{
		{"what belonged to a card that moved belongs to its successor", moved},
		{"a move is refused when the old card was changed", movedStale},
		{"moves follow each other", movedTwice},
		{"moves of one commit see each other", movedAtOnce},
		{"a card that comes back ends its alias", revived},
		{"a fresh card is not made where it has gone into another", notFresh},
	}
}

func moved(t fixture) {
	s := t.store
	ctx := t.Context()
	c := everything("old")
	c.Cards = append(c.Cards, newCard("new", "n"))
	commit(t, s, c)
	seq := commit(t, s, store.Commit{Moved: []store.Alias{{Old: "old", New: "new", Lock: 1}}})

	if _, err := s.Card(ctx, "old"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("the old card: %v, want ErrUnknown", err)
	}
	card := must(s.Card(ctx, "new"))(t)
	if len(card.Ops) != 1 || card.Ops[0].ID != "op-old" || card.Ops[0].Card != "new" {
		t.Errorf("writes of the new card: %+v", card.Ops)
	}
	if k := must(s.Conflict(ctx, "c"))(t); k.Card != "new" {
		t.Errorf("the conflict belongs to %q", k.Card)
	}
	if l := must(s.Activity(ctx, store.ActivityQuery{Card: "new"}))(t); len(l) != 1 || l[0].Card != "new" {
		t.Errorf("activity of the new card: %+v", l)
	}
	if rows := must(s.Index(ctx, "jira", []string{"1"}))(t); rows["1"].Card != "new" {
		t.Errorf("the issue belongs to %q", rows["1"].Card)
	}
	if e := must(s.Events(ctx, "new"))(t); len(e) != 1 {
		t.Errorf("%d events of the new card, want 1", len(e))
	}
	if diff := cmp.Diff([]store.Alias{{Old: "old", New: "new", Seq: seq}}, must(s.Gone(ctx, seq-1))(t)); diff != "" {
		t.Errorf("Gone (-want +got):\n%s", diff)
	}
	if gone := must(s.Gone(ctx, seq))(t); len(gone) != 0 {
		t.Errorf("gone after that: %v", gone)
	}
}

func movedStale(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("old", "o"), newCard("new", "n")}})
	old := must(s.Card(t.Context(), "old"))(t)
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(old)}})
	_, err := s.Commit(t.Context(), store.Commit{Moved: []store.Alias{{Old: "old", New: "new", Lock: old.Lock}}})
	if !errors.Is(err, store.ErrStale) {
		t.Errorf("move = %v, want ErrStale", err)
	}
	must(s.Card(t.Context(), "old"))(t) // still there
}

func movedTwice(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "a"), newCard("b", "b"), newCard("c", "c")}})
	commit(t, s, store.Commit{Moved: []store.Alias{{Old: "a", New: "b"}}})
	commit(t, s, store.Commit{Moved: []store.Alias{{Old: "b", New: "c"}}})
	for _, id := range []string{"a", "b", "c"} {
		if got := must(s.Resolve(t.Context(), id))(t); got != "c" {
			t.Errorf("Resolve(%s) = %s, want c", id, got)
		}
	}
}

func movedAtOnce(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "a"), newCard("b", "b"), newCard("c", "c")}})
	_, err := s.Commit(t.Context(), store.Commit{Moved: []store.Alias{{Old: "a", New: "b"}, {Old: "c", New: "a"}}})
	if !errors.Is(err, store.ErrUnknown) {
		t.Errorf("move to a card that has just moved away = %v, want ErrUnknown", err)
	}
	must(s.Card(t.Context(), "a"))(t) // nothing of that commit was done
	commit(t, s, store.Commit{
		Cards: []store.CardWrite{newCard("d", "d")},
		Moved: []store.Alias{{Old: "a", New: "b", Lock: 1}, {Old: "b", New: "d", Lock: 1}},
	})
	for _, id := range []string{"a", "b", "d"} {
		if got := must(s.Resolve(t.Context(), id))(t); got != "d" {
			t.Errorf("Resolve(%s) = %s, want d", id, got)
		}
	}
}

func revived(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "a"), newCard("b", "b")}})
	commit(t, s, store.Commit{Moved: []store.Alias{{Old: "a", New: "b"}}})
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "back")}})
	if got := must(s.Resolve(t.Context(), "a"))(t); got != "a" {
		t.Errorf("Resolve(a) = %s, want a", got)
	}
	if gone := must(s.Gone(t.Context(), 0))(t); len(gone) != 0 {
		t.Errorf("still gone: %v", gone)
	}
}

// notFresh holds that a card which was new when its writer looked is not made again
// after it went into another one: its issue would be on two cards.
func notFresh(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "a"), newCard("b", "b")}})
	commit(t, s, store.Commit{Moved: []store.Alias{{Old: "a", New: "b"}}})
	late, other := newCard("a", "late"), newCard("c", "c")
	late.Fresh, other.Fresh = true, true
	if _, err := s.Commit(t.Context(), store.Commit{Cards: []store.CardWrite{other, late}}); !errors.Is(err, store.ErrStale) {
		t.Errorf("made again: %v, want ErrStale", err)
	}
	if got := must(s.Resolve(t.Context(), "a"))(t); got != "b" {
		t.Errorf("Resolve(a) = %s, want b", got)
	}
	commit(t, s, store.Commit{Cards: []store.CardWrite{other}})
}

func recordCases() []check {
	return []check{
		{"events are ordered by time, side and place", eventOrder},
		{"an event is written once and never changed", eventOnce},
		{"events belong to the card that has their issue", eventOwner},
		{"of a conflict only the state changes", conflictState},
		{"activity is listed newest first, commits whole", activityPages},
	}
}

func newEvent(id, issue string, second int) kanban.Event {
	return kanban.Event{
		Tracker: "jira", SourceID: id, Issue: issue, At: at(second), Actor: "ana",
		Changes: []kanban.Change{{Field: kanban.ChangeStatus, From: "1", To: "3", FromName: "Offen", ToName: "In Arbeit"}},
	}
}

func eventOrder(t fixture) {
	s := t.store
	w := paired("aaa", "a")
	// The trackers' names sort the other way round than their sides.
	w.Card.Sides[kanban.Jira].Issue.Tracker, w.Card.Sides[kanban.GitHub].Issue.Tracker = "z-jira", "a-github"
	event := func(id, tracker, issue string, second int, seq int64) kanban.Event {
		e := newEvent(id, issue, second)
		e.Tracker, e.Seq = tracker, seq
		return e
	}
	want := []kanban.Event{
		event("5", "a-github", "9aaa", 1, 9),
		event("4", "z-jira", "1aaa", 2, 8),
		event("3", "z-jira", "1aaa", 2, 10),
		event("2", "a-github", "9aaa", 2, 1),
		event("1", "a-github", "9aaa", 2, 2),
		event("0", "z-jira", "1aaa", 3, 1),
	}
	mixed := []kanban.Event{want[3], want[5], want[0], want[2], want[4], want[1]}
	commit(t, s, store.Commit{Cards: []store.CardWrite{w}, Record: engine.Record{Events: mixed}})
	if diff := cmp.Diff(want, must(s.Events(t.Context(), "aaa"))(t)); diff != "" {
		t.Errorf("Events (-want +got):\n%s", diff)
	}
}

func eventOnce(t fixture) {
	s := t.store
	first, second := newEvent("e", "1aaa", 1), newEvent("e", "1aaa", 2)
	other := newEvent("e", "1aaa", 3)
	other.Tracker = "jira2"
	commit(t, s, store.Commit{
		Cards:  []store.CardWrite{newCard("aaa", "a")},
		Record: engine.Record{Events: []kanban.Event{first, second, other}},
		Issues: []store.IssueRow{{Tracker: "jira2", ID: "1aaa", Card: "aaa"}},
	})
	commit(t, s, store.Commit{Record: engine.Record{Events: []kanban.Event{second}}})
	if diff := cmp.Diff([]kanban.Event{first, other}, must(s.Events(t.Context(), "aaa"))(t)); diff != "" {
		t.Errorf("Events (-want +got):\n%s", diff)
	}
}

func eventOwner(t fixture) {
	s := t.store
	commit(t, s, store.Commit{
		Cards:  []store.CardWrite{newCard("aaa", "a"), newCard("bbb", "b")},
		Record: engine.Record{Events: []kanban.Event{newEvent("1", "1aaa", 1), newEvent("2", "1bbb", 2), newEvent("3", "part", 3)}},
		Issues: []store.IssueRow{{Tracker: "jira", ID: "part", Card: "aaa"}},
	})
	for card, want := range map[kanban.CardID]int{"aaa": 2, "bbb": 1, "nobody": 0} {
		if got := must(s.Events(t.Context(), card))(t); len(got) != want {
			t.Errorf("card %s has %d events, want %d", card, len(got), want)
		}
	}
}

func conflictState(t fixture) {
	s := t.store
	k := reconcile.Conflict{
		ID: "c1", Card: "aaa", Field: kanban.FieldStatus, At: at(1), Base: "todo", Policy: reconcile.Ask,
		Loser: reconcile.Edit{Side: "github", Value: "doing", At: at(1)}, State: reconcile.ConflictOpen,
	}
	later := reconcile.Conflict{ID: "c2", Card: "bbb", At: at(2), State: reconcile.ConflictAuto}
	commit(t, s, store.Commit{Record: engine.Record{Conflicts: []reconcile.Conflict{k, later}}})
	changed := k
	changed.State, changed.Base, changed.Card = reconcile.ConflictDismissed, "forged", "zzz"
	commit(t, s, store.Commit{Record: engine.Record{Conflicts: []reconcile.Conflict{changed}}})

	k.State = reconcile.ConflictDismissed
	if diff := cmp.Diff(k, must(s.Conflict(t.Context(), "c1"))(t)); diff != "" {
		t.Errorf("Conflict (-want +got):\n%s", diff)
	}
	if _, err := s.Conflict(t.Context(), "c9"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("unknown conflict: %v, want ErrUnknown", err)
	}
	for name, c := range map[string]struct {
		q    store.ConflictQuery
		want []string
	}{
		"all":       {store.ConflictQuery{}, []string{"c2", "c1"}},
		"limited":   {store.ConflictQuery{Limit: 1}, []string{"c2"}},
		"of a card": {store.ConflictQuery{Card: "aaa"}, []string{"c1"}},
		"by state":  {store.ConflictQuery{States: []string{"open", "dismissed"}}, []string{"c1"}},
		"by field":  {store.ConflictQuery{Fields: []kanban.Field{kanban.FieldDue, kanban.FieldStatus}}, []string{"c1"}},
		"by both":   {store.ConflictQuery{States: []string{"auto"}, Fields: []kanban.Field{kanban.FieldStatus}}, nil},
		"none":      {store.ConflictQuery{States: []string{"open"}}, nil},
	} {
		var got []string
		for _, k := range must(s.Conflicts(t.Context(), c.q))(t) {
			got = append(got, k.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func activityPages(t fixture) {
	s := t.store
	line := func(card kanban.CardID, text string) engine.Activity {
		return engine.Activity{At: at(1), Card: card, Kind: engine.DidChange, Actor: "ana", Side: "jira", Field: kanban.FieldStatus, Op: "o", Text: text}
	}
	commit(t, s, store.Commit{Record: engine.Record{Activity: []engine.Activity{line("a", "1")}}})
	commit(t, s, store.Commit{Record: engine.Record{Activity: []engine.Activity{line("a", "2"), line("b", "3"), line("a", "4")}}})
	commit(t, s, store.Commit{Record: engine.Record{Activity: []engine.Activity{line("b", "5")}}})
	for name, c := range map[string]struct {
		q    store.ActivityQuery
		want []string
	}{
		"all":               {store.ActivityQuery{}, []string{"5", "4", "3", "2", "1"}},
		"first page":        {store.ActivityQuery{Limit: 1}, []string{"5"}},
		"never cuts":        {store.ActivityQuery{Limit: 2}, []string{"5", "4", "3", "2"}},
		"next page":         {store.ActivityQuery{Limit: 2, BeforeSeq: 2}, []string{"1"}},
		"of a card":         {store.ActivityQuery{Card: "a"}, []string{"4", "2", "1"}},
		"of a card, page":   {store.ActivityQuery{Card: "a", Limit: 1}, []string{"4", "2"}},
		"of a card, before": {store.ActivityQuery{Card: "a", Limit: 9, BeforeSeq: 2}, []string{"1"}},
	} {
		var got []string
		for _, l := range must(s.Activity(t.Context(), c.q))(t) {
			got = append(got, l.Text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	want := line("b", "5")
	want.Seq = 3
	if diff := cmp.Diff(want, must(s.Activity(t.Context(), store.ActivityQuery{Limit: 1}))(t)[0]); diff != "" {
		t.Errorf("line changed on its way (-want +got):\n%s", diff)
	}
}
