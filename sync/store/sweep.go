package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/sync/store/internal/stored"
)

// sweep marks the issues that a full sweep has seen.
func sweep(ctx context.Context, tx *sql.Tx, c Commit) error {
	for _, swept := range c.Swept {
		var w where
		at := w.arg(c.sweptAt(swept))
		w.terms = append(w.terms, "swept_at < "+at)
		w.and("tracker = %s", stored.Brief(swept.Tracker))
		if err := eachIn(ctx, tx, `UPDATE issue SET swept_at = `+at, w, "id", words(swept.IDs)); err != nil {
			return fmt.Errorf("mark swept issues: %w", err)
		}
	}
	return nil
}

func (c Commit) sweptAt(s Swept) int64 {
	if s.At.IsZero() {
		return stored.Micros(c.Now)
	}
	return stored.Micros(s.At)
}

// Unswept lists issues of a tracker beyond id after that no full sweep has seen
// since a moment, by ascending id. No containers means all, a limit below 1 none.
func (s *Store) Unswept(ctx context.Context, tracker string, containers []string, before time.Time, after string, limit int) ([]IssueRow, error) {
	var w where
	w.and("i.swept_at < %s", stored.Micros(before))
	rows, err := s.issuesBeyond(ctx, w, tracker, containers, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list unswept issues of %s: %w", tracker, err)
	}
	return rows, nil
}

// NewestKey is the key with the highest number among the issues known in a
// container, "" where none has a number.
func (s *Store) NewestKey(ctx context.Context, tracker, container string) (string, error) {
	key, err := one[string](ctx, s.db.Reader, `SELECT issue_key FROM issue
		WHERE tracker = $1 AND container = $2 AND number > 0 ORDER BY number DESC, id DESC LIMIT 1`,
		stored.Brief(tracker), stored.Brief(container))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find newest key of %s: %w", container, err)
	}
	return key, nil
}
