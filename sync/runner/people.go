package runner

import (
	"context"
	"sync"

	"parley/connectors"
)

// kept is which version of what a tracker knows of people is stored.
type kept struct {
	mu       sync.Mutex
	versions map[string]int64
}

// news reports whether a version is not stored yet, and counts it as stored if so.
func (k *kept) news(tracker string, version int64) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.versions[tracker] == version {
		return false
	}
	if k.versions == nil {
		k.versions = map[string]int64{}
	}
	k.versions[tracker] = version
	return true
}

func settingPeople(tracker string) string { return "people " + tracker }

// recallPeople tells a tracker whom earlier processes have met.
func (r *Runner) recallPeople(ctx context.Context, t Tracker) error {
	knows, ok := t.Tracker.(connectors.Knowing)
	if !ok {
		return nil
	}
	var numbers map[string]int64
	found, err := r.recallJSON(ctx, settingPeople(t.Name), "the people of "+t.Name, &numbers)
	if found {
		knows.Know(numbers)
	}
	return err
}

// keepPeople stores whom a tracker has met, before anything that shows them.
func (r *Runner) keepPeople(ctx context.Context, t Tracker) error {
	knows, ok := t.Tracker.(connectors.Knowing)
	if !ok {
		return nil
	}
	numbers, version := knows.Numbers()
	if !r.met.news(t.Name, version) {
		return nil
	}
	return r.keepJSON(ctx, settingPeople(t.Name), "the people of "+t.Name, numbers)
}
