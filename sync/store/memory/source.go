package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// writeCursor writes how far a source was read, together with what was read.
func (s *Store) writeCursor(st store.SourceState) {
	st = s.sourceState(st)
	s.sources[sourceKey{st.Tracker, st.Source, st.Tier}] = st
}

// sourceState is a state as it comes back from a store.
func (s *Store) sourceState(st store.SourceState) store.SourceState {
	st.Tracker, st.Source, st.Tier, st.Error = stored.Brief(st.Tracker), stored.Brief(st.Source), stored.Brief(st.Tier), stored.Clean(st.Error)
	st.OKAt, st.TriedAt, st.RetryAt = micro(st.OKAt), micro(st.TriedAt), micro(st.RetryAt)
	take(s.copies, &st.Cursor)
	return st
}

// SaveSource writes how reading a source went. How far it was read is changed by
// Commit alone. store.ErrFenced says that the lease is no longer held under epoch.
func (s *Store) SaveSource(ctx context.Context, epoch int64, st store.SourceState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := cmp.Or(ctx.Err(), s.fence(store.LeaseRunner, epoch)); err != nil {
		return fmt.Errorf("save source %s %s: %w", st.Tracker, st.Source, err)
	}
	st.Cursor, st.FeedHead, st.Imported = connectors.Cursor{Source: st.Source}, 0, false // of a new row
	st = s.sourceState(st)
	key := sourceKey{st.Tracker, st.Source, st.Tier}
	if old, ok := s.sources[key]; ok {
		st.Cursor, st.FeedHead, st.Imported = old.Cursor, old.FeedHead, old.Imported
	}
	s.sources[key] = st
	return nil
}

// Source gives the state of one source in store.TierFast. One that was never read
// has the zero state but for its names.
func (s *Store) Source(ctx context.Context, tracker, source string) (store.SourceState, error) {
	return s.Tier(ctx, tracker, source, store.TierFast)
}

// Tier gives the state of one source in a tier, as Source does.
func (s *Store) Tier(ctx context.Context, tracker, source, tier string) (store.SourceState, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return store.SourceState{}, fmt.Errorf("read source %s %s: %w", tracker, source, err)
	}
	if st, ok := s.sources[sourceKey{stored.Brief(tracker), stored.Brief(source), stored.Brief(tier)}]; ok {
		return st, nil
	}
	return store.SourceState{Tracker: tracker, Source: source, Tier: tier, Cursor: connectors.Cursor{Source: source}}, nil
}

// Sources lists the states of all sources in store.TierFast by their names.
func (s *Store) Sources(ctx context.Context) ([]store.SourceState, error) {
	return s.sourcesWhere(ctx, func(tier string) bool { return tier == store.TierFast })
}

// Tiers lists the states of all sources in the other tiers by their names.
func (s *Store) Tiers(ctx context.Context) ([]store.SourceState, error) {
	return s.sourcesWhere(ctx, func(tier string) bool { return tier != store.TierFast })
}

func (s *Store) sourcesWhere(ctx context.Context, wanted func(tier string) bool) ([]store.SourceState, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	var all []store.SourceState
	for _, st := range s.sources {
		if wanted(st.Tier) {
			all = append(all, st)
		}
	}
	slices.SortFunc(all, func(a, b store.SourceState) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Tier, b.Tier))
	})
	return all, nil
}

// SaveDirectory keeps what is known of a tracker.
func (s *Store) SaveDirectory(ctx context.Context, d connectors.Directory, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("save directory of %s: %w", d.Tracker, err)
	}
	take(s.copies, &d)
	s.directories[stored.Brief(d.Tracker)] = &directory{d, stored.Micros(at)}
	return nil
}

// Directory gives what was last known of a tracker and when it was learned;
// store.ErrUnknown where it never was.
func (s *Store) Directory(ctx context.Context, tracker string) (connectors.Directory, time.Time, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	err := ctx.Err()
	d := s.directories[stored.Brief(tracker)]
	if err == nil && d == nil {
		err = store.ErrUnknown
	}
	if err != nil {
		return connectors.Directory{}, time.Time{}, fmt.Errorf("read directory of %s: %w", tracker, err)
	}
	return give(s.copies, d.Directory), stored.Moment(d.at), nil
}
