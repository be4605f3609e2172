package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley/sync/dispatch"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// checkDispatches refuses what could not be found again, or sent again as it was.
func checkDispatches(ds []dispatch.Dispatch) error {
	return checkLocked("dispatch", ds, dispatchID, func(d dispatch.Dispatch) error {
		switch {
		case d.Digest == "" || d.Digest != stored.Brief(d.Digest):
			return fmt.Errorf("%.40q names no digest", d.Digest)
		case d.State.Open() != d.Ended.IsZero():
			return fmt.Errorf("it is %s, and ended at %v", d.State, d.Ended)
		}
		if doc, err := encode(d); err != nil || doc != stored.Clean(doc) {
			return errors.Join(err, errNoText)
		}
		return nil
	})
}

func dispatchID(d dispatch.Dispatch) string { return d.ID }

// dispatches writes digests on their way.
func dispatches(ctx context.Context, tx *sql.Tx, ds []dispatch.Dispatch) error {
	return writeLocked("dispatch", ds, dispatchID, func(d dispatch.Dispatch) (int64, error) { return putDispatch(ctx, tx, d) })
}

func putDispatch(ctx context.Context, tx *sql.Tx, d dispatch.Dispatch) (int64, error) {
	doc, err := encode(d)
	if err != nil {
		return 0, err
	}
	args := []any{d.ID, d.Lock + 1, stored.Bit(d.State.Open()), d.Digest, doc}
	if d.Lock == 0 {
		return affected(tx.ExecContext(ctx, `INSERT INTO dispatch (id, lock, is_open, digest, doc) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, args...))
	}
	return affected(tx.ExecContext(ctx, `UPDATE dispatch SET lock = $2, is_open = $3, digest = $4, doc = $5 WHERE id = $1 AND lock = $2 - 1`, args...))
}

func scanDispatch(row scanner) (dispatch.Dispatch, error) {
	var id, doc string
	var d dispatch.Dispatch
	var lock int64
	if err := row.Scan(&id, &lock, &doc); err != nil {
		return d, err
	}
	err := decode(doc, &d, "dispatch", id)
	d.Lock = lock
	return d, err
}

// Dispatch gives a digest on its way by its id; ErrUnknown where there is none.
func (s *Store) Dispatch(ctx context.Context, id string) (dispatch.Dispatch, error) {
	d, err := single(ctx, s.db.Reader, scanDispatch, `SELECT id, lock, doc FROM dispatch WHERE id = $1`, stored.Brief(id))
	if err != nil {
		return d, fmt.Errorf("read dispatch %.80q: %w", id, err)
	}
	return d, nil
}

// OpenDispatches lists the digests of which something is still to be sent, by their ids.
func (s *Store) OpenDispatches(ctx context.Context) ([]dispatch.Dispatch, error) {
	all, err := collect(ctx, s.db.Reader, scanDispatch, `SELECT id, lock, doc FROM dispatch WHERE is_open = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list open dispatches: %w", err)
	}
	return all, nil
}

// DispatchesOf lists where one digest was sent to, or is to be, by their ids.
func (s *Store) DispatchesOf(ctx context.Context, digest string) ([]dispatch.Dispatch, error) {
	all, err := collect(ctx, s.db.Reader, scanDispatch, `SELECT id, lock, doc FROM dispatch WHERE digest = $1 ORDER BY id`, stored.Brief(digest))
	if err != nil {
		return nil, fmt.Errorf("list dispatches of %.80q: %w", digest, err)
	}
	return all, nil
}

func showDispatch(row scanner, c *integrity.Check) error {
	var r integrity.Dispatch
	var open int64
	var doc string
	err := row.Scan(&r.ID, &r.Digest, &open, &doc)
	if err == nil {
		r.Open, r.Bad = open == 1, decode(doc, &r.Doc, "dispatch", r.ID)
		c.Dispatch(r)
	}
	return err
}
