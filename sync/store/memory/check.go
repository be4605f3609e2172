package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/kanban"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// Check tells what cannot be true of the rows: a sentence for each finding, with
// what a person can do. A sound store gives none.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("check store: %w", err)
	}
	c := integrity.New(s.seq)
	s.showCards(c)
	for _, id := range s.order {
		row := s.issues[id]
		c.Issue(integrity.Issue(id), row.Key, row.Card)
	}
	for _, old := range slices.Sorted(maps.Keys(s.aliases)) {
		a := s.aliases[old]
		c.Alias(a.Old, a.New, a.Seq)
	}
	s.showOps(c)
	for _, id := range slices.Sorted(maps.Keys(s.conflicts)) {
		c.Conflict(id, s.conflicts[id].Card, nil)
	}
	s.showActivity(c)
	for _, issue := range slices.SortedFunc(maps.Keys(s.histories), compareIssues) {
		c.Events(integrity.Issue(issue), int64(len(s.histories[issue])))
	}
	s.showRemarks(c)
	s.showQuestions(c)
	s.showTrades(c)
	s.showDispatches(c)
	return c.Findings(), nil
}

func (t *tables) showCards(c *integrity.Check) {
	for _, id := range t.ids {
		row := t.cards[id]
		c.Card(integrity.Card{ID: id, Doc: row.card, Lock: row.card.Lock, Seq: row.seq, Touched: row.touched, Paired: row.paired})
		for _, side := range row.card.Sides {
			if side != nil {
				c.Side(id, integrity.Issue{Tracker: stored.Brief(side.Issue.Tracker), ID: stored.Brief(side.Issue.ID)})
			}
		}
	}
}

func (t *tables) showOps(c *integrity.Check) {
	type filed struct {
		*opRow
		card kanban.CardID
	}
	var all []filed
	for _, id := range t.ids {
		for _, op := range t.cards[id].ops {
			all = append(all, filed{op, id})
		}
	}
	slices.SortFunc(all, func(a, b filed) int { return cmp.Or(a.compare(b.opRow), cmp.Compare(a.card, b.card)) })
	for _, f := range all {
		c.Op(integrity.Op{
			ID: f.key, Card: f.card, State: string(f.op.State), Open: f.op.State.Open(), Doc: f.op,
		})
	}
}

func (t *tables) showActivity(c *integrity.Check) {
	lines, last := map[kanban.CardID]int64{}, map[kanban.CardID]int64{}
	for _, a := range t.activity {
		lines[a.Card]++
		last[a.Card] = a.Seq
	}
	for _, card := range slices.Sorted(maps.Keys(lines)) {
		c.Activity(card, lines[card], last[card])
	}
}
