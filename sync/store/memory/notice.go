package memory

import (
	"context"
	"slices"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// Notices lists what nobody has heard yet in the order in which it was told.
func (s *Store) Notices(ctx context.Context, limit int) ([]store.Notice, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.notices[:min(limit, len(s.notices))]), ctx.Err()
}

// Bearing gives the settings of these names and what is held back, as of one moment.
func (s *Store) Bearing(ctx context.Context, names ...string) (store.Bearing, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b := store.Bearing{Settings: map[string]string{}, Holds: map[store.Hold]bool{}}
	for _, name := range names {
		if value, there := s.settings[stored.Brief(name)]; there {
			b.Settings[stored.Brief(name)] = value
		}
	}
	for _, n := range s.notices {
		if n.Hold != store.HoldNothing {
			b.Holds[n.Hold] = true
		}
	}
	return b, ctx.Err()
}

func (s *Store) writeNotices(c store.Commit) {
	for i, n := range c.Notices {
		s.notices = append(s.notices, store.Notice{ID: store.NoticeID(s.seq, i), Hold: store.Hold(stored.Clean(string(n.Hold))), Doc: stored.Clean(n.Doc)})
	}
	if len(c.Heard) > 0 {
		left := slices.Clone(s.notices)
		s.notices = slices.DeleteFunc(left, func(n store.Notice) bool { return slices.Contains(c.Heard, n.ID) })
	}
}
