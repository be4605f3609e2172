package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/connectors"
	"parley/sync/store/internal/stored"
)

const intoSource = `INSERT INTO source (tracker, source, tier, cursor_doc, feed_head, ok_at, tried_at, problem, retry_at, requests, imported)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tracker, source, tier) DO UPDATE SET
	ok_at = excluded.ok_at, tried_at = excluded.tried_at, problem = excluded.problem,
	retry_at = excluded.retry_at, requests = excluded.requests`

func sourceArgs(st SourceState) ([]any, error) {
	doc, err := encode(st.Cursor)
	if err != nil {
		return nil, fmt.Errorf("encode cursor of %s: %w", st.Tracker, err)
	}
	return []any{
		stored.Brief(st.Tracker), stored.Brief(st.Source), stored.Brief(st.Tier), doc, st.FeedHead, stored.Micros(st.OKAt), stored.Micros(st.TriedAt),
		stored.Clean(st.Error), stored.Micros(st.RetryAt), st.Requests, stored.Bit(st.Imported),
	}, nil
}

// cursor writes how far a source was read, together with what was read.
func (s *Store) cursor(ctx context.Context, tx *sql.Tx, c Commit) error {
	if c.Cursor == nil {
		return nil
	}
	args, err := sourceArgs(*c.Cursor)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, intoSource+`, cursor_doc = excluded.cursor_doc, feed_head = excluded.feed_head,
		imported = excluded.imported`, args...)
	if err != nil {
		return fmt.Errorf("insert into source: %w", err)
	}
	return nil
}

// SaveSource writes how reading a source went: OKAt, TriedAt, Error, RetryAt and
// Requests. How far it was read is changed by Commit alone. The data sequence
// stays. ErrFenced says that LeaseRunner is no longer held under epoch; 0 needs no
// lease.
func (s *Store) SaveSource(ctx context.Context, epoch int64, st SourceState) error {
	st.Cursor, st.FeedHead, st.Imported = connectors.Cursor{Source: st.Source}, 0, false // of a new row
	args, err := sourceArgs(st)
	if err == nil {
		err = s.write(ctx, func(tx *sql.Tx) error {
			if err := fence(ctx, tx, LeaseRunner, epoch); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, intoSource, args...)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("save source %s %s: %w", st.Tracker, st.Source, err)
	}
	return nil
}

const selectSource = `SELECT tracker, source, tier, cursor_doc, feed_head, ok_at, tried_at, problem, retry_at, requests,
	imported FROM source`

// Source gives the state of one source in TierFast. One that was never read has the
// zero state but for its names.
func (s *Store) Source(ctx context.Context, tracker, source string) (SourceState, error) {
	return s.Tier(ctx, tracker, source, TierFast)
}

// Tier gives the state of one source in a tier, as Source does.
func (s *Store) Tier(ctx context.Context, tracker, source, tier string) (SourceState, error) {
	st, err := scanSource(s.db.Reader.QueryRowContext(ctx, selectSource+` WHERE tracker = $1 AND source = $2 AND tier = $3`,
		stored.Brief(tracker), stored.Brief(source), stored.Brief(tier)))
	if errors.Is(err, sql.ErrNoRows) {
		return SourceState{Tracker: tracker, Source: source, Tier: tier, Cursor: connectors.Cursor{Source: source}}, nil
	}
	if err != nil {
		return SourceState{}, fmt.Errorf("read source %s %s: %w", tracker, source, err)
	}
	return st, nil
}

// Sources lists the states of all sources in TierFast by their names.
func (s *Store) Sources(ctx context.Context) ([]SourceState, error) {
	return s.sources(ctx, `tier = ''`)
}

// Tiers lists the states of all sources in the other tiers by their names.
func (s *Store) Tiers(ctx context.Context) ([]SourceState, error) {
	return s.sources(ctx, `tier <> ''`)
}

func (s *Store) sources(ctx context.Context, which string) ([]SourceState, error) {
	all, err := collect(ctx, s.db.Reader, scanSource, selectSource+` WHERE `+which+` ORDER BY tracker, source, tier`)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	return all, nil
}

func scanSource(row scanner) (SourceState, error) {
	var st SourceState
	var doc string
	var ok, tried, retry, imported int64
	err := row.Scan(&st.Tracker, &st.Source, &st.Tier, &doc, &st.FeedHead, &ok, &tried, &st.Error, &retry, &st.Requests, &imported)
	if err != nil {
		return SourceState{}, err
	}
	st.OKAt, st.TriedAt, st.RetryAt, st.Imported = stored.Moment(ok), stored.Moment(tried), stored.Moment(retry), imported == 1
	err = decode(doc, &st.Cursor, "cursor of", st.Tracker)
	return st, err
}

// SaveDirectory keeps what is known of a tracker, so that Parley can start
// while the tracker is away.
func (s *Store) SaveDirectory(ctx context.Context, d connectors.Directory, at time.Time) error {
	doc, err := encode(d)
	if err == nil {
		_, err = s.db.Writer.ExecContext(ctx, `INSERT INTO directory (tracker, kind, doc, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tracker) DO UPDATE SET kind = excluded.kind, doc = excluded.doc, at = excluded.at`,
			stored.Brief(d.Tracker), stored.Clean(string(d.Kind)), doc, stored.Micros(at))
	}
	if err != nil {
		return fmt.Errorf("save directory of %s: %w", d.Tracker, err)
	}
	return nil
}

// Directory gives what was last known of a tracker and when it was learned;
// ErrUnknown where it never was.
func (s *Store) Directory(ctx context.Context, tracker string) (connectors.Directory, time.Time, error) {
	var doc string
	var at int64
	var d connectors.Directory
	err := s.db.Reader.QueryRowContext(ctx, `SELECT doc, at FROM directory WHERE tracker = $1`, stored.Brief(tracker)).Scan(&doc, &at)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	if err == nil {
		err = decode(doc, &d, "directory of", tracker)
	}
	if err != nil {
		return connectors.Directory{}, time.Time{}, fmt.Errorf("read directory of %s: %w", tracker, err)
	}
	return d, stored.Moment(at), nil
}
