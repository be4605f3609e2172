package jirasim

import "time"

// UpdatedSince lists the issues with an "updated" at or after a moment, in that order,
// as they are now: past the index, archived ones and those that nobody may see
// included. most bounds the list; 0 is no bound. It touches nothing older and clones
// what it gives, so that it costs about a microsecond for each issue.
func (s *Site) UpdatedSince(since time.Time, most int) []Issue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.copies(s.fresh.since(since, time.Time{}), most)
}

// IndexedSince is UpdatedSince as searches see it: with the index's lag, and without
// archived issues. Its gaps, which are drawn for each search, are not in it.
func (s *Site) IndexedSince(since time.Time, most int) []Issue {
	s.refresh()
	s.mu.RLock()
	defer s.mu.RUnlock()
	var shown []*Issue
	for _, v := range s.index.since(since, time.Time{}) {
		if s.unearthed(v, false) && (most <= 0 || len(shown) < most) {
			shown = append(shown, v)
		}
	}
	return s.copies(shown, most)
}

func (s *Site) copies(list []*Issue, most int) []Issue {
	if most > 0 && len(list) > most {
		list = list[:most]
	}
	out := make([]Issue, len(list))
	for i, v := range list {
		out[i] = s.catalog.snapshot(v)
	}
	return out
}

// keep notes the present version of an issue in the order of "updated"; nil takes the
// issue out.
func (s *Site) keep(was, now *Issue) {
	if was != nil {
		s.fresh.drop(was)
	}
	if now != nil {
		s.fresh.insert(now)
	}
}
