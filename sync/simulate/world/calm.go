package world

import "time"

// Calm ends all faults, lags and delays. What was delayed lands now.
func (w *World) Calm() {
	w.calm = true
	for len(w.later.list) > 0 {
		w.later.pop().do()
	}
	for _, i := range w.issues {
		i.hidden, i.poisoned = time.Time{}, time.Time{}
		for n := range i.versions {
			if i.versions[n].shown.After(w.now) {
				i.versions[n].shown = w.now
			}
		}
	}
	for _, h := range []*host{&w.jira.host, &w.github.host} {
		h.expired = time.Time{}
		for _, b := range h.boxes {
			b.hidden, b.archived = time.Time{}, time.Time{}
			b.view.settle(w.now)
		}
	}
}
