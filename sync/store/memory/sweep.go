package memory

import (
	"context"
	"fmt"
	"time"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// writeSwept marks the issues that a full sweep has seen.
func (s *Store) writeSwept(c store.Commit) {
	for _, swept := range c.Swept {
		at := stored.Micros(momentOr(swept.At, c.Now))
		for _, id := range swept.IDs {
			if old := s.issues[issueID(swept.Tracker, id)]; old != nil && old.swept < at {
				row := *old
				row.swept = at
				s.putIssue(&row)
			}
		}
	}
}

// momentOr is a moment, or another one where there is none.
func momentOr(at, otherwise time.Time) time.Time {
	if at.IsZero() {
		return otherwise
	}
	return at
}

// Unswept lists issues of a tracker beyond id after that no full sweep has seen
// since a moment, by ascending id.
func (s *Store) Unswept(
	ctx context.Context, tracker string, containers []string, before time.Time, after string, limit int,
) ([]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list unswept issues of %s: %w", tracker, err)
	}
	end := stored.Micros(before)
	return s.listIssues(tracker, containers, after, limit, func(r *issueRow) bool { return r.swept < end }), nil
}

// NewestKey is the key with the highest number among the issues known in a
// container, "" where none has a number.
func (s *Store) NewestKey(ctx context.Context, tracker, container string) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("find newest key of %s: %w", container, err)
	}
	var highest int64
	var key string
	for r := range s.tracker(stored.Brief(tracker), "") {
		if r.Container != stored.Brief(container) {
			continue
		}
		if n := stored.Number(r.Key); n > 0 && n >= highest { // of equals the one with the last id
			highest, key = n, r.Key
		}
	}
	return key, nil
}
