package app

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
	"parley/web"
)

// moving is the board in the hands of people who move one card of trading, an hour apart.
type moving struct {
	*App

	now time.Time
}

func moved(t *testing.T) *moving {
	t.Helper()
	m := &moving{now: time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)}
	m.App = dealingAt(t, func() time.Time { return m.now })
	return m
}

func (m *moving) to(t *testing.T, column string, side kanban.Party, by view.Viewer) int {
	t.Helper()
	m.now = m.now.Add(time.Hour)
	return status(t, second(intents{m.App}.Intend(t.Context(), web.Intent{Card: ref("cardC"), Field: "status", To: column, Side: side, Op: column + m.now.String(), By: by})))
}

// booked are the kinds of the lines about the card, and its slot where it has one.
func (m *moving) booked(t *testing.T) (kinds []contract.EntryKind, of contract.Account) {
	t.Helper()
	accounts, err := m.Views.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	of = accounts[slices.IndexFunc(accounts, func(a contract.Account) bool { return a.Unit == "trading" })]
	for _, e := range of.Entries {
		if e.Card == idOf("cardC") {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds, of
}

// TestWhoCancelsOnTheBoardDecidesWhatBecomesOfTheSlot goes through what docs/CONTRACT.md
// says of requests that end without delivery, by moves on Parley's own board.
func TestWhoCancelsOnTheBoardDecidesWhatBecomesOfTheSlot(t *testing.T) {
	t.Parallel()
	lia := view.Viewer{Audience: "unit:trading", Role: kanban.Liaison, Name: "lia", Proved: true}
	dev := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea", Proved: true}
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	for _, c := range []struct {
		name   string
		begun  bool
		to     string
		side   kanban.Party
		by     view.Viewer
		want   []contract.EntryKind
		missed int
	}{
		{"withdrawn by its unit before the start", false, "withdrawn", "", lia, []contract.EntryKind{contract.Commit, contract.Release}, 0},
		{"withdrawn by an ops lead for the unit before the start", false, "withdrawn", kanban.Business, ops, []contract.EntryKind{contract.Commit, contract.Release}, 0},
		{"withdrawn after the start", true, "withdrawn", kanban.Business, ops, []contract.EntryKind{contract.Commit}, 0},
		{"cancelled by an ops lead", true, "withdrawn", "", ops, []contract.EntryKind{contract.Commit, contract.Refund}, 1},
		{"given back by an ops lead", true, "todo", "", ops, []contract.EntryKind{contract.Commit, contract.Refund}, 1},
		{"given back before the start", false, "todo", kanban.IT, ops, []contract.EntryKind{contract.Commit, contract.Refund}, 1},
		{"taken back by the unit before the start", false, "todo", "", lia, []contract.EntryKind{contract.Commit, contract.Release}, 0},
		{"sent back for the unit after the start", true, "todo", kanban.Business, ops, []contract.EntryKind{contract.Commit}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := moved(t)
			if got := m.to(t, "next", "", lia); got != http.StatusAccepted {
				t.Fatalf("it is committed to: %d", got)
			}
			if c.begun {
				if got := m.to(t, "doing", "", dev); got != http.StatusAccepted {
					t.Fatalf("it is begun: %d", got)
				}
			}
			_, before := m.booked(t)
			if got := m.to(t, c.to, c.side, c.by); got != http.StatusAccepted {
				t.Fatalf("%d", got)
			}
			kinds, after := m.booked(t)
			if !slices.Equal(kinds, c.want) {
				t.Errorf("booked are %v, want %v", kinds, c.want)
			}
			due := func(a contract.Account) int { return a.Statements[len(a.Statements)-1].Count.Ready }
			if gone := due(before) - due(after); gone != 0 && c.missed == 1 {
				t.Errorf("%d requests are there to be taken no more", gone)
			}
		})
	}
}

// TestNobodyActsForTheOtherSide holds that only an ops lead names a side that is not the own.
func TestNobodyActsForTheOtherSide(t *testing.T) {
	t.Parallel()
	m := moved(t)
	lia := view.Viewer{Audience: "unit:trading", Role: kanban.Liaison, Name: "lia", Proved: true}
	if got := m.to(t, "next", kanban.IT, lia); got != http.StatusForbidden {
		t.Errorf("a liaison moves it for IT: %d", got)
	}
	if got := m.to(t, "next", kanban.Business, lia); got != http.StatusAccepted {
		t.Errorf("a liaison moves it for the unit: %d", got)
	}
	dev := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea", Proved: true}
	if got := m.to(t, "doing", kanban.Business, dev); got != http.StatusForbidden {
		t.Errorf("a developer moves it for the unit: %d", got)
	}
}
