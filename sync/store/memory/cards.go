package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// cardRow is a card as it is stored. It is never changed.
type cardRow struct {
	card    engine.Card // without its writes
	face    kanban.Card
	ops     []*opRow // oldest first
	open    int      // of ops
	sent    int64    // when the last of ops was sent
	column  string
	unit    string
	search  string // title and keys, lower case
	seq     int64
	paired  bool
	dirty   bool
	next    int64
	touched int64 // lock at which a step was last asked for from outside
}

// dueKey is the place of a card among those that need a step.
type dueKey struct {
	next int64
	id   kanban.CardID
}

func (a dueKey) compare(b dueKey) int {
	return cmp.Or(cmp.Compare(a.next, b.next), cmp.Compare(a.id, b.id))
}

// put replaces a card's row and keeps the order of the due ones.
func (t *tables) put(id kanban.CardID, row *cardRow) {
	old := t.cards[id]
	t.cards[id] = row
	if old == nil {
		i, _ := slices.BinarySearch(t.ids, id)
		t.ids = slices.Insert(t.ids, i, id)
	}
	t.schedule(id, old, row)
}

// remove deletes a card's row.
func (t *tables) remove(id kanban.CardID) {
	old := t.cards[id]
	if old == nil {
		return
	}
	delete(t.cards, id)
	i, _ := slices.BinarySearch(t.ids, id)
	t.ids = slices.Delete(t.ids, i, i+1)
	t.schedule(id, old, nil)
}

// schedule moves a card among the due ones.
func (t *tables) schedule(id kanban.CardID, old, now *cardRow) {
	was, is := old != nil && old.dirty, now != nil && now.dirty
	if was && is && old.next == now.next {
		return
	}
	if was {
		i, _ := slices.BinarySearchFunc(t.due, dueKey{old.next, id}, dueKey.compare)
		t.due = slices.Delete(t.due, i, i+1)
	}
	if is {
		key := dueKey{now.next, id}
		i, _ := slices.BinarySearchFunc(t.due, key, dueKey.compare)
		t.due = slices.Insert(t.due, i, key)
	}
}

// Card loads one card with its writes; store.ErrUnknown where there is none.
func (s *Store) Card(ctx context.Context, id kanban.CardID) (engine.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	row := s.cards[kanban.CardID(stored.Brief(string(id)))]
	if err := ctx.Err(); err != nil {
		return engine.Card{}, fmt.Errorf("load card %.80q: %w", id, err)
	}
	if row == nil {
		return engine.Card{}, fmt.Errorf("load card %.80q: %w", id, store.ErrUnknown)
	}
	return s.load(row), nil
}

// load is a caller's copy of a card with its writes.
func (s *Store) load(row *cardRow) engine.Card {
	card := give(s.copies, row.card)
	card.Lock = row.card.Lock
	card.Ops = s.journal(row.ops)
	return card
}

// journal is a caller's copy of some writes.
func (s *Store) journal(rows []*opRow) []reconcile.Op {
	if len(rows) == 0 {
		return nil
	}
	ops := make([]reconcile.Op, len(rows))
	for i, row := range rows {
		ops[i] = give(s.copies, row.op)
	}
	return ops
}

// Cards loads those of the cards that exist, as Card does.
func (s *Store) Cards(ctx context.Context, ids []kanban.CardID) (map[kanban.CardID]engine.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("load cards: %w", err)
	}
	cards := make(map[kanban.CardID]engine.Card, len(ids))
	for _, id := range ids {
		if row := s.cards[kanban.CardID(stored.Brief(string(id)))]; row != nil {
			cards[row.card.ID] = s.load(row)
		}
	}
	return cards, nil
}

// Resolve finds the card that a person names; store.ErrUnknown or
// a store.AmbiguousError where that fails.
func (s *Store) Resolve(ctx context.Context, text string) (kanban.CardID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := s.named(stored.Fold(text))
	switch err := ctx.Err(); {
	case err != nil:
		return "", fmt.Errorf("resolve %.80q: %w", text, err)
	case len(ids) == 0:
		return "", fmt.Errorf("resolve %.80q: %w card", text, store.ErrUnknown)
	case len(ids) > 1:
		return "", fmt.Errorf("resolve %.80q: %w", text, store.AmbiguousError{Cards: ids})
	}
	return ids[0], nil
}

// named lists the cards of that name, ascending.
func (t *tables) named(name string) []kanban.CardID {
	var ids []kanban.CardID
	if t.cards[kanban.CardID(name)] != nil {
		ids = append(ids, kanban.CardID(name))
	}
	if a, ok := t.aliases[kanban.CardID(name)]; ok {
		ids = append(ids, a.New)
	}
	if len(ids) == 0 {
		for _, issue := range t.byKey[name] {
			if card := t.issues[issue].Card; card != "" {
				ids = append(ids, card)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Due lists the cards that need a step now, those that wait longest first.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]kanban.CardID, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list due cards: %w", err)
	}
	end, _ := slices.BinarySearchFunc(s.due, stored.Micros(now), func(k dueKey, now int64) int {
		if k.next <= now {
			return -1
		}
		return 1
	})
	var ids []kanban.CardID
	for _, k := range atMost(s.due[:end], limit) {
		ids = append(ids, k.id)
	}
	return ids, nil
}

// IsDue reports whether a card needs a step now; false also where there is no such card.
func (s *Store) IsDue(ctx context.Context, id kanban.CardID, now time.Time) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	row := s.cards[id]
	return row != nil && row.dirty && row.next <= stored.Micros(now), ctx.Err()
}

// NextDue is when the next card needs a step; false where none does.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return time.Time{}, false, fmt.Errorf("find next due card: %w", err)
	}
	if len(s.due) == 0 {
		return time.Time{}, false, nil
	}
	return stored.Moment(s.due[0].next), true, nil
}
