package memory

import (
	"context"
	"fmt"

	"parley/kanban"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// Commit writes all of c or nothing, and gives the data sequence after it. It fails
// as that of *store.Store does, with store.ErrStale, store.ErrFenced,
// store.ErrAnswered and store.ErrUnknown.
func (s *Store) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if err := c.Check(); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuse(ctx, c); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	s.apply(c) // from here on nothing can fail
	return s.seq, nil
}

// refuse gives the reason for which c cannot be written, if there is one.
func (t *tables) refuse(ctx context.Context, c store.Commit) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	if err := t.fence(c.Lease, c.Epoch); err != nil {
		return err
	}
	if err := t.unchosen(c.Unchosen); err != nil {
		return err
	}
	if c.Answer != nil {
		if _, ok := t.answers[stored.Brief(c.Answer.Key)]; ok {
			return fmt.Errorf("intent %.80q: %w", c.Answer.Key, store.ErrAnswered)
		}
	}
	for _, w := range c.Cards {
		if t.lock(w.Card.ID) != w.Card.Lock {
			return fmt.Errorf("card %s: %w", w.Card.ID, store.ErrStale)
		}
		if _, gone := t.aliases[w.Card.ID]; gone && w.Fresh {
			return fmt.Errorf("card %s lives on as another: %w", w.Card.ID, store.ErrStale)
		}
	}
	if err := t.fits(c); err != nil {
		return err
	}
	for i, a := range c.Moved {
		if err := t.movable(c, i); err != nil {
			return fmt.Errorf("move card %s to %s: %w", a.Old, a.New, err)
		}
	}
	for _, w := range c.Remarks {
		if t.remarks[w.Remark.Key].remark.Lock != w.Remark.Lock {
			return fmt.Errorf("comment %.80q: %w", w.Remark.Key, store.ErrStale)
		}
	}
	if err := t.swappable(c.Trades); err != nil {
		return err
	}
	if err := t.askable(c.Questions); err != nil {
		return err
	}
	if err := t.dispatchable(c.Dispatches); err != nil {
		return err
	}
	return t.extends(c.Ledger)
}

// lock is the version of a card's row, 0 where there is none.
func (t *tables) lock(id kanban.CardID) int64 {
	if row := t.cards[id]; row != nil {
		return row.card.Lock
	}
	return 0
}

// movable reports why the n-th move of a commit is not possible after all that
// comes before it.
func (t *tables) movable(c store.Commit, n int) error {
	lock := func(id kanban.CardID) int64 {
		for _, earlier := range c.Moved[:n] {
			if earlier.Old == id {
				return 0
			}
		}
		for _, w := range c.Cards {
			if w.Card.ID == id {
				return w.Card.Lock + 1
			}
		}
		return t.lock(id)
	}
	a := c.Moved[n]
	if lock(a.New) == 0 {
		return store.ErrUnknown
	}
	if a.Lock != 0 && lock(a.Old) != a.Lock {
		return store.ErrStale
	}
	return nil
}

// apply writes the parts of c in an order in which later ones may lean on earlier
// ones.
func (s *Store) apply(c store.Commit) {
	if c.Visible() || len(c.Notices) > 0 {
		s.seq++
	}
	if c.Answer != nil {
		s.answers[stored.Brief(c.Answer.Key)] = answer{doc: stored.Clean(string(c.Answer.JSON)), at: stored.Micros(c.Now)}
	}
	for _, w := range c.Cards {
		s.writeCard(w, c)
	}
	for _, w := range c.Cards {
		s.writeOps(w)
	}
	for _, id := range c.Redrawn {
		if old := s.cards[id]; old != nil {
			row := *old
			row.seq = s.seq
			s.put(id, &row)
		}
	}
	s.writeIssues(c)
	s.writeHistories(c.Histories)
	s.writeRecord(c.Record)
	for _, a := range c.Moved {
		s.move(a)
	}
	s.writeMentions(c.Mentions)
	s.writePartings(c)
	s.forgetEdges(c.Forgotten)
	s.writeEdges(c)
	if c.Cursor != nil {
		s.writeCursor(*c.Cursor)
	}
	s.writeSwept(c)
	s.writeQuarantine(c)
	s.writeSettings(c.Settings)
	s.writeRemarks(c)
	s.writeContracts(s.seq, c)
	s.writeTrades(c.Trades)
	s.writeQuestions(c)
	s.writeDispatches(c.Dispatches)
	s.writeNotices(c)
}

// AnswerOf gives the answer that the intent with this key got, if it was asked.
func (s *Store) AnswerOf(ctx context.Context, key string) ([]byte, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, false, fmt.Errorf("read answer: %w", err)
	}
	a, ok := s.answers[stored.Brief(key)]
	if !ok {
		return nil, false, nil
	}
	return []byte(a.doc), true, nil
}
