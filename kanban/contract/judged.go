package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// judged are the lines that a recorded ledger lacks about verdicts, at a moment: one for
// each that was decided for good by what was read until then, and one for each that the
// ledger tells and that turned out otherwise since, or does not follow any more. What the
// ledger tells of is taken back as soon as that is known, also where not all is read.
func (a Account) judged(recorded []Entry, read, at time.Time) []Entry {
	told := a.told(recorded)
	var out []Entry
	for n := range a.Verdicts {
		v := &a.Verdicts[n]
		last := told.of[v.ID]
		delete(told.of, v.ID)
		switch stands := last != nil && last.Outcome != Pending; {
		case stands && last.Outcome == v.Found && last.Period == v.Period:
		case stands || v.Found != Pending && !v.Final.After(read):
			out = append(out, a.line(v, last, at))
		}
	}
	for _, last := range sortedBySeq(told.of, told.rest) {
		if last.Outcome != Pending {
			out = append(out, a.withdrawn(last, at))
		}
	}
	return out
}

// line tells how a verdict turned out, and what is known of why it was told otherwise.
func (a Account) line(v *Verdict, last *Entry, at time.Time) Entry {
	e := Entry{Unit: a.Unit, Period: v.Period, At: v.Final, Kind: Judged, Card: v.Card, Who: byContract, Cause: readable(v.Cause), Terms: v.Version,
		Note: "decided by " + v.Promise.Clock(a.Name), Ref: v.ID, Outcome: v.Found, Basis: a.Basis.of(v.Version)}
	if last != nil && last.Outcome != Pending {
		e.At, e.Reverses, e.Was = at, last.Seq, last.Outcome
		why := since(last.Basis, e.Basis)
		switch {
		case last.Outcome == e.Outcome:
			why = fmt.Sprintf("it counts in %s now, not in %s: %s", e.Period, last.Period, why)
		case v.Facts.Gap != nil:
			why = v.Facts.Gap.Tracker + " had not been read when it was decided"
		}
		e.Note += "; " + why
	}
	e.At, e.Note = e.At.UTC().Truncate(time.Millisecond), readable(e.Note)
	return e
}

// withdrawn takes a verdict back that does not follow from the record any more.
func (a Account) withdrawn(last *Entry, at time.Time) Entry {
	e := *last
	e.At, e.Reverses, e.Was, e.Outcome = at.UTC().Truncate(time.Millisecond), last.Seq, last.Outcome, Pending
	e.Basis = a.Basis.of(last.Terms)
	e.Note = "nothing of the kind follows any more: " + since(last.Basis, e.Basis)
	return e
}

// sortedBySeq are lines in the order of the ledger.
func sortedBySeq(told map[string]*Entry, more []*Entry) []*Entry {
	out := slices.Clone(more)
	for _, e := range told {
		out = append(out, e)
	}
	slices.SortFunc(out, func(x, y *Entry) int { return cmp.Compare(x.Seq, y.Seq) })
	return out
}

// PromiseOf is the promise that a verdict is about, by its id; "" where it is none's.
func PromiseOf(verdict string) Promise {
	_, rest, _ := strings.Cut(verdict, "/")
	name, _, _ := strings.Cut(rest, "/")
	if p := Promise(name); slices.Contains(Promises(), p) {
		return p
	}
	return ""
}
