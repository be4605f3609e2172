package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"parley/connectors"
	"parley/sync/store"
)

// Former makes a database as Parley's first releases left it, with the first two
// migrations among files, and rows in those tables that have grown since.
func Former(t *testing.T, dialect goose.Dialect, db *sql.DB, files fs.FS) {
	t.Helper()
	former := fstest.MapFS{}
	for _, name := range []string{"00001_tables.sql", "00002_setting.sql"} {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		former[name] = &fstest.MapFile{Data: text}
	}
	provider, err := goose.NewProvider(dialect, db, former, goose.WithDisableGlobalRegistry(true))
	if err == nil {
		_, err = provider.Up(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range formerRows() {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

func formerRows() []string {
	rows := []string{
		`UPDATE data_seq SET n = 1`,
		`INSERT INTO card VALUES ('aaa', 1, 1, 1, '{"id":"aaa","sides":[null,null]}', '{"id":"aaa"}', '', '', '', '', 0, 0, 0, -1)`,
		`INSERT INTO source VALUES ('github', 'acme/pay', '{"Source":"acme/pay","ETag":"x"}', 7, 1000000, 2000000, 'away', 0, 9, 1)`,
	}
	for id, key := range []string{"OPS-9", "OPS-412", "acme/pay-me#12", "acme/pay-me#7", "odd", "", "OPS-12345678901234567890"} {
		rows = append(rows, fmt.Sprintf(`INSERT INTO issue VALUES ('t', '%d', '%s', '', '', '', '', '', 0, '', 0)`, id, key))
	}
	for id, at := range map[string]string{
		"whole": `"2026-11-23T09:00:01Z"`, "parts": `"2026-11-23T09:00:01.0000205Z"`, "zone": `"2026-11-23T11:00:01.5+02:00"`,
		"before": `"2026-11-23T09:00:00.999999Z"`,
	} {
		doc := `{"id":"` + id + `","state":"done","problem":"\u0000 \"sent_at\":\"1999","sent_at":` + at + `}`
		rows = append(rows, fmt.Sprintf(`INSERT INTO op VALUES ('%s', 'aaa', '', '', 'done', 0, 0, 1, '%s')`, id, doc))
	}
	return append(rows, `INSERT INTO op VALUES ('never', 'aaa', '', '', 'planned', 1, 0, 0, '{"id":"never","state":"planned"}')`)
}

// Upgraded looks at what has become of the rows of Former.
func Upgraded(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	want := store.SourceState{
		Tracker: "github", Source: "acme/pay", FeedHead: 7, OKAt: time.Unix(1, 0).UTC(), TriedAt: time.Unix(2, 0).UTC(), Error: "away", Requests: 9, Imported: true,
		Cursor: connectors.Cursor{Source: "acme/pay", ETag: "x"},
	}
	if diff := cmp.Diff([]store.SourceState{want}, must(s.Sources(ctx))(t)); diff != "" {
		t.Errorf("Sources (-want +got):\n%s", diff)
	}
	if key := must(s.NewestKey(ctx, "t", ""))(t); key != "OPS-412" {
		t.Errorf("NewestKey = %q, want OPS-412", key)
	}
	if diff := cmp.Diff([]string{"whole", "parts", "zone"}, opIDs(must(s.SentSince(ctx, at(1)))(t))); diff != "" {
		t.Errorf("SentSince (-want +got):\n%s", diff)
	}
	if rows := must(s.Unswept(ctx, "t", nil, at(0), "", 0))(t); len(rows) != 7 {
		t.Errorf("%d issues are not marked as swept, want all 7", len(rows))
	}
	if rows := must(s.Unrecorded(ctx, "t", nil, "", 0))(t); len(rows) != 7 {
		t.Errorf("the histories of %d issues are to be imported, want all 7", len(rows))
	}
	if found := must(s.Check(ctx))(t); len(found) != 0 {
		t.Errorf("a check finds %q", found)
	}
	card := must(s.Card(ctx, "aaa"))(t)
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(card)}})
	numbers(ctx, t, s)
}

// numbers compares what the migration made of keys with what a commit does.
func numbers(ctx context.Context, t *testing.T, s *store.Store) {
	t.Helper()
	rows := must(s.Unswept(ctx, "t", nil, at(0), "", 0))(t)
	for i := range rows {
		rows[i].Container = "again"
	}
	commit(t, s, store.Commit{Issues: rows})
	if key := must(s.NewestKey(ctx, "t", "again"))(t); key != "OPS-412" {
		t.Errorf("NewestKey after a commit = %q, want OPS-412", key)
	}
}
