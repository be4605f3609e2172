package store

import (
	"context"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store/internal/stored"
)

// ConflictQuery selects conflicts. The zero query is all of them.
type ConflictQuery struct {
	Card   kanban.CardID
	States []string // any of reconcile.ConflictOpen and so on
	Fields []kanban.Field
	Limit  int // at most so many, 0: all
}

const selectConflict = `SELECT id, card, state, doc FROM conflict`

// Conflicts lists conflicts, newest first.
func (s *Store) Conflicts(ctx context.Context, q ConflictQuery) ([]reconcile.Conflict, error) {
	var w where
	if q.Card != "" {
		w.and("card = %s", stored.Brief(string(q.Card)))
	}
	w.in("state", words(q.States))
	w.in("field", words(q.Fields))
	query := selectConflict + w.clause() + ` ORDER BY at DESC, id DESC` + w.limit(q.Limit)
	all, err := collect(ctx, s.db.Reader, scanConflict, query, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	return all, nil
}

// Conflict finds one conflict; ErrUnknown where there is none.
func (s *Store) Conflict(ctx context.Context, id string) (reconcile.Conflict, error) {
	k, err := single(ctx, s.db.Reader, scanConflict, selectConflict+` WHERE id = $1`, stored.Brief(id))
	if err != nil {
		return reconcile.Conflict{}, fmt.Errorf("find conflict %.80q: %w", id, err)
	}
	return k, nil
}

func scanConflict(row scanner) (reconcile.Conflict, error) {
	var id, card, state, doc string
	if err := row.Scan(&id, &card, &state, &doc); err != nil {
		return reconcile.Conflict{}, err
	}
	var k reconcile.Conflict
	err := decode(doc, &k, "conflict", id)
	k.Card, k.State = kanban.CardID(card), state // all that can change
	return k, err
}

// ActivityQuery selects activity. The zero query is the newest of all cards.
type ActivityQuery struct {
	Card      kanban.CardID
	BeforeSeq int64 // older than this data sequence, 0: from the newest
	Limit     int   // 0: all
}

// Activity lists activity, newest first. What one commit did is never cut in
// two, so there can be more lines than Limit and BeforeSeq loses none.
func (s *Store) Activity(ctx context.Context, q ActivityQuery) ([]engine.Activity, error) {
	var w where
	if q.Card != "" {
		w.and("card = %s", stored.Brief(string(q.Card)))
	}
	if q.BeforeSeq > 0 {
		w.and("seq < %s", q.BeforeSeq)
	}
	clause := w.clause()
	if q.Limit > 0 {
		w.terms = append(w.terms, `seq >= COALESCE((SELECT seq FROM activity`+clause+
			` ORDER BY seq DESC, n DESC LIMIT 1 OFFSET `+w.arg(int64(q.Limit-1))+`), 0)`)
	}
	all, err := collect(ctx, s.db.Reader, scanActivity, `SELECT seq, at, card, kind, actor, side, field, op, line
		FROM activity`+w.clause()+` ORDER BY seq DESC, n DESC`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list activity: %w", err)
	}
	return all, nil
}

func scanActivity(row scanner) (engine.Activity, error) {
	var a engine.Activity
	var at int64
	err := row.Scan(&a.Seq, &at, &a.Card, &a.Kind, &a.Actor, &a.Side, &a.Field, &a.Op, &a.Text)
	a.At = stored.Moment(at)
	return a, err
}
