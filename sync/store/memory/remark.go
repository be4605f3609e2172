package memory

import (
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

func remarkRows(t *tables) map[string]remarkRow { return t.remarks }

func (s *Store) copyOf(row remarkRow) (remark.Remark, error) {
	out := give(s.copies, row.remark)
	out.Lock = row.remark.Lock
	return out, nil
}

// Remark gives the comment that was asked for under a key.
func (s *Store) Remark(ctx context.Context, key string) (remark.Remark, error) {
	return single(ctx, s, fmt.Sprintf("read comment %.80q", key), key, remarkRows, s.copyOf)
}

// RemarksDue lists the keys of comments that need a step now, the longest due first.
func (s *Store) RemarksDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return dueNow(ctx, s, "list comments that are due", remarkRows, stored.Micros(now), limit, func(row remarkRow) (int64, bool) { return row.next, row.dirty })
}

// OpenRemarks lists the comments about which something is still to be done.
func (s *Store) OpenRemarks(ctx context.Context) ([]remark.Remark, error) {
	return listed(ctx, s, "list open comments", remarkRows, func(row remarkRow) bool { return row.remark.Open() }, s.copyOf)
}

// RemarksOf lists Parley's comments on an issue.
func (s *Store) RemarksOf(ctx context.Context, tracker, issue string) ([]remark.Remark, error) {
	return listed(ctx, s, fmt.Sprintf("list comments on issue %s of %s", issue, tracker), remarkRows, func(row remarkRow) bool { return row.issue == issueID(tracker, issue) }, s.copyOf)
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
