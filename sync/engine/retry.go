package engine

import (
	"time"

	"parley/kanban"
)

// Retried says that a person wants tried again what a tracker refused, or what failed and
// waits: the issues are read at once, and what is owed is planned by what they show then.
// Nothing that is held is let go, and nobody's edit is made anew.
type Retried struct{ By string }

func (r Retried) apply(t *turn) {
	for _, side := range t.card.Sides {
		if side == nil || side.Away != nil {
			continue
		}
		if side.Problem != nil {
			again := *side.Problem
			again.Until = time.Time{}
			side.Problem = &again
		}
		if side.Need == NeedNothing {
			side.Need = NeedRead
		}
	}
	for _, f := range t.card.Fields() {
		state := t.card.Field(f)
		for _, s := range kanban.Sides {
			state.Sides[s].Refused = nil
		}
		t.card.put(f, state)
	}
	t.log(Activity{Kind: DidRetry, Actor: r.By, Text: "Asked to try again"})
}
