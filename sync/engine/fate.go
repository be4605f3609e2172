package engine

import (
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Fate is what became of a change made on the board.
type Fate string

// Fates. A change is written once some tracker shows it and nothing is under way any more;
// a tracker that refused it is told of on the card.
const (
	FateOpen    Fate = "open"    // something is under way, held, or waits for a person
	FateWritten Fate = "written" // it stands, and a tracker shows it
	FateRefused Fate = "refused" // no tracker shows it, since those that were asked said no
	FateForeign Fate = "foreign" // somebody set something else since
)

// Fate tells what became of a change of a field to a value that made this version of it,
// and of one that was refused why.
func (e *Engine) Fate(c *Card, f kanban.Field, to kanban.Value, version int64, now time.Time) (fate Fate, why string) {
	state := c.Field(f)
	if state.Agreed != to {
		if why := refusedOf(c, f, version); why != "" {
			return FateRefused, why
		}
		return FateForeign, ""
	}
	if state.Frozen == reconcile.FrozenAsk || !c.Quiet(now) || c.holds(f) {
		return FateOpen, ""
	}
	m := e.Machine(c, f)
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil && m.Shows(state, s) {
			return FateWritten, ""
		}
	}
	if why := refusedOf(c, f, version); why != "" {
		return FateRefused, why
	}
	return FateOpen, "" // a read is still to tell
}

// holds reports whether a write of a field waits for permission.
func (c *Card) holds(f kanban.Field) bool {
	for i := range c.Ops {
		if op := &c.Ops[i]; op.Field == f && op.State.Open() {
			return true
		}
	}
	return false
}

// refusedOf is why a tracker refused a version of a field, "" where none did.
func refusedOf(c *Card, f kanban.Field, version int64) string {
	for i := range c.Ops {
		if op := &c.Ops[i]; op.Field == f && op.Version == version && op.State == reconcile.Rejected {
			return op.Problem
		}
	}
	for _, s := range c.Field(f).Sides {
		if s.Refused != nil && s.Refused.Version >= version {
			return s.Refused.Reason
		}
	}
	return ""
}
