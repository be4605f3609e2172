package contract

import (
	"maps"
	"slices"
	"time"

	"parley/kanban"
)

// Clock tells for one request whose time it was while work was in progress: from the start
// until it was done or given up. Each moment is one party's; waiting for somebody who
// blocks the card is that one's.
type Clock struct {
	Card                kanban.CardID
	From, To            time.Time // To is now while it goes on
	IT, Business, Third time.Duration
}

// All is the time in progress.
func (c Clock) All() time.Duration { return c.IT + c.Business + c.Third }

// Share is the part of the time that was one party's, 0 to 1; 0 where there was none.
func (c Clock) Share(p kanban.Party) float64 {
	if c.All() == 0 {
		return 0
	}
	return float64(c.Of(p)) / float64(c.All())
}

// Of is how long it was one party's time.
func (c Clock) Of(p kanban.Party) time.Duration {
	switch p {
	case kanban.IT:
		return c.IT
	case kanban.Business:
		return c.Business
	case kanban.Third:
		return c.Third
	}
	return 0
}

// Sum adds clocks up, from the first beginning to the last end.
func Sum(clocks []Clock) Clock {
	var out Clock
	for n, c := range clocks {
		if n == 0 || c.From.Before(out.From) {
			out.From = c.From
		}
		if c.To.After(out.To) {
			out.To = c.To
		}
		out.IT, out.Business, out.Third = out.IT+c.IT, out.Business+c.Business, out.Third+c.Third
	}
	return out
}

// clocks are those of all cards that were begun, by unit and card. What was before the
// contract began is none of its.
func (r *run) clocks() map[kanban.UnitKey][]Clock {
	out := map[kanban.UnitKey][]Clock{}
	for _, id := range slices.Sorted(maps.Keys(r.cards)) {
		c := r.cards[id]
		a := r.account(c.debtor())
		if a == nil || c.started.IsZero() {
			continue
		}
		if clock := c.clock(a.begins, r.now); clock.To.After(a.begins) {
			out[a.contract.Unit] = append(out[a.contract.Unit], clock)
		}
	}
	return out
}

// clock adds up whose time it was since the start, or since a moment after it. The time
// that it was done, before it came back, is nobody's.
func (c *card) clock(since, now time.Time) Clock {
	out := Clock{Card: c.id, From: c.started, To: now}
	if since.After(out.From) {
		out.From = since
	}
	for n, t := range c.turns {
		end := now
		if n+1 < len(c.turns) {
			end = c.turns[n+1].at
		}
		begin := t.at
		if begin.Before(out.From) {
			begin = out.From
		}
		d := max(0, end.Sub(begin))
		switch t.party {
		case kanban.IT:
			out.IT += d
		case kanban.Business:
			out.Business += d
		case kanban.Third:
			out.Third += d
		case kanban.Nobody:
			if n+1 == len(c.turns) {
				out.To = begin
			}
		}
	}
	return out
}
