package view_test

import (
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// passed is a card that was committed to, waited so many days, was worked on for two and
// then waited for an answer until it was done, yesterday.
func passed(queued int) kanban.Card {
	c := finished(10, 1)
	c.Journey.Committed = ago(10 + queued)
	c.Journey.Created = *ago(10 + queued)
	c.Past.Steps = []kanban.Step{{Column: "committed", At: *c.Journey.Committed}, {Column: "doing", At: *ago(10)}, {Column: "waiting", At: *ago(8)}, {Column: "done", At: *ago(1)}}
	c.Journey.Started = ago(10)
	return c
}

func TestAgesAreHeldAgainstTheirColumn(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	s := &shelf{}
	for n := range 10 {
		s.put(passed(n + 1))
	}
	young, old, asked := inWork("doing", 1), inWork("doing", 5), inWork("waiting", 5)
	queued := inWork("committed", 9)
	queued.Journey.Started = nil
	wish := inWork("requests", 99)
	wish.Journey.Started, wish.Journey.Committed = nil, nil
	s.put(young, old, asked, queued, wish)
	cards, _, err := s.of(rules, view.Somebody()).Cards(t.Context(), view.Query{})
	if err != nil {
		t.Fatal(err)
	}
	want := []kanban.Band{kanban.BandCalm, kanban.BandLate, kanban.BandCalm, kanban.BandRisk, kanban.BandNone}
	for i, band := range want {
		if got := cards[10+i]; got.Band != band {
			t.Errorf("%s, %d days: %q, want %q", got.Column, got.AgeDays, got.Band, band)
		}
	}
	few := &shelf{}
	few.put(passed(1), old)
	cards, _, err = few.of(rules, view.Somebody()).Cards(t.Context(), view.Query{})
	if err != nil || cards[1].Band != kanban.BandNone {
		t.Errorf("with one finished card: %q, %v", cards[1].Band, err)
	}
}
