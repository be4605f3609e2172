// Package sqlite keeps a store in one SQLite file: one connection writes, others
// read at the same time and never wait for it.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite" // also registers itself as "sqlite"
	codes "modernc.org/sqlite/lib"

	"parley/sync/store"
	"parley/sync/store/internal/migration"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	readers  = 8                // connections that read at the same time
	patience = 10 * time.Second // with others that open the same file
)

const size = `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`

const integrity = `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'
	UNION ALL SELECT 'a row of ' || "table" || ' points at a row of ' || parent || ' that is not there' FROM pragma_foreign_key_check`

const catalog = `SELECT t.name, c.name, CASE c.type WHEN 'TEXT' THEN 'text' WHEN 'INTEGER' THEN 'int' WHEN 'BLOB' THEN 'bytes' ELSE c.type END, c.pk
	FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY t.name, c.name`

// Open opens the store in the file at path, which is created for its owner alone
// where it is missing (its folder must exist), and brings its tables up to date.
// A file that is no database, belongs to another program, cannot be written or
// comes from a newer Parley is an error that says so.
func Open(ctx context.Context, path string) (*store.Store, error) {
	return OpenAt(ctx, path, store.Newest)
}

// OpenAt is Open for tables of a version that may be an older one, or with store.AsItIs
// for those that are there.
func OpenAt(ctx context.Context, path string, version int64) (*store.Store, error) {
	s, err := open(ctx, path, version)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string, version int64) (*store.Store, error) {
	if path == "" {
		return nil, errors.New("no file named; write for example sqlite:parley.db")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); version == store.AsItIs && err != nil {
		return nil, store.ErrNothing
	}
	if err := create(path); err != nil {
		return nil, err
	}
	// Write-ahead logging is a property of the file: who writes turns it on.
	writer, err := connect(path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(67108864)")
	if err != nil {
		return nil, err
	}
	if err := patiently(ctx, func() error { return prepare(ctx, writer, version) }); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader, err := connect(path, readers, "_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return store.New(store.DB{Writer: writer, Reader: reader, Bulk: 1, Size: size, Integrity: integrity, Catalog: catalog}), nil
}

// create makes the file, readable by its owner alone, unless it is there.
func create(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.New("is a folder; name a file in it")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return plain(err)
	}
	return f.Close()
}

// plain is err without the path, which the caller names.
func plain(err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("its folder is missing, make it or name another in store.url: %w", fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("file or folder may not be written by this user: %w", fs.ErrPermission)
	case errors.As(err, &at):
		return at.Err
	}
	return err
}

// connect makes a pool of connections to the file.
func connect(path string, most int, option string) (*sql.DB, error) {
	name := url.URL{Path: filepath.ToSlash(path)}
	dsn := "file:" + name.EscapedPath() + "?" + option +
		"&_pragma=busy_timeout(5000)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// patiently repeats what fails because others keep the file locked. SQLite waits
// by itself, but for the switch to write-ahead logging.
func patiently(ctx context.Context, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(patience / 200)
	defer tick.Stop()
	for {
		err := do()
		var lite *driver.Error
		if !errors.As(err, &lite) || lite.Code()&0xff != codes.SQLITE_BUSY {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}

// prepare makes sure that the database is Parley's and brings it up to date.
func prepare(ctx context.Context, db *sql.DB, version int64) error {
	var tables, versioned int
	err := db.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`).Scan(&tables, &versioned)
	if err != nil {
		return err
	}
	if tables > 0 && versioned == 0 {
		return store.ErrForeign
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	if err := migration.Up(ctx, goose.DialectSQLite3, db, files, version); err != nil {
		return err
	}
	if version != store.Newest {
		return nil
	}
	return advise(ctx, db)
}

// explain puts SQLite's answers into words that say what to do.
func explain(err error) error {
	var lite *driver.Error
	if !errors.As(err, &lite) {
		return err
	}
	switch lite.Code() & 0xff {
	case codes.SQLITE_NOTADB:
		return fmt.Errorf("the file is not a database; move it away or name another file: %w", err)
	case codes.SQLITE_READONLY:
		return fmt.Errorf("the file can only be read; give its user the right to write it and its folder: %w", err)
	case codes.SQLITE_CANTOPEN:
		return fmt.Errorf("the file cannot be opened; its folder must be writable, as files are made beside it: %w", err)
	case codes.SQLITE_BUSY:
		return fmt.Errorf("another program keeps the file locked: %w", err)
	case codes.SQLITE_CORRUPT:
		return fmt.Errorf("the file is damaged; restore a backup: %w", err)
	case codes.SQLITE_FULL:
		return fmt.Errorf("the disk is full: %w", err)
	}
	return err
}
