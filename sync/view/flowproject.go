package view

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FlowProject is an epic or milestone: what is left of it, and by when it will be done.
type FlowProject struct {
	Name string `json:"name"`
	In   string `json:"in,omitempty"` // the repository or project whose it is
	// Card and Title are those of an epic that is a card itself.
	Card    kanban.CardID `json:"card,omitempty"`
	Title   string        `json:"title,omitempty"`
	Done    int           `json:"done"`
	All     Amount        `json:"all"`
	Due     string        `json:"due,omitempty"`     // its own date or, where it has none, the latest of its open cards
	OwnDue  bool          `json:"own_due,omitempty"` // Due is its own date
	When    []When        `json:"when"`
	Refused string        `json:"refused,omitempty"`
	Learned int           `json:"learned_days"`     // days of the past that it is learned from: those measured since the first of its cards was committed to
	Beyond  string        `json:"beyond,omitempty"` // why the surer of these dates are missing
	// Late says that it is not done by its due date with 85 % certainty, InTime that it is.
	// Neither is said where there is no due date, or it cannot be told.
	Late   bool `json:"late"`
	InTime bool `json:"in_time"`
}

// mostProjects is how many epics and milestones are forecast: those that are due first,
// then those with most left to do.
const mostProjects = 20

// groupKey tells epics and milestones apart.
type groupKey struct{ name, in string }

// projects forecasts epics and milestones at the pace at which each was worked on.
func (s *flowSet) projects() []FlowProject {
	groups := map[groupKey]*[]flow.Item{}
	for _, i := range s.grouped {
		key := groupKey{i.Group, i.GroupIn}
		if groups[key] == nil {
			groups[key] = &[]flow.Item{}
		}
		of := groups[key]
		*of = append(*of, i)
	}
	out, epics := []FlowProject{}, s.epics(groups)
	for key, of := range groups {
		items := *of
		p := FlowProject{Name: key.name, In: key.in, When: []When{}, All: amount(len(items), FlowList{List: ListGroup, Group: key.name, In: key.in})}
		p.takeDue(s, items, epics[key])
		if p.Done < p.All.N {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b FlowProject) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")), cmp.Compare(b.All.N-b.Done, a.All.N-a.Done), cmp.Compare(a.Name, b.Name), cmp.Compare(a.In, b.In))
	})
	out = out[:min(len(out), mostProjects)]
	budget := mostWork
	for n := range out {
		s.project(&out[n], *groups[groupKey{out[n].Name, out[n].In}], &budget)
	}
	return out
}

// epics are the cards that are the epics of others: those whose key is a group's name.
func (s *flowSet) epics(groups map[groupKey]*[]flow.Item) map[groupKey]*flow.Item {
	out := map[groupKey]*flow.Item{}
	for n := range s.Items {
		i := &s.Items[n]
		if key := (groupKey{name: i.Key}); i.Key != "" && groups[key] != nil {
			out[key] = i
		}
	}
	return out
}

// takeDue counts what is done of a project, and finds by when it is due: its own date counts
// for more than those of its cards.
func (p *FlowProject) takeDue(s *flowSet, items []flow.Item, epic *flow.Item) {
	own, cards := "", ""
	for n := range items {
		own = max(own, items[n].GroupDue)
		if s.open(&items[n]) {
			cards = max(cards, items[n].Due)
		} else {
			p.Done++
		}
	}
	if epic != nil {
		p.Card, p.Title, own = epic.Card, epic.Title, cmp.Or(own, epic.Due)
	}
	p.Due, p.OwnDue = cmp.Or(own, cards), own != ""
}

// project forecasts one from those of its cards that were finished.
func (s *flowSet) project(p *FlowProject, items []flow.Item, budget *int) {
	at := s.projected(p, items, budget)
	p.When, p.Refused, p.Beyond = at.when, at.refused, at.beyond
	if due, err := calendar.Parse(p.Due); err == nil {
		p.Late, p.InTime = dueVerdict(due, s.Clock.Today(), at)
	}
}

// committed is the day on which the first of some cards was committed to, or begun.
func (s *flowSet) committed(items []flow.Item) calendar.Day {
	first := s.Clock.Now
	for n := range items {
		if st := items[n].Stints; len(st) > 0 && st[0].Committed.Before(first) {
			first = st[0].Committed
		}
	}
	return s.day(first)
}

func (s *flowSet) projected(p *FlowProject, items []flow.Item, budget *int) outlook {
	sample := flow.Throughput(items, s.Clock, s.span.Since(s.committed(items)))
	p.Learned = len(sample)
	if err := sample.Check(); err != nil {
		return outlook{when: []When{}, refused: err.Error()}
	}
	rest := p.All.N - p.Done
	dear := cost(sample, rest)
	if rest > FlowMost || dear > *budget {
		return outlook{when: []When{}, refused: tooDear}
	}
	*budget -= dear
	return s.outlook(sample, rest)
}
