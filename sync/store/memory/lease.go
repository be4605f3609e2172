package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// refusal is a store.ErrHeld that is put into words only when somebody reads it: who
// waits for a lease asks for it again and again.
type refusal struct {
	lease string
	held  store.ErrHeld
}

// Error names the lease and its holder.
func (r refusal) Error() string { return fmt.Sprintf("acquire lease %s: %v", r.lease, r.held) }

// Unwrap gives the store.ErrHeld.
func (r refusal) Unwrap() error { return r.held }

// Acquire takes a lease for ttl and gives its epoch, which grows with every taker.
// store.ErrHeld says who holds it.
func (s *Store) Acquire(ctx context.Context, name, owner string, ttl time.Duration, now time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("acquire lease %s: %w", name, err)
	}
	key, by := stored.Brief(name), stored.Brief(owner)
	held, ok := s.leases[key]
	if ok && held.until > stored.Micros(now) && held.owner != by {
		return 0, refusal{name, store.ErrHeld{Owner: held.owner, Until: stored.Moment(held.until)}}
	}
	taken := held.taken
	if held.owner != "" && held.owner != by {
		taken++
	}
	s.leases[key] = lease{owner: by, epoch: held.epoch + 1, until: stored.Micros(now.Add(ttl)), taken: taken}
	return held.epoch + 1, nil
}

// Renew keeps a lease for another ttl from now; store.ErrFenced where it was taken
// or released since.
func (s *Store) Renew(ctx context.Context, name string, epoch int64, ttl time.Duration, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, ok := s.leases[stored.Brief(name)]
	err := ctx.Err()
	if err == nil && (!ok || held.epoch != epoch) {
		err = store.ErrFenced
	}
	if err != nil {
		return fmt.Errorf("renew lease %s: %w", name, err)
	}
	held.until = stored.Micros(now.Add(ttl))
	s.leases[stored.Brief(name)] = held
	return nil
}

// Release gives a lease back; commits under its epoch are refused from then on.
func (s *Store) Release(ctx context.Context, name string, epoch int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("release lease %s: %w", name, err)
	}
	if held, ok := s.leases[stored.Brief(name)]; ok && held.epoch == epoch {
		s.leases[stored.Brief(name)] = lease{epoch: epoch + 1, taken: held.taken}
	}
	return nil
}

// Leases lists those that begin so and were not given back, by name.
func (s *Store) Leases(ctx context.Context, prefix string) ([]store.Lease, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []store.Lease
	for _, name := range slices.Sorted(maps.Keys(s.leases)) {
		if l := s.leases[name]; l.owner != "" && strings.HasPrefix(name, stored.Brief(prefix)) {
			out = append(out, store.Lease{Name: name, Owner: l.owner, Epoch: l.epoch, Until: stored.Moment(l.until)})
		}
	}
	return out, ctx.Err()
}

// LeaseOf gives the lease of this name; store.ErrUnknown where nobody has it.
func (s *Store) LeaseOf(ctx context.Context, name string) (store.Lease, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	l, there := s.leases[stored.Brief(name)]
	err := ctx.Err()
	if err == nil && (!there || l.owner == "") {
		err = store.ErrUnknown
	}
	if err != nil {
		return store.Lease{}, fmt.Errorf("look who has lease %.80q: %w", name, err)
	}
	return store.Lease{Name: name, Owner: l.owner, Epoch: l.epoch, Until: stored.Moment(l.until)}, nil
}

// Takeovers counts how often a lease was taken from an owner that had not given it back.
func (s *Store) Takeovers(ctx context.Context) (n int64, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, l := range s.leases {
		n += l.taken
	}
	return n, ctx.Err()
}

// ForgetLeases forgets the leases that begin so and ran out before a moment.
func (s *Store) ForgetLeases(ctx context.Context, prefix string, before time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("forget leases %.80q: %w", prefix, err)
	}
	maps.DeleteFunc(s.leases, func(name string, l lease) bool {
		return l.until < stored.Micros(before) && strings.HasPrefix(name, stored.Brief(prefix))
	})
	return nil
}

// fence makes sure that a lease is still the writer's.
func (t *tables) fence(name string, epoch int64) error {
	if epoch == 0 {
		return nil
	}
	if name == "" {
		name = store.LeaseRunner
	}
	if held, ok := t.leases[name]; !ok || held.epoch != epoch {
		return fmt.Errorf("lease %s, epoch %d: %w", name, epoch, store.ErrFenced)
	}
	return nil
}
