package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/sync/remark"
	"parley/sync/store"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// remarkRow is a comment of Parley's own as it is stored. It is never changed.
type remarkRow struct {
	remark remark.Remark
	issue  store.IssueID
	dirty  bool
	next   int64
}

func (s *Store) writeRemarks(c store.Commit) {
	for _, w := range c.Remarks {
		row := remarkRow{remark: w.Remark, issue: issueID(w.Remark.Issue.Tracker, w.Remark.Issue.ID), dirty: w.Dirty, next: stored.Micros(momentOr(w.NextAt, c.Now))}
		lock := row.remark.Lock + 1
		take(s.copies, &row.remark)
		row.remark.Lock = lock
		s.remarks[w.Remark.Key] = row
	}
}

// listRemarks gives copies of those that a condition holds of, by their keys.
func (s *Store) listRemarks(ctx context.Context, doing string, want func(remarkRow) bool) ([]remark.Remark, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	var out []remark.Remark
	for _, key := range slices.Sorted(maps.Keys(s.remarks)) {
		if row := s.remarks[key]; want(row) {
			out = append(out, s.copyOf(row.remark))
		}
	}
	return out, nil
}

func (s *Store) copyOf(r remark.Remark) remark.Remark {
	out := give(s.copies, r)
	out.Lock = r.Lock
	return out
}

// Remark gives the comment that was asked for under a key.
func (s *Store) Remark(ctx context.Context, key string) (remark.Remark, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	err := ctx.Err()
	row, ok := s.remarks[stored.Brief(key)]
	if err == nil && !ok {
		err = store.ErrUnknown
	}
	if err != nil {
		return remark.Remark{}, fmt.Errorf("read comment %.80q: %w", key, err)
	}
	return s.copyOf(row.remark), nil
}

// RemarksDue lists the keys of comments that need a step now, the longest due first.
func (s *Store) RemarksDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list comments that are due: %w", err)
	}
	var keys []string
	for key, row := range s.remarks {
		if row.dirty && row.next <= stored.Micros(now) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.remarks[a].next, s.remarks[b].next), cmp.Compare(a, b))
	})
	return keys[:min(len(keys), max(limit, 0))], nil
}

// OpenRemarks lists the comments about which something is still to be done.
func (s *Store) OpenRemarks(ctx context.Context) ([]remark.Remark, error) {
	return s.listRemarks(ctx, "list open comments", func(row remarkRow) bool { return row.remark.Open() })
}

// RemarksOf lists Parley's comments on an issue.
func (s *Store) RemarksOf(ctx context.Context, tracker, issue string) ([]remark.Remark, error) {
	return s.listRemarks(ctx, fmt.Sprintf("list comments on issue %s of %s", issue, tracker), func(row remarkRow) bool { return row.issue == issueID(tracker, issue) })
}

// RemarksNamed counts the comments whose keys begin with a prefix.
func (s *Store) RemarksNamed(ctx context.Context, prefix string) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("count comments named %.80q: %w", prefix, err)
	}
	n := int64(0)
	for key := range s.remarks {
		if strings.HasPrefix(key, prefix) {
			n++
		}
	}
	return n, nil
}

func (t *tables) showRemarks(c *integrity.Check) {
	for _, key := range slices.Sorted(maps.Keys(t.remarks)) {
		row := t.remarks[key]
		c.Remark(integrity.Remark{Key: key, Tracker: row.issue.Tracker, Issue: row.issue.ID, Open: row.remark.Open(), Dirty: row.dirty, Doc: row.remark})
	}
}
