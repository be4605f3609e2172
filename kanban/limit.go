package kanban

import "fmt"

// Scope says which cards a limit of work in progress counts.
type Scope string

// The scopes of limits. That of a column counts all cards in it; the others count the
// cards that are in work: those in columns in which work has started and not ended.
const (
	ScopeColumn Scope = "column"
	ScopeUnit   Scope = "unit"   // of one business unit
	ScopeClass  Scope = "class"  // of one class of service, whose lane it limits
	ScopePerson Scope = "person" // that one person works on
)

// Limit is how many cards there should be at a time.
type Limit struct {
	Scope Scope
	Key   string // a column's or unit's key, a class of service, a person's name
	Name  string // as people say it
	WIP   int    // the most cards, at least 1
	Hard  bool   // a move made in Parley beyond it is refused, not only shown
}

// ID names a limit among those of one board.
func (l Limit) ID() string { return string(l.Scope) + " " + l.Key }

// WIPLimits lists all limits of a board: of its columns from left to right, then the others
// in the order of the configuration.
func (l Layout) WIPLimits() []Limit {
	var out []Limit
	for _, c := range l.Columns {
		if c.WIP > 0 {
			out = append(out, Limit{Scope: ScopeColumn, Key: string(c.Key), Name: c.Name, WIP: c.WIP, Hard: c.WIPHard})
		}
	}
	return append(out, l.Limits...)
}

// Started lists the columns whose cards are in work.
func (l Layout) Started() []ColumnKey {
	var out []ColumnKey
	for _, c := range l.Columns {
		if c.Category.Started() {
			out = append(out, c.Key)
		}
	}
	return out
}

// Counts reports whether a card counts against a limit.
func (l Layout) Counts(limit Limit, c Card) bool {
	if limit.Scope == ScopeColumn {
		return limit.Key == string(c.Column)
	}
	if col, ok := l.Column(c.Column); !ok || !col.Category.Started() {
		return false
	}
	switch limit.Scope {
	case ScopeUnit:
		return limit.Key == string(c.Unit)
	case ScopeClass:
		return limit.Key == c.Class
	default:
		return limit.Key == c.Person
	}
}

// Enters lists the hard limits that a card counts against after a change and did not before
// it. A change within what counts already, or out of it, enters none.
func (l Layout) Enters(before, after Card) []Limit {
	var out []Limit
	for _, limit := range l.WIPLimits() {
		if limit.Hard && l.Counts(limit, after) && !l.Counts(limit, before) {
			out = append(out, limit)
		}
	}
	return out
}

// Full finds the first hard limit that would not let a card into a column. count tells how
// many cards count against a limit now.
func (l Layout) Full(c Card, to ColumnKey, count func(Limit) int) (limit Limit, full bool) {
	after := c
	after.Column = to
	for _, limit := range l.Enters(c, after) {
		if count(limit) >= limit.WIP {
			return limit, true
		}
	}
	return Limit{}, false
}

// Reason says why one more card is not let in while so many count.
func (l Limit) Reason(count int) string {
	if l.Scope == ScopeColumn {
		return fmt.Sprintf("%s is full: %d of %d; finish or move one first", l.Name, count, l.WIP)
	}
	return fmt.Sprintf("%s has %d of %d cards in work; finish or move one first", l.Name, count, l.WIP)
}
