package view

import (
	"sync"

	"parley/kanban/flow"
)

// sights keep what viewers were told of the tracks, so that of a change they are told what
// it is about.
type sights struct {
	mu sync.Mutex
	by map[eyes]told
}

// eyes are what it depends on what a viewer may know.
type eyes struct {
	audience Audience
	proved   bool
}

// mostEyes is for how many kinds of viewers the items are kept.
const mostEyes = 4

// told is what a viewer was told.
type told struct {
	of    *tracks
	items []flow.Item // of its cards
}

// items are the tracks as a viewer may know them. Of cards that are as they were before,
// with no time passed for them, they are the same.
func (s *sights) items(v *Sight, t *tracks) []flow.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := eyes{v.Viewer.Audience, v.Viewer.Proved}
	before, known := s.by[who]
	if known && before.of == t {
		return before.items
	}
	if !known || before.of.rules != t.rules {
		before.of = &tracks{}
	}
	now := told{of: t, items: v.told(t, before)}
	if s.by == nil || !known && len(s.by) >= mostEyes {
		s.by = map[eyes]told{}
	}
	s.by[who] = now
	return now.items
}

// told are the items of tracks as the viewer may know them.
func (v *Sight) told(t *tracks, before told) []flow.Item {
	items := make([]flow.Item, len(t.cards))
	old, was := 0, before.of
	for i, f := range t.cards {
		for old < len(was.cards) && was.cards[old] != f && was.cards[old].Card.ID < f.Card.ID {
			old++
		}
		if old == len(was.cards) || was.cards[old] != f {
			items[i] = flow.Item{Track: v.way(t.items[i], f), Traits: v.traits(t, f)}
			continue
		}
		if items[i] = before.items[old]; was.items[old] != t.items[i] {
			items[i].Track = v.way(t.items[i], f)
		}
		old++
	}
	return items
}
