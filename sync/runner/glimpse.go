package runner

import (
	"context"

	"parley/connectors"
	"parley/sync/engine"
)

// glimpse is what a strong read has brought along of what is likely to be asked next: the
// ways out of the status that it showed. It serves the very next request of the card or
// none, so that nothing can have come between.
type glimpse struct {
	issue, from string
	exits       []connectors.Transition
	whole       bool
}

// take gives the glimpse and forgets it.
func (g *glimpse) take() glimpse {
	was := *g
	*g = glimpse{}
	return was
}

// answers reports whether the glimpse is what a request would bring.
func (g *glimpse) answers(q engine.Request) bool {
	return g.whole && q.Kind == engine.Route && q.Ref.ID == g.issue && q.From == g.from
}

// read makes a strong read, with the exits where they are about to be asked for and the
// tracker tells both at once.
func (g *glimpse) read(ctx context.Context, t Tracker, q engine.Request) (connectors.Observation, error) {
	both, ok := t.Tracker.(connectors.Exits)
	if !ok || !q.Exits {
		return t.Read(ctx, q.Ref)
	}
	o, exits, whole, err := both.ReadWithExits(ctx, q.Ref)
	if err == nil {
		*g = glimpse{issue: o.Issue.ID, from: o.Issue.Status.ID, exits: exits, whole: whole}
	}
	return o, err
}
