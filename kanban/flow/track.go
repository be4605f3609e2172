package flow

import (
	"slices"
	"time"

	"parley/kanban"
)

// Board is the columns that events name, in the order in which work passes them.
type Board struct{ places map[kanban.ColumnKey]place }

type place struct {
	category kanban.Category
	turn     kanban.Party
	index    int
}

// NewBoard makes the board of a layout.
func NewBoard(l kanban.Layout) Board {
	b := Board{places: make(map[kanban.ColumnKey]place, len(l.Columns))}
	for i, c := range l.Columns {
		b.places[c.Key] = place{c.Category, l.Turn(c.Key), i}
	}
	return b
}

// Category is what being in a column means, "" of one that the board does not have.
func (b Board) Category(key kanban.ColumnKey) kanban.Category { return b.places[key].category }

// back reports whether a move leads to an earlier column. To leave without delivery is no
// way back.
func (b Board) back(from, to kanban.ColumnKey) bool {
	f, known := b.places[from]
	t, ok := b.places[to]
	return known && ok && t.index < f.index && t.category != kanban.Cancelled
}

// Block is a stretch of time in which a card could not go on. A zero To is one that lasts.
type Block struct {
	Party    kanban.Party
	Reason   string
	From, To time.Time
}

// Track is one card's way over the board up to the last event applied: the fold of its
// events. Its zero value is a card of which nothing happened yet.
type Track struct {
	Card     kanban.CardID
	Created  time.Time
	Column   kanban.ColumnKey
	Since    time.Time     // it stands in the column
	Stints   []Stint       // oldest first; the last one may be open
	Blocks   []Block       // oldest first; the last one may last
	Backflow int           // moves to an earlier column
	Course   Course        // how far it has come
	Steps    []kanban.Step // the record of columns entered that it was folded from, shared with whoever has it
}

// Clone is a track that does not change when this one goes on.
func (t *Track) Clone() *Track {
	out := *t
	out.part(t)
	out.Blocks = slices.Clone(t.Blocks)
	return &out
}

// part takes copies of what passing time changes in a track that it came from.
func (t *Track) part(from *Track) {
	t.Steps = slices.Clip(from.Steps)
	t.Stints = slices.Clone(from.Stints)
	if s := t.Stint(); s != nil { // time is counted for the last one only
		s.Spent = slices.Clone(s.Spent)
	}
}

// Stint is the present one, or the last there was; nil before the first commitment.
func (t *Track) Stint() *Stint {
	if len(t.Stints) == 0 {
		return nil
	}
	return &t.Stints[len(t.Stints)-1]
}

// Apply takes in the next event of the card. Events come in the order that Order gives;
// one that lies before the last one counts as of the last one's moment.
func (t *Track) Apply(b Board, e Event) {
	if t.apply(b, e); e.Kind == Moved || e.To != "" {
		t.Steps = append(t.Steps, kanban.Step{Column: e.To, At: e.At})
	}
}

// apply takes in an event that is in the record of steps already.
func (t *Track) apply(b Board, e Event) {
	if t.Created.IsZero() {
		t.Card, t.Created, t.Since = e.Card, e.At, e.At
	}
	at := e.At
	if at.Before(t.Since) {
		at = t.Since
	}
	if moves := e.Kind == Created || e.Kind == Moved; moves || !b.Category(t.Column).Ended() {
		t.wait(b, at) // after the end time passes only for a card that comes back
	}
	switch e.Kind {
	case Created, Moved:
		t.enter(b, e.To, at)
	case Blocked:
		if !t.blocked() {
			t.Blocks = append(t.Blocks, Block{Party: e.Party, Reason: e.Reason, From: at})
		}
	case Unblocked:
		if t.blocked() {
			t.Blocks[len(t.Blocks)-1].To = at
		}
	}
}

// wait lets time pass in the column where the card stands.
func (t *Track) wait(b Board, at time.Time) {
	d := at.Sub(t.Since)
	t.Since = at
	if d <= 0 || t.Column == "" {
		return
	}
	if s := t.Stint(); s != nil {
		s.spend(t.Column, b.Category(t.Column), t.blocked(), d)
	}
}

func (t *Track) blocked() bool {
	n := len(t.Blocks)
	return n > 0 && t.Blocks[n-1].To.IsZero()
}

// enter moves the card into a column: it may commit, start, finish, return or reopen.
func (t *Track) enter(b Board, to kanban.ColumnKey, at time.Time) {
	if to == t.Column {
		return
	}
	if b.back(t.Column, to) {
		t.Backflow++
	}
	t.Column = to
	category, s := b.Category(to), t.Stint()
	t.Course.Enter(b, to)
	if category == "" {
		return // nobody knows what it means
	}
	if s != nil && s.Outcome != Returned && !s.Ended.IsZero() && !category.Ended() {
		s.reopen(category)
	}
	if category == kanban.Option {
		t.giveBack(at)
		return
	}
	t.proceed(category, at)
}

// giveBack ends an open stint: the card is an option again.
func (t *Track) giveBack(at time.Time) {
	if s := t.Stint(); s != nil && s.Ended.IsZero() {
		s.Ended, s.Outcome = at, Returned
	}
}

// proceed brings the card into a column that is no option.
func (t *Track) proceed(category kanban.Category, at time.Time) {
	s := t.Stint()
	if s == nil || s.Outcome == Returned {
		if category == kanban.Cancelled {
			return // it was never committed to
		}
		t.Stints = append(t.Stints, Stint{Committed: at, Outcome: Open})
		s = t.Stint()
	}
	if s.Started.IsZero() && category != kanban.Queue && category != kanban.Cancelled {
		s.Started = at
	}
	switch category {
	case kanban.Done:
		s.Ended, s.Outcome = at, Done
	case kanban.Cancelled:
		s.Ended, s.Outcome = at, Cancelled
	}
}

// At is the track as of a later moment, as if time alone had passed.
func (t *Track) At(b Board, now time.Time) *Track {
	if t.Created.IsZero() || !now.After(t.Since) || b.Category(t.Column).Ended() {
		return t.Clone()
	}
	out := *t // time alone changes nothing else
	out.part(t)
	out.wait(b, now)
	return &out
}

// Fold makes the tracks of all cards from their events, in any order.
func Fold(b Board, events []Event) map[kanban.CardID]*Track {
	out := map[kanban.CardID]*Track{}
	for _, e := range Order(events) {
		t := out[e.Card]
		if t == nil {
			t = &Track{}
			out[e.Card] = t
		}
		t.Apply(b, e)
	}
	return out
}
