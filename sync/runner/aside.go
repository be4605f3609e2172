package runner

import (
	"maps"
	"sync"
	"time"
)

// aside holds what is left in peace after a failure (cards, links of an issue), each
// until a moment.
type aside struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (a *aside) put(id string, until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.until == nil {
		a.until = map[string]time.Time{}
	}
	a.until[id] = until
}

// drop leaves something in peace no longer.
func (a *aside) drop(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.until, id)
}

func (a *aside) has(id string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	until, there := a.until[id]
	if there && !until.After(now) {
		delete(a.until, id)
		return false
	}
	return there
}

// count says how many are left in peace, and forgets those that were long enough.
func (a *aside) count(now time.Time) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.until, func(_ string, until time.Time) bool { return !until.After(now) })
	return len(a.until)
}
