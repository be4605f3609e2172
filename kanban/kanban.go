// Package kanban is the unified model that both trackers are mapped into: columns,
// priorities, cards, the events that happened to them and the journey a card took
// over the board. It is pure: standard library only, no I/O, no clock, no globals.
package kanban

// CardID names a card for ever. It derives from the first side's immutable id
// (see NewCardID), so a lost store hands out the same ids again.
type CardID string

// ColumnKey names a column of the board as written in the configuration.
// The empty key means "unmapped": the tracker shows a status no column claims.
type ColumnKey string

// PriorityKey names a board priority as written in the configuration.
// The empty key means that no priority is known; it is never "lowest".
type PriorityKey string

// UnitKey names a business unit as written in the configuration.
type UnitKey string

// UnitUnassigned is the unit of a card that no unit rule matched.
const UnitUnassigned UnitKey = "unassigned"

// Party is one of those between whom work goes back and forth.
type Party string

// The parties of a card. Third is anybody else (a vendor, an authority).
const (
	Business Party = "business"
	IT       Party = "it"
	Third    Party = "third"
	Nobody   Party = "none"
)

// Words is a party within a sentence, as for whom a card waits: who is none of the others is
// a third party.
func (p Party) Words() string {
	switch p {
	case Business:
		return "the business"
	case IT:
		return "IT"
	default:
		return "a third party"
	}
}

// Category says what being in a column means for flow (Flow Framework states).
type Category string

// Categories in the order work usually passes them.
const (
	Option    Category = "option"    // a request, not yet a commitment
	Queue     Category = "queue"     // committed, not started
	Active    Category = "active"    // being worked on
	Wait      Category = "wait"      // started, waiting for somebody
	Done      Category = "done"      // delivered
	Cancelled Category = "cancelled" // left the board without delivery
)

// Started reports whether time in this category counts as work in progress.
func (c Category) Started() bool { return c == Active || c == Wait }

// Ended reports whether a card in this category has left the board.
func (c Category) Ended() bool { return c == Done || c == Cancelled }

// Valid reports whether c is one of the defined categories.
func (c Category) Valid() bool {
	switch c {
	case Option, Queue, Active, Wait, Done, Cancelled:
		return true
	}
	return false
}

// Column is one column of the board.
type Column struct {
	Key      ColumnKey
	Name     string
	Category Category
	Turn     Party // whose move it is while a card rests here
	WIP      int   // limit of cards, 0: none
	WIPHard  bool  // refuse, not only show, a card beyond the limit
}

// Priority is one step of the board's own priority scale.
type Priority struct {
	Key  PriorityKey
	Name string
	Rank int // 1 is the highest
}

// Layout is what a board looks like before any card is on it.
type Layout struct {
	Columns    []Column
	Priorities []Priority // ordered, highest first
	Limits     []Limit    // of units, classes and people; a column holds its own, see WIPLimits
}

// Column finds a column by its key.
func (l Layout) Column(key ColumnKey) (Column, bool) {
	for _, c := range l.Columns {
		if c.Key == key {
			return c, true
		}
	}
	return Column{}, false
}

// Priority finds a priority by its key.
func (l Layout) Priority(key PriorityKey) (Priority, bool) {
	for _, p := range l.Priorities {
		if p.Key == key {
			return p, true
		}
	}
	return Priority{}, false
}
