package engine

import (
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Restore gives a card the value that lost a conflict, as a person asks for: a change on
// the board like any other (F6). A conflict that waits for a person is settled by it. One
// that a rule decided is over what the rule left: where the field was set again since, what
// lost is older than what would be lost, and it is refused as stale.
func (e *Engine) Restore(c Card, lost reconcile.Conflict, by string, now time.Time) (Step, *Refusal) {
	if lost.Loser.Value == "" {
		return Step{}, &Refusal{Reason: fmt.Sprintf("what lost (%s) means nothing to the board; set it in the tracker", lost.Loser.Native)}
	}
	if lost.State == reconcile.ConflictRestored {
		return Step{}, &Refusal{Reason: "this conflict was restored already"}
	}
	return e.choose(c, lost, Intent{Key: lost.ID, Card: c.ID, Field: lost.Field, To: lost.Loser.Value, Actor: by, At: now}, reconcile.ConflictRestored)
}

// Dismiss puts a conflict away. One that waits for a person is settled with the value
// that the card shows.
func (e *Engine) Dismiss(c Card, lost reconcile.Conflict, by string, now time.Time) (Step, *Refusal) {
	if lost.State == reconcile.ConflictDismissed || lost.State == reconcile.ConflictRestored {
		return Step{}, &Refusal{Reason: "this conflict was " + lost.State + " already"}
	}
	state := c.Field(lost.Field)
	if lost.State == reconcile.ConflictOpen && state.Frozen == reconcile.FrozenAsk {
		return e.choose(c, lost, Intent{Key: lost.ID, Card: c.ID, Field: lost.Field, To: state.Agreed, Actor: by, At: now}, reconcile.ConflictDismissed)
	}
	t := e.turn(c, now)
	t.remap()
	t.decide(lost, reconcile.ConflictDismissed, by)
	return t.done(c), nil
}

// choose takes a person's choice in.
func (e *Engine) choose(c Card, lost reconcile.Conflict, in Intent, end string) (Step, *Refusal) {
	t := e.turn(c, in.At)
	t.remap()
	t.widen()
	if Superseded(&t.card, lost) {
		return Step{}, t.superseded(lost.Field)
	}
	if r := t.vet(in); r != nil {
		return Step{}, r
	}
	t.keep(in.Field)
	state, out := t.Machine(&t.card, in.Field).Intend(t.card.Field(in.Field), in.To, in.Actor, in.Key, in.At)
	t.card.put(in.Field, state)
	t.take(in.Field, out)
	t.decide(lost, end, in.Actor)
	t.settle()
	return t.done(c), nil
}

// Superseded reports whether the field of a conflict that a rule decided was set again since:
// the card does not show any more what won.
func Superseded(c *Card, lost reconcile.Conflict) bool {
	return lost.State == reconcile.ConflictAuto && c.Field(lost.Field).Agreed != lost.Winner.Value
}

// superseded is the refusal to set a field back over a newer edit. Words of an issue are not
// in it: who may end a conflict need not be one who reads them.
func (t *turn) superseded(f kanban.Field) *Refusal {
	if f != kanban.FieldStatus && f != kanban.FieldPriority {
		return &Refusal{Stale: true, Reason: "it was changed again since; set it by hand if the newer edit is not to stay"}
	}
	now := t.name(f, t.card.Field(f).Agreed)
	return &Refusal{Stale: true, Reason: fmt.Sprintf("%s was set to %s since; set it on the board if that is not to stay", FieldName(f), now)}
}

// decide records how a conflict ended.
func (t *turn) decide(lost reconcile.Conflict, end, by string) {
	lost.State = end
	t.rec.Conflicts = append(t.rec.Conflicts, lost)
	t.card.Asking = slices.DeleteFunc(slices.Clone(t.card.Asking), func(q Question) bool { return q.Conflict == lost.ID })
	text := fmt.Sprintf("conflict over %s put away: %s stays", lost.Field, t.name(lost.Field, t.card.Field(lost.Field).Agreed))
	if end == reconcile.ConflictRestored {
		text = fmt.Sprintf("conflict over %s: %s is back", lost.Field, t.name(lost.Field, lost.Loser.Value))
	}
	t.log(Activity{Kind: DidDecide, Actor: by, Side: reconcile.SideBoard, Field: lost.Field, Text: text})
}
