package view

import (
	"sync"

	"parley/kanban"
	"parley/kanban/flow"
)

// sights keep what viewers were told of the tracks, so that of a change they are told what
// it is about.
type sights struct {
	mu    sync.Mutex // of by; nobody waits behind it for what others are told
	calls int64
	by    map[eyes]*seen
}

// eyes are what it depends on what a viewer may know of a card. People with the same rights
// have the same, whoever they are.
type eyes struct {
	unit   kanban.UnitKey // whose cards are their own; "" where they may know no more of them
	grants [4]grant       // of cards of others and of their own, of restricted ones likewise
}

func (v *Sight) eyes() eyes {
	e := eyes{unit: v.Viewer.Audience.Unit(), grants: [4]grant{v.grants[whose{}], v.grants[whose{own: true}], v.grants[whose{restricted: true}], v.grants[whose{true, true}]}}
	if e.grants[0] == e.grants[1] && e.grants[2] == e.grants[3] {
		e.unit = ""
	}
	return e
}

// seen is what one kind of viewers was told.
type seen struct {
	mu   sync.Mutex // had while they are told more
	told told
	seen words // that traces are made of
	used int64 // when it was asked for last, in calls; of sights
}

// told is what a viewer was told.
type told struct {
	of    *tracks
	items []flow.Item // of its cards
}

// For how many kinds of viewers the items are kept: on a large board for leastEyes, on a
// smaller one for as many more as take the same room.
const (
	leastEyes = 4
	mostEyes  = 32
	mostItems = 400_000
)

func eyesFor(cards int) int { return min(max(leastEyes, mostItems/max(cards, 1)), mostEyes) }

// items are the tracks as a viewer may know them. Of cards that are as they were before,
// with no time passed for them, they are the same.
func (s *sights) items(v *Sight, t *tracks) []flow.Item {
	k := s.of(v.eyes(), eyesFor(len(t.cards)))
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.told.of == t {
		return k.told.items
	}
	before := k.told
	if before.of == nil || before.of.rules != t.rules {
		before = told{of: &tracks{}}
	}
	if k.seen == nil {
		k.seen = words{}
	}
	k.told = told{of: t, items: v.told(t, before, k.seen)}
	return k.told.items
}

// of is what a kind of viewers was told; of more than most those who asked last are kept.
func (s *sights) of(who eyes, most int) *seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by == nil {
		s.by = map[eyes]*seen{}
	}
	s.calls++
	k := s.by[who]
	if k == nil {
		k = &seen{}
		s.by[who] = k
	}
	k.used = s.calls
	for len(s.by) > most {
		oldest, least := who, s.calls
		for w, other := range s.by {
			if other.used < least {
				oldest, least = w, other.used
			}
		}
		delete(s.by, oldest)
	}
	return k
}

// told are the items of tracks as the viewer may know them. Their traces share words.
func (v *Sight) told(t *tracks, before told, w words) []flow.Item {
	items := make([]flow.Item, len(t.cards))
	old, was := 0, before.of
	for i, f := range t.cards {
		for old < len(was.cards) && was.cards[old] != f && was.cards[old].Card.ID < f.Card.ID {
			old++
		}
		if old == len(was.cards) || was.cards[old] != f {
			items[i] = flow.Item{Track: v.way(t.items[i], f), Traits: v.traits(t, f, w)}
			continue
		}
		if items[i] = before.items[old]; was.items[old] != t.items[i] {
			items[i].Track = v.way(t.items[i], f)
		}
		old++
	}
	return items
}
