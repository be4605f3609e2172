package memory

import (
	"context"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// Touch asks for a step of a card, not before at. A step that is under way does
// not count. store.ErrUnknown where there is no such card.
func (s *Store) Touch(ctx context.Context, id kanban.CardID, at time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := ctx.Err()
	row := s.cards[id]
	if err == nil && row == nil {
		err = store.ErrUnknown
	}
	if err != nil {
		return fmt.Errorf("touch card %.80q: %w", id, err)
	}
	s.touch(id, stored.Micros(at))
	return nil
}

func (t *tables) touch(id kanban.CardID, at int64) {
	row := *t.cards[id]
	if !row.dirty || at <= row.next {
		row.next = at
	}
	row.touched, row.dirty = row.card.Lock, true
	t.put(id, &row)
}

// TouchOpen asks for a step of every card with an open write and gives their number.
func (s *Store) TouchOpen(ctx context.Context, at time.Time) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("touch cards with open writes: %w", err)
	}
	var n int64
	for _, id := range s.ids {
		if s.cards[id].open > 0 {
			s.touch(id, stored.Micros(at))
			n++
		}
	}
	return n, nil
}

// TouchAll asks for a step of every card because the rules have become those of
// this fingerprint, and remembers it as store.SettingMapping.
func (s *Store) TouchAll(ctx context.Context, at time.Time, fingerprint string) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("touch all cards: %w", err)
	}
	for _, id := range s.ids {
		s.touch(id, stored.Micros(at))
	}
	s.settings[store.SettingMapping] = stored.Clean(fingerprint)
	return int64(len(s.ids)), nil
}
