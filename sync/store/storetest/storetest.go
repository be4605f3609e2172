// Package storetest is what every engine of the store has to pass. An engine's
// own test calls Run with a way to get an empty store.
package storetest

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Opener gives an empty store that is closed when the test ends.
type Opener func(tb testing.TB) Store

// Run holds a store to everything that its callers rely on.
func Run(t *testing.T, open Opener) {
	t.Helper()
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(fixture{t, open(t)})
		})
	}
}

type check struct {
	name string
	run  func(t fixture)
}

// fixture is one test and the empty store that it works on.
type fixture struct {
	*testing.T

	store Store
}

func cases() []check {
	var all []check
	for _, part := range [][]check{
		cardCases(), lockCases(), leaseCases(), crewCases(), moveCases(), recordCases(), opCases(), issueCases(),
		sourceCases(), faceCases(), dueCases(), creatingCases(), tierCases(), sweepCases(), historyCases(), roomCases(), planCases(), remarkCases(), contractCases(), questionCases(), dispatchCases(), checkCases(), hostileCases(), concurrentCases(),
		{{"random calls agree with a model", randomCalls}},
	} {
		all = append(all, part...)
	}
	return all
}

// epoch is the moment that the tests count from.
func epoch() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// at is some seconds after epoch.
func at(seconds int) time.Time { return epoch().Add(time.Duration(seconds) * time.Second) }

// commit writes c and gives the data sequence; it must work.
func commit(tb testing.TB, s Store, c store.Commit) int64 {
	tb.Helper()
	if c.Now.IsZero() {
		c.Now = epoch()
	}
	seq, err := s.Commit(tb.Context(), c)
	if err != nil {
		tb.Fatalf("commit: %v", err)
	}
	return seq
}

// must gives the value of a call that has to work.
func must[T any](v T, err error) func(tb testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// newCard is a card with a Jira side, as a first read makes it.
func newCard(id kanban.CardID, title string) store.CardWrite {
	key := "OPS-" + string(id)
	return store.CardWrite{
		Card: engine.Card{
			ID:  id,
			Rev: 1,
			Sides: [2]*engine.Side{{
				Issue: connectors.Issue{
					Ref:   connectors.Ref{Tracker: "jira", ID: "1" + string(id), Key: key, Container: "OPS"},
					Kind:  connectors.Jira,
					Title: title,
				},
				SeenAt: epoch(),
			}},
			Status: reconcile.State{Agreed: "doing", Version: 1, At: epoch()},
			Steps:  []kanban.Step{{Column: "doing", At: epoch()}},
		},
		Face: kanban.Card{
			ID: id, Rev: 1, Title: title, Column: "doing", Priority: "high", Unit: "trading",
			Journey: kanban.Journey{Created: epoch(), Entered: epoch()},
			Sides:   []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: key, SeenAt: epoch()}},
		},
	}
}

// paired is newCard with a GitHub side as well.
func paired(id kanban.CardID, title string) store.CardWrite {
	w := newCard(id, title)
	w.Card.Sides[kanban.GitHub] = &engine.Side{Issue: connectors.Issue{
		Ref:  connectors.Ref{Tracker: "github", ID: "9" + string(id), Key: "acme/pay#" + string(id), Container: "acme/pay", Number: 7},
		Kind: connectors.GitHub,
	}}
	return w
}

// stored writes one new card and loads it.
func stored(tb testing.TB, s Store, w store.CardWrite) engine.Card {
	tb.Helper()
	commit(tb, s, store.Commit{Cards: []store.CardWrite{w}})
	return must(s.Card(tb.Context(), w.Card.ID))(tb)
}

// again is the write of a loaded card.
func again(c engine.Card) store.CardWrite {
	return store.CardWrite{Card: c, Face: kanban.Card{ID: c.ID, Rev: c.Rev, Title: "again"}}
}
