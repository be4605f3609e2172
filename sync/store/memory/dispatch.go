package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/sync/dispatch"
	"parley/sync/store"
	"parley/sync/store/internal/integrity"
)

func (s *Store) writeDispatches(ds []dispatch.Dispatch) {
	for _, d := range ds {
		lock := d.Lock + 1
		take(s.copies, &d)
		d.Lock = lock
		s.dispatches[d.ID] = d
	}
}

// dispatchable reports why digests on their way cannot be written: one was changed since.
func (t *tables) dispatchable(ds []dispatch.Dispatch) error {
	for _, d := range ds {
		if t.dispatches[d.ID].Lock != d.Lock {
			return fmt.Errorf("dispatch %.80q: %w", d.ID, store.ErrStale)
		}
	}
	return nil
}

// Dispatch gives a digest on its way by its id.
func (s *Store) Dispatch(ctx context.Context, id string) (dispatch.Dispatch, error) {
	return single(ctx, s, fmt.Sprintf("read dispatch %.80q", id), id, dispatchRows, s.dispatchOf)
}

func dispatchRows(t *tables) map[string]dispatch.Dispatch { return t.dispatches }

func (s *Store) dispatchOf(row dispatch.Dispatch) (dispatch.Dispatch, error) {
	out := give(s.copies, row)
	out.Lock = row.Lock
	return out, nil
}

// OpenDispatches lists the digests of which something is still to be sent.
func (s *Store) OpenDispatches(ctx context.Context) ([]dispatch.Dispatch, error) {
	return listed(ctx, s, "list open dispatches", dispatchRows, func(d dispatch.Dispatch) bool { return d.State.Open() }, s.dispatchOf)
}

// DispatchesOf lists where one digest was sent to, or is to be.
func (s *Store) DispatchesOf(ctx context.Context, digest string) ([]dispatch.Dispatch, error) {
	return listed(ctx, s, fmt.Sprintf("list dispatches of %.80q", digest), dispatchRows, func(d dispatch.Dispatch) bool { return d.Digest == digest }, s.dispatchOf)
}

func (t *tables) showDispatches(c *integrity.Check) {
	for _, id := range slices.Sorted(maps.Keys(t.dispatches)) {
		row := t.dispatches[id]
		c.Dispatch(integrity.Dispatch{ID: id, Digest: row.Digest, Open: row.State.Open(), Doc: row})
	}
}
