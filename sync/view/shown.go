package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// card turns a face into what the viewer sees now. It begins with what everybody may
// know and adds what is granted, so that whatever is forgotten here stays hidden.
func (v *Sight) card(f *store.Face, now time.Time) Card {
	c, g := f.Card, v.grant(f.Card)
	out := Card{
		ID: c.ID, Rev: c.Rev, Column: columnKey(c), Unit: c.Unit, UnitName: v.unitName(c.Unit),
		Turn: c.Turn, TurnDays: kanban.Days(v.turnSince(c, now), now, v.zone()), Class: c.Class, Planned: c.Planned, Type: c.Type,
		AgeDays: c.Journey.AgeDays(now, v.zone()), Band: v.band(c, now), Ask: v.ask(c), Masked: !g.title, Seq: f.Seq,
		Sides: []kanban.CardSide{}, Pending: []kanban.Pending{}, Badges: []kanban.Badge{}, Over: v.over(c.ID),
	}
	if !c.Journey.Entered.IsZero() {
		out.Since = c.Journey.Entered.In(v.zone()).Format(time.DateOnly)
	}
	if c.Priority != "" {
		key := string(c.Priority)
		out.Priority = &key
		if p, ok := v.rules().Layout().Priority(c.Priority); ok {
			out.PriorityName, out.PriorityRank = p.Name, p.Rank
		}
	}
	if c.Blocked != nil {
		b := *c.Blocked
		if !g.reason {
			b.Reason = ""
		}
		out.Blocked, out.BlockedDays = &b, kanban.Days(b.Since, now, v.zone())
	}
	v.words(&out, c, g)
	for _, s := range c.Sides {
		if g.side(s.Side) {
			out.Sides = append(out.Sides, g.shownSide(s))
		}
	}
	for _, p := range c.Pending {
		if g.side(p.Side) {
			out.Pending = append(out.Pending, g.pending(p))
		}
	}
	for _, b := range c.Badges {
		if b, ok := g.badge(b); ok {
			out.Badges = append(out.Badges, b)
		}
	}
	return out
}

// turnSince is since when whoever has the turn has had it: a block passes it on, and a move
// within a party's columns does not.
func (v *Sight) turnSince(c kanban.Card, now time.Time) time.Time {
	layout := v.rules().Layout()
	since := kanban.TurnSince(c.Past.Steps, c.Past.Blocks, layout, c.Journey.Created, now)
	if c.Blocked != nil && c.Blocked.Since.After(since) && c.Turn == c.Blocked.Party && !slices.ContainsFunc(c.Past.Blocks, func(b kanban.Hindrance) bool { return b.To.IsZero() }) {
		return c.Blocked.Since // it is not of the past yet
	}
	return since
}

// words fills in what people wrote, and who they are.
func (v *Sight) words(out *Card, c kanban.Card, g grant) {
	switch {
	case g.title:
		out.Title, out.Due = c.Title, c.Due
		if g.epic(c) {
			out.Group = c.Group
		}
	case c.Restricted:
		out.Title = "Restricted item"
	default:
		out.Title = masked(*out)
	}
	if g.people {
		out.Assignee, out.Sorted = c.Assignee, c.Sorted
	} else if c.Sorted != "" {
		out.Sorted = "somebody"
	}
	if g.requester {
		out.Requester = c.Requester
	}
}

// epic reports whether the epic, parent or milestone of a card may be known: it is a word
// of the side that names it.
func (g grant) epic(c kanban.Card) bool {
	return g.title && (c.GroupSide == "" || g.native(c.GroupSide))
}

// masked is what a card is called to those who may not read its title: whose it is, of
// what kind, how urgent and how old.
func masked(c Card) string {
	words := []string{c.UnitName, c.Type, c.Class, c.PriorityName, fmt.Sprintf("%d d", c.AgeDays)}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " · ")
}

// shownSide is an issue as it may be known. Of GitHub's state those who do not read its
// words learn whether it is open.
func (g grant) shownSide(s kanban.CardSide) kanban.CardSide {
	out := kanban.CardSide{Side: s.Side, Tracker: s.Tracker, Key: s.Key, URL: s.URL, SeenAt: s.SeenAt, Labels: []string{}}
	if !g.native(s.Side) {
		out.Status, _, _ = strings.Cut(s.Status, " ") // "open, status:review", "closed as completed"
		out.Status = strings.TrimSuffix(out.Status, ",")
		if out.Status != "open" && out.Status != "closed" {
			out.Status = ""
		}
		if s.Error != "" {
			out.Error = "it cannot be read or written at the moment"
		}
		return out
	}
	out.Status, out.Priority, out.Error = s.Status, s.Priority, s.Error
	if g.title {
		out.Labels = nonNil(s.Labels)
	}
	return out
}

// pending is a write under way as it may be known.
func (g grant) pending(p kanban.Pending) kanban.Pending {
	if !g.native(p.Side) {
		p.To, p.Problem = hidden, ""
	}
	if g.hides(p.Field) {
		p.Field, p.To, p.Problem = hiddenField(p.Field), hidden, ""
	}
	return p
}

// badge is something to notice as it may be known.
func (g grant) badge(b kanban.Badge) (kanban.Badge, bool) {
	switch {
	case b.Side == "" && !g.jira && !g.github, b.Side != "" && !g.side(b.Side):
		return b, false
	case b.Side != "" && !g.native(b.Side), b.Side == "" && !(g.jira && g.detail):
		b.Text = fmt.Sprintf("%s: %s", hiddenName(b.Field), badgeWords(b.Kind))
	case g.hides(b.Field):
		b.Text = hiddenName(b.Field) + " asks for attention"
	}
	if g.hides(b.Field) {
		b.Field = hiddenField(b.Field)
	}
	return b, true
}

// badgeWords is what a badge says without quoting a tracker.
func badgeWords(kind string) string {
	switch kind {
	case kanban.BadgeRefused:
		return "a change was refused; IT sees why"
	case kanban.BadgeConflict:
		return "it was changed in two places; somebody has to choose"
	case kanban.BadgeUnmapped, kanban.BadgeAmbiguous:
		return "IT's side says something the board does not know"
	case kanban.BadgeDiffers:
		return "it differs between the two sides"
	case kanban.BadgeHeld:
		return "a change waits to be sent"
	case kanban.BadgeAway, kanban.BadgeArchived:
		return "its issue is not to be found at the moment"
	default:
		return "IT has to look at it"
	}
}

// hides reports whether a field holds words that are not granted.
func (g grant) hides(f kanban.Field) bool {
	set, _, _ := f.Element()
	switch {
	case f == "" || f == kanban.FieldBlocked || f == kanban.FieldPlanned || slices.Contains(kanban.Fields[:], f):
		return false
	case set == kanban.FieldAssignees:
		return !g.title || !g.people
	case set == kanban.FieldLabels:
		return !g.title || !g.detail
	default:
		return !g.title
	}
}

// hidden stands for what is not shown.
const hidden = "hidden"

// hiddenField is a field without the name of an element.
func hiddenField(f kanban.Field) kanban.Field {
	set, _, _ := f.Element()
	return set
}

// hiddenName is what people call a field, without the name of an element.
func hiddenName(f kanban.Field) string {
	switch hiddenField(f) {
	case "", kanban.FieldBlocked, kanban.FieldPlanned:
		return "This card"
	case kanban.FieldLabels:
		return "A label"
	case kanban.FieldAssignees:
		return "An assignee"
	default:
		return engine.FieldName(f)
	}
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return slices.Clone(s)
}

func (v *Views) unitName(key kanban.UnitKey) string { return unitName(v.Units, key) }
