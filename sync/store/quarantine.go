package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/sync/store/internal/stored"
)

func intoQuarantine() insertion {
	return insertion{
		into: `quarantine (tracker, issue, issue_key, fingerprint, reason, tries, at)`, columns: 7,
		then: `ON CONFLICT (tracker, issue) DO UPDATE SET issue_key = excluded.issue_key,
			fingerprint = excluded.fingerprint, reason = excluded.reason, tries = excluded.tries, at = excluded.at`,
	}
}

// quarantine puts issues away and lets others out. What a commit does both with is
// let out.
func (s *Store) quarantine(ctx context.Context, tx *sql.Tx, c Commit) error {
	var rows [][]any
	for _, q := range stored.Last(c.Quarantine, Quarantined.id) {
		at := stored.Micros(q.At)
		if q.At.IsZero() {
			at = stored.Micros(c.Now)
		}
		id := q.id()
		rows = append(rows, []any{id.Tracker, id.ID, stored.Clean(q.Key), stored.Clean(q.Fingerprint), stored.Clean(q.Reason), q.Tries, at})
	}
	if err := s.insert(ctx, tx, intoQuarantine(), rows); err != nil {
		return err
	}
	for _, id := range c.Released {
		if _, err := tx.ExecContext(ctx, `DELETE FROM quarantine WHERE tracker = $1 AND issue = $2`,
			stored.Brief(id.Tracker), stored.Brief(id.ID)); err != nil {
			return fmt.Errorf("delete from quarantine: %w", err)
		}
	}
	return nil
}

// id names the issue as it is stored.
func (q Quarantined) id() IssueID { return IssueID{stored.Brief(q.Tracker), stored.Brief(q.Issue)} }

// Quarantine lists what is in quarantine, by tracker and issue.
func (s *Store) Quarantine(ctx context.Context) ([]Quarantined, error) {
	all, err := collect(ctx, s.db.Reader, func(row scanner) (Quarantined, error) {
		var q Quarantined
		var at int64
		err := row.Scan(&q.Tracker, &q.Issue, &q.Key, &q.Fingerprint, &q.Reason, &q.Tries, &at)
		q.At = stored.Moment(at)
		return q, err
	}, `SELECT tracker, issue, issue_key, fingerprint, reason, tries, at FROM quarantine ORDER BY tracker, issue`)
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	return all, nil
}
