package view

import (
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// hidden stands for what a restricted card says.
const hidden = "hidden"

// redact hides what a restricted card says. Until people sign in nobody is known to
// be allowed to read it.
func redact(c *Card) {
	c.Title, c.Group, c.Assignee = "Restricted item", "", ""
	for i := range c.Sides {
		c.Sides[i].Labels = []string{}
	}
	for i := range c.Pending {
		if p := &c.Pending[i]; private(p.Field) {
			p.Field, p.To = hiddenField(p.Field), hidden
		}
	}
	for i := range c.Badges {
		if b := &c.Badges[i]; private(b.Field) {
			b.Text, b.Field = hiddenName(b.Field)+" asks for attention", hiddenField(b.Field)
		}
	}
}

// private reports whether a field holds words that people wrote, or names them.
func private(f kanban.Field) bool {
	return f != "" && f != kanban.FieldDue && !slices.Contains(kanban.Fields[:], f)
}

// hiddenField is a field without the name of an element.
func hiddenField(f kanban.Field) kanban.Field {
	set, _, _ := f.Element()
	return set
}

// hiddenName is what people call a field, without the name of an element.
func hiddenName(f kanban.Field) string {
	switch hiddenField(f) {
	case kanban.FieldLabels:
		return "A label"
	case kanban.FieldAssignees:
		return "An assignee"
	default:
		return engine.FieldName(f)
	}
}

// redactLine hides what a line of activity says of a restricted card.
func redactLine(l *Line, restricted bool) {
	if !restricted {
		return
	}
	switch {
	case private(l.Field):
		l.Text = hiddenName(l.Field) + " was changed or is about to be"
		l.Field = hiddenField(l.Field)
	case l.Kind == engine.DidCreate:
		l.Text = "a twin was created"
	}
}

// restricted tells which of these cards are.
func restricted(faces []*store.Face) map[kanban.CardID]bool {
	out := map[kanban.CardID]bool{}
	for _, f := range faces {
		if f.Card.Restricted {
			out[f.Card.ID] = true
		}
	}
	return out
}

// redactStory hides what a field of a restricted card says.
func redactStory(s *FieldStory) {
	if !private(s.Field) {
		return
	}
	s.Name, s.Field = hiddenName(s.Field), hiddenField(s.Field)
	if s.Agreed != "" {
		s.Agreed = hidden
	}
	for i := range s.Sides {
		s.Sides[i].Native, s.Sides[i].Means, s.Sides[i].Refused = hidden, hidden, ""
	}
	for i := range s.Writes {
		w := &s.Writes[i]
		w.From, w.To, w.Reason, w.Problem = hidden, hidden, hidden, ""
	}
}
