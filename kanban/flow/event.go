// Package flow is what can be said of work that moves over a board: how long it took,
// where it waited, how much is under way, and how much will be done by when. All of it
// are pure folds over the events of cards; terms are those of the Kanban Guide 2025.5.
package flow

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
)

// Kind is what an event of a card is about.
type Kind string

// Kinds of Event.
const (
	Created   Kind = "created"
	Moved     Kind = "move"
	Blocked   Kind = "block"
	Unblocked Kind = "unblock"
)

// Event is one thing that happened to a card on the board. Events are the record: they
// are never changed, and everything else follows from them.
type Event struct {
	Card   kanban.CardID
	At     time.Time
	Kind   Kind
	To     kanban.ColumnKey // of Created and Moved: the column entered
	Party  kanban.Party     // of Blocked: who has to unblock it
	Reason string           // of Blocked: why, in a person's words
	// Rank and Source order events of the same moment: the tracker's place in the
	// configuration, then the event's own id. Two events that agree in card, moment,
	// rank and source are one that was told twice.
	Rank   int
	Source string
}

func (e Event) compare(o Event) int {
	return cmp.Or(cmp.Compare(e.Card, o.Card), e.At.Compare(o.At), cmp.Compare(e.Rank, o.Rank), cmp.Compare(e.Source, o.Source))
}

// Order puts events into the order in which they are folded, by card, and drops what was
// told twice. In whatever order and however often they arrive, the result is the same.
func Order(events []Event) []Event {
	out := slices.Clone(events)
	slices.SortStableFunc(out, Event.compare)
	return slices.CompactFunc(out, func(a, b Event) bool { return a.Source != "" && a.compare(b) == 0 })
}
