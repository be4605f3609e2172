package simulate

import (
	"fmt"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// checkP2 holds "convergence: faults stop → C_L(M,l) and C_R(M,r), or frozen with an
// open conflict". What Parley believes to stand in a tracker is what stands there.
// Left alone, visibly, are: what no side can translate, a side that cannot show the
// value, one without an opinion that was told, one whose changes are not carried, and
// an issue that is gone or hidden.
func checkP2(v *verdicts) error {
	for _, st := range v.stories {
		for _, side := range kanban.Sides {
			if err := v.agrees(st, side); err != nil {
				return fmt.Errorf("P2: %s of card %s (%s): %w", st.field, st.card.ID, v.keys(st), err)
			}
		}
		for i := range st.card.Ops {
			op := &st.card.Ops[i]
			if op.State.Open() && op.State != reconcile.Held && !v.troubled(st, op.Side) {
				return fmt.Errorf("P2: write %s of card %s (%s → %s at %s) is stuck as %s: %s", op.ID, st.card.ID, op.From, op.To, op.Side, op.State, op.Problem)
			}
		}
	}
	return nil
}

func (v *verdicts) keys(st *story) string {
	var keys []string
	for _, s := range kanban.Sides {
		if sd := st.card.Sides[s]; sd != nil {
			keys = append(keys, sd.Issue.Key)
		}
	}
	return strings.Join(keys, " ")
}

// agrees checks one side of a field.
func (v *verdicts) agrees(st *story, side kanban.Side) error {
	sd := st.card.Sides[side]
	if sd == nil || v.troubled(st, side) {
		return nil
	}
	issue, ok := v.truth.Issue(kindOf(side), sd.Issue.ID)
	if !ok {
		return fmt.Errorf("%s shows issue %s, which never was", side, sd.Issue.ID)
	}
	state := st.card.Field(st.field)
	there := v.engine.Rules.Native(issue.Now(), st.field)
	if state.Sides[side].Native != there && !v.hushed(issue) {
		return fmt.Errorf("%s holds %q, Parley believes %q", side, there, state.Sides[side].Native)
	}
	if st.alone(&state, side) || st.drifted(&state, side) && v.hushed(issue) {
		return nil
	}
	return fmt.Errorf("%s rests at %q, agreed is %q", side, there, state.Agreed)
}

// hushed reports whether an administrator has changed an issue behind everybody's back:
// no history tells of it, and no time of update. Only the daily sweep finds that.
func (v *verdicts) hushed(i *world.Issue) bool {
	return slices.ContainsFunc(i.Edits, func(e world.Edit) bool { return e.Cause == world.ByAdmin })
}

// alone reports whether a side may rest where it is.
func (st *story) alone(state *reconcile.State, side kanban.Side) bool {
	sd := &state.Sides[side]
	_, opinion := st.machine.Lens.Back(side, st.field, sd.Native, state.Agreed)
	switch {
	case state.Frozen != reconcile.Thawed, state.Agreed == "", st.machine.Shows(*state, side):
		return true
	case opinion == kanban.Silent && (sd.Seen >= state.Changed || sd.Refused != nil || state.Agreed == ""):
		return true
	case sd.Refused != nil && sd.Refused.Version == state.Version:
		return true
	case st.held(side), st.machine.Policy.Carry == reconcile.CarryOff:
		return true
	}
	return !st.machine.Policy.Carry.From(side) && sd.Seen >= state.Version
}

// drifted reports whether a side differs by a state that was taken over as it was when the
// mapping changed. What an administrator has renamed before means something else by the
// new mapping, and no history tells that it was renamed (A5): it is shown to differ.
func (st *story) drifted(state *reconcile.State, side kanban.Side) bool {
	return state.Sides[side].Ours && st.machine.Differs(*state, side)
}

// held reports whether a write to a side waits for a person.
func (st *story) held(side kanban.Side) bool {
	for i := range st.card.Ops {
		if op := &st.card.Ops[i]; op.Field == st.field && op.Side == side && op.State == reconcile.Held {
			return true
		}
	}
	return false
}

// unreadable reports whether an issue is gone, hidden from Parley's account, or where the
// configuration does not look.
func (v *verdicts) unreadable(i *world.Issue) bool {
	now := i.Now()
	return i.Gone() || now.Security != "" || shelved(i) || !v.reads(i.Kind, now.Container)
}

// shelved reports whether an issue is archived by itself: searches leave it out.
func shelved(i *world.Issue) bool {
	for n := range slices.Backward(i.Edits) {
		if i.Edits[n].Field == "archived" {
			return i.Edits[n].To == "true"
		}
	}
	return false
}

// troubled reports whether an issue cannot be read or written, and the card says so.
func (v *verdicts) troubled(st *story, side kanban.Side) bool {
	sd := st.card.Sides[side]
	if sd == nil {
		return true
	}
	issue, ok := v.truth.Issue(kindOf(side), sd.Issue.ID)
	if !ok || v.unreadable(issue) {
		return true
	}
	if p := sd.Problem; p != nil {
		switch p.Kind {
		case connectors.NotFound, connectors.Gone, connectors.Moved, connectors.Forbidden:
			return true
		}
	}
	return false
}
