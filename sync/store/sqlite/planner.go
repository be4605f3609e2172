package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// SQLite guesses how many rows a condition leaves where nobody has counted them: ten for a
// tracker, of which there are two, and nine for an issue. It then finds the history of one
// issue by reading that of its tracker, and reading all histories takes the square of their
// number. So it is told what the tables are like. The figures are the same for every store,
// so that a query takes the same way in a new one and in a large one: how many rows a table
// has, and how many of them share the first column of an index, the first two, and so on
// (https://sqlite.org/fileformat2.html#stat1tab).
const likeness = `WITH told (tbl, idx, stat) AS (VALUES
	('event', 'event', '1000000 250000 1'),
	('event', 'event_issue', '1000000 250000 10'),
	('issue', 'issue', '200000 50000 1'),
	('issue', 'issue_status', '200000 50000 5000 500'))`

// advise tells SQLite what the tables are like. Connections that are opened later go by it.
func advise(ctx context.Context, db *sql.DB) error {
	var there bool
	err := db.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM sqlite_schema WHERE name = 'sqlite_stat1'`).Scan(&there)
	if err == nil && there {
		err = db.QueryRowContext(ctx, likeness+` SELECT NOT EXISTS (SELECT tbl, idx, stat FROM told EXCEPT SELECT tbl, idx, stat FROM sqlite_stat1)`).Scan(&there)
	}
	if err == nil && !there {
		err = rewrite(ctx, db)
	}
	if err != nil {
		return fmt.Errorf("tell the database what its tables are like: %w", err)
	}
	return nil
}

func rewrite(ctx context.Context, db *sql.DB) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // what has failed is told
		}
	}()
	for _, do := range []string{
		`ANALYZE sqlite_schema`, // makes the table where it is missing, and counts nothing
		`DELETE FROM sqlite_stat1`,
		likeness + ` INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT tbl, idx, stat FROM told`,
		`ANALYZE sqlite_schema`, // reads it anew
	} {
		if _, err = tx.ExecContext(ctx, do); err != nil {
			return err
		}
	}
	return tx.Commit()
}
