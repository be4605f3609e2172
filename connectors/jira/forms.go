package jira

import (
	"sync"
	"time"
)

// forms remembers create screens for a while.
type forms struct {
	mu    sync.Mutex
	known map[string]form
}

func (f *forms) get(key string, now time.Time) (form, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	found, ok := f.known[key]
	age := now.Sub(found.read)
	return found, ok && age >= 0 && age < formFor
}

func (f *forms) put(key string, v form) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= maxRemembered {
		f.known = map[string]form{}
	}
	f.known[key] = v
}

// forget drops all: a refusal says that one may be wrong.
func (f *forms) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = nil
}
