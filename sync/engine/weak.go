package engine

import (
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// weak says on which sides of a card a field has no history: there a read is all there is
// to tell of an edit, and an edit that our write goes over unread is lost.
func (e *Engine) weak(c *Card, f kanban.Field) [2]bool {
	var out [2]bool
	for _, s := range kanban.Sides {
		out[s] = c.Sides[s] != nil && e.Rules.Weak(c.Sides[s].Issue.Tracker, f)
	}
	return out
}

// mayHide reports whether what a read shows of a weak field can be from before a write
// under way.
func (t *turn) mayHide(side *Side, op *reconcile.Op, native kanban.Native) bool {
	if t.Machine(&t.card, op.Field).Reached(*op, native) {
		return false
	}
	if !t.overtaken(side, op, native) {
		return true
	}
	t.surpass(side, op)
	return false
}

// overtaken reports whether somebody was there after a write to a weak field. A yes of the
// tracker and a read after it say so which shows an option that is neither wanted nor stood
// there before, or what was set, by the project's own word, after the write had left.
func (t *turn) overtaken(side *Side, op *reconcile.Op, native kanban.Native) bool {
	if op.State != reconcile.Acked || side.Reads <= op.Reads || !t.weak(&t.card, op.Field)[op.Side] {
		return false
	}
	set := t.Rules.SetAt(side.Issue, op.Field, op.To)
	option := mapping.Option(native)
	return option != mapping.Option(op.From) && option != mapping.Option(op.To) || set.After(side.Issue.Updated) && set.After(op.SentAt.Add(-t.Skew))
}

// surpass ends a write that was there and is not any more: whoever set something else has
// seen it.
func (t *turn) surpass(side *Side, op *reconcile.Op) {
	state, out := t.Machine(&t.card, op.Field).Correct(t.card.Field(op.Field), op.Side, op.To, side.Issue.Updated, []reconcile.Op{*op})
	t.card.put(op.Field, state)
	t.take(op.Field, out)
	op.Proved = true
	t.close(op, reconcile.Finished)
}
