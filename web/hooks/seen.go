package hooks

import (
	"crypto/sha256"
	"sync"
)

// generation is how many deliveries are remembered at least, and half of how many at
// most. GitHub repeats none by itself, Jira each a few times within minutes.
const generation = 4096

// seen remembers deliveries in a space that does not grow, whatever they are called. One
// that is forgotten and comes again is a hint more.
type seen struct {
	mu       sync.Mutex
	now, old map[[sha256.Size]byte]bool
}

func newSeen() *seen { return &seen{now: map[[sha256.Size]byte]bool{}} }

// before reports whether any of the names was met before, and remembers them all.
func (s *seen) before(names ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := false
	for _, name := range names {
		key := sha256.Sum256([]byte(name))
		if s.now[key] || s.old[key] {
			found = true
		}
		s.now[key] = true
	}
	if len(s.now) >= 2*generation { // two names a delivery
		s.now, s.old = map[[sha256.Size]byte]bool{}, s.now
	}
	return found
}
