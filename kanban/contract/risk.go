package contract

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
)

// riskDays is how many days ahead the list of what is at risk looks.
const riskDays = 3

// risks are the promises that today or one of the next three days will decide and that
// would be broken as things stand, the first due first: the contract's use is before the
// break.
func (r *run) risks(a *account, verdicts []Verdict) []Verdict {
	last := endOf(r.Calendar.Of(r.now)+riskDays, r.Calendar)
	var out []Verdict
	for _, all := range [][]Verdict{verdicts, r.slow(a)} {
		for n := range all {
			if v := &all[n]; v.Outcome == Pending && (v.Card != "" || v.Facts.Failing) && !v.Due.After(last) {
				out = append(out, *v)
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Verdict) int {
		return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Promise, y.Promise), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// slow are the requests on IT's clock that will soon have taken longer than the service
// level. Each is a part of the promise, not a verdict of its own.
func (r *run) slow(a *account) []Verdict {
	var out []Verdict
	for _, h := range a.holdings {
		c := r.cards[h.Card]
		if a.terms.SLEDays == 0 || !h.open() || c.holding != h || !h.Delivered.IsZero() || c.committed.IsZero() || c.turn() != kanban.IT {
			continue
		}
		used := c.itDays(h.Committed, r.now.Add(1), r.Calendar) // today counts from its first moment
		if used > a.terms.SLEDays {
			continue // it is late already
		}
		last := r.Calendar.Of(r.now) + calendar.Day(a.terms.SLEDays-used)
		out = append(out, Verdict{ID: verdictID(a.contract.Unit, Deliver, string(c.id), ""), Promise: Deliver, Unit: a.contract.Unit, Period: PeriodOf(last),
			Card: c.id, Outcome: Pending, Due: endOf(last, r.Calendar),
			Facts: Facts{Used: used, Limit: a.terms.SLEDays, From: h.Committed, DueDay: last}})
	}
	return out
}
