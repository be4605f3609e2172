package reconcile

import (
	"time"

	"parley/kanban"
)

// lateness is how long after its request a write may still take effect, and by
// how much the trackers' clocks may be off ours, when a history entry without an
// operation id is matched with a write.
const lateness = 15 * time.Minute

// own finds the write that made a history entry: by the operation id that the
// tracker carried, else by Parley's own account and a step that only such a write
// takes. The account alone proves nothing, for people may share it. Where several
// writes fit, the one of the lowest version: to believe a side has seen less than
// it has costs a conflict row, the opposite would cost an edit.
func (m Machine) own(side kanban.Side, e kanban.Event, next kanban.Native, ops []Op) *Op {
	var found *Op
	for i := range ops {
		op := &ops[i]
		if op.Side != side || op.Field != m.Field || !op.State.Sent() || !m.made(side, e, next, op) {
			continue
		}
		if found == nil || better(op, found) {
			found = op
		}
	}
	return found
}

func (m Machine) made(side kanban.Side, e kanban.Event, next kanban.Native, op *Op) bool {
	if !e.Own {
		return false // whoever can read an entry can copy the operation id in it
	}
	if e.Op != "" {
		return e.Op == op.ID
	}
	if e.At.Before(op.SentAt.Add(-lateness)) || e.At.After(op.SentAt.Add(lateness)) {
		return false
	}
	if next == op.To {
		return true
	}
	for _, c := range e.Changes {
		if m.Lens.Explains(side, m.Field, op.To, c) {
			return true
		}
	}
	return false
}

// better prefers a write that still waits for its entry, then the lower version.
func better(a, b *Op) bool {
	if done := b.State == Finished; done != (a.State == Finished) {
		return done
	}
	return a.Version < b.Version
}

// confirm takes in the trace of our own write (F0): nothing but that the side's
// people now have the value of that version before them. A step on the way to
// the target (a label of several, a hop of a workflow path) only moves the native.
func (m Machine) confirm(s *State, side kanban.Side, op *Op, next kanban.Native, e kanban.Event) []Outcome {
	s.Sides[side].Native = next
	if next != op.To {
		return nil
	}
	return m.finish(s, side, op, e.At)
}

// finish closes a write whose target is reached.
func (m Machine) finish(s *State, side kanban.Side, op *Op, at time.Time) []Outcome {
	s.Sides[side].Seen = op.Version
	s.Sides[side].Refused = nil
	if op.State == Finished {
		return nil
	}
	op.State, op.Problem, op.Closed = Finished, "", at
	edit := Edit{Side: side.String(), Value: op.Value, Native: op.To, At: at}
	return []Outcome{{Kind: Confirmed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Op: op.ID}}
}
