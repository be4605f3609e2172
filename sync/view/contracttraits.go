package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// record tells what a card was at any moment, besides where it stood.
type record struct {
	card   *kanban.Card
	layout kanban.Layout
}

// described is a moment at which a priority changed, or anything of the profile.
type described struct {
	at              time.Time
	by, event, note string
}

// changes are the moments at which a card may have become something else, in their order.
// What it was in its first moment is none.
func (r record) changes() []described {
	var out []described
	for n, p := range r.card.Past.Ranks {
		if n > 0 {
			out = append(out, described{p.At, p.By, p.Event, string(p.Priority)})
		}
	}
	for n, p := range r.card.Past.Profiles {
		if n > 0 {
			out = append(out, described{p.At, "", "", "profile"})
		}
	}
	slices.SortStableFunc(out, func(a, b described) int { return a.at.Compare(b.at) })
	return out
}

// traits are what a card was at a moment; at the zero one, what it was in its first. Of a
// card whose profile nobody kept it is what it is now.
func (r record) traits(at time.Time) contract.Traits {
	p := r.profile(at)
	out := contract.Traits{
		Unit: p.Unit, Expedite: p.Class == kanban.ClassExpedite, Unplanned: !r.card.Planned, Priority: r.priority(at),
		Internal: !slices.ContainsFunc(r.card.Sides, func(s kanban.CardSide) bool { return s.Side == kanban.Jira.String() }),
	}
	out.Has = strings.Join(slices.DeleteFunc(ReadyFields(), func(field string) bool { return !had(p, out.Priority, field) }), ",")
	out.Rank, out.Loose = r.rank(p, out.Priority)
	return out
}

func (r record) profile(at time.Time) kanban.Profile {
	all := r.card.Past.Profiles
	if len(all) == 0 {
		c := r.card
		return kanban.Profile{Unit: c.Unit, Class: c.Class, Due: c.Due, Has: strings.Join(slices.DeleteFunc(kanban.ProfileFields(), func(f string) bool { return !filled(c, f) }), ",")}
	}
	is := all[0]
	for _, p := range all[1:] {
		if !p.At.After(at) {
			is = p
		}
	}
	return is
}

func (r record) priority(at time.Time) kanban.PriorityKey {
	ranks := r.card.Past.Ranks
	if len(ranks) == 0 {
		return r.card.Priority
	}
	is := ranks[0].Priority
	for _, p := range ranks[1:] {
		if !p.At.After(at) {
			is = p.Priority
		}
	}
	return is
}

// had reports whether a field of ReadyFields had something in it.
func had(p kanban.Profile, priority kanban.PriorityKey, field string) bool {
	switch field {
	case "due":
		return p.Due != ""
	case "priority":
		return priority != ""
	}
	return slices.Contains(strings.Split(p.Has, ","), field)
}

// rank is where a request stands among its unit's: by the place that Jira's boards have it
// at. Where Jira keeps no such order it is wanted by its priority, then by its due date;
// which of two alike in both comes first, nobody knows.
func (r record) rank(p kanban.Profile, priority kanban.PriorityKey) (rank string, loose bool) {
	if p.Place != "" {
		return p.Place, false
	}
	n := slices.IndexFunc(r.layout.Priorities, func(of kanban.Priority) bool { return of.Key == priority })
	if n < 0 {
		n = len(r.layout.Priorities)
	}
	due := p.Due
	if due == "" {
		due = "9999-12-31"
	}
	return fmt.Sprintf("%03d %s", n, due), true
}
