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
	connections = 16  // at most, per process
	bulk        = 100 // rows of an INSERT: a journey to the server costs more than a long statement
	lockEvery   = 1   // seconds between tries to become the one that migrates
	lockTries   = 120
)

const size = `SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'`

// Open opens the store in the database and schema that url names, and brings its
// tables up to date; of several processes that do so at once, one does. Errors
// never show the password.
func Open(ctx context.Context, url string) (*store.Store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// The cause can quote the URL with the password in it.
		return nil, errors.New("open store: not a PostgreSQL address; write postgres://user@host:port/database")
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := prepare(ctx, db); err != nil {
		err = fmt.Errorf("open store postgres %s/%s: %w", config.Host, config.Database, err)
		return nil, errors.Join(err, db.Close())
	}
	return store.New(store.DB{Writer: db, Reader: db, Bulk: bulk, Size: size}), nil
}

// prepare makes sure that the schema is Parley's and brings it up to date.
func prepare(ctx context.Context, db *sql.DB) error {
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
	return migrate(ctx, db)
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockTries))
	if err != nil {
		return err
	}
	return migration.Up(ctx, goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
}
