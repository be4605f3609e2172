package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/store"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// questionRow is a question as it is stored. It is never changed.
type questionRow struct {
	card      kanban.CardID
	lock      int64
	forgotten bool
	next      int64
	doc       string
}

func (t *tables) askable(ws []store.QuestionWrite) error {
	for _, w := range ws {
		if t.questions[w.Question.ID].lock != w.Question.Lock {
			return fmt.Errorf("question %.80q: %w", w.Question.ID, store.ErrStale)
		}
	}
	return nil
}

func (t *tables) writeQuestions(c store.Commit) {
	for _, w := range c.Questions {
		doc, _ := w.Document() // of texts, numbers and moments, which have JSON: Commit has checked it
		t.questions[w.Question.ID] = questionRow{card: w.Question.Card, lock: w.Question.Lock + 1, forgotten: w.Question.Forgotten(), next: stored.Micros(momentOr(w.NextAt, c.Now)), doc: doc}
	}
}

func (t *tables) moveQuestions(from, to kanban.CardID) {
	for id, row := range t.questions {
		if row.card == from {
			row.card = to
			t.questions[id] = row
		}
	}
}

// Question gives the question with an id.
func (s *Store) Question(ctx context.Context, id string) (challenge.Question, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	err := ctx.Err()
	row, ok := s.questions[stored.Brief(id)]
	if err == nil && !ok {
		err = store.ErrUnknown
	}
	if err != nil {
		return challenge.Question{}, fmt.Errorf("read question %.80q: %w", id, err)
	}
	return store.ParseQuestion(id, string(row.card), row.doc, row.lock)
}

// QuestionsOf lists the questions about a card, by their ids.
func (s *Store) QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list questions about %s: %w", card, err)
	}
	var out []challenge.Question
	for _, id := range slices.Sorted(maps.Keys(s.questions)) {
		row := s.questions[id]
		if row.card != card {
			continue
		}
		q, err := store.ParseQuestion(id, string(row.card), row.doc, row.lock)
		if err != nil {
			return nil, fmt.Errorf("list questions about %s: %w", card, err)
		}
		out = append(out, q)
	}
	return out, nil
}

// QuestionsDue lists the ids of questions that need a step now, the longest due first.
func (s *Store) QuestionsDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list questions that are due: %w", err)
	}
	var ids []string
	for id, row := range s.questions {
		if !row.forgotten && row.next <= stored.Micros(now) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.questions[a].next, s.questions[b].next), cmp.Compare(a, b))
	})
	return ids[:min(len(ids), max(limit, 0))], nil
}

func (t *tables) showQuestions(c *integrity.Check) {
	for _, id := range slices.Sorted(maps.Keys(t.questions)) {
		row := t.questions[id]
		doc, err := store.ParseQuestion(id, string(row.card), row.doc, row.lock)
		c.Question(integrity.Question{ID: id, Card: row.card, Open: !row.forgotten, Doc: doc, Bad: err})
	}
}
