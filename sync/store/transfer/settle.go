package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// settleBatch is how many cards are changed at once.
const settleBatch = 200

// settle makes a doubt of what was to be written when the backup was made, and lets people
// work with the store.
func (r Restore) settle(ctx context.Context, s *store.Store, made time.Time) error {
	ids, err := s.Unsettled(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, settleBatch) {
		if err := r.settleCards(ctx, s, part, made); err != nil {
			return err
		}
	}
	if err := r.settleSent(ctx, s, made); err != nil {
		return err
	}
	if err := r.step("end"); err != nil {
		return err
	}
	text, err := json.Marshal(Restoring{Made: made, At: r.Now().UTC()})
	if err != nil {
		return fmt.Errorf("write from which backup the store is: %w", err)
	}
	return s.Fill(ctx, func(rows store.Rows) error {
		if err := rows.Unread(ctx); err != nil {
			return err
		}
		if err := rows.Set(ctx, store.SettingRestored, string(text)); err != nil {
			return err
		}
		return rows.Shut(ctx, nil)
	})
}

// settleCards has every write and create of some cards looked up first.
func (r Restore) settleCards(ctx context.Context, s *store.Store, ids []kanban.CardID, made time.Time) error {
	if err := r.step("cards"); err != nil {
		return err
	}
	cards, err := s.Cards(ctx, ids)
	if err != nil {
		return err
	}
	faces, err := s.Faces(ctx, store.FaceQuery{IDs: ids})
	if err != nil {
		return err
	}
	now := r.Now()
	c := store.Commit{Now: now}
	for _, f := range faces {
		if card, changed := engine.Restored(cards[f.Card.ID], made, now); changed {
			c.Cards = append(c.Cards, store.CardWrite{Card: card, Face: f.Card, Dirty: true})
		}
	}
	_, err = s.Commit(ctx, c)
	return err
}

// settleSent has comments looked up, and sends no mail a second time.
func (r Restore) settleSent(ctx context.Context, s *store.Store, made time.Time) error {
	if err := r.step("sent"); err != nil {
		return err
	}
	comments, err := s.OpenRemarks(ctx)
	if err != nil {
		return err
	}
	digests, err := s.OpenDispatches(ctx)
	if err != nil {
		return err
	}
	now := r.Now()
	c := store.Commit{Now: now}
	for i := range comments {
		c.Remarks = append(c.Remarks, store.RemarkWrite{Remark: remark.Restored(comments[i], made, now), Dirty: true})
	}
	for _, d := range digests {
		c.Dispatches = append(c.Dispatches, dispatch.Restored(d, made, now))
	}
	_, err = s.Commit(ctx, c)
	return err
}
