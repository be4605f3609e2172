package memory

import (
	"context"
	"fmt"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// writeHistories says how far histories were imported.
func (s *Store) writeHistories(marks []store.HistoryMark) {
	for _, m := range stored.Last(marks, func(m store.HistoryMark) store.IssueID { return issueID(m.Tracker, m.ID) }) {
		if old := s.issues[issueID(m.Tracker, m.ID)]; old != nil && old.History != store.HistoryWhole {
			row := *old
			row.History = m.Upto
			s.putIssue(&row)
		}
	}
}

// Unrecorded lists issues of a tracker beyond id after whose history is to be imported
// still, by ascending id.
func (s *Store) Unrecorded(ctx context.Context, tracker string, containers []string, after string, limit int) ([]store.IssueRow, error) {
	return s.byHistory(ctx, tracker, containers, after, limit, func(h int64) bool { return h >= store.HistoryFeed })
}

// Refused lists issues of a tracker beyond id after whose history could not be read.
func (s *Store) Refused(ctx context.Context, tracker, after string, limit int) ([]store.IssueRow, error) {
	return s.byHistory(ctx, tracker, nil, after, limit, func(h int64) bool { return h == store.HistoryRefused })
}

func (s *Store) byHistory(ctx context.Context, tracker string, containers []string, after string, limit int, is func(int64) bool) ([]store.IssueRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list issues of %s by history: %w", tracker, err)
	}
	return s.listIssues(tracker, containers, after, limit, func(r *issueRow) bool { return is(r.History) }), nil
}

// Histories counts the issues of a tracker by how far their history was imported.
func (s *Store) Histories(ctx context.Context, tracker string) (store.HistoryTally, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var t store.HistoryTally
	if err := ctx.Err(); err != nil {
		return t, fmt.Errorf("count histories of %s: %w", tracker, err)
	}
	for r := range s.tracker(stored.Brief(tracker), "") {
		t.Issues++
		switch {
		case r.History == store.HistoryWhole:
			t.Whole++
		case r.History < store.HistoryWhole:
			t.Refused++
		}
	}
	return t, nil
}
