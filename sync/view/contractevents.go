package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
)

// What a card's past is to the contracts. Only what is remembered of a card tells it, so
// that a change of one card makes its events anew and nobody else's.

// ReadyFields lists what can be asked of a ready request. Parley keeps no texts: whether
// there is a description it does not know.
func ReadyFields() []string {
	return []string{"due", "priority", "requester", "assignee", "labels", "components", "epic"}
}

// filled reports whether a card has something in a field of ReadyFields.
func filled(c *kanban.Card, field string) bool {
	switch field {
	case "due":
		return c.Due != ""
	case "priority":
		return c.Priority != ""
	case "requester":
		return c.Requester != ""
	case "assignee":
		return c.Assignee != ""
	case "labels":
		return slices.ContainsFunc(c.Sides, func(s kanban.CardSide) bool { return len(s.Labels) > 0 })
	case "components":
		return len(c.Components) > 0
	case "epic":
		return c.Group != ""
	}
	return false
}

// actors tells for which side somebody acts who did something to a card.
type actors struct {
	rules *mapping.Rules
	kinds map[string]connectors.Kind // of the trackers, by name
	units map[string]bool            // keys and names of the units, in lower case
	known bool                       // the configuration names people: an account in Jira that it does not know is the business's
}

// of is the side of who made an event. What was done in Parley says so itself. A person whose team is named as a unit is of the
// business; anybody else who works in GitHub, or whom the configuration names, is IT. It is
// "" where nobody can tell.
func (p actors) of(by, event string) kanban.Party {
	tracker, source, _ := strings.Cut(event, "/")
	kind := p.kinds[tracker]
	switch {
	case strings.HasPrefix(source, kanban.SourceBoard):
		return kanban.BoardSide(source)
	case by == "" || kind == "":
		return ""
	}
	person, named := p.rules.Person(kind, connectors.Person{ID: by})
	switch {
	case named && p.units[strings.ToLower(person.Team)]:
		return kanban.Business
	case named || kind == connectors.GitHub:
		return kanban.IT
	case kind == connectors.Jira && p.known:
		return kanban.Business
	}
	return ""
}

// place is where a tracker stands in the order of simultaneous events: as everywhere, Jira
// before GitHub before the board.
func (p actors) place(event string) int {
	tracker, source, _ := strings.Cut(event, "/")
	switch {
	case strings.HasPrefix(source, kanban.SourceBoard):
		return 3
	case p.kinds[tracker] == connectors.GitHub:
		return 2
	case p.kinds[tracker] == connectors.Jira:
		return 1
	}
	return 0
}

// contractEvents are a card's past in the terms of the contracts. The same card always gives
// the same events, with the same ids: those of the trackers' events where they have one.
func contractEvents(c *kanban.Card, l kanban.Layout, who actors) []contract.Event {
	r := record{card: c, layout: l}
	steps := c.Past.Steps
	created := contract.Event{ID: string(c.ID) + "/created", Card: c.ID, Kind: contract.Created, At: c.Journey.Created, By: kanban.Business, Traits: r.traits(time.Time{})}
	if created.Traits.Internal {
		created.By = kanban.IT
	}
	if len(steps) > 0 && !steps[0].At.After(created.At) {
		created.To, steps = steps[0].Column, steps[1:]
	}
	t := passage{card: c, layout: l, actors: who, last: created.At, out: []contract.Event{created}}
	before := created.Traits
	for _, e := range r.changes() {
		traits := r.traits(e.at)
		if traits == before && e.event == "" {
			continue // of the profile nothing that a contract goes by
		}
		t.tell(e.at, e.by, e.event, contract.Event{Kind: contract.Described, Traits: traits, Note: e.note})
		before = traits
	}
	t.last = created.At
	for _, s := range steps {
		t.move(s)
	}
	for _, h := range c.Past.Blocks {
		if h.Asked {
			continue // decisions tell of questions, by their names
		}
		t.last = time.Time{}
		t.tell(h.From, "", "", contract.Event{Kind: contract.Blocked, By: h.Party})
		if !h.To.IsZero() {
			t.tell(h.To, "", "", contract.Event{Kind: contract.Unblocked})
		}
	}
	return t.ordered()
}

// passage makes the events of one card.
type passage struct {
	actors

	card    *kanban.Card
	layout  kanban.Layout
	last    time.Time // of the row that is told: a moment before it counts as that
	replied bool
	out     []contract.Event
}

func (t *passage) tell(at time.Time, by, event string, e contract.Event) contract.Event {
	if at.After(t.last) {
		t.last = at
	}
	e.Card, e.At, e.Who, e.ID, e.Rank = t.card.ID, t.last, by, event, t.place(event)
	e.By = cmp.Or(e.By, t.of(by, event))
	if e.ID == "" {
		e.ID = fmt.Sprintf("%s/%s/%d/%s", t.card.ID, e.Kind, e.At.UnixMilli(), cmp.Or(string(e.To), e.Note))
	}
	e.Note = ""
	t.out = append(t.out, e)
	return e
}

// move tells of a column. That IT moves a request that is still an option is its reply.
func (t *passage) move(s kanban.Step) {
	e := t.tell(s.At, s.By, s.Event, contract.Event{Kind: contract.Moved, To: s.Column})
	to, _ := t.layout.Column(s.Column)
	if e.By == kanban.IT && to.Category == kanban.Option && !t.replied {
		t.replied = true
		e.Kind, e.To = contract.Triaged, ""
		t.out = append(t.out, e)
	}
}

// ordered puts the events into their order. Those of one moment keep the order in which the
// card went through them, whatever their ids.
func (t *passage) ordered() []contract.Event {
	slices.SortStableFunc(t.out[1:], func(a, b contract.Event) int { return a.At.Compare(b.At) })
	for i := range t.out {
		e := &t.out[i]
		if e.Rank *= 1000; i > 0 && e.At.Equal(t.out[i-1].At) {
			e.Rank = max(e.Rank, t.out[i-1].Rank+1)
		}
	}
	return t.out
}
