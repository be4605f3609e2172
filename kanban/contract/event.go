package contract

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
)

// Kind is what an event is about.
type Kind string

// What the trackers tell of a card.
const (
	Created   Kind = "created"   // in the column To
	Moved     Kind = "moved"     // into the column To
	Blocked   Kind = "blocked"   // until the side By unblocks it
	Unblocked Kind = "unblocked" //
	Described Kind = "described" // Traits are what is known of it from now on
	Triaged   Kind = "triaged"   // IT replied to a new request
	Asked     Kind = "asked"     // IT put a question to the unit
	Answered  Kind = "answered"  // the unit answered
	Concluded Kind = "concluded" // the question Ref is not open any more, answered or not
)

// Decisions, recorded by Parley because no tracker knows them.
const (
	Approved  Kind = "approved"  // Who approves of the expedite
	Sponsored Kind = "sponsored" // Unit pays for the card from now on
	Swapped   Kind = "swapped"   // Other steps down, and Card has its slot: both priorities are written
	Lends     Kind = "lends"     // Unit gives Amount slots to With, if With agrees
	Borrows   Kind = "borrows"   // Unit takes Amount slots from With, if With agrees
	Told      Kind = "told"      // the choices were put on the card's ticket, or could not be for the reason Note
	Chose     Kind = "chose"     // the unit made the Choice
	PutBack   Kind = "put-back"  // the priority was written back to what it was
	Noted     Kind = "noted"     // Note is the cause of the unplanned work of the period Ref
	Contested Kind = "contested" // the side By does not accept the verdict Ref
	Settled   Kind = "settled"   // the side By agrees on the Outcome of the verdict Ref
)

// Traits are what is known of a card besides its way over the board.
type Traits struct {
	Unit      kanban.UnitKey
	Priority  kanban.PriorityKey
	Expedite  bool
	Unplanned bool
	Internal  bool          // no business side: IT's own, or found by IT
	Has       string        // the fields that something stands in, joined by commas: the terms of each period say which a ready request needs
	Rank      string        // among the unit's requests: sorts as they are wanted; "": not ranked
	Loose     bool          // Rank follows from other things than an order that the unit gave: two alike are nobody's fault
	Parent    kanban.CardID // it was split off or merged into: it shares the slot
}

// Event is one thing that happened. Events are the record: entries, statements and
// verdicts follow from them.
type Event struct {
	ID   string // of the tracker's event, or of the recorded decision; what one event changes at once is one of each kind
	At   time.Time
	Card kanban.CardID
	Kind Kind
	Who  string       // an account or a role
	By   kanban.Party // the side that did it; "": nobody knows
	// Rank orders events of the same moment: the tracker's place in the configuration.
	// After that their ids do. Events that agree in moment, rank, id, kind and card are
	// one that was told twice.
	Rank    int
	To      kanban.ColumnKey
	Traits  Traits
	Unit    kanban.UnitKey
	With    kanban.UnitKey
	Other   kanban.CardID
	Amount  int
	Began   time.Time // of a swap: when it was begun; zero: nobody knows
	Ref     string    // of a verdict, a period, a question, or a loan: both sides name the same one
	Choice  Choice
	Outcome Outcome
	Note    string
}

func (e *Event) compare(o *Event) int {
	if c := e.At.Compare(o.At); c != 0 { // it is nearly always another moment
		return c
	}
	return cmp.Or(cmp.Compare(e.Rank, o.Rank), cmp.Compare(e.ID, o.ID), cmp.Compare(e.Card, o.Card), cmp.Compare(e.Kind, o.Kind))
}

// Sequence puts events into the order in which they are folded, and drops what was told
// twice. In whatever order and however often they arrive, the result is the same.
func Sequence(events []Event) []Event {
	row := RowOf(events)
	out := make([]Event, len(row))
	for n, e := range row {
		out[n] = *e
	}
	return out
}

// Row is events in the order in which they are folded, none told twice. An event is large
// and rows are long: to keep one and to change a part of it, it is not copied. Nobody
// changes an event of a row.
type Row []*Event

// RowOf puts events into their order. They are the row's from then on. What is told apart,
// such as of each card, is let go apart.
func RowOf(told ...[]Event) Row {
	out := make(Row, 0, len(told))
	for _, events := range told {
		for n := range events {
			out = append(out, &events[n])
		}
	}
	slices.SortStableFunc(out, (*Event).compare)
	return slices.CompactFunc(out, same)
}

// With is a row and another one as one. Neither is changed.
func (r Row) With(o Row) Row {
	if len(o) == 0 {
		return r
	}
	out := make(Row, 0, len(r)+len(o))
	for _, e := range o {
		n, _ := slices.BinarySearchFunc(r, e, (*Event).compare)
		for out, r = append(out, r[:n]...), r[n:]; len(r) > 0 && r[0].compare(e) == 0 && !same(r[0], e); r = r[1:] {
			out = append(out, r[0]) // without an id; what was there comes first
		}
		if len(r) == 0 || !same(r[0], e) {
			out = append(out, e)
		}
	}
	return append(out, r...)
}

// same reports whether two neighbours in a row are one event that was told twice.
func same(a, b *Event) bool { return a.ID != "" && a.compare(b) == 0 }
