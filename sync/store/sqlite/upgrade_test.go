package sqlite

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"parley/sync/store/storetest"
)

func TestUpgradeKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	db, err := connect(path, 1, "_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	storetest.Former(t, goose.DialectSQLite3, db, files)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	storetest.Upgraded(t, storetest.Opened(t, Open, path))
}
