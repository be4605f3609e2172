package engine

import (
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// partial reports whether the part of a history that a poll met may leave something out:
// the pages of a repository's feed shift against each other while it lags behind. A part
// is taken where it leads from what was known to what the picture shows. One with an entry
// of ours is not: what our write went over has to be known with it.
func (t *turn) partial(o Observed) bool {
	fresh := t.fresh(o.Side, o.Entries)
	if slices.ContainsFunc(fresh, func(e connectors.Entry) bool { return e.Own }) {
		return true
	}
	for _, f := range t.card.Fields() {
		lens, native := t.Machine(&t.card, f).Lens, t.card.Field(f).Sides[o.Side].Native
		for _, e := range fresh {
			if next, touched := lens.Apply(o.Side, f, native, t.Rules.Folding(o.Issue.Tracker, o.Issue.ID, e).Changes); touched {
				native = next
			}
		}
		if len(fresh) > 0 && native != t.Rules.Native(o.Issue, f) {
			return true
		}
	}
	return false
}

// fresh is what was not folded yet of a side's history.
func (t *turn) fresh(s kanban.Side, entries []connectors.Entry) []connectors.Entry {
	known := t.seq(s)
	return slices.DeleteFunc(slices.Clone(entries), func(e connectors.Entry) bool { return e.Seq <= known })
}
