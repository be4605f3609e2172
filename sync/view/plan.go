package view

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Plan is every write that is decided and not sent yet, with its reason.
func (v *Views) Plan(ctx context.Context) (Plan, error) {
	ops, err := v.Source.OpenOps(ctx)
	if err != nil {
		return Plan{}, err
	}
	ops = slices.DeleteFunc(ops, func(op reconcile.Op) bool { return op.State.Sent() })
	ids := make([]kanban.CardID, len(ops))
	for i, op := range ops {
		ids[i] = op.Card
	}
	cards, err := v.Source.Cards(ctx, ids)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Writes: []PlanWrite{}, Counts: map[string]int{"total": 0}}
	for _, op := range ops {
		card, ok := cards[op.Card]
		if !ok || card.Sides[op.Side] == nil {
			continue
		}
		p.Writes = append(p.Writes, PlanWrite{
			Card: op.Card, Tracker: op.Tracker, Issue: card.Sides[op.Side].Issue.Key, Field: op.Field, Kind: "update", Reason: op.Reason,
			From: v.rules().Describe(op.Side, op.Field, op.From), To: v.rules().Describe(op.Side, op.Field, op.To),
		})
	}
	return seal(p)
}

// seal sorts the writes, counts them and takes their hash: the same writes give
// the same hash on every machine.
func seal(p Plan) (Plan, error) {
	slices.SortFunc(p.Writes, func(a, b PlanWrite) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Issue, b.Issue), cmp.Compare(a.Field, b.Field))
	})
	text, err := json.Marshal(p.Writes)
	if err != nil {
		return p, fmt.Errorf("hash plan: %w", err)
	}
	sum := sha256.Sum256(text)
	p.Hash = hex.EncodeToString(sum[:])
	for _, w := range p.Writes {
		p.Counts["total"]++
		p.Counts[w.Kind]++
		p.Counts[w.Tracker]++
	}
	return p, nil
}

// Conflicts are the conflicts that were recorded, open ones first.
func (v *Views) Conflicts(ctx context.Context) ([]Clash, error) {
	cs, err := v.Source.Conflicts(ctx, store.ConflictQuery{})
	if err != nil {
		return nil, err
	}
	_, faces, err := v.picture.latest(ctx, v.Source)
	if err != nil {
		return nil, err
	}
	titles := map[kanban.CardID]string{}
	for _, f := range faces {
		titles[f.Card.ID] = v.card(f, v.Now()).Title
	}
	out := make([]Clash, 0, len(cs))
	for _, c := range cs {
		out = append(out, Clash{
			ID: c.ID, Card: c.Card, Title: titles[c.Card], Field: c.Field, At: c.At, Rule: rule(c.Policy), State: c.State,
			Winner: v.said(c.Field, c.Winner), Loser: v.said(c.Field, c.Loser),
		})
	}
	slices.SortStableFunc(out, func(a, b Clash) int { return open(b) - open(a) })
	return out, nil
}

func open(c Clash) int {
	if c.State == reconcile.ConflictOpen {
		return 1
	}
	return 0
}

func (v *Views) said(f kanban.Field, e reconcile.Edit) string {
	if e.Side == "" {
		return "nobody yet"
	}
	return v.value(f, e.Value) + ", " + v.who(e)
}
