package view

import (
	"sync"
	"time"

	"parley/kanban"
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

	usually usually // what is usual

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
	t.pace = w.usually.at(w.cards, w.bases, t.layout, w.board, now, zone)
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
		w.rules, w.board, w.cards, w.bases, w.last = now, flow.NewBoard(rules.Layout()), nil, nil, nil
		w.usually = usually{}
	}
	if same(faces, w.cards) {
		return
	}
	bases, old := make([]*flow.Track, len(faces)), 0
	for i, f := range faces {
		if old < len(w.cards) && w.cards[old] == f { // most are, and are not looked at
			bases[i] = w.bases[old]
			old++
			continue
		}
		for ; old < len(w.cards) && w.cards[old].Card.ID < f.Card.ID; old++ {
			w.usually.leave(w.cards[old], w.bases[old])
		}
		if old < len(w.cards) && w.cards[old].Card.ID == f.Card.ID {
			if w.cards[old] == f {
				bases[i] = w.bases[old]
				old++
				continue
			}
			w.usually.leave(w.cards[old], w.bases[old])
			old++
		}
		bases[i] = flow.Tell(w.board, f.Card.ID, f.Card.Journey.Created, f.Card.Past)
		w.usually.come(f, bases[i])
	}
	for n := old; n < len(w.cards); n++ {
		w.usually.leave(w.cards[n], w.bases[n])
	}
	w.cards, w.bases = faces, bases
}

// pass lets time pass for all cards that are open. What was passed to the same moment
// before is taken over, and so is what time does not change.
func (t *tracks) pass(before *tracks) {
	t.items = make([]*flow.Track, len(t.cards))
	if before == nil {
		before = &tracks{}
	}
	old, still := 0, before.now.Equal(t.now)
	for i, base := range t.bases {
		for old < len(before.cards) && before.cards[old] != t.cards[i] && before.cards[old].Card.ID < t.cards[i].Card.ID {
			old++
		}
		if old < len(before.cards) && before.bases[old] == base && (still || before.items[old] == base) {
			t.items[i] = before.items[old]
			continue
		}
		if t.board.Category(base.Column).Ended() {
			t.items[i] = base
			continue
		}
		t.items[i] = base.At(t.board, t.now)
	}
}

// paceAt brings what is usual up to date.
func (w *ways) paceAt(faces []*store.Face, rules *mapping.Rules, now time.Time, zone *time.Location) flow.Pace {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.follow(faces, rules)
	return w.usually.at(w.cards, w.bases, rules.Layout(), w.board, now, zone)
}

// by are the tracks as they had been by a moment in the past. Those of cards of which nothing has
// happened since are the same: to fold all of them would nearly double what the board takes.
func (t *tracks) by(at time.Time, zone *time.Location) *tracks {
	w := ways{rules: t.rules.Fingerprint(), board: t.board, cards: t.cards, bases: t.bases}
	return w.at(t.seq, facesBy(t.cards, t.layout, at), t.rules, at, zone)
}

// facesBy are the cards as they had been by a moment.
func facesBy(faces []*store.Face, l kanban.Layout, at time.Time) []*store.Face {
	var then []*store.Face
	for _, f := range faces {
		if f.Card.Journey.Created.After(at) {
			continue
		}
		if f.Card.Past.Over(at) {
			then = append(then, f)
			continue
		}
		old := *f
		old.Card.Past = f.Card.Past.By(at)
		old.Card.Journey = kanban.Travel(f.Card.Journey.Created, old.Card.Past.Steps, l)
		then = append(then, &old)
	}
	return then
}
