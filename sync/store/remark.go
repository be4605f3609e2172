package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"parley/sync/remark"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// RemarkWrite is a comment of Parley's own as it is from now on. Its Lock is the one it
// was loaded with, 0 for a new one.
type RemarkWrite struct {
	Remark remark.Remark
	Dirty  bool      // needs another step
	NextAt time.Time // of that step, not before; zero: now
}

// checkRemarks refuses what could not be found again.
func checkRemarks(ws []RemarkWrite) error {
	return checkLocked("comment", ws, remarkKey, func(RemarkWrite) error { return nil })
}

func remarkKey(w RemarkWrite) string { return w.Remark.Key }

func remarks(ctx context.Context, tx *sql.Tx, c Commit) error {
	return writeLocked("comment", c.Remarks, remarkKey, func(w RemarkWrite) (int64, error) { return putRemark(ctx, tx, w, c.Now) })
}

func putRemark(ctx context.Context, tx *sql.Tx, w RemarkWrite, now time.Time) (int64, error) {
	doc, err := encode(w.Remark)
	if err != nil {
		return 0, err
	}
	next := w.NextAt
	if next.IsZero() {
		next = now
	}
	r := w.Remark
	args := []any{r.Key, r.Lock + 1, stored.Brief(r.Issue.Tracker), stored.Brief(r.Issue.ID), stored.Bit(r.Open()), stored.Bit(w.Dirty), stored.Micros(next), doc}
	if r.Lock == 0 {
		return affected(tx.ExecContext(ctx, `INSERT INTO remark (id, lock, tracker, issue, is_open, dirty, next_at, doc)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`, args...))
	}
	return affected(tx.ExecContext(ctx, `UPDATE remark SET lock = $2, tracker = $3, issue = $4, is_open = $5, dirty = $6, next_at = $7, doc = $8
		WHERE id = $1 AND lock = $2 - 1`, args...))
}

func scanRemark(row scanner) (remark.Remark, error) {
	var key, doc string
	var r remark.Remark
	var lock int64
	if err := row.Scan(&key, &lock, &doc); err != nil {
		return r, err
	}
	err := decode(doc, &r, "comment", key)
	r.Lock = lock
	return r, err
}

// Remark gives the comment that was asked for under a key; ErrUnknown where none was.
func (s *Store) Remark(ctx context.Context, key string) (remark.Remark, error) {
	r, err := single(ctx, s.db.Reader, scanRemark, `SELECT id, lock, doc FROM remark WHERE id = $1`, stored.Brief(key))
	if err != nil {
		return r, fmt.Errorf("read comment %.80q: %w", key, err)
	}
	return r, nil
}

// RemarksDue lists the keys of comments that need a step now, the longest due first.
func (s *Store) RemarksDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	keys, err := collect(ctx, s.db.Reader, column[string],
		`SELECT id FROM remark WHERE dirty = 1 AND next_at <= $1 ORDER BY next_at, id LIMIT $2`, stored.Micros(now), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list comments that are due: %w", err)
	}
	return keys, nil
}

// OpenRemarks lists the comments about which something is still to be done, by their keys.
func (s *Store) OpenRemarks(ctx context.Context) ([]remark.Remark, error) {
	all, err := collect(ctx, s.db.Reader, scanRemark, `SELECT id, lock, doc FROM remark WHERE is_open = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list open comments: %w", err)
	}
	return all, nil
}

// RemarksOf lists Parley's comments on an issue, by their keys.
func (s *Store) RemarksOf(ctx context.Context, tracker, issue string) ([]remark.Remark, error) {
	all, err := collect(ctx, s.db.Reader, scanRemark, `SELECT id, lock, doc FROM remark WHERE tracker = $1 AND issue = $2 ORDER BY id`,
		stored.Brief(tracker), stored.Brief(issue))
	if err != nil {
		return nil, fmt.Errorf("list comments on issue %s of %s: %w", issue, tracker, err)
	}
	return all, nil
}

// RemarksNamed counts the comments whose keys begin with a prefix.
func (s *Store) RemarksNamed(ctx context.Context, prefix string) (int64, error) {
	n, err := one[int64](ctx, s.db.Reader, `SELECT COUNT(*) FROM remark WHERE substr(id, 1, $1) = $2`, int64(len([]rune(prefix))), prefix)
	if err != nil {
		return 0, fmt.Errorf("count comments named %.80q: %w", prefix, err)
	}
	return n, nil
}

func showRemark(row scanner, c *integrity.Check) error {
	var r integrity.Remark
	var open, dirty int64
	var doc string
	err := row.Scan(&r.Key, &r.Tracker, &r.Issue, &open, &dirty, &doc)
	if err == nil {
		r.Open, r.Dirty, r.Bad = open == 1, dirty == 1, decode(doc, &r.Doc, "comment", r.Key)
		c.Remark(r)
	}
	return err
}
