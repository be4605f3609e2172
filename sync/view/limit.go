package view

import (
	"slices"

	"parley/kanban"
	"parley/sync/store"
)

// Limit is a limit of work in progress and how many cards count against it, whatever cards
// are asked for.
type Limit struct {
	Scope kanban.Scope `json:"scope"`
	Key   string       `json:"key"` // a column's or unit's key, a class, a person's name
	Name  string       `json:"name"`
	WIP   int          `json:"wip"`
	Hard  bool         `json:"hard"`
	Count int          `json:"count"`
}

// census counts the cards of a board against its limits.
type census struct {
	layout  kanban.Layout
	columns map[kanban.ColumnKey]int
	limits  map[string]int // by kanban.Limit.ID
}

func newCensus(l kanban.Layout, faces []*store.Face) census {
	c := census{layout: l, columns: map[kanban.ColumnKey]int{}, limits: map[string]int{}}
	started := l.Started()
	for _, f := range faces {
		c.columns[f.Card.Column]++
		if !slices.Contains(started, f.Card.Column) {
			continue
		}
		for _, limit := range l.Limits {
			if l.Counts(limit, f.Card) {
				c.limits[limit.ID()]++
			}
		}
	}
	return c
}

func (c census) count(l kanban.Limit) int {
	if l.Scope == kanban.ScopeColumn {
		return c.columns[kanban.ColumnKey(l.Key)]
	}
	return c.limits[l.ID()]
}

// limits tells those of units, classes and people; a column tells its own. People are
// named to those who may know who works on what, on anybody's card.
func (v *Sight) limits(c census) []Limit {
	out := []Limit{}
	for _, l := range c.layout.Limits {
		if l.Scope != kanban.ScopePerson || v.knowsPeople() {
			out = append(out, shownLimit(l, c.count(l)))
		}
	}
	return out
}

// workLimit is how many cards the columns of work may hold together: 0 unless each of them
// has a limit. The sum of some limits is nobody's limit of all cards.
func workLimit(l kanban.Layout) (sum int) {
	for _, c := range l.Columns {
		if !c.Category.Started() {
			continue
		}
		if c.WIP == 0 {
			return 0
		}
		sum += c.WIP
	}
	return sum
}

// beyond are some columns that hold more cards than their limit.
func beyond(columns []kanban.Column, in map[kanban.ColumnKey]int) []Over {
	out := []Over{}
	for _, c := range columns {
		if by := in[c.Key] - c.WIP; c.WIP > 0 && by > 0 {
			out = append(out, Over{c.Key, c.Name, by})
		}
	}
	return out
}

func shownLimit(l kanban.Limit, count int) Limit {
	return Limit{Scope: l.Scope, Key: l.Key, Name: l.Name, WIP: l.WIP, Hard: l.Hard, Count: count}
}

// limitOf finds the limit of one thing among those that a viewer is told, nil where there
// is none.
func limitOf(limits []Limit, scope kanban.Scope, key string) *Limit {
	for i := range limits {
		if limits[i].Scope == scope && limits[i].Key == key {
			return &limits[i]
		}
	}
	return nil
}

// laneScope is the scope of the limits of what a board is divided into, "" where lanes
// have none.
func laneScope(by string) kanban.Scope {
	switch by {
	case LanesUnit:
		return kanban.ScopeUnit
	case LanesClass:
		return kanban.ScopeClass
	case LanesAssignee:
		return kanban.ScopePerson
	}
	return ""
}

// limited gives lanes their limits.
func limited(lanes []Lane, limits []Limit, by string) []Lane {
	for i := range lanes {
		lanes[i].Limit = limitOf(limits, laneScope(by), lanes[i].Key)
	}
	return lanes
}

// knowsPeople reports whether the viewer may know who works on a card that is not the own
// unit's.
func (v *Sight) knowsPeople() bool { return v.grants[whose{}].people }
