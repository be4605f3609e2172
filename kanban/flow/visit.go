package flow

import (
	"slices"
	"time"

	"parley/kanban"
)

// Visit is what a card's stays in one column come to.
type Visit struct {
	Column  kanban.ColumnKey
	Reached time.Time     // first entry
	Left    time.Time     // last exit; zero: it never left
	In      time.Duration // in all
}

// Visits tells of the columns that a card has been in, in the order of their first entries.
// They are gone through in its steps each time: a track is kept for every card, and few are
// asked.
func (t *Track) Visits() []Visit {
	var out []Visit
	here, since := -1, t.Created
	leave := func(at time.Time) {
		if here >= 0 && out[here].Column != "" { // out of all columns no time is counted
			out[here].In += at.Sub(since)
		}
	}
	for _, s := range t.Steps {
		if here >= 0 && out[here].Column == s.Column {
			continue
		}
		at := s.At
		if at.Before(since) {
			at = since
		}
		if leave(at); here >= 0 {
			out[here].Left = at
		}
		if here = visit(out, s.Column); here < 0 {
			here, out = len(out), append(out, Visit{Column: s.Column, Reached: at})
		}
		since = at
	}
	leave(t.Since)
	return out
}

// Visit tells of a card's stays in a column; ok is false where it has never been there.
func (t *Track) Visit(key kanban.ColumnKey) (v Visit, ok bool) {
	all := t.Visits()
	if i := visit(all, key); i >= 0 {
		return all[i], true
	}
	return Visit{}, false
}

func visit(all []Visit, key kanban.ColumnKey) int {
	return slices.IndexFunc(all, func(v Visit) bool { return v.Column == key })
}
