// Package postgres keeps a store in a PostgreSQL schema, for more processes or
// machines than one.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"parley/sync/store"
	"parley/sync/store/internal/migration"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	writers   = 4   // connections of a process at most: commits stand in a line anyway
	readers   = 12  // and those are kept free of it
	bulk      = 100 // rows of an INSERT: a journey to the server costs more than a long statement
	lockEvery = 1   // seconds between tries to become the one that migrates
	lockTries = 120
	// patience ends a transaction whose process stopped in the middle, in
	// milliseconds: all others wait for it.
	patience = "3000"
)

const size = `SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'`

// integrity finds indexes that were never built to the end.
const integrity = `SELECT 'index ' || c.relname || ' is not valid' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
	WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname`

const catalog = `SELECT t.relname::text, c.attname::text,
	CASE format_type(c.atttypid, NULL) WHEN 'bigint' THEN 'int' WHEN 'bytea' THEN 'bytes' ELSE format_type(c.atttypid, NULL) END,
	COALESCE(array_position(k.indkey::smallint[], c.attnum) + 1, 0)::bigint
	FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
	LEFT JOIN pg_index k ON k.indrelid = t.oid AND k.indisprimary
	WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND t.relname NOT LIKE 'river\_%'
	ORDER BY t.relname::text COLLATE "C", c.attname::text COLLATE "C"`

// Open opens the store in the database and schema that url names, and brings its
// tables up to date; of several processes that do so at once, one does. Errors
// never show the password.
func Open(ctx context.Context, url string) (*store.Store, error) {
	return OpenAt(ctx, url, store.Newest)
}

// OpenAt is Open for tables of a version that may be an older one, or with store.AsItIs
// for those that are there.
func OpenAt(ctx context.Context, url string, version int64) (*store.Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The cause can quote the URL with the password in it.
		return nil, errors.New("open store: not a PostgreSQL address; write postgres://user@host:port/database")
	}
	settle(config)
	writer := connect(config, writers)
	if err := prepare(ctx, writer, version); err != nil {
		err = fmt.Errorf("open store postgres %s/%s: %w", config.Host, config.Database, err)
		return nil, errors.Join(err, writer.Close())
	}
	return store.New(store.DB{Writer: writer, Reader: connect(config, readers), Bulk: bulk, Size: size, Integrity: integrity, Catalog: catalog, Ring: ring}), nil
}

// settle fills in what the URL leaves open.
func settle(config *pgx.ConnConfig) {
	for name, value := range map[string]string{
		"application_name":                    "parley",
		"idle_in_transaction_session_timeout": patience,
	} {
		if _, ok := config.RuntimeParams[name]; !ok {
			config.RuntimeParams[name] = value
		}
	}
}

func connect(config *pgx.ConnConfig, most int) *sql.DB {
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db
}

// prepare makes sure that the schema is Parley's and brings it up to date.
func prepare(ctx context.Context, db *sql.DB, version int64) error {
	var schema sql.NullString
	var foreign bool
	err := db.QueryRowContext(ctx, `SELECT current_schema(),
		EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ('card', 'issue'))
		AND NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'goose_db_version')`).
		Scan(&schema, &foreign)
	if err != nil {
		return err
	}
	if !schema.Valid {
		return errors.New("the user has no schema to work in; create one and grant it to the user")
	}
	if foreign {
		return store.ErrForeign
	}
	return migrate(ctx, db, version)
}

func migrate(ctx context.Context, db *sql.DB, version int64) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockTries))
	if err != nil {
		return err
	}
	return migration.Up(ctx, goose.DialectPostgres, db, files, version, goose.WithSessionLocker(locker))
}
