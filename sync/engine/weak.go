package engine

import (
	"parley/kanban"
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
// under way. A yes of the tracker and a read after it, which shows what is neither wanted
// nor stood there before, say that somebody was there since and saw what was written; so
// does what was set, by the project's own word, after the write had left.
func (t *turn) mayHide(side *Side, op *reconcile.Op, native kanban.Native) bool {
	m := t.Machine(&t.card, op.Field)
	if m.Reached(*op, native) {
		return false
	}
	set := t.Rules.SetAt(side.Issue, op.Field, op.To)
	anew := set.After(side.Issue.Updated) && set.After(op.SentAt.Add(-t.Skew))
	if op.State != reconcile.Acked || side.Reads <= op.Reads || native == op.From && !anew {
		return true
	}
	state, out := m.Correct(t.card.Field(op.Field), op.Side, op.To, op.SentAt, []reconcile.Op{*op})
	t.card.put(op.Field, state)
	t.take(op.Field, out)
	op.Proved = true
	t.close(op, reconcile.Finished)
	return false
}
