package simulate

import (
	"fmt"

	"parley/sync/reconcile"
)

// checkP3 holds "no echo: own writes ≤ 2H-1+F and 0 after quiescence". H counts what
// people did to one field of one card; a drag on the board owes a write to both sides
// and counts once more. One that was made while the card had a single issue is as much
// a person's edit, and owes that issue its one write: it is early only in that it is part
// of what a twin is met with. F is what failed: requests, and processes that died.
func checkP3(v *verdicts) error {
	faults := v.misfortunes()
	for _, st := range v.stories {
		if st.mixed {
			continue // its writes are another card's as well
		}
		made, drags, alone := st.effort()
		sent := v.sentFor(st)
		limit := max(2*made-1, 0) + drags + alone + faults
		switch {
		case st.card.Mirror != nil:
			limit += 2 // what Parley has created is told what was agreed
		case alone > 0 && st.card.Paired():
			limit++ // the last one may have been on its way when the twins met, which then learns of it
		}
		if sent > limit {
			return fmt.Errorf("P3: %s of card %s (%s): %d writes for %d edits (%d on the board) and %d faults; at most %d would do",
				st.field, st.card.ID, v.keys(st), sent, made+alone, drags+alone, faults, limit)
		}
	}
	return nil
}

// effort counts what people did to a field that asked something of Parley: edits since
// the card is what it is, drags among them, and drags of before it had a twin.
func (st *story) effort() (made, drags, alone int) {
	for i := range st.edits {
		switch e := &st.edits[i]; {
		case e.side == reconcile.SideBoard && e.early:
			alone++
		case e.early:
		case e.side == reconcile.SideBoard:
			made, drags = made+1, drags+1
		default:
			made++
		}
	}
	return made, drags, alone
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
