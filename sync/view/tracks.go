package view

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
	"parley/mapping"
	"parley/sync/store"
)

// way is a card's track, folded from the face that it was last seen with.
type way struct {
	face  *store.Face
	track *flow.Track
}

// ways keeps the tracks of all cards, so that a change re-folds what it is about.
type ways struct {
	mu    sync.Mutex
	rules string // fingerprint of those they were folded by
	by    map[kanban.CardID]way
	last  *tracks
}

// tracks are the tracks of all cards at a moment. They are never changed.
type tracks struct {
	seq    int64
	now    time.Time
	rules  *mapping.Rules
	layout kanban.Layout
	board  flow.Board
	ranks  map[kanban.PriorityKey]int
	cards  []*store.Face // by id
	items  []*flow.Track // of cards, up to now
	pace   flow.Pace
}

// at brings the tracks up to date.
func (w *ways) at(seq int64, faces []*store.Face, rules *mapping.Rules, now time.Time, zone *time.Location) *tracks {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.last; t != nil && t.seq >= seq && t.now.Equal(now) && w.rules == rules.Fingerprint() {
		return t
	}
	t := &tracks{seq: seq, now: now, rules: rules, layout: rules.Layout(), ranks: map[kanban.PriorityKey]int{}}
	t.board = flow.NewBoard(t.layout)
	for _, p := range t.layout.Priorities {
		t.ranks[p.Key] = p.Rank
	}
	if w.rules != rules.Fingerprint() {
		w.rules, w.by = rules.Fingerprint(), nil
	}
	t.cards = slices.SortedFunc(slices.Values(faces), func(a, b *store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
	w.fold(t)
	t.pace = usualPace(t, zone)
	w.last = t
	return t
}

// fold takes the tracks of the cards that have changed anew, and lets time pass for all.
func (w *ways) fold(t *tracks) {
	by := make(map[kanban.CardID]way, len(t.cards))
	t.items = make([]*flow.Track, len(t.cards))
	for i, f := range t.cards {
		known := w.by[f.Card.ID]
		if known.face != f {
			known = way{f, flow.Tell(t.board, f.Card.ID, f.Card.Journey.Created, f.Card.Past)}
		}
		by[f.Card.ID] = known
		t.items[i] = known.track
		if !t.board.Category(known.track.Column).Ended() {
			t.items[i] = known.track.At(t.board, t.now)
		}
	}
	w.by = by
}

// usualPace is what is usual in each column, by the cards that were finished in the last
// days.
func usualPace(t *tracks, zone *time.Location) flow.Pace {
	ages, cycles := flow.Ages{}, []int(nil)
	for _, track := range t.items {
		s := track.Stint()
		if s == nil || s.Outcome != flow.Done || s.Ended.After(t.now) || kanban.Days(s.Ended, t.now, zone) > kanban.BaselineDays {
			continue
		}
		ages.ExitAges(track, zone)
		cycles = append(cycles, kanban.Days(s.Started, s.Ended, zone))
	}
	var columns []kanban.ColumnKey
	for _, c := range t.layout.Columns {
		if c.Category.Started() {
			columns = append(columns, c.Key)
		}
	}
	return flow.NewPace(columns, ages, cycles)
}
