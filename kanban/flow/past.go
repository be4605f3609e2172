package flow

import (
	"time"

	"parley/kanban"
)

// Events are a card's past as events, in the order in which they are folded. Steps keep
// their order also where their moments are at odds: one that seems to lie before the step
// before it counts as of that one's moment.
func Events(card kanban.CardID, created time.Time, past kanban.Past) []Event {
	blocks := stops(card, past.Blocks)
	out := make([]Event, 0, 1+len(past.Steps)+len(blocks))
	last := created
	until := func(at time.Time) {
		for len(blocks) > 0 && blocks[0].At.Before(at) {
			out, blocks = append(out, blocks[0]), blocks[1:]
		}
	}
	first, steps := Event{Card: card, At: created, Kind: Created}, past.Steps
	if len(steps) > 0 && !steps[0].At.After(created) {
		first.To, steps = steps[0].Column, steps[1:]
	}
	out = append(out, first)
	for _, s := range steps {
		if s.At.After(last) {
			last = s.At
		}
		until(last)
		out = append(out, Event{Card: card, At: last, Kind: Moved, To: s.Column})
	}
	return append(out, blocks...)
}

// stops are the beginnings and ends of blocks, in their order.
func stops(card kanban.CardID, blocks []kanban.Hindrance) []Event {
	out := make([]Event, 0, 2*len(blocks))
	for _, b := range blocks {
		out = append(out, Event{Card: card, At: b.From, Kind: Blocked, Party: b.Party, Reason: b.Reason})
		if !b.To.IsZero() {
			out = append(out, Event{Card: card, At: b.To, Kind: Unblocked})
		}
	}
	return out
}

// Tell folds a card's past into its track.
func Tell(b Board, card kanban.CardID, created time.Time, past kanban.Past) *Track {
	t := &Track{}
	for _, e := range Events(card, created, past) {
		t.Apply(b, e)
	}
	return t
}
