package view

import (
	"fmt"
	"strings"
	"testing"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestACardDayIsLostOnce has two fires burn on the same days beside three cards.
func TestACardDayIsLostOnce(t *testing.T) {
	t.Parallel()
	m := newMade()
	for range 2 {
		m.add(flow.Traits{Unplanned: true, Assignee: "Ada"}, 4, -1)
	}
	for range 3 {
		m.add(flow.Traits{Assignee: "Ada"}, 4, -1)
	}
	w := NewWorkload(m.FlowCards, FlowQuery{})
	days, bills := 0, 0
	for _, h := range w.Held {
		days += h.Days
	}
	for _, f := range w.Fires {
		bills += f.Bill
	}
	if w.HeldCards.N != 3 || w.HeldDays == 0 || w.HeldDays != days || bills != 2*w.HeldDays {
		t.Errorf("%d cards lost %d days, each %d, and the bills are %d", w.HeldCards.N, w.HeldDays, days, bills)
	}
}

// TestNothingIsCutSilently has more fires and held cards than a page shows.
func TestNothingIsCutSilently(t *testing.T) {
	t.Parallel()
	m := newMade()
	for range 40 {
		m.add(flow.Traits{Unplanned: true, Assignee: "Ada"}, 4, -1)
		m.add(flow.Traits{Assignee: "Ada"}, 40, -1)
	}
	if w := NewWorkload(m.FlowCards, FlowQuery{}); len(w.Fires) != 40 || len(w.Held) != 40 || len(w.Forgotten) != 40 || w.Burned.N != 40 || w.HeldCards.N != 40 || w.Untouched.N != 40 {
		t.Errorf("%d of %d fires, %d of %d held, %d of %d forgotten", len(w.Fires), w.Burned.N, len(w.Held), w.HeldCards.N, len(w.Forgotten), w.Untouched.N)
	}
}

// TestASentenceSaysWhenItIsExpectedNow is of a card that was promised for tomorrow, where
// as old ones took twice as long.
func TestASentenceSaysWhenItIsExpectedNow(t *testing.T) {
	t.Parallel()
	for due, want := range map[string]string{
		"2026-11-21": "Promised for 21 November 2026, now expected by 29 November 2026: it stood still",
		"2026-12-31": "Promised for 31 December 2026: it stood still",
		"":           "It stood still",
	} {
		m := newMade()
		for n := range 12 {
			m.add(flow.Traits{}, 20+n, n+1)
		}
		m.add(flow.Traits{Unplanned: true, Assignee: "Ada"}, 5, -1)
		m.add(flow.Traits{Assignee: "Ada", Due: due}, 10, -1)
		m.Told = func(_ kanban.UnitKey, id kanban.CardID) CardName {
			return CardName{Card: id, Key: string(id), Title: fmt.Sprint("Title of ", id)}
		}
		w := NewWorkload(m.FlowCards, FlowQuery{})
		if len(w.Held) != 1 || !strings.HasPrefix(w.Held[0].Sentence, want) || w.Held[0].Expected != "2026-11-29" {
			t.Errorf("%+v", w.Held)
		}
	}
}
