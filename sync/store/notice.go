package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"parley/sync/store/internal/stored"
)

// Notice is something that one process has to tell the one that decides how much may be
// written. It is kept until that one has heard it, also over a crash of either.
type Notice struct {
	ID   int64 // set by the store; it grows
	Hold Hold
	Doc  string
}

// NoticeID is the id of the n-th notice of the commit that has made this data sequence.
func NoticeID(seq int64, n int) int64 { return seq<<12 + int64(n) }

// Hold is what is not sent by anybody while a notice stands.
type Hold string

// What a notice holds back.
const (
	HoldNothing Hold = ""
	HoldTwins   Hold = "twins" // issues that nobody asked to be created
	HoldWrites  Hold = "all"   // every write that nobody asked for
)

// Bearing is what every process goes by before it sends anything, as of one moment.
type Bearing struct {
	Settings map[string]string // those asked for that there are
	Holds    map[Hold]bool
}

// Notices lists what nobody has heard yet in the order in which it was told, limit of them
// at most.
func (s *Store) Notices(ctx context.Context, limit int) ([]Notice, error) {
	all, err := collect(ctx, s.db.Reader, func(row scanner) (n Notice, err error) {
		err = row.Scan(&n.ID, &n.Hold, &n.Doc)
		return n, err
	}, `SELECT id, hold, doc FROM notice ORDER BY id LIMIT $1`, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return all, nil
}

// Bearing gives the settings of these names and what is held back, as of one moment.
func (s *Store) Bearing(ctx context.Context, names ...string) (Bearing, error) {
	b := Bearing{Settings: map[string]string{}, Holds: map[Hold]bool{}}
	var w where
	w.in("name", words(names))
	if len(names) == 0 {
		w.terms = []string{"name IS NULL"}
	}
	const held = "held"
	rows, err := collect(ctx, s.db.Reader, func(row scanner) (r [3]string, err error) {
		err = row.Scan(&r[0], &r[1], &r[2])
		return r, err
	}, `SELECT 'setting', name, value FROM setting`+w.clause()+` UNION ALL SELECT DISTINCT '`+held+`', hold, '' FROM notice WHERE hold <> ''`, w.args...)
	if err != nil {
		return b, fmt.Errorf("take a bearing: %w", err)
	}
	for _, r := range rows {
		if r[0] == held {
			b.Holds[Hold(r[1])] = true
		} else {
			b.Settings[r[1]] = r[2]
		}
	}
	return b, nil
}

// notices adds what a commit has to tell and takes away what was heard.
func (s *Store) notices(ctx context.Context, tx *sql.Tx, seq int64, c Commit) error {
	rows := make([][]any, len(c.Notices))
	for i, n := range c.Notices {
		rows[i] = []any{NoticeID(seq, i), stored.Clean(string(n.Hold)), stored.Clean(n.Doc)}
	}
	if err := s.insert(ctx, tx, insertion{into: `notice (id, hold, doc)`, columns: 3}, rows); err != nil {
		return err
	}
	if len(c.Heard) == 0 {
		return nil
	}
	ids := make([]string, len(c.Heard))
	for i, id := range c.Heard {
		ids[i] = strconv.FormatInt(id, 10)
	}
	if err := eachIn(ctx, tx, `DELETE FROM notice`, where{}, "id", ids); err != nil {
		return fmt.Errorf("delete from notice: %w", err)
	}
	return nil
}
