package memory

import (
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
	id        string
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
		t.questions[w.Question.ID] = questionRow{id: w.Question.ID, card: w.Question.Card, lock: w.Question.Lock + 1, forgotten: w.Question.Forgotten(), next: stored.Micros(momentOr(w.NextAt, c.Now)), doc: doc}
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
	return single(ctx, s, fmt.Sprintf("read question %.80q", id), id, questionRows, questionRow.question)
}

func questionRows(t *tables) map[string]questionRow { return t.questions }

func (r questionRow) question() (challenge.Question, error) {
	return store.ParseQuestion(r.id, string(r.card), r.doc, r.lock)
}

// QuestionsOf lists the questions about a card, by their ids.
func (s *Store) QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error) {
	return listed(ctx, s, fmt.Sprintf("list questions about %s", card), questionRows, func(row questionRow) bool { return row.card == card }, questionRow.question)
}

// QuestionsDue lists the ids of questions that need a step now, the longest due first.
func (s *Store) QuestionsDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return dueNow(ctx, s, "list questions that are due", questionRows, stored.Micros(now), limit, func(row questionRow) (int64, bool) { return row.next, !row.forgotten })
}

func (t *tables) showQuestions(c *integrity.Check) {
	for _, id := range slices.Sorted(maps.Keys(t.questions)) {
		row := t.questions[id]
		doc, err := row.question()
		c.Question(integrity.Question{ID: id, Card: row.card, Open: !row.forgotten, Doc: doc, Bad: err})
	}
}
