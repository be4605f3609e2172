package contract

import (
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Gap is a time in which a tracker was not read: longer than two polls. Nothing that was
// to be decided in it is held against anybody. A zero To is one that lasts.
type Gap struct {
	Tracker  string
	From, To time.Time
}

// stale is the gap that a moment lies in, nil where everything was read. Of several it is
// the first by its beginning, then by the tracker's name.
func stale(gaps []Gap, at time.Time) *Gap {
	var found *Gap
	for n, g := range gaps {
		if g.From.After(at) || !g.To.IsZero() && !g.To.After(at) {
			continue
		}
		if found == nil || g.From.Before(found.From) || g.From.Equal(found.From) && g.Tracker < found.Tracker {
			found = &gaps[n]
		}
	}
	return found
}

// Duty is something that one side owes the other within working days: an answer, the
// acceptance of what was delivered, the reply to a new request.
type Duty struct {
	Promise Promise
	Card    kanban.CardID
	N       int             // which of the card's duties of this kind it is, from 1 on, as far as its past is known
	From    time.Time       // since then it is owed
	To      time.Time       // done; zero: it is open
	Dropped bool            // the request was withdrawn, at To, before it was done
	Left    kanban.Category // of the column that the card is in since To
	Allowed int             // working days
	Cause   string          // event that began it
	Answer  string          // event that ended it
}

// Due is the last day on which it can be done in time. The day on which it was asked for
// does not count, and neither do days on which nobody works.
func (d Duty) Due(cal calendar.Calendar) calendar.Day { return cal.After(cal.Of(d.From), d.Allowed) }

// Used is how many working days it took, or has taken by now while it is open.
func (d Duty) Used(cal calendar.Calendar, now time.Time) int {
	end := d.To
	if end.IsZero() {
		end = now
	}
	return cal.Working(cal.Of(d.From)+1, cal.Of(end))
}

// Judge says whether it was done in time, as of now. What the trackers showed only later
// counts from when it was done, and where one was not read at the moment that decided,
// nobody is said to have failed.
func (d Duty) Judge(cal calendar.Calendar, gaps []Gap, now time.Time) Outcome {
	end := endOf(d.Due(cal), cal)
	done := !d.To.IsZero() && d.To.Before(end)
	switch {
	case done && d.Dropped:
		return NotApplicable
	case done:
		return Kept
	case now.Before(end):
		return Pending
	case stale(gaps, end) != nil:
		return Unknown
	}
	return Broken
}

// sortedGaps are gaps in an order of their own, however they were handed in.
func sortedGaps(gaps []Gap) []Gap {
	return slices.SortedStableFunc(slices.Values(gaps), func(a, b Gap) int { return a.From.Compare(b.From) })
}

// AnswerBy is the last day on which an answer to a question that is put at a moment is in
// time; ok is false where nothing was agreed on.
func (c Contract) AnswerBy(cal calendar.Calendar, put time.Time) (day calendar.Day, ok bool) {
	asked := cal.Of(put)
	terms, version := c.Version(PeriodOf(asked))
	if version == 0 || terms.AnswerDays == 0 {
		return 0, false
	}
	return cal.Without(terms.Holidays...).After(asked, terms.AnswerDays), true
}
