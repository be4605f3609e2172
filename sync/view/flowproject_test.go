package view

import (
	"fmt"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// made puts cards on the board of the tale, by how many days ago each was asked for and
// done: a negative second number is one that is open.
type made struct {
	FlowCards
	zone *time.Location
}

func newMade() *made {
	clock := flow.Clock{Now: time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC), Zone: time.UTC}
	return &made{FlowCards{Layout: shop, Board: flow.NewBoard(shop), Clock: clock, Calendar: calendar.New(time.UTC), People: true,
		Name: func(id kanban.CardID) CardName { return CardName{Card: id, Key: string(id)} }}, time.UTC}
}

// add puts a card that was begun so many days ago, and done so many days ago.
func (m *made) add(traits flow.Traits, asked, done int) *flow.Item {
	id := kanban.CardID(fmt.Sprintf("c%04d", len(m.Items)))
	track := &flow.Track{}
	track.Apply(m.Board, flow.Event{Card: id, At: m.Clock.Now.AddDate(0, 0, -asked), Kind: flow.Created, To: "build"})
	if done >= 0 {
		track.Apply(m.Board, flow.Event{Card: id, At: m.Clock.Now.AddDate(0, 0, -done), Kind: flow.Moved, To: "out"})
	}
	m.Items = append(m.Items, flow.Item{Track: track.At(m.Board, m.Clock.Now), Traits: &traits})
	return &m.Items[len(m.Items)-1]
}

func (m *made) project(t *testing.T, q FlowQuery) FlowProject {
	t.Helper()
	p := NewFlowPicture(m.FlowCards, q).Projects
	if len(p) != 1 {
		t.Fatalf("%d projects", len(p))
	}
	return p[0]
}

// TestADueDateIsHeldAgainstWhatIsKnown has open cards of an epic, some of it done at
// one card a day, or five cards in ninety days.
func TestADueDateIsHeldAgainstWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		open, every  int // cards left, and days between those that were done
		due          string
		late, inTime bool
		lines        int
		says         bool // something is said of what is missing
	}{
		"85 of 100 times in time":             {5, 1, "2026-12-20", false, true, 4, false},
		"the very day":                        {5, 1, "2026-11-25", false, true, 4, false},
		"a day short":                         {5, 1, "2026-11-24", true, false, 4, false},
		"no due date":                         {5, 1, "", false, false, 4, false},
		"a due date that is none":             {5, 1, "soon", false, false, 4, false},
		"only half of the times in two years": {38, 18, "2026-12-20", true, false, 1, true},
		"not once in two years":               {90, 18, "2026-12-20", true, false, 0, true},
		"due beyond what is looked ahead":     {90, 18, "2029-12-20", false, false, 0, true},
		"too dear, and past its date":         {FlowMost + 1, 1, "2026-11-19", true, false, 0, true},
		"too dear, and time is left":          {FlowMost + 1, 1, "2026-12-20", false, false, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMade()
			for n := range 5 {
				m.add(flow.Traits{Group: "E", Due: c.due}, 89, n*c.every)
			}
			if c.every == 1 {
				for n := 5; n < 90; n++ {
					m.add(flow.Traits{Group: "E", Due: c.due}, 89, n)
				}
			}
			for range c.open {
				m.add(flow.Traits{Group: "E", Due: c.due}, 89, -1)
			}
			p := m.project(t, FlowQuery{})
			if p.Late != c.late || p.InTime != c.inTime || len(p.When) != c.lines || (p.Refused+p.Beyond != "") != c.says {
				t.Errorf("%+v", p)
			}
		})
	}
}

// TestAProjectHasADateOfItsOwn: a milestone's date, else the epic's, else that of its cards;
// and an epic that is a card is called by its title.
func TestAProjectHasADateOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of, epic   flow.Traits // a card of it, and the epic; without a key there is none
		due, title string
		own        bool
	}{
		"of its cards alone":      {of: flow.Traits{Group: "PRG-2", Due: "2026-12-01"}, due: "2026-12-01"},
		"a milestone's":           {of: flow.Traits{Group: "v1", GroupIn: "acme/web", GroupDue: "2026-12-24", Due: "2026-12-01"}, due: "2026-12-24", own: true},
		"the epic's":              {of: flow.Traits{Group: "PRG-2", Due: "2026-12-01"}, epic: flow.Traits{Key: "PRG-2", Title: "Cloud move", Due: "2026-11-30"}, due: "2026-11-30", title: "Cloud move", own: true},
		"an epic without a date":  {of: flow.Traits{Group: "PRG-2", Due: "2026-12-01"}, epic: flow.Traits{Key: "PRG-2", Title: "Cloud move"}, due: "2026-12-01", title: "Cloud move"},
		"another card":            {of: flow.Traits{Group: "PRG-2"}, epic: flow.Traits{Key: "PRG-22", Title: "Books", Due: "2026-11-30"}},
		"a milestone like a key":  {of: flow.Traits{Group: "PRG-2", GroupIn: "acme/web"}, epic: flow.Traits{Key: "PRG-2", Title: "Cloud move", Due: "2026-11-30"}},
		"an epic not to be named": {of: flow.Traits{Group: "PRG-2", Due: "2026-12-01"}, epic: flow.Traits{Title: "Cloud move", Due: "2026-11-30"}, due: "2026-12-01"},
	} {
		m := newMade()
		m.add(c.of, 20, -1)
		epic := m.add(c.epic, 30, -1).Card
		p := m.project(t, FlowQuery{})
		if p.Due != c.due || p.OwnDue != c.own || p.Title != c.title || (p.Card == epic) != (c.title != "") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
