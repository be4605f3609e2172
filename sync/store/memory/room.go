package memory

import (
	"context"
	"fmt"

	"parley/kanban"
	"parley/sync/store"
)

// Taken counts, for each room, the cards that are there.
func (s *Store) Taken(ctx context.Context, rooms []store.Room) ([]int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("count cards: %w", err)
	}
	counts := make([]int, len(rooms))
	for i, r := range rooms {
		counts[i] = s.taken(r, nil)
	}
	return counts, nil
}

// taken counts the cards in a room but for some.
func (t *tables) taken(r store.Room, but map[kanban.CardID]bool) int {
	n := 0
	for _, id := range t.ids {
		if !but[id] && r.Takes(t.cards[id].face) {
			n++
		}
	}
	return n
}

// fits reports why the cards of a commit find no room, nil if they do.
func (t *tables) fits(c store.Commit) error {
	if len(c.Room) == 0 {
		return nil
	}
	written := map[kanban.CardID]bool{}
	for _, w := range c.Cards {
		written[w.Card.ID] = true
	}
	for i, r := range c.Room {
		others, own := t.taken(r, written), 0
		for _, w := range c.Cards {
			if r.Takes(w.Face) {
				own++
			}
		}
		if others+own > r.Most {
			return &store.FullError{Room: i, Count: others}
		}
	}
	return nil
}
