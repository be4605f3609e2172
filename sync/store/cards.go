package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store/internal/stored"
)

// Card loads one card with its writes: the open ones, and the closed ones that
// PruneOps has left. ErrUnknown where there is none; Resolve finds the card that
// a former id lives on as.
func (s *Store) Card(ctx context.Context, id kanban.CardID) (engine.Card, error) {
	cards, err := s.Cards(ctx, []kanban.CardID{id})
	if err != nil {
		return engine.Card{}, err
	}
	card, ok := cards[id]
	if !ok {
		return engine.Card{}, fmt.Errorf("load card %.80q: %w", id, ErrUnknown)
	}
	return card, nil
}

// Cards loads those of the cards that exist, as Card does, at one moment.
func (s *Store) Cards(ctx context.Context, ids []kanban.CardID) (map[kanban.CardID]engine.Card, error) {
	cards := make(map[kanban.CardID]engine.Card, len(ids))
	err := s.read(ctx, func(tx *sql.Tx) error {
		return batches(words(ids), func(part []string) error { return load(ctx, tx, part, cards) })
	})
	if err != nil {
		return nil, fmt.Errorf("load cards: %w", err)
	}
	return cards, nil
}

func load(ctx context.Context, tx *sql.Tx, ids []string, cards map[kanban.CardID]engine.Card) error {
	var w where
	w.in("id", ids)
	loaded, err := collect(ctx, tx, scanCard, `SELECT id, lock, doc FROM card`+w.clause(), w.args...)
	if err != nil {
		return err
	}
	var o where
	o.in("card", ids)
	ops, err := opsWhere(ctx, tx, &o)
	if err != nil {
		return err
	}
	byCard := map[kanban.CardID][]reconcile.Op{}
	for _, op := range ops {
		byCard[op.Card] = append(byCard[op.Card], op)
	}
	for _, c := range loaded {
		c.Ops = byCard[c.ID]
		cards[c.ID] = c
	}
	return nil
}

func scanCard(row scanner) (engine.Card, error) {
	var id, doc string
	var lock int64
	if err := row.Scan(&id, &lock, &doc); err != nil {
		return engine.Card{}, err
	}
	var c engine.Card
	err := decode(doc, &c, "card", id)
	c.Lock = lock
	return c, err
}

// Resolve finds the card that a person names: by its id, by the id of a card
// that lives on as it, or by the key of one of its issues (OPS-12,
// owner/repo#7), in any case. ErrUnknown or an AmbiguousError where that fails.
func (s *Store) Resolve(ctx context.Context, text string) (kanban.CardID, error) {
	name := stored.Fold(text)
	ids, err := collect(ctx, s.db.Reader, column[kanban.CardID], `SELECT id FROM card WHERE id = $1
		UNION SELECT new_id FROM alias WHERE old_id = $1`, name)
	if err == nil && len(ids) == 0 {
		ids, err = collect(ctx, s.db.Reader, column[kanban.CardID], `SELECT DISTINCT card FROM issue
			WHERE key_fold = $1 AND card <> '' ORDER BY card`, name)
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("resolve %.80q: %w", text, err)
	case len(ids) == 0:
		return "", fmt.Errorf("resolve %.80q: %w card", text, ErrUnknown)
	case len(ids) > 1:
		return "", fmt.Errorf("resolve %.80q: %w", text, AmbiguousError{ids})
	}
	return ids[0], nil
}

// Due lists the cards that need a step now, those that wait longest first.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]kanban.CardID, error) {
	var w where
	w.terms = []string{"dirty = 1"}
	w.and("next_at <= %s", stored.Micros(now))
	query := `SELECT id FROM card` + w.clause() + ` ORDER BY next_at, id` + w.limit(limit)
	ids, err := collect(ctx, s.db.Reader, column[kanban.CardID], query, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list due cards: %w", err)
	}
	return ids, nil
}

// IsDue reports whether a card needs a step now; false also where there is no such card.
func (s *Store) IsDue(ctx context.Context, id kanban.CardID, now time.Time) (bool, error) {
	n, err := one[int64](ctx, s.db.Reader, `SELECT COUNT(*) FROM card WHERE id = $1 AND dirty = 1 AND next_at <= $2`, string(id), stored.Micros(now))
	if err != nil {
		return false, fmt.Errorf("look whether card %.80q is due: %w", id, err)
	}
	return n > 0, nil
}

// NextDue is when the next card needs a step; false where none does.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	at, err := one[int64](ctx, s.db.Reader, `SELECT next_at FROM card WHERE dirty = 1 ORDER BY next_at LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find next due card: %w", err)
	}
	return stored.Moment(at), true, nil
}
