package integrity

import (
	"parley/kanban"
	"parley/kanban/contract"
)

// Trade is one row of the swaps.
type Trade struct {
	ID       string
	Open     bool
	Down, Up kanban.CardID // as it is filed
	Doc      contract.Trade
	Ended    bool // it says when it ended
	Bad      error
}

// Trade looks at a swap. One of a card that is gone comes to nothing by itself; one that is
// filed wrongly is never taken along, or keeps its cards from every other swap.
func (c *Check) Trade(r Trade) {
	if r.Bad != nil {
		c.Sayf("swap %q cannot be read (%v), so that it never ends and one of two priorities may be written without the other; "+restore, r.ID, r.Bad)
		return
	}
	switch r.Doc.Phase {
	case contract.Lowering, contract.Raising, contract.Undoing, contract.Traded, contract.Undone:
	default:
		c.Sayf("swap %q is %q, which is no phase of a swap, so that it never ends; "+restore, r.ID, string(r.Doc.Phase))
		return
	}
	ended := r.Doc.Phase.Ended()
	switch {
	case r.Doc.ID != r.ID:
		c.Sayf("swap %q says of itself that it is %q; "+restore, r.ID, r.Doc.ID)
	case ended == r.Open:
		c.Sayf("swap %q is filed as open: %v, but is %s; "+restore, r.ID, r.Open, r.Doc.Phase)
	case ended != r.Ended:
		c.Sayf("swap %q is %s, but has an end: %v; "+restore, r.ID, r.Doc.Phase, r.Ended)
	case r.Doc.Down.Card != r.Down || r.Doc.Up.Card != r.Up:
		c.Sayf("swap %q is filed under cards %s and %s, but is of %s and %s, so that one of them may be in two swaps; "+restore, r.ID, r.Down, r.Up, r.Doc.Down.Card, r.Doc.Up.Card)
	}
}
