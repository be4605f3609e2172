package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/sync/dispatch"
	"parley/sync/store"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
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
	s.mu.RLock()
	defer s.mu.RUnlock()
	err := ctx.Err()
	row, ok := s.dispatches[stored.Brief(id)]
	if err == nil && !ok {
		err = store.ErrUnknown
	}
	if err != nil {
		return dispatch.Dispatch{}, fmt.Errorf("read dispatch %.80q: %w", id, err)
	}
	return s.dispatchOf(row), nil
}

func (s *Store) dispatchOf(row dispatch.Dispatch) dispatch.Dispatch {
	out := give(s.copies, row)
	out.Lock = row.Lock
	return out
}

// OpenDispatches lists the digests of which something is still to be sent.
func (s *Store) OpenDispatches(ctx context.Context) ([]dispatch.Dispatch, error) {
	return s.listDispatches(ctx, "list open dispatches", func(d dispatch.Dispatch) bool { return d.State.Open() })
}

// DispatchesOf lists where one digest was sent to, or is to be.
func (s *Store) DispatchesOf(ctx context.Context, digest string) ([]dispatch.Dispatch, error) {
	return s.listDispatches(ctx, fmt.Sprintf("list dispatches of %.80q", digest), func(d dispatch.Dispatch) bool { return d.Digest == digest })
}

func (s *Store) listDispatches(ctx context.Context, doing string, want func(dispatch.Dispatch) bool) ([]dispatch.Dispatch, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	var out []dispatch.Dispatch
	for _, id := range slices.Sorted(maps.Keys(s.dispatches)) {
		if row := s.dispatches[id]; want(row) {
			out = append(out, s.dispatchOf(row))
		}
	}
	return out, nil
}

func (t *tables) showDispatches(c *integrity.Check) {
	for _, id := range slices.Sorted(maps.Keys(t.dispatches)) {
		row := t.dispatches[id]
		c.Dispatch(integrity.Dispatch{ID: id, Digest: row.Digest, Open: row.State.Open(), Doc: row})
	}
}
