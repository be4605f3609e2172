package engine

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// Whose a card was, of which class and how complete is kept because contracts go by it: a
// slot stays with the unit that had the request when it was taken on.

// PlaceField is the field in which Jira keeps the order of its boards.
const PlaceField = "Rank"

// placing is a place in that order: it sorts as text.
var placing = regexp.MustCompile(`^[0-2]\|[0-9a-z]+:[0-9a-z]*$`)

// profile is what issues of one card make of it, Jira's first.
func (e *Engine) profile(issues []connectors.Issue, at time.Time) kanban.Profile {
	traits := e.Rules.Traits(issues...)
	out := kanban.Profile{At: at, Unit: traits.Unit, Class: traits.Class}
	if len(issues) == 0 {
		return out
	}
	out.Due = issues[0].Due
	for name, value := range issues[0].Custom {
		if strings.EqualFold(name, PlaceField) && placing.MatchString(value) {
			out.Place = value
		}
	}
	has := map[string]bool{"requester": person(traits.Requester) != ""}
	for _, i := range issues {
		has["assignee"] = has["assignee"] || len(i.Assignees) > 0
		has["labels"] = has["labels"] || len(i.Labels) > 0
		has["components"] = has["components"] || i.Kind == connectors.Jira && len(i.Components) > 0
		has["epic"] = has["epic"] || cmp.Or(i.Parent, i.Milestone) != ""
	}
	out.Has = strings.Join(slices.DeleteFunc(kanban.ProfileFields(), func(f string) bool { return !has[f] }), ",")
	return out
}

// describe notes what the card is from now on, where that changed. Other rules are no change
// of the card: they say otherwise what it has been since the last one.
func (t *turn) describe(before Card) {
	issues := t.card.issues()
	if len(issues) == 0 {
		return
	}
	is, n := t.profile(issues, t.card.lead().Created), len(t.card.Profiles)
	if n > 0 {
		is.At = t.card.Profiles[n-1].At
	}
	switch {
	case n > 0 && t.card.Profiles[n-1].Same(is):
		return
	case n > 0 && before.Mapping != "" && before.Mapping != t.card.Mapping:
		t.card.Profiles = append(slices.Clone(t.card.Profiles[:n-1]), is)
		return
	case n > 0:
		for _, i := range issues {
			is.At = latest(is.At, i.Updated)
		}
	}
	t.card.Profiles = kanban.Bounded(append(slices.Clone(t.card.Profiles), is), kanban.MaxProfiles)
}

// profiled tells from the whole record of a card's issues what it was, by the present rules.
// What no history tells, such as the place in Jira's order, was as Parley saw it then; before
// Parley saw the card, as it saw it first.
func (t *turn) profiled(events []kanban.Event) []kanban.Profile {
	now := map[kanban.Side]connectors.Issue{}
	var all []kanban.Event
	for _, s := range kanban.Sides {
		if t.card.Sides[s] == nil {
			continue
		}
		mine := t.ofSide(s, events)
		issue := t.card.Sides[s].Issue
		for _, e := range slices.Backward(mine) {
			for _, c := range slices.Backward(e.Changes) {
				if t.Rules.Profiles(c) {
					issue = mapping.Retraced(issue, kanban.Change{Field: c.Field, From: c.To, To: c.From, FromName: c.ToName, ToName: c.FromName})
				}
			}
		}
		now[s], all = issue, append(all, mine...)
	}
	for _, p := range t.card.Profiles {
		all = append(all, kanban.Event{At: p.At}) // at which only the place may have changed
	}
	slices.SortStableFunc(all, func(a, b kanban.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.SourceID, b.SourceID))
	})
	out := t.seenAs(nil, now, t.card.lead().Created)
	for _, e := range all {
		for s, i := range now {
			for _, c := range e.Changes {
				if i.Tracker == e.Tracker && i.ID == e.Issue && t.Rules.Profiles(c) {
					i = mapping.Retraced(i, c)
				}
			}
			now[s] = i
		}
		out = t.seenAs(out, now, e.At)
	}
	return kanban.Bounded(out, kanban.MaxProfiles)
}

// seenAs adds what a card was when its issues were as they are given.
func (t *turn) seenAs(out []kanban.Profile, now map[kanban.Side]connectors.Issue, at time.Time) []kanban.Profile {
	var issues []connectors.Issue
	for _, s := range kanban.Sides {
		if i, ok := now[s]; ok && !i.Created.After(at) {
			issues = append(issues, i)
		}
	}
	if len(issues) == 0 {
		return out
	}
	is := t.profile(issues, at)
	if len(t.card.Profiles) > 0 {
		is.Place = placeAt(t.card.Profiles, at)
	}
	switch n := len(out); {
	case n > 0 && out[n-1].Same(is):
		return out
	case n == 1 && at.Sub(out[0].At) < makingOf: // an issue is made in several entries
		is.At = out[0].At
		return []kanban.Profile{is}
	}
	return append(out, is)
}

// makingOf is how long after its creation what is said of an issue counts as said with it.
const makingOf = 10 * time.Second

// reprofiled are the profiles after a history was read, of events from before Parley knew
// the card: what it saw since then stays as it was seen.
func (t *turn) reprofiled(events []kanban.Event) []kanban.Profile {
	known := t.card.Profiles
	out := t.profiled(events)
	if len(known) < 2 {
		return out
	}
	out = slices.DeleteFunc(out, func(p kanban.Profile) bool { return !p.At.Before(known[1].At) })
	return kanban.Bounded(slices.Concat(out, known[1:]), kanban.MaxProfiles)
}

// profileTogether makes one row of the profiles of two cards that became one, of which the
// side s came from the other: until then those of the issue in Jira, which decides.
func (t *turn) profileTogether(b Card, s kanban.Side) {
	if s == kanban.Jira && len(b.Profiles) > 0 && !t.card.made() {
		t.card.Profiles = b.Profiles
	}
}

// placeAt is the place that a card was known to have at a moment, else the first one.
func placeAt(known []kanban.Profile, at time.Time) string {
	place := known[0].Place
	for _, p := range known {
		if !p.At.After(at) {
			place = p.Place
		}
	}
	return place
}
