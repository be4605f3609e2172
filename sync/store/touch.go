package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/store/internal/stored"
)

const touch = `UPDATE card SET touched = lock, dirty = 1,
	next_at = CASE WHEN dirty = 1 AND next_at < $1 THEN next_at ELSE $1 END`

// Touch asks for a step of a card, not before at. A step that is under way does
// not count: its commit leaves the card due. ErrUnknown where there is no such card.
func (s *Store) Touch(ctx context.Context, id kanban.CardID, at time.Time) error {
	n, err := affected(s.db.Writer.ExecContext(ctx, touch+` WHERE id = $2`, stored.Micros(at), string(id)))
	if err == nil && n == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("touch card %.80q: %w", id, err)
	}
	return nil
}

// TouchOpen asks for a step of every card with an open write, as after a start, and
// gives their number.
func (s *Store) TouchOpen(ctx context.Context, at time.Time) (int64, error) {
	n, err := affected(s.db.Writer.ExecContext(ctx,
		touch+` WHERE id IN (SELECT card FROM op WHERE is_open = 1)`, stored.Micros(at)))
	if err != nil {
		return 0, fmt.Errorf("touch cards with open writes: %w", err)
	}
	return n, nil
}

// TouchAll asks for a step of every card because the rules have become those of
// this fingerprint, remembers it as SettingMapping, and gives the number of cards.
func (s *Store) TouchAll(ctx context.Context, at time.Time, fingerprint string) (int64, error) {
	var n int64
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if n, err = affected(tx.ExecContext(ctx, touch, stored.Micros(at))); err != nil {
			return err
		}
		return s.settings(ctx, tx, map[string]string{SettingMapping: fingerprint})
	})
	if err != nil {
		return 0, fmt.Errorf("touch all cards: %w", err)
	}
	return n, nil
}
