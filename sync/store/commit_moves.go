package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/sync/store/internal/stored"
)

// moves lets cards live on as other ones.
func (s *Store) moves(ctx context.Context, tx *sql.Tx, seq int64, moved []Alias) error {
	for _, a := range moved {
		if err := move(ctx, tx, seq, a); err != nil {
			return fmt.Errorf("move card %s to %s: %w", a.Old, a.New, err)
		}
	}
	return nil
}

func move(ctx context.Context, tx *sql.Tx, seq int64, a Alias) error {
	locks, err := locksOf(ctx, tx, []string{string(a.Old), string(a.New)})
	if err != nil {
		return err
	}
	if _, ok := locks[string(a.New)]; !ok {
		return ErrUnknown
	}
	if a.Lock != 0 && locks[string(a.Old)] != a.Lock {
		return ErrStale
	}
	// Events belong to issues, so they follow on their own.
	for _, query := range []string{
		`UPDATE op SET card = $2 WHERE card = $1`,
		`UPDATE conflict SET card = $2 WHERE card = $1`,
		`UPDATE activity SET card = $2 WHERE card = $1`,
		`UPDATE issue SET card = $2 WHERE card = $1`,
		`UPDATE question SET card = $2 WHERE card = $1`,
		`UPDATE alias SET new_id = $2 WHERE new_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, string(a.Old), string(a.New)); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM card WHERE id = $1`, string(a.Old)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO alias (old_id, new_id, seq) VALUES ($1, $2, $3)
		ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id, seq = excluded.seq`,
		stored.Brief(string(a.Old)), string(a.New), seq)
	return err
}
