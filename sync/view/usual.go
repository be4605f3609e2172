package view

import (
	"time"

	"parley/kanban"
	"parley/kanban/flow"
)

// usual is how long cards take, by those that were finished lately.
func (v *Views) usual(now time.Time) kanban.Baseline { return v.picture.usual(now, v.zone()) }

// usual makes the baseline of the picture, anew when the picture or the date has changed.
func (p *picture) usual(now time.Time, zone *time.Location) kanban.Baseline {
	p.mu.Lock()
	defer p.mu.Unlock()
	day := now.In(zone).Format(time.DateOnly)
	if p.baseOf == p.seq && p.baseDay == day {
		return p.base
	}
	journeys := make([]kanban.Journey, 0, len(p.list))
	for _, f := range p.list {
		if f.Card.Journey.Finished != nil {
			journeys = append(journeys, f.Card.Journey)
		}
	}
	p.base, p.baseOf, p.baseDay = kanban.BaselineOf(journeys, now, zone), p.seq, day
	return p.base
}

// started reports whether a column's cards are in work.
func (v *Views) started(key kanban.ColumnKey) bool {
	c, ok := v.rules().Layout().Column(key)
	return ok && c.Category.Started()
}

// band is how old a card is, held against what is usual where it stands: of cards in work
// their age since the start, of committed ones that since the commitment. Other cards have
// no age to compare, and none has where too little was finished lately.
func (v *Views) band(c kanban.Card, now time.Time) kanban.Band {
	return v.pace(now).Band(c.Column, c.Journey.AgeDays(now, v.zone()))
}

// pace is what is usual in each column, by the picture as it is.
func (v *Views) pace(now time.Time) flow.Pace {
	return v.tracks.paceAt(v.picture.held(), v.rules(), now, v.zone())
}

// What the business is asked for while it has the turn.
const (
	askAnswer = "asked"
	askAccept = "delivered"
)

// ask is what the business has to do about a card that is in work.
func (v *Views) ask(c kanban.Card) string {
	col, ok := v.rules().Layout().Column(c.Column)
	switch {
	case !ok || c.Turn != kanban.Business || col.Turn != kanban.Business:
		return ""
	case col.Category == kanban.Wait:
		return askAnswer
	case col.Category == kanban.Active:
		return askAccept
	}
	return ""
}
