package contract

import (
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Over is a priority that was raised beyond the free slots of its unit. It is not lost and
// not reverted: it has a place in the row.
type Over struct {
	Card   kanban.CardID
	Unit   kanban.UnitKey
	Raised time.Time
	From   kanban.PriorityKey // what it was before
	To     kanban.PriorityKey // what it is now
	Cause  string             // event that raised it
	Told   time.Time          // the choices were put on its ticket, or could not be; zero: not yet
	Mute   string             // why they could not be; then nothing is enforced
	Choice Choice             // "": none made
	Place  int                // in the row of those that wait, from 1 on
	Back   int                // times the priority was put back
}

// over are the raised priorities for which no slot is free, and before them the requests for which
// the free ones are kept. One that takes its slot in advance waits for none.
func (r *run) over(a *account) (kept []kanban.CardID, out []Over) {
	free, place := a.free(), 0
	for _, c := range a.claims {
		if c.raised.choice == Borrow || !r.chargeable(c, r.now) {
			continue
		}
		if free > 0 {
			free--
			kept = append(kept, c.id)
			continue
		}
		place++
		out = append(out, Over{Card: c.id, Unit: a.contract.Unit, Raised: c.raised.at, From: c.raised.from, To: c.traits.Priority, Cause: c.raised.cause,
			Told: c.raised.told, Mute: c.raised.mute, Choice: c.raised.choice, Place: place, Back: c.raised.back})
	}
	return kept, out
}

// Move is what is to be done about a request over the contract.
type Move string

// Moves. Each is made at most once for a raise, and what was done is recorded as an event.
const (
	Rest    Move = "rest"     // nothing but the badge
	Tell    Move = "tell"     // put the three choices on the ticket: Told
	Pick    Move = "pick"     // let the requester pick who steps down: Swapped
	Restore Move = "put-back" // write the priority back to what it was, with the reason: PutBack
)

// Decision is what to do, and until when the requester may choose; zero: without limit.
type Decision struct {
	Move  Move
	Until time.Time
}

// Decide says what to do now about a request over the contract, by the terms in force.
// Nothing is written back twice for one card, nothing to a priority that is not known, and
// nothing while a tracker is not read: the choice may be there already, or a slot.
func (t Terms) Decide(o Over, cal calendar.Calendar, gaps []Gap, now time.Time) Decision {
	cal = cal.Without(t.Holidays...)
	switch {
	case o.Choice == SwapOne:
		return Decision{Move: Pick}
	case o.Choice != "" || t.Over == "" || t.Over == Show:
		return Decision{Move: Rest}
	case o.Told.IsZero() && stale(gaps, now) != nil:
		return Decision{Move: Rest}
	case o.Told.IsZero():
		return Decision{Move: Tell, Until: t.until(now, cal)}
	}
	d := Decision{Move: Rest, Until: t.until(o.Told, cal)}
	late := !now.Before(d.Until)
	if t.Over == Enforce && late && o.Mute == "" && o.Back == 0 && o.From != "" && stale(gaps, now) == nil && stale(gaps, d.Until) == nil {
		d.Move = Restore
	}
	return d
}

// until is the end of the last day to choose on.
func (t Terms) until(told time.Time, cal calendar.Calendar) time.Time {
	return endOf(cal.After(cal.Of(told), t.ChooseDays), cal)
}
