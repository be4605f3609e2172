package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// writeQuarantine puts issues away and lets others out.
func (s *Store) writeQuarantine(c store.Commit) {
	for _, q := range c.Quarantine {
		id := issueID(q.Tracker, q.Issue)
		q.Tracker, q.Issue, q.Key = id.Tracker, id.ID, stored.Clean(q.Key)
		q.Fingerprint, q.Reason = stored.Clean(q.Fingerprint), stored.Clean(q.Reason)
		q.At = micro(momentOr(q.At, c.Now))
		s.quarantine[id] = q
	}
	for _, id := range c.Released {
		delete(s.quarantine, issueID(id.Tracker, id.ID))
	}
}

// Quarantine lists what is in quarantine, by tracker and issue.
func (s *Store) Quarantine(ctx context.Context) ([]store.Quarantined, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	var all []store.Quarantined
	for _, id := range slices.SortedFunc(maps.Keys(s.quarantine), compareIssues) {
		all = append(all, s.quarantine[id])
	}
	return all, nil
}
