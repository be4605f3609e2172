package simulate

import (
	"fmt"

	"parley/sync/reconcile"
)

// checkP3 holds "no echo: own writes ≤ 2H-1+F and 0 after quiescence". H counts what
// people did to one field of one card; a drag on the board owes a write to both sides
// and counts once more. F is what failed: requests, and processes that died.
func checkP3(v *verdicts) error {
	faults := v.misfortunes()
	for _, st := range v.stories {
		if st.mixed {
			continue // its writes are another card's as well
		}
		made, drags := 0, 0
		for i := range st.edits {
			if e := &st.edits[i]; !e.early {
				made++
				if e.side == reconcile.SideBoard {
					drags++
				}
			}
		}
		sent := v.sentFor(st)
		limit := 2*made - 1 + drags + faults
		if made == 0 {
			limit = faults
		}
		if st.card.Mirror != nil {
			limit += 2 // what Parley has created is told what was agreed
		}
		if sent > limit {
			return fmt.Errorf("P3: %s of card %s (%s): %d writes for %d edits (%d on the board) and %d faults; at most %d would do",
				st.field, st.card.ID, v.keys(st), sent, made, drags, faults, limit)
		}
	}
	return nil
}

// sentFor counts the writes of a field that left at all.
func (v *verdicts) sentFor(st *story) int {
	n := 0
	for _, w := range v.journal.order {
		if w.Field == st.field && len(w.sent) > 0 && w.Card == st.card.ID {
			n++
		}
	}
	return n
}

// misfortunes counts what failed in a run.
func (v *verdicts) misfortunes() int { return v.journal.deaths + len(v.world.Incidents()) }
