// Package oracle tells from the trackers' own histories, and from nothing that the
// machine under test believes, whether an edit by a person was lost (P1). Tests of the
// whole daemon use it; the product does not.
package oracle

import (
	"slices"
	"time"
)

// Change is one change of a field of an issue, as the tracker's history tells it.
type Change struct {
	At    time.Time
	Value string // in the board's terms; "" where it names none of the board's values
	Shows string // what people read there although no value is named; "" means Value
	Own   bool   // made by Parley
}

// shows is what people read on the side after the change.
func (c Change) shows() string {
	if c.Shows != "" {
		return c.Shows
	}
	return c.Value
}

// Drag is a change made on the board.
type Drag struct {
	At       time.Time
	From, To string // what the board showed, and what was asked for
}

// Field is everything that happened to one field of one card.
type Field struct {
	First [2]string   // what each side showed before its first change
	Sides [2][]Change // oldest first
	Drags []Drag
	// Kept are the values that lost a conflict and are on record.
	Kept []string
}

// Lost gives the edits that people made in a tracker and that are neither the final
// value there, nor overwritten by somebody who had them on the screen, nor on record.
// The moments of both trackers must be of one clock.
func (f Field) Lost() []Change {
	var out []Change
	for side, changes := range f.Sides {
		for i, c := range changes {
			if !c.Own && c.Value != "" && !slices.Contains(f.Kept, c.Value) && !f.stands(side, i) {
				out = append(out, c)
			}
		}
	}
	return out
}

// stands reports whether an edit is the final value of its side, or was overwritten
// there by somebody who saw it. What Parley wrote over it and wrote again stands.
func (f Field) stands(side, i int) bool {
	changes := f.Sides[side]
	edit, shown := changes[i], true
	for _, next := range changes[i+1:] {
		switch {
		case next.shows() == edit.Value:
			shown = true
		case !next.Own:
			return shown
		case shown && f.seen(side, edit, next.At):
			return true
		default:
			shown = false
		}
	}
	return shown
}

// slack is how much later than its cause a tracker may record a write: both round to
// the second.
const slack = 2 * time.Second

// seen reports whether somebody on the other side, or on the board, had the edit's
// value before them when they changed it, so that Parley carried their change on.
func (f Field) seen(side int, edit Change, overwritten time.Time) bool {
	within := func(t time.Time) bool {
		return t.After(edit.At.Add(-slack)) && t.Before(overwritten.Add(slack))
	}
	for _, d := range f.Drags {
		if within(d.At) && d.From == edit.Value {
			return true
		}
	}
	shown := f.First[1-side]
	for _, c := range f.Sides[1-side] {
		if !c.Own && within(c.At) && shown == edit.Value {
			return true
		}
		shown = c.shows()
	}
	return false
}
