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
// database has not had yet, up to a version; store.Newest is that of the last file, and
// store.AsItIs applies none. It fails with store.ErrNewer where the database has had ones
// that are not among them, or the version is beyond the last.
func Up(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, version int64, opts ...goose.ProviderOption) error {
	opts = append(opts, goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, db, files, opts...)
	if err != nil {
		return fmt.Errorf("load migrations: %w", err)
	}
	for range attempts {
		var done bool
		if done, err = up(ctx, provider, version); done {
			return err
		}
	}
	return err
}

// up tries once. It is done when the tables are up to date or never will be.
func up(ctx context.Context, provider *goose.Provider, version int64) (bool, error) {
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return ctx.Err() != nil, fmt.Errorf("read schema version: %w", err)
	}
	target := version
	if version == store.Newest || version == store.AsItIs {
		target = known
	}
	switch {
	case current > known || target > known:
		return true, fmt.Errorf("schema version %d, this parley knows %d: %w", max(current, target), known, store.ErrNewer)
	case current > target:
		return true, fmt.Errorf("its tables are of version %d already, and those of version %d were asked for", current, target)
	case current == 0 && version == store.AsItIs:
		return true, store.ErrNothing
	case current == target || version == store.AsItIs:
		return true, nil
	}
	if _, err := provider.UpTo(ctx, target); err != nil {
		return ctx.Err() != nil, fmt.Errorf("migrate schema from version %d to %d: %w", current, target, err)
	}
	return true, nil
}
