package view

import (
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/store"
)

// Pulse is the five answers at the top of the board. Each of its numbers counts the
// cards that a Query selects.
type Pulse struct {
	InWork    int `json:"in_work"` // in started columns: Stage "work"
	Limit     int `json:"limit"`   // sum of the limits, 0 unless each of these columns has one
	Unplanned int `json:"unplanned"`

	// Cards in work by whose turn it is, and the days that the longest has been with them.
	Business   int `json:"business"`
	IT         int `json:"it"`
	Third      int `json:"third"`
	OldestDays int `json:"oldest_days"` // with the business
	ITDays     int `json:"it_days"`
	ThirdDays  int `json:"third_days"`

	// Cards in work by the band of their age; all 0 while no baseline is known.
	Calm     int             `json:"calm"`
	Watch    int             `json:"watch"`
	Risk     int             `json:"risk"`
	Late     int             `json:"late"`
	Baseline kanban.Baseline `json:"baseline"`

	Pending  int    `json:"pending"`  // changes that are not in a tracker yet
	Saving   int    `json:"saving"`   // cards with such changes
	Mismatch int    `json:"mismatch"` // cards that somebody should look at
	Over     []Over `json:"over"`     // columns beyond their limit
}

// Over is a column with more cards than its limit.
type Over struct {
	Key  kanban.ColumnKey `json:"key"`
	Name string           `json:"name"`
	By   int              `json:"by"`
}

// Older is how many cards in work are older than is usual.
func (p *Pulse) Older() int { return p.Risk + p.Late }

// pulse counts what the viewer may know.
func (v *Sight) pulse(faces []*store.Face, l kanban.Layout, now time.Time) Pulse {
	p := Pulse{Baseline: v.usual(now), Limit: workLimit(l)}
	in, started := map[kanban.ColumnKey]int{}, map[kanban.ColumnKey]bool{}
	for _, c := range l.Columns {
		if c.Category.Started() {
			started[c.Key] = true
		}
	}
	for _, f := range faces {
		in[f.Card.Column]++
		p.changes(f.Card, v.grant(f.Card))
		if started[f.Card.Column] {
			p.work(f.Card, v.band(f.Card, now), kanban.Days(v.turnSince(f.Card, now), now, v.zone()))
		}
	}
	p.Over = beyond(l.Columns, in)
	return p
}

// changes counts what is on its way, and what asks for attention.
func (p *Pulse) changes(c kanban.Card, g grant) {
	n := g.changes(c)
	p.Pending += n
	if n > 0 {
		p.Saving++
	}
	if g.noticed(c) {
		p.Mismatch++
	}
}

// changes is how many changes of a card are on their way, as far as that may be known.
func (g grant) changes(c kanban.Card) int {
	n := 0
	for _, p := range c.Pending {
		if g.side(p.Side) {
			n++
		}
	}
	return n
}

// noticed reports whether a card asks for attention, as far as that may be known.
func (g grant) noticed(c kanban.Card) bool {
	return slices.ContainsFunc(c.Badges, func(b kanban.Badge) bool { _, ok := g.badge(b); return ok })
}

// work counts a card that is in work; here is for how many days the turn has been whose it is.
func (p *Pulse) work(c kanban.Card, age kanban.Band, here int) {
	p.InWork++
	if !c.Planned {
		p.Unplanned++
	}
	switch c.Turn {
	case kanban.Business:
		p.Business++
		p.OldestDays = max(p.OldestDays, here)
	case kanban.IT:
		p.IT++
		p.ITDays = max(p.ITDays, here)
	case kanban.Third:
		p.Third++
		p.ThirdDays = max(p.ThirdDays, here)
	}
	switch age {
	case kanban.BandCalm:
		p.Calm++
	case kanban.BandWatch:
		p.Watch++
	case kanban.BandRisk:
		p.Risk++
	case kanban.BandLate:
		p.Late++
	}
}

// Sides counts the cards by the trackers that have an issue of theirs, for those who run
// the trackers' side of things; to others it is zero.
type Sides struct{ Both, Jira, GitHub int }

// Total is how many cards there are.
func (s Sides) Total() int { return s.Both + s.Jira + s.GitHub }

func (v *Sight) sides(faces []*store.Face) Sides {
	var out Sides
	if !v.Viewer.inside() {
		return out
	}
	for _, f := range faces {
		has := func(side kanban.Side) bool {
			return slices.ContainsFunc(f.Card.Sides, func(s kanban.CardSide) bool { return s.Side == side.String() })
		}
		switch {
		case has(kanban.Jira) && has(kanban.GitHub):
			out.Both++
		case has(kanban.Jira):
			out.Jira++
		default:
			out.GitHub++
		}
	}
	return out
}
