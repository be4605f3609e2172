package engine

import (
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Refusal is the answer to an intent that cannot be taken.
type Refusal struct {
	Stale   bool           // the card has changed since the asker saw it
	Denied  bool           // it is not the asker's to ask for
	Reason  string         // in plain words
	Allowed []kanban.Value // what could be asked for instead
	Limit   *kanban.Limit  // the hard limit that keeps the card out, nil where none does
	Count   int            // cards that count against it
}

// Error is the reason.
func (r *Refusal) Error() string { return r.Reason }

// IntentState is how far an accepted intent got at once.
type IntentState string

// States of an accepted intent.
const (
	IntentSent IntentState = "sent" // writes are on their way
	IntentHeld IntentState = "held" // writes wait for permission
	IntentDone IntentState = "done" // nothing has to be written
)

// Ask takes in a change made on the board (F6). It is refused where the card has
// moved on since, or where no tracker can show what is asked for.
func (e *Engine) Ask(c Card, in Intent) (Step, IntentState, *Refusal) {
	t := e.turn(c, in.At)
	t.acting = in.Side
	t.remap()
	t.widen()
	if in.Field == kanban.FieldBlocked {
		state, r := t.block(in)
		if r != nil {
			return Step{}, "", r
		}
		return t.done(c), state, nil
	}
	if in.Field == kanban.FieldPlanned {
		state, r := t.sort(in)
		if r != nil {
			return Step{}, "", r
		}
		return t.done(c), state, nil
	}
	if r := t.vet(in); r != nil {
		return Step{}, "", r
	}
	f := in.Field
	t.keep(f)
	if t.idle(f, in.To) {
		return t.done(c), t.progress(f), nil
	}
	was := t.card.Field(f)
	t.did(Deed{Key: in.Key, Actor: in.Actor, Field: f, To: in.To, State: &was, Asking: t.asking(f)})
	state, out := t.Machine(&t.card, f).Intend(t.card.Field(f), in.To, in.Actor, in.Key, in.At)
	t.card.put(f, state)
	t.take(f, out)
	t.settle()
	return t.done(c), t.progress(f), nil
}

// vet says why an intent cannot be taken, nil if it can.
func (t *turn) vet(in Intent) *Refusal {
	agreed := t.card.Field(in.Field).Agreed
	switch {
	case in.Rev != 0 && in.Rev != t.card.Rev:
		return &Refusal{Stale: true, Reason: "the card has changed meanwhile"}
	case in.Expect != nil && *in.Expect != agreed:
		return &Refusal{Stale: true, Reason: fmt.Sprintf("the card is in %s by now", t.name(in.Field, agreed))}
	case t.forsaken():
		return &Refusal{Reason: "no issue is left that could show it: what this card stood for counts as deleted"}
	case !t.exists(in.Field, in.To):
		return &Refusal{Reason: fmt.Sprintf("the board has no %s %q", noun(in.Field), in.To), Allowed: t.allowed(in.Field)}
	case t.Policy(&t.card, in.Field).Carry == reconcile.CarryOff:
		return &Refusal{Reason: fmt.Sprintf("%s is not carried between these two issues (fields.%s = \"off\")", in.Field, in.Field)}
	case !t.showable(in.Field, in.To):
		return &Refusal{Reason: fmt.Sprintf("neither tracker of this card can show %s", t.name(in.Field, in.To)), Allowed: t.allowed(in.Field)}
	}
	return nil
}

// asking lists the conflicts of a field that wait for a person.
func (t *turn) asking(f kanban.Field) []Question {
	return slices.DeleteFunc(slices.Clone(t.card.Asking), func(q Question) bool { return q.Field != f })
}

func noun(f kanban.Field) string {
	if f == kanban.FieldStatus {
		return "column"
	}
	return "priority"
}

func (t *turn) exists(f kanban.Field, v kanban.Value) bool {
	l, ok := t.Rules.Layout(), true // any text may be a title
	switch f {
	case kanban.FieldStatus:
		_, ok = l.Column(kanban.ColumnKey(v))
	case kanban.FieldPriority:
		_, ok = l.Priority(kanban.PriorityKey(v))
	}
	return ok
}

// showable reports whether some side of the card can hold the value.
func (t *turn) showable(f kanban.Field, v kanban.Value) bool {
	lens := t.lens(&t.card)
	for _, s := range kanban.Sides {
		if t.card.Sides[s] != nil && len(lens.Forward(s, f, v, t.card.Field(f).Sides[s].Native)) > 0 {
			return true
		}
	}
	return false
}

// allowed lists what the card's trackers can show.
func (t *turn) allowed(f kanban.Field) []kanban.Value {
	var out []kanban.Value
	l := t.Rules.Layout()
	if f == kanban.FieldStatus {
		for _, c := range l.Columns {
			if v := kanban.Value(c.Key); t.showable(f, v) {
				out = append(out, v)
			}
		}
		return out
	}
	if f != kanban.FieldPriority {
		return nil
	}
	for _, p := range l.Priorities {
		if v := kanban.Value(p.Key); t.showable(f, v) {
			out = append(out, v)
		}
	}
	return out
}

// idle reports whether the value is agreed already, and every side that can show it
// does or is about to.
func (t *turn) idle(f kanban.Field, v kanban.Value) bool {
	state := t.card.Field(f)
	if state.Agreed != v || state.Frozen != reconcile.Thawed {
		return false
	}
	m := t.Machine(&t.card, f)
	for _, s := range kanban.Sides {
		if t.card.Sides[s] == nil {
			continue
		}
		if !m.Shows(state, s) && len(m.Lens.Forward(s, f, v, state.Sides[s].Native)) > 0 && t.card.openOp(f, s) == nil {
			return false
		}
	}
	return true
}

// progress tells how far a field's writes are.
func (t *turn) progress(f kanban.Field) IntentState {
	state := IntentDone
	for i := range t.card.Ops {
		op := &t.card.Ops[i]
		if op.Field != f || !op.State.Open() {
			continue
		}
		if op.State == reconcile.Held {
			return IntentHeld
		}
		state = IntentSent
	}
	return state
}
