package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store/internal/stored"
)

// OpenOps lists all open writes, oldest first.
func (s *Store) OpenOps(ctx context.Context) ([]reconcile.Op, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list open writes: %w", err)
	}
	rows := s.opRows(
		func(row *cardRow) bool { return row.open > 0 },
		func(op *opRow) bool { return op.op.State.Open() },
	)
	slices.SortFunc(rows, (*opRow).compare)
	return s.journal(rows), nil
}

// OpenStates counts the open writes by where they stand.
func (s *Store) OpenStates(ctx context.Context) (map[reconcile.OpState]int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("count open writes: %w", err)
	}
	counts := map[reconcile.OpState]int64{}
	for _, row := range s.cards {
		for _, op := range row.ops {
			if op.op.State.Open() {
				counts[op.op.State]++
			}
		}
	}
	return counts, nil
}

// OldestOpen is when the write that has been under way longest was decided on, the zero
// time where none is.
func (s *Store) OldestOpen(ctx context.Context) (time.Time, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return time.Time{}, fmt.Errorf("find oldest open write: %w", err)
	}
	var begun []int64
	for _, row := range s.cards {
		for _, op := range row.ops {
			if op.op.State.Open() && op.op.State != reconcile.Held {
				begun = append(begun, stored.Micros(op.op.Created))
			}
		}
	}
	if len(begun) == 0 {
		return time.Time{}, nil
	}
	return stored.Moment(slices.Min(begun)), nil
}

// opRows gives the writes that are wanted of the cards that can have some.
func (t *tables) opRows(card func(*cardRow) bool, wanted func(*opRow) bool) []*opRow {
	var rows []*opRow
	for _, id := range t.ids {
		if row := t.cards[id]; card(row) {
			for _, op := range row.ops {
				if wanted(op) {
					rows = append(rows, op)
				}
			}
		}
	}
	return rows
}

// SentSince lists the writes of which a request last left at or after a moment, open
// and closed, in the order in which they did.
func (s *Store) SentSince(ctx context.Context, at time.Time) ([]reconcile.Op, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list sent writes: %w", err)
	}
	since := max(stored.Micros(at), 1) // 0 is a write that was not sent
	rows := s.opRows(
		func(row *cardRow) bool { return row.sent >= since },
		func(op *opRow) bool { return op.sent >= since },
	)
	slices.SortFunc(rows, func(a, b *opRow) int { return cmp.Or(cmp.Compare(a.sent, b.sent), cmp.Compare(a.key, b.key)) })
	return s.journal(rows), nil
}

// OpsOf lists the writes of a card, open and closed, oldest first.
func (s *Store) OpsOf(ctx context.Context, card kanban.CardID) ([]reconcile.Op, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list writes of card %s: %w", card, err)
	}
	row := s.cards[kanban.CardID(stored.Brief(string(card)))]
	if row == nil {
		return nil, nil
	}
	return s.journal(row.ops), nil
}

// PruneOps forgets writes closed before a moment and gives their number.
func (s *Store) PruneOps(ctx context.Context, before time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("prune writes: %w", err)
	}
	end, n := stored.Micros(before), int64(0)
	old := func(op *opRow) bool {
		closed := stored.Micros(op.op.Closed)
		return !op.op.State.Open() && closed > 0 && closed < end
	}
	for _, id := range s.ids {
		if !slices.ContainsFunc(s.cards[id].ops, old) {
			continue
		}
		row := *s.cards[id]
		for _, op := range row.ops {
			if old(op) {
				delete(s.owners, op.key)
				n++
			}
		}
		row.setOps(slices.DeleteFunc(slices.Clone(row.ops), old))
		s.cards[id] = &row
	}
	return n, nil
}

// PruneAnswers forgets answers to intents given before a moment and gives their
// number.
func (s *Store) PruneAnswers(ctx context.Context, before time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("prune answers: %w", err)
	}
	var n int64
	for key, a := range s.answers {
		if a.at < stored.Micros(before) {
			delete(s.answers, key)
			n++
		}
	}
	return n, nil
}
