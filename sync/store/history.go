package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/sync/store/internal/stored"
)

// How far the history of an issue from before Parley knew it was imported. A number above
// these is the Seq of the newest entry that was, 0 is none.
const (
	HistoryFeed    int64 = -1 // known when the feed of its source began to be read, which may tell all of it
	HistoryWhole   int64 = -2 // all of it is there
	HistoryRefused int64 = -3 // could not be read; it is tried again when the issue is next seen, or after a while
	HistoryGone    int64 = -4 // the issue is deleted
)

// HistoryMark says how far the history of an issue was imported. Committing it together
// with the events that were read makes the import one that can be interrupted anywhere.
// A mark on an issue that is not in the index is passed over, and whole stays whole.
type HistoryMark struct {
	Tracker, ID string
	Upto        int64 // one of the above, or a Seq
}

// HistoryTally counts the issues of a tracker by how far their history was imported.
type HistoryTally struct {
	Issues  int // all that are known
	Whole   int
	Refused int // those that could not be read, or are gone
}

// Left is how many are to be imported still.
func (t HistoryTally) Left() int { return t.Issues - t.Whole - t.Refused }

// HistoryAfter is what becomes of an issue's History where it is indexed anew. Only whole
// replaces what is known; one that could not be read is tried again, since it was seen.
func HistoryAfter(old, indexed int64) int64 {
	switch {
	case indexed == HistoryWhole:
		return HistoryWhole
	case old == HistoryRefused:
		return 0
	}
	return old
}

// histories writes how far histories were imported.
func histories(ctx context.Context, tx *sql.Tx, marks []HistoryMark) error {
	type part struct {
		tracker string
		upto    int64
	}
	issues, order := map[part][]string{}, []part{}
	for _, m := range stored.Last(marks, func(m HistoryMark) IssueID { return IssueID{stored.Brief(m.Tracker), stored.Brief(m.ID)} }) {
		p := part{stored.Brief(m.Tracker), m.Upto}
		if issues[p] == nil {
			order = append(order, p)
		}
		issues[p] = append(issues[p], stored.Brief(m.ID))
	}
	for _, p := range order {
		w := where{terms: []string{"history <> -2"}}
		upto := w.arg(p.upto)
		w.and("tracker = %s", p.tracker)
		if err := eachIn(ctx, tx, `UPDATE issue SET history = `+upto, w, "id", issues[p]); err != nil {
			return fmt.Errorf("mark imported histories: %w", err)
		}
	}
	return nil
}

// Unrecorded lists issues of a tracker beyond id after whose history is to be imported
// still, by ascending id. No containers means all, a limit below 1 none.
func (s *Store) Unrecorded(ctx context.Context, tracker string, containers []string, after string, limit int) ([]IssueRow, error) {
	return s.byHistory(ctx, "i.history >= -1", tracker, containers, after, limit)
}

// Refused lists issues of a tracker beyond id after whose history could not be read, by
// ascending id.
func (s *Store) Refused(ctx context.Context, tracker, after string, limit int) ([]IssueRow, error) {
	return s.byHistory(ctx, "i.history = -3", tracker, nil, after, limit)
}

func (s *Store) byHistory(ctx context.Context, state, tracker string, containers []string, after string, limit int) ([]IssueRow, error) {
	rows, err := s.issuesBeyond(ctx, where{terms: []string{state}}, tracker, containers, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list issues of %s by history: %w", tracker, err)
	}
	return rows, nil
}

// Histories counts the issues of a tracker by how far their history was imported.
func (s *Store) Histories(ctx context.Context, tracker string) (HistoryTally, error) {
	var t HistoryTally
	err := s.db.Reader.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN history = -2 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN history < -2 THEN 1 ELSE 0 END), 0) FROM issue WHERE tracker = $1`, stored.Brief(tracker)).
		Scan(&t.Issues, &t.Whole, &t.Refused)
	if err != nil {
		return HistoryTally{}, fmt.Errorf("count histories of %s: %w", tracker, err)
	}
	return t, nil
}
