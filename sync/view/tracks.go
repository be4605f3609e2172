package view

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
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

	pace    flow.Pace // what is usual
	paceOf  int64     // at this sequence
	paceDay calendar.Day
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
	t := newTracks(seq, faces, rules, now)
	w.heed(rules)
	w.fold(t)
	t.pace = w.usual(seq, faces, t.board, t.layout, now, zone)
	w.last = t
	return t
}

// newTracks are those of cards that are not folded yet.
func newTracks(seq int64, faces []*store.Face, rules *mapping.Rules, now time.Time) *tracks {
	t := &tracks{seq: seq, now: now, rules: rules, layout: rules.Layout(), ranks: map[kanban.PriorityKey]int{}}
	t.board = flow.NewBoard(t.layout)
	for _, p := range t.layout.Priorities {
		t.ranks[p.Key] = p.Rank
	}
	t.cards = slices.SortedFunc(slices.Values(faces), func(a, b *store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
	return t
}

// tracksBy are the tracks as they had been by a moment.
func tracksBy(seq int64, faces []*store.Face, rules *mapping.Rules, at time.Time, zone *time.Location) *tracks {
	var then []*store.Face
	for _, f := range faces {
		if f.Card.Journey.Created.After(at) {
			continue
		}
		old := *f
		old.Card.Past = f.Card.Past.By(at)
		old.Card.Journey = kanban.Travel(f.Card.Journey.Created, old.Card.Past.Steps, rules.Layout())
		then = append(then, &old)
	}
	t := newTracks(seq, then, rules, at)
	w := &ways{}
	w.heed(rules)
	w.fold(t)
	t.pace = w.usual(seq, then, t.board, t.layout, at, zone)
	return t
}

// heed forgets what other rules have made.
func (w *ways) heed(rules *mapping.Rules) {
	if w.rules != rules.Fingerprint() || w.by == nil {
		w.rules, w.by, w.last, w.pace, w.paceOf = rules.Fingerprint(), map[kanban.CardID]way{}, nil, nil, -1
	}
}

// track is that of a card as it is now, folded unless it was.
func (w *ways) track(f *store.Face, b flow.Board) *flow.Track {
	known, ok := w.by[f.Card.ID]
	if !ok || known.face != f {
		known = way{f, flow.Tell(b, f.Card.ID, f.Card.Journey.Created, f.Card.Past)}
		w.by[f.Card.ID] = known
	}
	return known.track
}

// fold takes the tracks of the cards that have changed anew, and lets time pass for all
// that are open.
func (w *ways) fold(t *tracks) {
	t.items = make([]*flow.Track, len(t.cards))
	for i, f := range t.cards {
		track := w.track(f, t.board)
		if !t.board.Category(track.Column).Ended() {
			track = track.At(t.board, t.now)
		}
		t.items[i] = track
	}
	if len(w.by) > len(t.cards) { // some are no cards of their own any more
		by := make(map[kanban.CardID]way, len(t.cards))
		for _, f := range t.cards {
			by[f.Card.ID] = w.by[f.Card.ID]
		}
		w.by = by
	}
}

// paceAt brings what is usual up to date.
func (w *ways) paceAt(seq int64, faces []*store.Face, rules *mapping.Rules, now time.Time, zone *time.Location) flow.Pace {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paceOf == seq && w.paceDay == calendar.Of(now, zone) && w.rules == rules.Fingerprint() {
		return w.pace // asked for every card of a board
	}
	w.heed(rules)
	l := rules.Layout()
	return w.usual(seq, faces, flow.NewBoard(l), l, now, zone)
}

// usual is what is usual in each column, by the cards that were finished in the last days.
// It is taken anew when a card or the date has changed.
func (w *ways) usual(seq int64, faces []*store.Face, b flow.Board, l kanban.Layout, now time.Time, zone *time.Location) flow.Pace {
	today := calendar.Of(now, zone)
	if w.paceOf == seq && w.paceDay == today {
		return w.pace
	}
	ages, cycles := flow.Ages{}, []int(nil)
	for _, f := range faces {
		end := f.Card.Journey.Finished
		if end == nil || end.After(now) || kanban.Days(*end, now, zone) > kanban.BaselineDays {
			continue
		}
		track := w.track(f, b)
		if s := track.Stint(); s != nil && s.Outcome == flow.Done {
			ages.ExitAges(track, zone)
			ages.QueueAges(track, b, zone)
			cycles = append(cycles, kanban.Days(s.Started, s.Ended, zone))
		}
	}
	w.pace, w.paceOf, w.paceDay = newPace(l, ages, cycles), seq, today
	return w.pace
}

func newPace(l kanban.Layout, ages flow.Ages, cycles []int) flow.Pace {
	var started, queues []kanban.ColumnKey
	for _, c := range l.Columns {
		switch {
		case c.Category.Started():
			started = append(started, c.Key)
		case c.Category == kanban.Queue:
			queues = append(queues, c.Key)
		}
	}
	p := flow.NewPace(started, ages, cycles)
	if p != nil {
		p.Queued(queues, ages)
	}
	return p
}
