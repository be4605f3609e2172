// Package store is Parley's memory: cards, the journal of writes, the trackers'
// histories, conflicts and the account of what was done. What a step changed is
// written in one transaction, by Commit; everything else here reads.
//
// There is one path of SQL for both engines. The packages sqlite and postgres
// open a database and bring its tables up to date, nothing more.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
)

// Failures that callers act upon. They are wrapped with what was asked for.
var (
	// ErrStale says that a card was changed since it was loaded: load it again
	// and repeat the step.
	ErrStale = errors.New("changed since it was loaded")
	// ErrFenced says that the lease under which a commit was made has another
	// holder by now: stop working.
	ErrFenced = errors.New("the lease is no longer held")
	// ErrUnknown says that there is no such row.
	ErrUnknown = errors.New("unknown")
	// ErrAmbiguous says that a name fits more than one card, or plan.
	ErrAmbiguous = errors.New("fits more than one")
	// ErrAnswered says that an intent with this key was answered before; AnswerOf
	// gives the answer.
	ErrAnswered = errors.New("answered before")
	// ErrNewer says that a newer Parley wrote the store.
	ErrNewer = errors.New("the store was written by a newer parley; start that version, or restore a backup made before the upgrade")
	// ErrNothing says that there is no store where one was to be read.
	ErrNothing = errors.New("nothing is stored there")
	// ErrForeign says that the database holds another program's tables.
	ErrForeign = errors.New("the database belongs to another program; name one of its own in [store] url")
)

// Versions of the tables that an engine can be asked for, beside those that have numbers.
const (
	Newest int64 = 0  // the one that this Parley works with
	AsItIs int64 = -1 // the one that is there
)

// AmbiguousError is the ErrAmbiguous of a name that fits several cards.
type AmbiguousError struct {
	Cards []kanban.CardID // ascending
}

// Error names the cards: by their ids they can be told apart.
func (a AmbiguousError) Error() string {
	return fmt.Sprintf("%v card: %s; use a card id", ErrAmbiguous, a.Cards)
}

// Is makes it an ErrAmbiguous.
func (a AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// ErrHeld says that somebody else holds a lease.
type ErrHeld struct {
	Owner string
	Until time.Time // when it ends unless it is renewed
}

// Error names the holder.
func (e ErrHeld) Error() string {
	return fmt.Sprintf("held by %s until %s", e.Owner, e.Until.UTC().Format(time.RFC3339))
}

// DB is an open database whose tables are up to date.
type DB struct {
	// Writer runs the transactions that write. An engine that knows one writer
	// at a time gives it a single connection.
	Writer *sql.DB
	// Reader runs everything else; it may be the same as Writer.
	Reader *sql.DB
	// Bulk is how many rows go into one INSERT: 1 where a prepared statement is
	// cheaper than a long one, more where every statement is a journey.
	Bulk int
	// Size is a query for the bytes that the database takes on disk.
	Size string
	// Integrity is a query for what the database itself finds wrong, a text for each
	// finding.
	Integrity string
	// Ring is a statement that tells all processes, once its transaction is committed, that
	// there is something to look at; "" where nobody can be told.
	Ring string
	// Catalog is a query for the columns of all tables: table, column, Kind, and the place in
	// the primary key, 0 where it is in none. By table and column.
	Catalog string
}

// Store is a database with Parley's rows in it. It is safe for concurrent use.
type Store struct{ db DB }

// New makes a store of an open database; use sqlite.Open or postgres.Open.
func New(db DB) *Store { return &Store{db: db} }

// Close ends all connections. Readers go first, so that the writer is the last
// to leave and can tidy up.
func (s *Store) Close() error {
	var err error
	if s.db.Reader != s.db.Writer {
		err = s.db.Reader.Close()
	}
	return errors.Join(err, s.db.Writer.Close())
}

// write runs do in one transaction and commits it unless do fails.
func (s *Store) write(ctx context.Context, do func(*sql.Tx) error) error {
	return within(ctx, s.db.Writer, nil, do)
}

// read runs do on one picture of the data that no commit disturbs.
func (s *Store) read(ctx context.Context, do func(*sql.Tx) error) error {
	return within(ctx, s.db.Reader, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, do)
}

func within(ctx context.Context, db *sql.DB, opts *sql.TxOptions, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// Seq is the data sequence: it grows by one with every commit that changes what
// people see.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	n, err := one[int64](ctx, s.db.Reader, `SELECT n FROM data_seq`)
	if err != nil {
		return 0, fmt.Errorf("read data sequence: %w", err)
	}
	return n, nil
}

// Size is what the database takes on disk, in bytes.
func (s *Store) Size(ctx context.Context) (int64, error) {
	n, err := one[int64](ctx, s.db.Reader, s.db.Size)
	if err != nil {
		return 0, fmt.Errorf("read store size: %w", err)
	}
	return n, nil
}

// Tally is how much a store holds.
type Tally struct {
	Cards     int64
	Due       int64 // cards that wait for another step, now or later
	Issues    int64
	Events    int64
	OpenOps   int64
	Conflicts int64 // those a person has to choose
}

// Counts says how much the store holds.
func (s *Store) Counts(ctx context.Context) (Tally, error) {
	var t Tally
	err := s.db.Reader.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM card), (SELECT COUNT(*) FROM card WHERE dirty = 1),
		(SELECT COUNT(*) FROM issue), (SELECT COUNT(*) FROM event),
		(SELECT COUNT(*) FROM op WHERE is_open = 1), (SELECT COUNT(*) FROM conflict WHERE state = 'open')`).
		Scan(&t.Cards, &t.Due, &t.Issues, &t.Events, &t.OpenOps, &t.Conflicts)
	if err != nil {
		return Tally{}, fmt.Errorf("count rows: %w", err)
	}
	return t, nil
}
