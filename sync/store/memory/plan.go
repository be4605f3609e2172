package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// plan is a saved plan.
type plan struct {
	items []byte
	at    int64
}

// SavePlan keeps a plan under its hash, which is found in any case. Only the newest
// are kept. Saving a plan again makes it newer at most.
func (s *Store) SavePlan(ctx context.Context, hash string, items []byte, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("save plan %.80q: %w", hash, err)
	}
	name, now := stored.Fold(hash), stored.Micros(at)
	if old, ok := s.plans[name]; !ok || old.at <= now {
		s.plans[name] = plan{items: append([]byte{}, items...), at: now}
	}
	if len(s.plans) > stored.MaxPlans {
		delete(s.plans, slices.MinFunc(slices.Collect(maps.Keys(s.plans)), func(a, b string) int {
			return cmp.Or(cmp.Compare(s.plans[a].at, s.plans[b].at), cmp.Compare(a, b))
		}))
	}
	return nil
}

// PlanOf gives the items of a plan and when it was made; a beginning of its hash
// will do. store.ErrUnknown or store.ErrAmbiguous where that fails.
func (s *Store) PlanOf(ctx context.Context, hash string) ([]byte, time.Time, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	name, err := s.planNamed(hash)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("find plan %.80q: %w", hash, err)
	}
	return bytes.Clone(s.plans[name].items), stored.Moment(s.plans[name].at), nil
}

// planNamed is the hash of the plan that a hash, or the beginning of one, names.
func (t *tables) planNamed(hash string) (string, error) {
	name, end := stored.PlanName(hash)
	if _, ok := t.plans[name]; ok {
		return name, nil
	}
	var found []string
	for h := range t.plans {
		if h >= name && h < end {
			found = append(found, h)
		}
	}
	switch len(found) {
	case 0:
		return "", store.ErrUnknown
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%w plan; write more of its hash", store.ErrAmbiguous)
}
