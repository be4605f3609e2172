package reconcile

import (
	"slices"
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
		if op.Side != side || op.Field != m.Field || !op.left() || !m.made(side, e, next, op) {
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
	if m.Reached(*op, next) {
		return true
	}
	for _, c := range e.Changes {
		if m.Lens.Explains(side, m.Field, op.To, c) || op.hopped(c) {
			return true
		}
	}
	return false
}

// Reached reports whether a native is what a write was to bring. Jira may add to it: a
// transition or a rule of the workflow sets a resolution of its own. So may a project of
// GitHub, which sets an option when an issue is closed.
func (m Machine) Reached(op Op, native kanban.Native) bool {
	if native == op.To || op.Side != kanban.Jira && !m.Weak[op.Side] {
		return native == op.To
	}
	value, opinion := m.Lens.Back(op.Side, m.Field, native, op.Value)
	return opinion == kanban.Says && value == op.Value
}

// better prefers a write that still waits for its entry, then the lower version.
func better(a, b *Op) bool {
	if done := b.State == Finished; done != (a.State == Finished) {
		return done
	}
	return a.Version < b.Version
}

// confirm takes in the trace of our own write (F0): nothing but that the side's
// people now have the value of that version before them.
func (m Machine) confirm(s *State, side kanban.Side, op *Op, next kanban.Native, e kanban.Event) []Outcome {
	sd := &s.Sides[side]
	fresh := !sd.includes(e, next) // else a later state is known already
	if fresh {
		sd.Native = next
	}
	if !m.Reached(*op, next) {
		return m.pass(s, side, op, next, fresh, e)
	}
	op.Proved = true
	stands := m.Reached(*op, sd.Native)
	out := m.bury(s, side, stands)
	if stands {
		sd.Seen, sd.Half, sd.Unshown = op.Version, false, true
	}
	sd.Ours = sd.Ours && !fresh // what was read ahead may still be somebody's who set the same later
	m.thaw(s)
	return append(out, finish(*s, side, op, e.At)...)
}

// pass takes in a step on the way to a write's target: a label of several, a hop of
// a workflow path. Nobody reads the agreed value in what stands there now.
func (m Machine) pass(s *State, side kanban.Side, op *Op, next kanban.Native, fresh bool, e kanban.Event) []Outcome {
	sd := &s.Sides[side]
	sd.Seen = min(sd.Seen, op.Version-1)
	_, opinion := m.Lens.Back(side, m.Field, sd.Native, s.Agreed)
	if !fresh {
		if a := sd.Alone; a != nil && a.Native != sd.Native { // the step went over what nobody had read
			return m.bury(s, side, next == sd.Native)
		}
		return nil
	}
	if sd.Alone != nil && sd.Alone.Value == "" && freezeOf(opinion) != Thawed {
		if m.takes(side, sd.Alone.Native, e) { // a part of what somebody said is gone; the rest is left alone as before
			edit := *sd.Alone
			sd.Alone = nil
			return m.shelve(*s, side, edit)
		}
		return nil // somebody's untranslatable value still stands there, beside the step
	}
	out := m.bury(s, side, true)
	sd.Half = true
	m.thaw(s)
	return out
}

// takes reports whether an entry takes away a part of what a side held.
func (m Machine) takes(side kanban.Side, held kanban.Native, e kanban.Event) bool {
	var gone []kanban.Change
	for _, c := range e.Changes {
		if c.From != "" {
			gone = append(gone, kanban.Change{Field: c.Field, From: c.From})
		}
	}
	left, touched := m.Lens.Apply(side, m.Field, held, gone)
	return touched && left != held
}

// bury puts an edit on record that stood alone on its side and over which our own
// write went, sent before the edit was known. It may contest the agreed value only
// where nobody has set the side to anything since.
func (m Machine) bury(s *State, side kanban.Side, contest bool) []Outcome {
	sd := &s.Sides[side]
	if sd.Alone == nil || sd.Alone.Value == s.Agreed {
		sd.Alone = nil
		return nil
	}
	edit := *sd.Alone
	sd.Alone = nil
	if contest && s.Frozen != FrozenAsk && edit.Value != "" && m.Policy.Carry.From(side) {
		out := m.clash(s, side, edit)
		sd.Seen = min(sd.Seen, s.Version-1) // also where it won: it does not stand there any more
		return out
	}
	return m.shelve(*s, side, edit)
}

// shelve puts an edit on record that does not become the agreed value.
func (m Machine) shelve(s State, side kanban.Side, edit Edit) []Outcome {
	c := &Conflict{Field: m.Field, At: edit.At, Base: s.Agreed, Loser: edit, Support: s.Support, Policy: m.Policy.Conflict, State: ConflictOpen}
	if s.Frozen != FrozenAsk {
		c.Winner, c.State = standing(s), ConflictAuto
	}
	return []Outcome{{Kind: Clashed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Conflict: c}}
}

// finish closes a write whose target is reached.
func finish(s State, side kanban.Side, op *Op, at time.Time) []Outcome {
	if op.State == Finished {
		return nil
	}
	op.State, op.Problem, op.Closed = Finished, "", at
	edit := Edit{Side: side.String(), Value: op.Value, Native: op.To, At: at}
	return []Outcome{{Kind: Confirmed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Op: op.ID}}
}

// traceless finds the write that a state without history may be the effect of: the
// one under way, else one that was given up and may have arrived late.
func (m Machine) traceless(side kanban.Side, native kanban.Native, at time.Time, ops []Op) *Op {
	var found *Op
	for i := range ops {
		op := &ops[i]
		if op.Side != side || op.Field != m.Field || !m.Reached(*op, native) || !op.left() || op.Proved {
			continue
		}
		if !op.State.Open() && at.After(op.SentAt.Add(lateness)) {
			continue
		}
		if found == nil || sooner(op, found) {
			found = op
		}
	}
	return found
}

// haunted reports whether a late write of ours may lie unread before a state of that
// time: then the author of the state saw that, and not what the side last showed. Of a
// weak field nothing that comes later would tell.
func (m Machine) haunted(side kanban.Side, at time.Time, ops []Op) bool {
	return !m.Weak[side] && slices.ContainsFunc(ops, func(op Op) bool {
		return op.Side == side && op.Field == m.Field && op.left() && !op.Proved && !at.After(op.SentAt.Add(lateness))
	})
}

// sooner prefers the write under way, then the lower version.
func sooner(a, b *Op) bool {
	if open := a.State.Open(); open != b.State.Open() {
		return open
	}
	return a.Version < b.Version
}
