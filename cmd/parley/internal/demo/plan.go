package demo

import (
	"math/rand/v2"
	"time"
)

// history is how far back the company's finished work goes.
const history = 165 * 24 * time.Hour

// quarter is how far back most of it goes.
const quarter = 87 * 24 * time.Hour

// planner invents the stories. All chance comes from rng, in a fixed order.
type planner struct {
	rng    *rand.Rand
	office office
	now    time.Time
	decks  map[string][]idea // by unit, incidents under "incident"
	turn   int               // deals the units round
	broken map[string]int    // incidents that are over, by unit
	slow   map[string]*story // what stayed too long, by stage and unit
}

// plan invents all stories.
func (p *planner) plan() []*story {
	p.shuffle()
	p.broken, p.slow = map[string]int{}, map[string]*story{}
	var all []*story
	for _, q := range quotas() {
		for i := range q.pairs + q.jira + q.hub {
			s := &story{jira: i < q.pairs+q.jira, hub: i < q.pairs || i >= q.pairs+q.jira}
			p.cast(s, i < q.inc)
			p.walk(s, q.stage, i, q.pairs+q.jira+q.hub)
			p.colour(s)
			all = append(all, s)
		}
	}
	p.regular(all)
	peculiar(all)
	p.joinUp(all)
	return all
}

// shuffle puts the ideas of each unit into the order they will be dealt in.
func (p *planner) shuffle() {
	p.decks = map[string][]idea{}
	for _, unit := range []string{trading, risk, finance, ""} {
		var rest []idea
		for _, x := range ideas(unit) {
			if x.kind == typeIncident {
				p.decks[unit+" incident"] = append(p.decks[unit+" incident"], x)
			} else {
				rest = append(rest, x)
			}
		}
		p.rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		p.decks[unit] = rest
	}
}

// deal takes the next idea of a deck.
func (p *planner) deal(deck string) (x idea, ok bool) {
	if len(p.decks[deck]) == 0 {
		return idea{}, false
	}
	x = p.decks[deck][0]
	p.decks[deck] = p.decks[deck][1:]
	return x, true
}

// cast gives a story its subject and its people.
func (p *planner) cast(s *story, incident bool) {
	suffix := ""
	if incident {
		suffix = " incident"
	}
	if !s.jira {
		s.idea, _ = p.deal("")
	} else {
		units := []string{trading, risk, finance}
		for ok := false; !ok; p.turn++ {
			s.unit = units[p.turn%len(units)]
			s.idea, ok = p.deal(s.unit + suffix)
		}
	}
	s.priority = p.rank(s)
	s.dev = p.someone(Developer, teamOf(s.repo))
	if s.unit != "" {
		s.requester = p.someone(Requester, s.unit)
		s.liaison = p.someone(Liaison, "")
		s.epic = p.epic(s)
	}
	s.talk = pick(p.rng, exchanges())
	if p.rng.IntN(3) == 0 {
		s.remark = pick(p.rng, remarks())
	}
}

func teamOf(repo string) string {
	if repo == infraRepo {
		return "infra"
	}
	return "payments"
}

func (p *planner) someone(role Role, team string) Person { return pick(p.rng, staff(role, team)) }

// rank deals priorities: incidents high, other work in the middle and below. Which requests
// of the business are high follows from its contracts; see regular.
func (p *planner) rank(s *story) string {
	switch {
	case s.incident() || s.kind == "incident":
		return pick(p.rng, []string{highest, highest, high})
	case s.jira:
		return pick(p.rng, []string{medium, medium, medium, low, low, lowest})
	}
	return pick(p.rng, []string{high, high, medium, medium, medium, medium, low, low, lowest})
}

// epic puts about two thirds of the planned requests into a programme.
func (p *planner) epic(s *story) string {
	names := epics(s.unit)
	i := p.rng.IntN(len(names) + 1)
	if s.incident() || i == len(names) {
		return ""
	}
	return names[i]
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
