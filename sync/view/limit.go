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
			out = append(out, Limit{Scope: l.Scope, Key: l.Key, Name: l.Name, WIP: l.WIP, Hard: l.Hard, Count: c.count(l)})
		}
	}
	return out
}

// knowsPeople reports whether the viewer may know who works on a card that is not the own
// unit's.
func (v *Sight) knowsPeople() bool { return v.grants[whose{}].people }

// Full says why a hard limit keeps a card out while so many cards count against it.
func (v *Sight) Full(l kanban.Limit, count int) string {
	if l.Scope == kanban.ScopePerson && !v.knowsPeople() {
		return "whoever works on it has as many cards in work as they should; one has to be finished first"
	}
	return l.Reason(count)
}
