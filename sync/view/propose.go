package view

import (
	"context"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/kanban/flow"
)

// Proposal is how many slots can be promised to the units, by what was really finished.
type Proposal struct {
	Weeks       int            `json:"weeks"`       // that were measured
	Slots       int            `json:"slots"`       // a week, all units and the improvement together
	Improvement int            `json:"improvement"` // of these: kept for removing causes
	Provisional bool           `json:"provisional"` // too few weeks for more than a guess
	Reserve     int            `json:"reserve"`     // percent of the time that unplanned work takes in the worst weeks
	Chance      float64        `json:"chance"`      // that all of it is kept over a quarter, 0 to 1
	Units       []ProposedUnit `json:"units"`
}

// ProposedUnit is one unit's part of a proposal.
type ProposedUnit struct {
	Unit     kanban.UnitKey `json:"unit"`
	Name     string         `json:"name"`
	Slots    int            `json:"slots"`
	Finished int            `json:"finished"` // planned work of the unit's, in the weeks that were measured
	Agreed   int            `json:"agreed"`   // slots of its contract in force; -1 where there is none
}

// How much is measured, and over how many weeks a promise is to be kept.
const (
	proposeWeeks = 12
	quarterWeeks = 13
)

// Propose computes slots from the last full weeks since work is known. What each unit is to have goes by how
// much planned work of its was finished. It fails with contract.ErrNoWeeks where nothing
// was measured.
func (v *Sight) Propose(ctx context.Context) (Proposal, error) {
	f, err := v.Flow(ctx)
	if err != nil {
		return Proposal{}, err
	}
	monday := calendar.Of(f.Clock.Now, f.Clock.Zone).Monday()
	var weeks []contract.Week
	for at := max(monday-7*proposeWeeks, known(f).Monday()); at < monday; at += 7 {
		weeks = append(weeks, weekOf(f, at))
	}
	claims, finished := v.claims(f, flow.Span{From: monday - calendar.Day(7*len(weeks)), To: monday - 1})
	p, err := contract.Propose(weeks, claims)
	if err != nil {
		return Proposal{}, err
	}
	chance, _ := p.Chance(p.Slots, quarterWeeks).Float64()
	out := Proposal{Weeks: p.Weeks, Slots: p.Slots, Improvement: p.Improvement, Provisional: p.Provisional, Reserve: int(100*p.Reserve + 0.5), Chance: chance, Units: []ProposedUnit{}}
	for _, part := range p.Parts {
		unit := ProposedUnit{Unit: part.Unit, Name: v.unitName(part.Unit), Slots: part.Slots, Finished: finished[part.Unit], Agreed: -1}
		for _, c := range v.Agreements {
			if terms, n := c.Version(contract.PeriodOf(monday)); c.Unit == part.Unit && n > 0 {
				unit.Agreed = terms.Slots
			}
		}
		out.Units = append(out.Units, unit)
	}
	return out, nil
}

// known is the day since which work is known: a week after it in which nothing was finished
// is a poor one, and not one that was not measured.
func known(f *Flow) calendar.Day {
	first := calendar.Of(f.Clock.Now, f.Clock.Zone)
	for _, i := range f.Items {
		first = min(first, calendar.Of(i.Created, f.Clock.Zone))
	}
	return first
}

// weekOf is what was finished in a week.
func weekOf(f *Flow, monday calendar.Day) (w contract.Week) {
	span := flow.Span{From: monday, To: monday + 6}
	w.All = len(flow.Finished(f.Items, f.Clock, span))
	planned := slices.DeleteFunc(slices.Clone(f.Items), func(i flow.Item) bool { return i.Traits.Unplanned })
	w.Planned = len(flow.Finished(planned, f.Clock, span))
	w.Unplanned = flow.Unplanned(f.Items, f.Clock, span).ByActive()
	return w
}

// claims are what the units with planned work that was finished are to have.
func (v *Sight) claims(f *Flow, span flow.Span) ([]contract.Claim, map[kanban.UnitKey]int) {
	finished := map[kanban.UnitKey]int{}
	var out []contract.Claim
	for _, u := range v.Units {
		unit := kanban.UnitKey(u.Key)
		own := slices.DeleteFunc(slices.Clone(f.Items), func(i flow.Item) bool { return i.Traits.Unit != unit || i.Traits.Unplanned })
		finished[unit] = len(flow.Finished(own, f.Clock, span))
		out = append(out, contract.Claim{Unit: unit, Share: finished[unit]})
	}
	return out, finished
}
