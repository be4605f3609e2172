// Package migration brings the tables of a database up to date. Both engines
// share it; each has its own DDL.
package migration

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"parley/sync/store"
)

// attempts is how often a migration is tried: two processes that open a new
// store at once can meet, and then one of them finds the work done.
const attempts = 5

// Up applies the migrations in files, those numbered *.sql at its root, that the
// database has not had yet. It fails with store.ErrNewer where the database has
// had ones that are not among them.
func Up(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, opts ...goose.ProviderOption) error {
	opts = append(opts, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, files, opts...)
	if err != nil {
		return fmt.Errorf("load migrations: %w", err)
	}
	for range attempts {
		var done bool
		if done, err = up(ctx, provider); done {
			return err
		}
	}
	return err
}

// up tries once. It is done when the tables are up to date or never will be.
func up(ctx context.Context, provider *goose.Provider) (bool, error) {
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return ctx.Err() != nil, fmt.Errorf("read schema version: %w", err)
	}
	if current > target {
		return true, fmt.Errorf("schema version %d, this parley knows %d: %w", current, target, store.ErrNewer)
	}
	if current == target {
		return true, nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return ctx.Err() != nil, fmt.Errorf("migrate schema from version %d to %d: %w", current, target, err)
	}
	return true, nil
}
