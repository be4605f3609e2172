package simulate

import (
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// seenBehind marks what somebody may have seen who changed a side after an administrator
// had renamed or migrated what it holds. No history tells of that: by all that can be
// read, what stood there before was on their screen still (A5 is that it is told). What
// was untold is returned with what an administrator has changed now.
func (st *story) seenBehind(e *world.Edit, side kanban.Side, was kanban.Native, untold []kanban.Native) []kanban.Native {
	if e.Cause == world.ByAdmin {
		return append(untold, was)
	}
	for _, n := range untold {
		st.seenIn(side, n, -1)
	}
	return nil
}

// seenOnBoard marks what somebody saw who dragged a card: the agreed value, and what
// both sides were last read to hold.
func (st *story) seenOnBoard(in *intent) {
	for i := range st.edits {
		e := &st.edits[i]
		if e.value != "" && e.value == in.saw.agreed && (e.side == reconcile.SideBoard || e.known(in)) {
			e.over = true
		}
		for _, side := range kanban.Sides {
			if e.side == side.String() && e.known(in) && (e.native == in.saw.natives[side] || e.within(in.saw.natives[side])) {
				e.over = true
			}
			if e.value != "" && st.fits(side, in.saw.natives[side], e.value) && (e.side == reconcile.SideBoard || e.known(in)) {
				e.over = true
			}
		}
	}
}

// plus joins the parts of a native.
const plus = " + "

// within reports whether an edit that says several things at once is all there in what
// somebody saw: a step of Parley's own, put beside it, hides nothing of it.
func (e *edit) within(saw kanban.Native) bool {
	shown := strings.Split(string(saw), plus)
	return e.opinion == kanban.Ambiguous && !slices.ContainsFunc(strings.Split(string(e.native), plus), func(part string) bool {
		return !slices.Contains(shown, part)
	})
}

// known reports whether Parley had read the edit when somebody looked at the board: its
// history entry, or a state of the issue as of then or later.
func (e *edit) known(in *intent) bool {
	for _, side := range kanban.Sides {
		if e.side == side.String() {
			return e.seq <= in.saw.seqs[side] || !e.updated.After(in.saw.ahead[side])
		}
	}
	return true
}

// sight is what somebody sees of a field on the board.
type sight struct {
	agreed  kanban.Value
	natives [2]kanban.Native
	seqs    [2]int64
	ahead   [2]time.Time // the native was read off the issue as of then, before its history
}

// look is what the board shows of a card now.
func (s *sim) look(c engine.Card, f kanban.Field) sight {
	state := c.Field(f)
	out := sight{agreed: state.Agreed}
	for _, side := range kanban.Sides {
		sd := &state.Sides[side]
		out.natives[side], out.seqs[side], out.ahead[side] = sd.Native, sd.Seq, sd.Ahead
	}
	return out
}
