package postgres_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/pressly/goose/v3"

	"parley/sync/store/storetest"
)

func TestUpgradeKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Former(t, goose.DialectPostgres, db, os.DirFS("migrations"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.Upgraded(t, reopened(t, url))
}
