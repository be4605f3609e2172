package contract

import (
	"slices"
	"time"
)

// content is all that an entry says, apart from its place: what makes two the same.
func (e Entry) content() string {
	var b coder
	e.encode(&b)
	return string(b)
}

// Extend tells which entries have to be added to a recorded ledger, at a moment, so that it
// says what now follows from the record. Nothing recorded is changed: what does not follow
// any more, since the trackers showed something late or people moved an issue, is taken
// back by an entry of its own. A verdict is told once it is final and all that happened
// until then is read: read is up to when that is so. Added to the ledger, the same record
// asks for nothing more. Nothing has to be added at a moment before Newest: somebody whose
// clock was ahead knew of more, and all of that would be taken back.
func (a Account) Extend(recorded []Entry, read, at time.Time) []Entry {
	if at.Before(Newest(recorded)) {
		return nil
	}
	out := booked(recorded, a.Entries, at)
	back := slices.IndexFunc(out, func(e Entry) bool { return e.Reverses == 0 })
	if back < 0 {
		back = len(out)
	}
	out = append(out, a.judged(recorded, read, at)...)
	slices.SortStableFunc(out[back:], func(x, y Entry) int { return x.At.Compare(y.At) })
	for n := range out {
		out[n].Seq = int64(len(recorded) + n + 1)
	}
	return out
}

// Newest is the latest moment that the lines of a recorded ledger tell of; zero where there
// are none.
func Newest(recorded []Entry) (at time.Time) {
	for _, e := range recorded {
		if e.At.After(at) {
			at = e.At
		}
	}
	return at
}

// Waiting tells since when a recorded ledger lacks lines about verdicts that are decided at a
// moment: the first of the moments that decided them. some is false where it lacks none.
func (a Account) Waiting(recorded []Entry, at time.Time) (since time.Time, some bool) {
	for _, e := range a.judged(recorded, at, at) {
		if e.Reverses == 0 && (!some || e.At.Before(since)) {
			since, some = e.At, true
		}
	}
	return since, some
}

// booked are the lines about slots that a recorded ledger lacks, what is taken back first.
func booked(recorded, computed []Entry, at time.Time) []Entry {
	standing := slices.DeleteFunc(Standing(recorded), func(e Entry) bool { return e.Kind == Judged })
	have := map[string][]Entry{}
	for _, e := range standing {
		have[e.content()] = append(have[e.content()], e)
	}
	var missing []Entry
	for _, e := range computed {
		key := e.content()
		if same := have[key]; len(same) > 0 {
			have[key] = same[1:]
			continue
		}
		missing = append(missing, e)
	}
	var out []Entry
	for _, e := range standing {
		if key := e.content(); len(have[key]) > 0 {
			have[key] = have[key][1:]
			out = append(out, e.reversed(at))
		}
	}
	return append(out, missing...)
}

// reversed is the entry that takes another one back.
func (e Entry) reversed(at time.Time) Entry {
	e.Reverses, e.Amount, e.Who = e.Seq, -e.Amount, byContract
	e.At = at.UTC().Truncate(time.Millisecond)
	e.Note = "does not follow from the trackers any more"
	return e
}

// Standing are the entries of a ledger that were not taken back, in their order. What takes
// back stands for nothing itself, but that a verdict is another one.
func Standing(recorded []Entry) []Entry {
	back := map[int64]bool{}
	for _, e := range recorded {
		if e.Reverses != 0 {
			back[e.Reverses] = true
		}
	}
	var out []Entry
	for _, e := range recorded {
		says := e.Reverses == 0 || e.Kind == Judged && e.Outcome != Pending
		if says && !back[e.Seq] {
			out = append(out, e)
		}
	}
	return out
}
