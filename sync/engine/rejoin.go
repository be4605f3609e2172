package engine

import (
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// rejoin lets the sides of a pair meet again where the rule that joins them carries more
// than the one before, or there was none: an issue was moved. The rules themselves are
// the same ones before and after. Fields beyond status and priority are forgotten while
// nothing carries them, and meet by being introduced.
func (t *turn) rejoin(before *Card) {
	if !before.Paired() || !t.card.Paired() {
		return
	}
	var at [2]time.Time
	for _, s := range kanban.Sides {
		at[s] = t.card.Sides[s].Issue.Updated
	}
	for _, f := range kanban.Fields {
		if m := t.Machine(&t.card, f); widened(t.Policy(before, f).Carry, m.Policy.Carry) {
			state, out := m.Rejoin(t.card.Field(f), at)
			t.card.put(f, state)
			t.take(f, out)
		}
	}
}

// widened reports whether more is carried now than before.
func widened(was, now reconcile.Carry) bool {
	if was == reconcile.CarryOff {
		return now != reconcile.CarryOff
	}
	return was != now && now == reconcile.CarryBoth
}
