package view

import (
	"context"
	"errors"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Retold counts the cards whose past would be told otherwise: they would have been through
// other columns, or through the same at other moments, and with that their ages, cycle times
// and charts change.
type Retold struct {
	Cards int `json:"cards"`
	Read  int `json:"read"` // cards whose record was read for it: all, or the first mostRetold
}

// mostRetold bounds how many records a preview reads.
const mostRetold = 2000

// retell tells the past of cards by both mappings.
func (p *comparison) retell(ctx context.Context) error {
	if p.old.Rules.Fingerprint() == p.next.Rules.Fingerprint() {
		return nil
	}
	_, faces, err := p.picture.latest(ctx, p.Source)
	if err != nil {
		return err
	}
	ids := make([]kanban.CardID, 0, len(faces))
	for _, f := range faces {
		ids = append(ids, f.Card.ID)
	}
	slices.Sort(ids)
	for _, id := range ids[:min(len(ids), mostRetold)] {
		card, err := p.Source.Card(ctx, id)
		if errors.Is(err, store.ErrUnknown) {
			continue // it is part of another one by now
		}
		if err != nil {
			return err
		}
		events, err := p.Source.Events(ctx, id)
		if err != nil {
			return err
		}
		p.out.Retold.Read++
		before, after := p.past(p.old, &card, events), p.past(p.next, &card, events)
		if !slices.Equal(before.Steps, after.Steps) || !slices.Equal(before.Blocks, after.Blocks) {
			p.out.Retold.Cards++
		}
	}
	return nil
}

// past is what a mapping makes of a card's record.
func (p *comparison) past(eng *engine.Engine, c *engine.Card, events []kanban.Event) engine.Card {
	return eng.Retell(eng.Step(*c, engine.Resumed{}, p.now).Card, events)
}
