// Package meeting is what the people of the demo's company decide about their contracts in
// Parley itself: before it was there, and while somebody watches. What they do in the
// trackers is package demo's.
package meeting

import (
	"fmt"

	"parley/cmd/parley/internal/demo"
	"parley/kanban"
	"parley/kanban/contract"
)

// Decided are the company's decisions of the past as Parley records them, with ids of their
// own. find gives the card of a Jira key; it fails where there is none.
func Decided(of []demo.Decision, find func(key string) (kanban.CardID, error)) ([]contract.Event, error) {
	out := make([]contract.Event, 0, len(of))
	for n, d := range of {
		e := contract.Event{ID: fmt.Sprintf("decided/company-%d", n+1), At: d.At, Who: d.Who, By: kanban.Business, Unit: kanban.UnitKey(d.Unit), Note: d.Note}
		if d.IT {
			e.By = kanban.IT
		}
		about := d.Week
		if d.Card != "" {
			card, err := find(d.Card)
			if err != nil {
				return nil, fmt.Errorf("recall a decision about %s: %w", d.Card, err)
			}
			about = string(card) + "/1"
			e.Card = card
		}
		switch d.What {
		case "approve":
			e.Kind = contract.Approved
		case "contest":
			e.Kind = contract.Contested
		default:
			e.Kind, e.Outcome = contract.Settled, contract.Outcome(d.Outcome)
		}
		if e.Kind != contract.Approved {
			e.Card, e.Ref = "", d.Unit+"/"+d.Promise+"/"+about
		}
		out = append(out, e)
	}
	return out, nil
}
