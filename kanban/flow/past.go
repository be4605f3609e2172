package flow

import (
	"slices"
	"time"

	"parley/kanban"
)

// Events are a card's past as events, in the order in which they are folded.
func Events(card kanban.CardID, created time.Time, past kanban.Past) (out []Event) {
	walk(card, created, past, func(e Event) { out = append(out, e) })
	return out
}

// walk goes through a card's past as events, in the order in which they are folded. Steps
// keep their order also where their moments are at odds: one that seems to lie before the
// step before it counts as of that one's moment.
func walk(card kanban.CardID, created time.Time, past kanban.Past, use func(Event)) {
	blocks := stops(card, past.Blocks)
	first, steps := Event{Card: card, At: created, Kind: Created}, past.Steps
	if len(steps) > 0 && !steps[0].At.After(created) {
		first.To, steps = steps[0].Column, steps[1:]
	}
	use(first)
	last := created
	for _, s := range steps {
		if s.At.After(last) {
			last = s.At
		}
		for ; len(blocks) > 0 && blocks[0].At.Before(last); blocks = blocks[1:] {
			use(blocks[0])
		}
		use(Event{Card: card, At: last, Kind: Moved, To: s.Column})
	}
	for _, e := range blocks {
		use(e)
	}
}

// stops are the beginnings and ends of blocks, in their order.
func stops(card kanban.CardID, blocks []kanban.Hindrance) []Event {
	if len(blocks) == 0 {
		return nil
	}
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
	t := &Track{Steps: slices.Clip(past.Steps)}
	walk(card, created, past, func(e Event) { t.apply(b, e) })
	return t
}
