package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store/internal/stored"
)

// OpenOps lists all open writes, oldest first.
func (s *Store) OpenOps(ctx context.Context) ([]reconcile.Op, error) {
	ops, err := opsWhere(ctx, s.db.Reader, &where{terms: []string{"is_open = 1"}})
	if err != nil {
		return nil, fmt.Errorf("list open writes: %w", err)
	}
	return ops, nil
}

// OpenStates counts the open writes by where they stand, without reading them.
func (s *Store) OpenStates(ctx context.Context) (map[reconcile.OpState]int64, error) {
	counts := map[reconcile.OpState]int64{}
	_, err := collect(ctx, s.db.Reader, func(row scanner) (struct{}, error) {
		var state reconcile.OpState
		var n int64
		err := row.Scan(&state, &n)
		counts[state] = n
		return struct{}{}, err
	}, `SELECT state, COUNT(*) FROM op WHERE is_open = 1 GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count open writes: %w", err)
	}
	return counts, nil
}

// OldestOpen is when the write that has been under way longest was decided on, the zero
// time where none is. Those that are held wait for a person, and do not count.
func (s *Store) OldestOpen(ctx context.Context) (time.Time, error) {
	at, err := one[sql.NullInt64](ctx, s.db.Reader, `SELECT MIN(created_at) FROM op WHERE is_open = 1 AND state <> $1`, string(reconcile.Held))
	if err != nil {
		return time.Time{}, fmt.Errorf("find oldest open write: %w", err)
	}
	return stored.Moment(at.Int64), nil
}

// OpsOf lists the writes of a card, open and closed, oldest first.
func (s *Store) OpsOf(ctx context.Context, card kanban.CardID) ([]reconcile.Op, error) {
	var w where
	w.and("card = %s", stored.Brief(string(card)))
	ops, err := opsWhere(ctx, s.db.Reader, &w)
	if err != nil {
		return nil, fmt.Errorf("list writes of card %s: %w", card, err)
	}
	return ops, nil
}

func opsWhere(ctx context.Context, q querier, w *where) ([]reconcile.Op, error) {
	return collect(ctx, q, scanOp, `SELECT id, card, doc FROM op`+w.clause()+` ORDER BY created_at, id`, w.args...)
}

func scanOp(row scanner) (reconcile.Op, error) {
	var id, card, doc string
	if err := row.Scan(&id, &card, &doc); err != nil {
		return reconcile.Op{}, err
	}
	var op reconcile.Op
	err := decode(doc, &op, "write", id)
	op.Card = kanban.CardID(card) // it may have moved since
	return op, err
}

// PruneOps forgets writes closed before a moment and gives their number. They
// are needed for some 30 days, to recognise what arrives late.
func (s *Store) PruneOps(ctx context.Context, before time.Time) (int64, error) {
	n, err := affected(s.db.Writer.ExecContext(ctx,
		`DELETE FROM op WHERE is_open = 0 AND closed_at > 0 AND closed_at < $1`, stored.Micros(before)))
	if err != nil {
		return 0, fmt.Errorf("prune writes: %w", err)
	}
	return n, nil
}

// PruneAnswers forgets answers to intents given before a moment and gives their
// number. An intent asked again after that is a new one.
func (s *Store) PruneAnswers(ctx context.Context, before time.Time) (int64, error) {
	n, err := affected(s.db.Writer.ExecContext(ctx, `DELETE FROM answer WHERE at < $1`, stored.Micros(before)))
	if err != nil {
		return 0, fmt.Errorf("prune answers: %w", err)
	}
	return n, nil
}

// SentSince lists the writes of which a request last left at or after a moment,
// open and closed, in the order in which they did.
func (s *Store) SentSince(ctx context.Context, at time.Time) ([]reconcile.Op, error) {
	ops, err := collect(ctx, s.db.Reader, scanOp,
		`SELECT id, card, doc FROM op WHERE sent_at > 0 AND sent_at >= $1 ORDER BY sent_at, id`, stored.Micros(at))
	if err != nil {
		return nil, fmt.Errorf("list sent writes: %w", err)
	}
	return ops, nil
}
