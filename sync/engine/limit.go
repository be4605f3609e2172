package engine

import "parley/kanban"

// Enters lists the hard limits that a card counts against after a step and did not before
// it.
func (e *Engine) Enters(before, after *Card) []kanban.Limit {
	return e.Rules.Layout().Enters(e.Face(before), e.Face(after))
}

// Leaves lists the hard limits that a card counts against before a step and not after it.
func (e *Engine) Leaves(before, after *Card) []kanban.Limit { return e.Enters(after, before) }

// Allowed lists the values that some tracker of a card can show.
func (e *Engine) Allowed(c *Card, f kanban.Field) []kanban.Value {
	return (&turn{Engine: e, card: *c}).allowed(f)
}
