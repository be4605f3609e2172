package view

import (
	"slices"
	"strings"

	"parley/kanban"
)

// selects reports whether a card is asked for, as far as its reader may know: no filter
// and no search tells more of a card than it shows.
func (q Query) selects(c kanban.Card, g grant) bool {
	return matches(q.Unit, string(c.Unit)) && matches(q.Turn, string(c.Turn)) && matches(q.Priority, priorityKey(c)) && q.finds(c, g)
}

func matches(want, have string) bool { return want == "" || want == have }

func priorityKey(c kanban.Card) string {
	if c.Priority == "" {
		return "none"
	}
	return string(c.Priority)
}

func (q Query) finds(c kanban.Card, g grant) bool {
	if q.Search == "" {
		return true
	}
	needle := strings.ToLower(q.Search)
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), needle) }
	if g.title && has(c.Title) || g.people && has(c.Assignee) || g.requester && has(c.Requester) {
		return true
	}
	return slices.ContainsFunc(c.Sides, func(s kanban.CardSide) bool { return g.side(s.Side) && has(s.Key) })
}
