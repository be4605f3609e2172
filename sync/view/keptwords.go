package view

import (
	"slices"

	"parley/kanban"
)

// words keeps one copy of each text that many cards have, such as a column, a status or a
// name: read from the store each card brings copies of its own, which for a hundred thousand
// cards is a third of what they take.
type words map[string]string

// mostWords bounds the texts that are kept: beyond it they are not shared but begun anew.
const mostWords = 100_000

// shared has a text be the copy of it that is kept.
func shared[S ~string](w words, s *S) {
	if *s == "" {
		return
	}
	kept, ok := w[string(*s)]
	if !ok {
		if len(w) >= mostWords {
			clear(w)
		}
		kept = string(*s)
		w[kept] = kept
	}
	*s = S(kept)
}

// share has a card use the texts that others have, and no more room for its lists than they
// need: a decoder leaves room for four of each.
func (w words) share(c *kanban.Card) {
	shared(w, &c.Column)
	shared(w, &c.Priority)
	shared(w, &c.Unit)
	shared(w, &c.Turn)
	for _, s := range []*string{&c.Requester, &c.Assignee, &c.Person, &c.Class, &c.Sorted, &c.Type, &c.Group, &c.GroupDue, &c.GroupSide, &c.Due, &c.Team} {
		shared(w, s)
	}
	c.Components, c.Sides, c.Badges = slices.Clone(c.Components), slices.Clone(c.Sides), slices.Clone(c.Badges)
	for i := range c.Components {
		shared(w, &c.Components[i])
	}
	for i := range c.Sides {
		w.side(&c.Sides[i])
	}
	for i := range c.Badges {
		shared(w, &c.Badges[i].Kind)
		shared(w, &c.Badges[i].Text)
		shared(w, &c.Badges[i].Side)
		shared(w, &c.Badges[i].Field)
	}
	w.past(&c.Past)
	journey(&c.Journey)
}

// journey has moments that are the same be there once: most cards were begun when they were
// committed to, and are done since they came where they are.
func journey(j *kanban.Journey) {
	if j.Started != nil && j.Committed != nil && j.Started.Equal(*j.Committed) {
		j.Started = j.Committed
	}
	if j.Finished != nil && j.Finished.Equal(j.Entered) {
		j.Finished = &j.Entered
	}
}

// plain leaves out of a past what only contracts are told by: what the card was, how urgent,
// and who moved it by which event. On a board of years that is a fifth of what cards take.
func plain(p *kanban.Past) {
	p.Ranks, p.Profiles = nil, nil
	for i := range p.Steps {
		p.Steps[i].By, p.Steps[i].Event = "", ""
	}
}

func (w words) side(s *kanban.CardSide) {
	for _, text := range []*string{&s.Side, &s.Tracker, &s.Status, &s.Priority, &s.Error} {
		shared(w, text)
	}
	s.Labels = slices.Clone(s.Labels)
	for i := range s.Labels {
		shared(w, &s.Labels[i])
	}
}

func (w words) past(p *kanban.Past) {
	p.Steps, p.Ranks, p.Blocks, p.Profiles, p.Touched = slices.Clone(p.Steps), slices.Clone(p.Ranks), slices.Clone(p.Blocks), slices.Clone(p.Profiles), slices.Clone(p.Touched)
	for i := range p.Steps {
		shared(w, &p.Steps[i].Column)
		shared(w, &p.Steps[i].By)
	}
	for i := range p.Ranks {
		shared(w, &p.Ranks[i].Priority)
		shared(w, &p.Ranks[i].By)
	}
	for i := range p.Profiles {
		shared(w, &p.Profiles[i].Unit)
		shared(w, &p.Profiles[i].Class)
		shared(w, &p.Profiles[i].Has)
	}
}
