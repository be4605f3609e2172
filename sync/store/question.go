package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// QuestionWrite is a question as it is from now on. Its Lock is the one it was loaded with,
// 0 for a new one.
type QuestionWrite struct {
	Question challenge.Question
	NextAt   time.Time // not before; zero: now
}

// Document is a question as every engine of the store keeps it.
func (w QuestionWrite) Document() (string, error) { return encode(w.Question) }

// ParseQuestion reads what Document has made. card and lock are those of its row: cards can
// live on as other ones.
func ParseQuestion(id, card, doc string, lock int64) (challenge.Question, error) {
	var q challenge.Question
	err := decode(doc, &q, "question", id)
	q.Card, q.Lock = kanban.CardID(card), lock
	return q, err
}

// checkQuestions refuses what could not be found again.
func checkQuestions(ws []QuestionWrite) error {
	return checkLocked("question", ws, questionID, func(w QuestionWrite) error {
		if w.Question.Card == "" {
			return errors.New("it is of no card")
		}
		return nil
	})
}

func questionID(w QuestionWrite) string { return w.Question.ID }

func questions(ctx context.Context, tx *sql.Tx, c Commit) error {
	return writeLocked("question", c.Questions, questionID, func(w QuestionWrite) (int64, error) { return putQuestion(ctx, tx, w, c.Now) })
}

func putQuestion(ctx context.Context, tx *sql.Tx, w QuestionWrite, now time.Time) (int64, error) {
	doc, err := w.Document()
	if err != nil {
		return 0, err
	}
	next := w.NextAt
	if next.IsZero() {
		next = now
	}
	q := w.Question
	args := []any{q.ID, q.Lock + 1, string(q.Card), stored.Bit(!q.Forgotten()), stored.Micros(next), doc}
	if q.Lock == 0 {
		return affected(tx.ExecContext(ctx, `INSERT INTO question (id, lock, card, is_open, next_at, doc) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`, args...))
	}
	return affected(tx.ExecContext(ctx, `UPDATE question SET lock = $2, card = $3, is_open = $4, next_at = $5, doc = $6 WHERE id = $1 AND lock = $2 - 1`, args...))
}

func scanQuestion(row scanner) (challenge.Question, error) {
	var id, card, doc string
	var lock int64
	if err := row.Scan(&id, &lock, &card, &doc); err != nil {
		return challenge.Question{}, err
	}
	return ParseQuestion(id, card, doc, lock)
}

// Question gives the question with an id; ErrUnknown where there is none.
func (s *Store) Question(ctx context.Context, id string) (challenge.Question, error) {
	q, err := single(ctx, s.db.Reader, scanQuestion, `SELECT id, lock, card, doc FROM question WHERE id = $1`, stored.Brief(id))
	if err != nil {
		return q, fmt.Errorf("read question %.80q: %w", id, err)
	}
	return q, nil
}

// QuestionsOf lists the questions about a card, by their ids.
func (s *Store) QuestionsOf(ctx context.Context, card kanban.CardID) ([]challenge.Question, error) {
	all, err := collect(ctx, s.db.Reader, scanQuestion, `SELECT id, lock, card, doc FROM question WHERE card = $1 ORDER BY id`, stored.Brief(string(card)))
	if err != nil {
		return nil, fmt.Errorf("list questions about %s: %w", card, err)
	}
	return all, nil
}

// QuestionsDue lists the ids of questions that need a step now, the longest due first.
func (s *Store) QuestionsDue(ctx context.Context, now time.Time, limit int) ([]string, error) {
	ids, err := collect(ctx, s.db.Reader, column[string],
		`SELECT id FROM question WHERE is_open = 1 AND next_at <= $1 ORDER BY next_at, id LIMIT $2`, stored.Micros(now), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list questions that are due: %w", err)
	}
	return ids, nil
}

func showQuestion(row scanner, c *integrity.Check) error {
	var r integrity.Question
	var open int64
	var doc string
	err := row.Scan(&r.ID, &r.Card, &open, &doc)
	if err == nil {
		r.Open, r.Bad = open == 1, decode(doc, &r.Doc, "question", r.ID)
		c.Question(r)
	}
	return err
}
