package demo

import (
	"fmt"
	"slices"
	"time"
)

// Decision is something that people of the company decided about a contract. No tracker
// knows of it.
type Decision struct {
	At      time.Time
	What    string // approve, contest or settle
	Unit    string
	Who     string // name
	IT      bool   // for IT; else for the unit
	Promise string // that a verdict is about: R4
	Week    string // of the verdict, as 2026-W47; "" where it is about a card
	Card    string // Jira key, "" for none
	Outcome string // that a side agrees on: kept, broken
	Note    string
}

// decided are the decisions about the contracts so far.
func (p *planner) decided(all []*story) []Decision {
	out := p.approved(all)
	out = append(out, p.doubted()...)
	out = slices.DeleteFunc(out, func(d Decision) bool { return d.At.After(p.now) })
	slices.SortStableFunc(out, func(a, b Decision) int { return a.At.Compare(b.At) })
	return out
}

// approved are the approvals of expedites: within the hour, but for one of Trading that was
// thought of a week later.
func (p *planner) approved(all []*story) []Decision {
	var out []Decision
	forgot := false
	for _, s := range all {
		if !s.incident() || !s.jira || p.office.weekOf(p.now, s.steps[1].at) < -contractWeeks {
			continue
		}
		d := Decision{At: s.steps[1].at.Add(25 * time.Minute), What: "approve", Unit: s.unit, Who: p.spokesman(s.unit), Card: s.key}
		if s.unit == trading && !forgot {
			forgot = true
			d.At = p.office.week(d.At, 1).Add(10 * time.Hour)
		}
		out = append(out, d)
	}
	return out
}

// spokesman is who speaks for a unit where its contract is concerned.
func (p *planner) spokesman(unit string) string {
	all := agreements()
	return all[slices.IndexFunc(all, func(a agreement) bool { return a.unit == unit })].business
}

// doubted are the verdicts that a side did not accept: one that is open, and one on which
// both have agreed since.
func (p *planner) doubted() []Decision {
	year, week := p.office.week(p.now, urgentWeeks(risk)[0]).ISOWeek()
	at := p.office.week(p.now, urgentWeeks(risk)[0]+1)
	out := []Decision{{
		At: at.Add(11 * time.Hour), What: "contest", Unit: risk, Who: p.spokesman(risk), Promise: "R4", Week: fmt.Sprintf("%d-W%02d", year, week),
		Note: "One of the three was found by IT's own monitoring; nobody in Risk asked for it.",
	}}
	if s := p.slow[late(requests, trading)]; s != nil {
		d := Decision{At: p.office.week(s.steps[1].at, 1).Add(9 * time.Hour), What: "contest", Unit: s.unit, Who: "Priya Nair", IT: true, Promise: "P3", Card: s.key,
			Note: "We replied by telephone on the second day, and Hanna was on the line."}
		it, unit := d, d
		it.What, it.Outcome, it.At, it.Note = "settle", "kept", d.At.Add(26*time.Hour), "Replies go into the ticket from now on."
		unit.What, unit.Outcome, unit.At, unit.IT, unit.Who = "settle", "kept", d.At.Add(25*time.Hour), false, p.spokesman(s.unit)
		unit.Note = "True, I had forgotten the call."
		out = append(out, d, unit, it)
	}
	return out
}
