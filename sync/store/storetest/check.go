package storetest

import (
	"strings"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func checkCases() []check {
	return []check{
		{"a sound store has no findings", sound},
		{"a check finds what a commit left without its card", orphans},
		{"a check finds what is claimed twice", claimedTwice},
		{"a check tells the first of many findings", manyFindings},
	}
}

// rowOf is the index's row of a card's Jira issue.
func rowOf(w store.CardWrite) store.IssueRow {
	i := w.Card.Sides[kanban.Jira].Issue
	return store.IssueRow{Tracker: i.Tracker, ID: i.ID, Key: i.Key, Container: i.Container, Card: w.Card.ID}
}

func sound(t fixture) {
	s := t.store
	old, now, ended := newCard("old", "o"), newCard("new", "n"), newOp("2", "old", reconcile.Finished, 1)
	old.Card.Ops = []reconcile.Op{newOp("1", "old", reconcile.Planned, 1), ended}
	commit(t, s, store.Commit{
		Cards: []store.CardWrite{old, now}, Issues: []store.IssueRow{rowOf(old), rowOf(now), {Tracker: "jira", ID: "elsewhere"}},
		Record: engine.Record{
			Events:    []kanban.Event{newEvent("e", "1old", 1)},
			Conflicts: []reconcile.Conflict{{ID: "c", Card: "old", State: reconcile.ConflictOpen}},
			Activity:  []engine.Activity{{Card: "old", Text: "a"}, {Text: "of the daemon"}},
		},
	})
	if err := s.Touch(t.Context(), "new", at(1)); err != nil {
		t.Fatal(err)
	}
	card := must(s.Card(t.Context(), "new"))(t)
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(card)}, Moved: []store.Alias{{Old: "old", New: "new"}}})
	if found := must(s.Check(t.Context()))(t); len(found) != 0 {
		t.Errorf("a check finds %q", found)
	}
}

// finds fails unless a check finds exactly the sentences with these parts.
func finds(t fixture, parts ...string) {
	t.Helper()
	found := must(t.store.Check(t.Context()))(t)
	for i, part := range parts {
		if i >= len(found) || !strings.Contains(found[i], part) {
			t.Errorf("finding %d is not that %q", i, part)
		}
	}
	if len(found) != len(parts) {
		t.Errorf("%d findings, want %d", len(found), len(parts))
	}
	if t.Failed() {
		t.Logf("a check finds:\n%s", strings.Join(found, "\n"))
	}
}

func orphans(t fixture) {
	commit(t, t.store, store.Commit{
		Cards:  []store.CardWrite{newCard("here", "h")},
		Issues: []store.IssueRow{{Tracker: "jira", ID: "7", Key: "OPS-7", Card: "gone"}},
		Record: engine.Record{
			Events:    []kanban.Event{newEvent("e", "77", 1)},
			Conflicts: []reconcile.Conflict{{ID: "c", Card: "gone"}},
			Activity:  []engine.Activity{{Card: "gone", Text: "a"}},
		},
	})
	finds(t,
		"issue OPS-7 (7 of jira) is filed under card gone, which does not exist",
		`conflict c belongs to card "gone", which does not exist; put it away with parley conflicts dismiss c`,
		"1 lines of activity belong to card gone, which does not exist",
		"1 history entries belong to issue 77 of jira, which no card has",
		"card here has issue 1here of jira, which is not in the index",
	)
}

func claimedTwice(t fixture) {
	one, two := newCard("one", "1"), newCard("two", "2")
	row := rowOf(one)
	two.Card.Sides[kanban.Jira].Issue = one.Card.Sides[kanban.Jira].Issue
	one.Card.Ops = []reconcile.Op{newOp("1", "one", reconcile.Acked, 1), newOp("2", "one", reconcile.Held, 2), newOp("3", "one", reconcile.Dead, 3)}
	other := newCard("other", "o")
	misfiled := rowOf(other)
	misfiled.Card = "one"
	commit(t, t.store, store.Commit{Cards: []store.CardWrite{one, two, other}, Issues: []store.IssueRow{row, misfiled}})
	finds(t,
		"cards one and two both have issue 1one of jira; part it from one of them with parley unlink",
		`issue OPS-other (1other of jira) is on card other, but filed under card "one"`,
		"writes 1 and 2 of card one are open at once for status in github",
	)
}

func manyFindings(t fixture) {
	var c store.Commit
	for i := range 50 {
		c.Cards = append(c.Cards, newCard(kanban.CardID(strings.Repeat("a", i+1)), "a"))
	}
	commit(t, t.store, c)
	found := must(t.store.Check(t.Context()))(t)
	if n := len(found); n != 21 || !strings.HasPrefix(found[20], "and more like that: card aaaaaaaaaaaaaaaaaaaaa ") {
		t.Errorf("%d findings, the last is %q; want 21", n, found[n-1])
	}
}
