package view

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Retold counts the cards whose past would be told otherwise: they would have been through
// other columns, or through the same at other moments, and with that their ages, cycle times
// and charts change.
type Retold struct {
	Cards int `json:"cards"` // of Read
	Read  int `json:"read"`  // cards whose record was read for it: all, or an even sample of mostRetold
	Of    int `json:"of"`    // all cards
}

// About is how many of all cards that is likely to be: of a sample it is scaled up.
func (r Retold) About() int {
	if r.Read == 0 {
		return 0
	}
	return int(float64(r.Cards)*float64(r.Of)/float64(r.Read) + 0.5)
}

// Words say it in a sentence, "" where the past of no card would be told otherwise.
func (r Retold) Words() string {
	const otherwise = "would have been through other columns, or at other times: ages and charts would change"
	switch {
	case r.Cards == 0 && r.Read < r.Of:
		return fmt.Sprintf("None of %s cards, an even sample of %s, %s", Grouped(r.Read), Grouped(r.Of), otherwise)
	case r.Cards == 0:
		return ""
	case r.Read < r.Of:
		return fmt.Sprintf("%s of %s cards, an even sample, %s; of all %s about %s", Grouped(r.Cards), Grouped(r.Read), otherwise, Grouped(r.Of), Grouped(r.About()))
	}
	return fmt.Sprintf("%s of the %s cards %s", Grouped(r.Cards), Grouped(r.Read), otherwise)
}

// mostRetold bounds how many records a preview reads.
const mostRetold = 2000

// retell tells the past of cards by both mappings.
func (p *comparison) retell(ctx context.Context) error {
	if p.old.Rules.Fingerprint() == p.next.Rules.Fingerprint() {
		return nil
	}
	ids, err := p.cardIDs(ctx)
	if err != nil {
		return err
	}
	p.out.Retold.Of = len(ids)
	for _, id := range sampled(ids, mostRetold) {
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

// sampled are most of a list, the same way apart from its first on; all where there are no
// more.
func sampled[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	out := make([]T, most)
	for n := range out {
		out[n] = list[n*len(list)/most]
	}
	return out
}

// past is what a mapping makes of a card's record.
func (p *comparison) past(eng *engine.Engine, c *engine.Card, events []kanban.Event) engine.Card {
	return eng.Retell(eng.Step(*c, engine.Resumed{}, p.now).Card, events)
}
