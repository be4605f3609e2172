package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// What is asked for each card or each change is found by an index that fits it, whatever
// SQLite would guess of a table that it knows nothing of.
func TestQueriesTakeTheirIndex(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	for range 2 { // a new store, and one that has been told before
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := connect(path, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{
			`SELECT changes FROM event WHERE tracker = 'jira' AND issue = '10023'`:                                           "SEARCH event USING INDEX event_issue (tracker=? AND issue=?)",
			`SELECT changes FROM event WHERE tracker = 'jira' AND source_id = '1'`:                                           "SEARCH event USING PRIMARY KEY (tracker=? AND source_id=?)",
			`SELECT id FROM issue WHERE tracker = 'jira' AND container = 'OPS' AND status = '3' ORDER BY token DESC LIMIT 1`: "SEARCH issue USING INDEX issue_status (tracker=? AND container=? AND status=?)",
			`SELECT id FROM issue WHERE tracker = 'jira' AND id IN ('1', '2')`:                                               "SEARCH issue USING PRIMARY KEY (tracker=? AND id=?)",
			`SELECT id FROM issue WHERE card = 'x'`:                                                                          "SEARCH issue USING COVERING INDEX issue_card (card=?)",
			`SELECT id FROM issue WHERE tracker = 'jira' AND history >= -1 AND id > '5' ORDER BY id LIMIT 9`:                 "SEARCH issue USING INDEX issue_history (tracker=? AND id>?)",
			`SELECT id, seq, face FROM card WHERE seq > 7`:                                                                   "SEARCH card USING INDEX card_seq (seq>?)",
		} {
			if got := planOf(t.Context(), t, db, query); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func planOf(ctx context.Context, t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var id, parent, unused int
	var detail string
	if err := db.QueryRowContext(ctx, "EXPLAIN QUERY PLAN "+query).Scan(&id, &parent, &unused, &detail); err != nil {
		t.Fatal(err)
	}
	return detail
}
