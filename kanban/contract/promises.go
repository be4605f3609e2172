package contract

import (
	"cmp"
	"slices"
	"time"

	"parley/kanban"
)

// LeastDeliveries is how many deliveries make a share: of fewer nothing is said.
const LeastDeliveries = 5

// How far back a period looks, in periods.
const (
	deliveryPeriods = 13
	expeditePeriods = 4
	completeShare   = 80 // percent of the new requests that are to be complete at the reply
)

// verdict begins one about the present period, decided at its end.
func (a *account) verdict(p Promise) Verdict {
	end := a.period.end(a.base)
	return Verdict{ID: verdictID(a.contract.Unit, p, a.period.String(), ""), Promise: p, Unit: a.contract.Unit, Period: a.period,
		Outcome: NotApplicable, Due: end, Final: end, Version: a.version, Cause: a.named(a.version), Facts: Facts{Idle: a.count.Idle}}
}

// cut counts the requests at the cut-off, and looks whether they are in order.
func (a *account) cut(there []*card, gaps []Gap) {
	a.verdicts = append(a.verdicts, a.order(there).softened(gaps, a.cutoff))
	a.ready, a.cuts = a.supplied(there), false
}

// order judges whether the requests that come next have ranks of their own.
func (a *account) order(there []*card) Verdict {
	v := a.verdict(Order)
	v.Due, v.Final = a.cutoff, a.cutoff
	queue := slices.Clone(there)
	slices.SortStableFunc(queue, behind)
	next := min(max(0, a.free()), len(queue))
	if len(queue) < 2 || next == 0 {
		return v
	}
	v.Outcome, v.Facts.Of = Kept, next
	for n, c := range queue[:next] {
		tied := n > 0 && behind(c, queue[n-1]) == 0 || n+1 < len(queue) && behind(c, queue[n+1]) == 0
		if c.traits.Rank == "" || tied {
			v.Outcome, v.Facts.Cards = Broken, append(v.Facts.Cards, c.id)
		}
	}
	v.Facts.Met = next - len(v.Facts.Cards)
	slices.Sort(v.Facts.Cards)
	loose := func(c *card) bool { return c.traits.Loose }
	mixed := slices.ContainsFunc(queue, loose) && slices.ContainsFunc(queue, func(c *card) bool { return !c.traits.Loose })
	if mixed || v.Outcome == Broken && slices.ContainsFunc(queue, loose) {
		v.Outcome, v.Facts = NotApplicable, Facts{Idle: v.Facts.Idle} // which of them the unit wants first nobody can know
	}
	return v
}

// behind orders requests as the unit wants them; those without a rank stand behind all.
func behind(x, y *card) int {
	if (x.traits.Rank == "") != (y.traits.Rank == "") {
		return -cmp.Compare(x.traits.Rank, y.traits.Rank)
	}
	return cmp.Compare(x.traits.Rank, y.traits.Rank)
}

// close ends the present period: what is left of its slots goes where it belongs, and the
// promises of the period are judged.
func (a *account) close(gaps []Gap) {
	s := a.statement(nil)
	s.Closed = true
	end := a.period.end(a.base)
	if n := s.Slots.Forfeited; n > 0 {
		a.enter(Entry{At: end, Kind: Forfeit, Amount: -n, Who: byContract, Cause: a.named(a.version), Note: "nothing was ready for it"})
	}
	if n := s.Slots.Expired; n > 0 {
		a.enter(Entry{At: end, Kind: Expire, Amount: -n, Who: byContract, Cause: a.named(a.version), Note: "beyond what carries over"})
	}
	a.closed = append(a.closed, s)
	for _, v := range []Verdict{a.takenOn(s), a.delivered(), a.restrained(), a.prepared()} {
		moments := []time.Time{end}
		if v.Promise == TakeOn && !a.cutoff.IsZero() {
			moments = append(moments, a.cutoff)
		}
		a.verdicts = append(a.verdicts, v.softened(gaps, moments...))
	}
}

func (a *account) takenOn(s Statement) Verdict {
	v := a.verdict(TakeOn)
	v.Facts.Slots = s.Slots
	if !a.count.Idle {
		v.Outcome = s.Slots.Outcome()
	}
	return v
}

// delivered judges the service level over the deliveries of thirteen periods.
func (a *account) delivered() Verdict {
	v := a.verdict(Deliver)
	v.Facts.Limit = a.terms.SLEDays
	from := a.period.Back(deliveryPeriods - 1).Monday()
	for _, h := range a.holdings {
		if h.Delivered.IsZero() || h.GivenBack || a.base.Of(h.Delivered) < from {
			continue
		}
		v.Facts.Of++
		if h.ITDays <= a.terms.SLEDays {
			v.Facts.Met++
		} else {
			v.Facts.Cards = append(v.Facts.Cards, h.Card)
		}
	}
	v.Facts.Share = a.terms.SLEShare
	slices.Sort(v.Facts.Cards)
	switch {
	case a.count.Idle || a.terms.SLEDays == 0 || v.Facts.Of < LeastDeliveries:
	case 100*v.Facts.Met >= a.terms.SLEShare*v.Facts.Of:
		v.Outcome = Kept
	default:
		v.Outcome = Broken
	}
	return v
}

// restrained judges the expedites of four periods: how many, and whether each has an
// approver.
func (a *account) restrained() Verdict {
	v := a.verdict(Restrain)
	v.Facts.Limit = a.terms.Expedites
	from := a.period.Back(expeditePeriods - 1).Monday()
	for _, h := range a.holdings {
		if h.Expedited.IsZero() || h.GivenBack || h.Swapped || a.base.Of(h.Expedited) < from {
			continue
		}
		v.Facts.Used++
		if h.Approver == "" {
			v.Facts.Cards = append(v.Facts.Cards, h.Card)
		}
	}
	slices.Sort(v.Facts.Cards)
	switch {
	case a.count.Idle || v.Facts.Used == 0:
	case v.Facts.Used <= v.Facts.Limit && len(v.Facts.Cards) == 0:
		v.Outcome = Kept
	default:
		v.Outcome = Broken
	}
	return v
}

// prepared judges how many of the new requests were complete when IT first replied.
func (a *account) prepared() Verdict {
	v := a.verdict(Prepare)
	s := a.triages[a.period]
	v.Facts.Met, v.Facts.Of, v.Facts.Limit = s.all-s.unplanned, s.all, completeShare
	switch {
	case a.count.Idle || s.all == 0:
	case 100*v.Facts.Met >= completeShare*s.all:
		v.Outcome = Kept
	default:
		v.Outcome = Broken
	}
	return v
}

// shielded judges the unplanned share of the work that was begun in a period that ended.
// Where there was more than allowed its cause can be noted for as long as an answer takes.
func (a *account) shielded(s Statement, begun starts, gaps []Gap, now time.Time) Verdict {
	terms, version := a.contract.Version(s.Period)
	cal := a.base.Without(terms.Holidays...)
	due := endOf(cal.After(s.Period.Last(), terms.AnswerDays), cal)
	v := Verdict{ID: verdictID(s.Unit, Shield, s.Period.String(), ""), Promise: Shield, Unit: s.Unit, Period: s.Period, Outcome: Pending, Due: due, Final: due,
		Version: version, Cause: a.named(version),
		Facts: Facts{Met: begun.unplanned, Of: begun.all, Limit: terms.Unplanned, Idle: s.Count.Idle}}
	if note, ok := a.notes[s.Period.String()]; ok && note.At.Before(due) {
		v.Facts.Noted, v.Cause = note.Note, note.ID
	}
	switch {
	case s.Count.Idle || terms.Unplanned == 0 || s.Closed && begun.all == 0:
		v.Outcome = NotApplicable
	case !s.Closed:
		v.Facts.Failing = 100*begun.unplanned > terms.Unplanned*begun.all && v.Facts.Noted == ""
	case 100*begun.unplanned <= terms.Unplanned*begun.all || v.Facts.Noted != "":
		v.Outcome = Kept
	case now.Before(due):
		v.Facts.Failing = true
	default:
		v.Outcome = Broken
		v = v.softened(gaps, s.Period.end(cal), due)
	}
	return v
}

// judged is the verdict on a duty.
func (d *owed) judged(unit kanban.UnitKey, gaps []Gap, now time.Time) Verdict {
	due := d.Due(d.cal)
	v := Verdict{ID: d.id(unit), Former: d.former(unit), Begun: d.Cause, Promise: d.Promise, Unit: unit, Period: PeriodOf(due), Card: d.Card,
		Outcome: d.Judge(d.cal, gaps, now), Due: endOf(due, d.cal), Version: d.version,
		Cause: cmp.Or(d.Answer, d.Cause), Facts: Facts{Limit: d.Allowed, Used: d.Used(d.cal, now), From: d.From, To: d.To, Left: d.Left, DueDay: due}}
	v.Final = v.Due
	if v.Outcome == Unknown {
		v.Facts.Gap = stale(gaps, v.Due)
	}
	return v
}
