package view

import (
	"sync"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/mapping"
	"parley/sync/store"
)

// ways keeps the tracks of all cards, so that a change re-folds what it is about.
type ways struct {
	mu    sync.Mutex
	rules string // fingerprint of those they were folded by
	board flow.Board
	cards []*store.Face // by id
	bases []*flow.Track // of cards, up to the last event of each
	last  *tracks

	pace    flow.Pace // what is usual
	paceDay calendar.Day
	paced   bool // pace is that of the cards as they are
	// paceEnd is when the next of them ends that was left out for not having ended yet: of
	// the minute that is not over, or by a clock that is ahead. Zero: none.
	paceEnd time.Time

	seen sights // what viewers were told
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
	bases  []*flow.Track // up to the last event of each
	items  []*flow.Track // up to now
	pace   flow.Pace
}

// at brings the tracks up to date. The faces are listed by id.
func (w *ways) at(seq int64, faces []*store.Face, rules *mapping.Rules, now time.Time, zone *time.Location) *tracks {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.follow(faces, rules)
	if t := w.last; t != nil && same(t.cards, w.cards) && t.now.Equal(now) {
		return t
	}
	t := &tracks{seq: seq, now: now, rules: rules, layout: rules.Layout(), board: w.board, ranks: map[kanban.PriorityKey]int{}, cards: w.cards, bases: w.bases}
	for _, p := range t.layout.Priorities {
		t.ranks[p.Key] = p.Rank
	}
	t.pass(w.last)
	t.pace = w.usual(t.layout, now, zone)
	w.last = t
	return t
}

// same reports whether two lists are one.
func same(a, b []*store.Face) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// follow folds the cards that have changed since.
func (w *ways) follow(faces []*store.Face, rules *mapping.Rules) {
	if now := rules.Fingerprint(); w.rules != now {
		w.rules, w.board, w.cards, w.bases, w.last, w.paced = now, flow.NewBoard(rules.Layout()), nil, nil, nil, false
	}
	if same(faces, w.cards) {
		return
	}
	bases, old := make([]*flow.Track, len(faces)), 0
	for i, f := range faces {
		for ; old < len(w.cards) && w.cards[old].Card.ID < f.Card.ID; old++ {
			w.leave(w.cards[old])
		}
		if old < len(w.cards) && w.cards[old].Card.ID == f.Card.ID {
			if old++; w.cards[old-1] == f {
				bases[i] = w.bases[old-1]
				continue
			}
			w.leave(w.cards[old-1])
		}
		w.leave(f)
		bases[i] = flow.Tell(w.board, f.Card.ID, f.Card.Journey.Created, f.Card.Past)
	}
	for _, f := range w.cards[old:] {
		w.leave(f)
	}
	w.cards, w.bases = faces, bases
}

// leave notes that a card is not as it was: if it is finished, what is usual changes.
func (w *ways) leave(f *store.Face) { w.paced = w.paced && f.Card.Journey.Finished == nil }

// pass lets time pass for all cards that are open. What was passed to the same moment
// before is taken over.
func (t *tracks) pass(before *tracks) {
	t.items = make([]*flow.Track, len(t.cards))
	old, still := 0, before != nil && before.now.Equal(t.now)
	for i, base := range t.bases {
		if t.board.Category(base.Column).Ended() {
			t.items[i] = base
			continue
		}
		if still {
			for old < len(before.cards) && before.cards[old].Card.ID < t.cards[i].Card.ID {
				old++
			}
			if old < len(before.cards) && before.bases[old] == base {
				t.items[i] = before.items[old]
				continue
			}
		}
		t.items[i] = base.At(t.board, t.now)
	}
}

// paceAt brings what is usual up to date.
func (w *ways) paceAt(faces []*store.Face, rules *mapping.Rules, now time.Time, zone *time.Location) flow.Pace {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.follow(faces, rules)
	return w.usual(rules.Layout(), now, zone)
}

// usual is what is usual in each column, by the cards that were finished in the last days.
// It is taken anew when one of them or the date has changed; it is asked for every card of
// a board.
func (w *ways) usual(l kanban.Layout, now time.Time, zone *time.Location) flow.Pace {
	today := calendar.Of(now, zone)
	if w.paced && w.paceDay == today && (w.paceEnd.IsZero() || now.Before(w.paceEnd)) {
		return w.pace
	}
	ages, cycles := flow.Ages{}, []int(nil)
	w.paceEnd = time.Time{}
	for i, f := range w.cards {
		end := f.Card.Journey.Finished
		if end != nil && end.After(now) && (w.paceEnd.IsZero() || end.Before(w.paceEnd)) {
			w.paceEnd = *end
		}
		if end == nil || end.After(now) || kanban.Days(*end, now, zone) > kanban.BaselineDays {
			continue
		}
		if s := w.bases[i].Stint(); s != nil && s.Outcome == flow.Done {
			ages.ExitAges(w.bases[i], zone)
			ages.QueueAges(w.bases[i], w.board, zone)
			cycles = append(cycles, kanban.Days(s.Started, s.Ended, zone))
		}
	}
	w.pace, w.paceDay, w.paced = newPace(l, ages, cycles), today, true
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

// facesBy are the cards as they had been by a moment.
func facesBy(faces []*store.Face, l kanban.Layout, at time.Time) []*store.Face {
	var then []*store.Face
	for _, f := range faces {
		if f.Card.Journey.Created.After(at) {
			continue
		}
		old := *f
		old.Card.Past = f.Card.Past.By(at)
		old.Card.Journey = kanban.Travel(f.Card.Journey.Created, old.Card.Past.Steps, l)
		then = append(then, &old)
	}
	return then
}
