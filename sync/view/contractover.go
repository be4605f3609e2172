package view

import (
	"context"

	"parley/kanban"
	"parley/kanban/contract"
)

// OverMove is what is to be done now about a request over its contract, by its terms.
type OverMove struct {
	contract.Over
	contract.Decision

	Unit string // as people say it
	Text string // which requests hold the slots, and what the unit may do, as the unit may read it
}

// OverMoves lists what is to be told to requesters now, and what is to be written back. It is
// for no page.
func (v *Views) OverMoves(ctx context.Context) ([]OverMove, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	gaps, err := v.gaps(ctx)
	if err != nil {
		return nil, err
	}
	var out []OverMove
	for _, a := range s.accounts {
		if s.problem(a.Unit) != "" {
			continue // a choice may be what cannot be read
		}
		t := contractTeller{v.As(Viewer{Audience: UnitAudience(a.Unit), Role: kanban.Requester}), s, a}
		for _, o := range a.Over {
			d := a.Terms.Decide(o, v.Calendar, gaps, v.Now())
			if d.Move == contract.Tell || d.Move == contract.Restore {
				text := o.Sentence(a, t.namesOn(o.Card))
				if a.Terms.Over == contract.Enforce {
					text += " If nobody chooses until " + kanban.Moment(d.Until, v.zone()) + ", the priority is set back to what it was."
				}
				out = append(out, OverMove{Over: o, Decision: d, Unit: a.Name, Text: text})
			}
		}
	}
	return out, nil
}

// namesOn are cards as a text on a card's Jira issue may name them: whoever reads that one may
// not read what is elsewhere, so that only issues of the same Jira have names there.
func (t contractTeller) namesOn(card kanban.CardID) contract.Names {
	names := t.names()
	tracker := ""
	if f := t.state.faces[card]; f != nil {
		for _, s := range f.Card.Sides {
			if s.Side == kanban.Jira.String() {
				tracker = s.Tracker
			}
		}
	}
	names.Card = func(id kanban.CardID) string {
		if f := t.state.faces[id]; f != nil && tracker != "" {
			g := t.grant(f.Card)
			for _, s := range f.Card.Sides {
				if s.Tracker == tracker && g.side(s.Side) {
					return s.Key
				}
			}
		}
		return "another request"
	}
	return names
}
