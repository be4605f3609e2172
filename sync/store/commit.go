package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley/internal/trace"
	"parley/kanban"
	"parley/sync/store/internal/stored"
)

// LeaseRunner is the lease of the process that steps cards.
const LeaseRunner = "runner"

// Commit writes all of c or nothing, and gives the data sequence after it. The
// sequence grows by one if anything changed that people see (cards, record,
// aliases, partings, decisions, ledgers, swaps), or there are notices.
//
// ErrStale means that a card was changed since it was loaded, ErrFenced that the
// lease was lost, ErrAnswered that the intent was answered before, a *FullError that
// there is no room for the cards. After any
// other failure it is not known whether c was written: load again.
func (s *Store) Commit(ctx context.Context, c Commit) (_ int64, err error) {
	ctx, span := trace.Begin(ctx, "commit")
	span.Number("parley.cards", len(c.Cards))
	defer func() {
		if err != nil && span.On() {
			span.Fail(Refusal(err))
		}
		span.End()
	}()
	if err := c.Check(); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	docs, err := c.encode()
	if err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	var seq int64
	err = s.write(ctx, func(tx *sql.Tx) error {
		// The row of the sequence is also the lock that puts commits in a line:
		// whoever reads a sequence has seen everything up to it.
		seq, err = one[int64](ctx, tx, `UPDATE data_seq SET n = n + $1 RETURNING n`, stored.Bit(c.Visible() || len(c.Notices) > 0))
		if err != nil {
			return fmt.Errorf("take data sequence: %w", err)
		}
		return s.apply(ctx, tx, seq, c, docs)
	})
	if err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	return seq, nil
}

// apply writes the parts of c in an order in which later ones may lean on
// earlier ones.
func (s *Store) apply(ctx context.Context, tx *sql.Tx, seq int64, c Commit, docs documents) error {
	steps := []func() error{
		func() error { return fence(ctx, tx, c.Lease, c.Epoch) },
		func() error { return unchosen(ctx, tx, c.Unchosen) },
		func() error { return s.answer(ctx, tx, c) },
		func() error { return s.cards(ctx, tx, seq, c, docs) },
		func() error { return redraw(ctx, tx, seq, c.Redrawn) },
		func() error { return room(ctx, tx, c) },
		func() error { return s.issues(ctx, tx, c) },
		func() error { return histories(ctx, tx, c.Histories) },
		func() error { return s.record(ctx, tx, seq, c, docs) },
		func() error { return s.moves(ctx, tx, seq, c.Moved) },
		func() error { return s.evidence(ctx, tx, c) },
		func() error { return forgetEdges(ctx, tx, c.Forgotten) },
		func() error { return s.edges(ctx, tx, c) },
		func() error { return sweep(ctx, tx, c) },
		func() error { return s.quarantine(ctx, tx, c) },
		func() error { return s.settings(ctx, tx, c.Settings) },
		func() error { return remarks(ctx, tx, c) },
		func() error { return s.contracts(ctx, tx, seq, c) },
		func() error { return trades(ctx, tx, c.Trades) },
		func() error { return questions(ctx, tx, c) },
		func() error { return dispatches(ctx, tx, c.Dispatches) },
		func() error { return s.notices(ctx, tx, seq, c) },
		func() error { return s.cursor(ctx, tx, c) },
		func() error { return s.ring(ctx, tx, c) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// ring tells all processes of a commit that somebody may want to look at.
func (s *Store) ring(ctx context.Context, tx *sql.Tx, c Commit) error {
	if s.db.Ring == "" || !c.Visible() && len(c.Notices)+len(c.Heard)+len(c.Remarks) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, s.db.Ring); err != nil {
		return fmt.Errorf("tell other processes: %w", err)
	}
	return nil
}

// Visible reports whether people can see a difference after the commit.
func (c Commit) Visible() bool {
	r := c.Record
	return len(c.Cards)+len(c.Redrawn)+len(c.Moved)+len(c.Partings)+len(c.Unpart)+
		len(r.Events)+len(r.Conflicts)+len(r.Activity)+len(c.Decisions)+len(c.Ledger)+len(c.Trades)+len(c.Questions) > 0
}

// Check refuses what no store could make sense of.
func (c Commit) Check() error {
	seen := make(map[kanban.CardID]bool, len(c.Cards))
	for _, w := range c.Cards {
		id := w.Card.ID
		if id == "" || len(id) > stored.MaxBrief || string(id) != stored.Clean(string(id)) {
			return fmt.Errorf("card %.40q: not a card id", id)
		}
		if seen[id] {
			return fmt.Errorf("card %s: written twice", id)
		}
		seen[id] = true
	}
	for _, a := range c.Moved {
		if a.Old == "" || a.New == "" || a.Old == a.New {
			return fmt.Errorf("card %q moved to %q: not a move", a.Old, a.New)
		}
		if seen[a.Old] {
			return fmt.Errorf("card %s: written and moved away", a.Old)
		}
	}
	if err := checkContracts(c); err != nil {
		return err
	}
	if err := checkTrades(c.Trades); err != nil {
		return err
	}
	if err := checkQuestions(c.Questions); err != nil {
		return err
	}
	if err := checkDispatches(c.Dispatches); err != nil {
		return err
	}
	return checkRemarks(c.Remarks)
}

// fence makes sure that the lease is still the writer's, and keeps others from
// taking it before the commit ends.
func fence(ctx context.Context, tx *sql.Tx, name string, epoch int64) error {
	if epoch == 0 {
		return nil
	}
	if name == "" {
		name = LeaseRunner
	}
	n, err := affected(tx.ExecContext(ctx, `UPDATE lease SET epoch = epoch WHERE name = $1 AND epoch = $2`, name, epoch))
	if err != nil {
		return fmt.Errorf("check lease %s: %w", name, err)
	}
	if n == 0 {
		return fmt.Errorf("lease %s, epoch %d: %w", name, epoch, ErrFenced)
	}
	return nil
}

func (s *Store) answer(ctx context.Context, tx *sql.Tx, c Commit) error {
	if c.Answer == nil {
		return nil
	}
	n, err := affected(tx.ExecContext(ctx, `INSERT INTO answer (intent, doc, at) VALUES ($1, $2, $3)
		ON CONFLICT (intent) DO NOTHING`, stored.Brief(c.Answer.Key), stored.Clean(string(c.Answer.JSON)), stored.Micros(c.Now)))
	if err != nil {
		return fmt.Errorf("insert into answer: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("intent %.80q: %w", c.Answer.Key, ErrAnswered)
	}
	return nil
}

// AnswerOf gives the answer that the intent with this key got, if it was asked.
func (s *Store) AnswerOf(ctx context.Context, key string) ([]byte, bool, error) {
	doc, err := one[string](ctx, s.db.Reader, `SELECT doc FROM answer WHERE intent = $1`, stored.Brief(key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read answer: %w", err)
	}
	return []byte(doc), true, nil
}

// affected is the number of rows a statement changed.
func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
