package simulate

import (
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// checkP1 holds "no silent loss: every foreign edit is the final value, or was
// overwritten by a person who saw it, or is in conflict". An edit that still stands
// where it was made is not lost either: P2 says whether it may.
func checkP1(v *verdicts) error {
	for _, st := range v.stories {
		if st.mixed {
			continue // what two cards agreed on apart is theirs
		}
		for i := range st.edits {
			if e := &st.edits[i]; !v.safe(st, e) {
				return fmt.Errorf("P1: %s on %s: %s set it to %s on %s at %s; it is neither the final value (%q), nor overwritten by somebody who saw it (then came %s), nor in a conflict",
					st.field, st.card.ID, e.who, e.native+kanban.Native(e.value), e.side, e.at.Format("15:04:05.000"), st.card.Field(st.field).Agreed, e.next)
			}
		}
	}
	return nil
}

func (v *verdicts) safe(st *story, e *edit) bool {
	switch {
	case e.over, e.early:
		return true
	case e.side != reconcile.SideBoard && e.opinion == kanban.Silent:
		return true // it names no value that could get lost
	case e.side != reconcile.SideBoard && e.issue != nil && e.seq == 0 && e.who == "":
		return true // an administrator's migration is nobody's choice
	case !v.carried(st, e), v.unheard(st, e), v.renamed(st, e):
		return true
	case e.side == reconcile.SideBoard && v.journal.withdrawn[slot{st.card.ID, st.field}] > e.taken:
		return true // every tracker refused it, and that was told
	case e.means(st, st.card.Field(st.field).Agreed), st.standing(v, e):
		return true
	case e.opinion == kanban.Ambiguous && e.remains():
		return true // beside what stood there it named no value; what they put there still stands
	default:
		return v.onRecord(st, e) != nil
	}
}

// renamedAround is how close to an edit a label has to be renamed for it to count.
const renamedAround = 10 * time.Minute

// renamed reports whether an administrator renamed a label of the card around an edit. No
// history tells of that, so that A5 does not hold: what a label said before and after an
// unread rename, and who had which of the two before them, cannot be told.
func (v *verdicts) renamed(st *story, e *edit) bool {
	for _, s := range kanban.Sides {
		if st.card.Sides[s] == nil {
			continue
		}
		issue, _ := v.truth.Issue(kindOf(s), st.card.Sides[s].Issue.ID)
		if issue == nil {
			continue
		}
		for i := range issue.Edits {
			w := &issue.Edits[i]
			if w.Seq == 0 && w.Field == kanban.ChangeLabel && w.Touches == st.field && w.At.Sub(e.at).Abs() < renamedAround {
				return true
			}
		}
	}
	return false
}

// unheard reports whether nobody can tell of an edit: its issue was deleted, hidden or
// shelved before its history was read that far, and is so still. A deleted issue takes
// its history with it, by a person's hand; the other ones keep theirs, and it is folded
// when they are seen again. That history is read in time where it can be, P9 holds.
func (v *verdicts) unheard(st *story, e *edit) bool {
	if e.issue == nil || !v.unreadable(e.issue) {
		return false
	}
	return e.seq > st.card.Field(st.field).Sides[sideOf(e.issue.Kind)].Seq
}

// remains reports whether the label that somebody put on an issue is there at the end.
func (e *edit) remains() bool {
	if e.issue == nil {
		return false
	}
	labels := e.issue.Now().Labels
	return slices.ContainsFunc(e.issue.Edits, func(w world.Edit) bool {
		return w.Seq == e.seq && w.Field == kanban.ChangeLabel && w.To != "" && slices.Contains(labels, w.To)
	})
}

// carried reports whether an edit counts for the board: by the rule under which its entry
// was folded, or by today's where no entry tells of it. Where the rule carries the other
// side's changes alone, it counts as well unless it only said what was agreed: it may be
// overwritten by what is brought there, and then it is to be on record.
func (v *verdicts) carried(st *story, e *edit) bool {
	if e.issue == nil {
		return true
	}
	side := sideOf(e.issue.Kind)
	if e.seq == 0 || e.seq > st.card.Field(st.field).Sides[side].Seq {
		return st.machine.Policy.Carry.From(side)
	}
	for k, by := range v.journal.uncarried {
		if k.at == (spot{st.card.ID, side}) && k.field == st.field && e.seq > k.from && e.seq <= k.to {
			return by.way != reconcile.CarryOff && !e.means(st, by.agreed)
		}
	}
	return true
}

// means reports whether an edit is to be read as a value.
func (e *edit) means(st *story, m kanban.Value) bool {
	if e.side == reconcile.SideBoard {
		return e.value == m
	}
	for _, s := range kanban.Sides {
		if e.side == s.String() {
			return st.fits(s, e.native, m)
		}
	}
	return false
}

// standing reports whether an edit still stands where it was made.
func (st *story) standing(v *verdicts, e *edit) bool {
	if e.issue != nil {
		return v.engine.Rules.Native(e.issue.Now(), st.field) == e.native
	}
	for _, s := range kanban.Sides {
		if sd := st.card.Sides[s]; sd != nil && st.fits(s, v.engine.Rules.Native(sd.Issue, st.field), e.value) {
			return true
		}
	}
	return false
}
