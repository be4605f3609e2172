package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store/internal/stored"
)

// documents are the JSON texts of a commit, made before its transaction begins
// so that nobody waits for them.
type documents struct {
	cards, faces []string // as Commit.Cards
	conflicts    []string // as Record.Conflicts
	ops          []opText
}

type opText struct {
	op  reconcile.Op
	doc string
}

func (c Commit) encode() (d documents, err error) {
	d.cards, d.faces = make([]string, len(c.Cards)), make([]string, len(c.Cards))
	for i, w := range c.Cards {
		if d.cards[i], err = encode(w.Card); err != nil {
			return d, fmt.Errorf("encode card %s: %w", w.Card.ID, err)
		}
		if d.faces[i], err = encode(w.Face); err != nil {
			return d, fmt.Errorf("encode face of card %s: %w", w.Card.ID, err)
		}
		for _, op := range w.Card.Ops {
			op.Card = w.Card.ID
			text := opText{op: op}
			if text.doc, err = encode(op); err != nil {
				return d, fmt.Errorf("encode write %s: %w", op.ID, err)
			}
			d.ops = append(d.ops, text)
		}
	}
	d.conflicts = make([]string, len(c.Record.Conflicts))
	for i, k := range c.Record.Conflicts {
		if d.conflicts[i], err = encode(k); err != nil {
			return d, fmt.Errorf("encode conflict %s: %w", k.ID, err)
		}
	}
	return d, nil
}

// intoCard keeps a card dirty that was touched after it was loaded: whoever
// touched it asked for a step that has seen what they did.
func intoCard() insertion {
	return insertion{
		into: `card (id, lock, seq, rev, doc, face, search, column_key, priority_key, unit, paired, creating, dirty, next_at, touched)`, columns: 15,
		then: `ON CONFLICT (id) DO UPDATE SET lock = excluded.lock, seq = excluded.seq, rev = excluded.rev,
			doc = excluded.doc, face = excluded.face, search = excluded.search, column_key = excluded.column_key,
			priority_key = excluded.priority_key, unit = excluded.unit, paired = excluded.paired, creating = excluded.creating,
			next_at = CASE WHEN card.touched = card.lock AND (excluded.dirty = 0 OR card.next_at < excluded.next_at)
				THEN card.next_at ELSE excluded.next_at END,
			dirty = CASE WHEN card.touched = card.lock THEN 1 ELSE excluded.dirty END`,
	}
}

// cards writes the cards of c and their part of the journal.
func (s *Store) cards(ctx context.Context, tx *sql.Tx, seq int64, c Commit, docs documents) error {
	if len(c.Cards) == 0 {
		return nil
	}
	if err := s.locked(ctx, tx, c.Cards); err != nil {
		return err
	}
	rows := make([][]any, len(c.Cards))
	for i, w := range c.Cards {
		rows[i] = cardRow(w, seq, docs.cards[i], docs.faces[i], c)
	}
	if err := s.insert(ctx, tx, intoCard(), rows); err != nil {
		return err
	}
	if err := revive(ctx, tx, c.Cards); err != nil {
		return err
	}
	return s.ops(ctx, tx, docs.ops)
}

// redraw has cards told again to whoever follows the data sequence.
func redraw(ctx context.Context, tx *sql.Tx, seq int64, cards []kanban.CardID) error {
	ids := make([]string, len(cards))
	for i, id := range cards {
		ids[i] = string(id)
	}
	if err := eachIn(ctx, tx, `UPDATE card SET seq = $1`, where{args: []any{seq}}, "id", ids); err != nil {
		return fmt.Errorf("redraw cards: %w", err)
	}
	return nil
}

func cardRow(w CardWrite, seq int64, doc, face string, c Commit) []any {
	next := w.NextAt
	if next.IsZero() {
		next = c.Now
	}
	paired := w.Card.Sides[kanban.Jira] != nil && w.Card.Sides[kanban.GitHub] != nil
	return []any{
		string(w.Card.ID), w.Card.Lock + 1, seq, w.Card.Rev, doc, face, stored.Haystack(w.Face),
		stored.Brief(string(w.Face.Column)), stored.Brief(string(w.Face.Priority)), stored.Brief(string(w.Face.Unit)),
		stored.Bit(paired), stored.Bit(creating(w.Card)), stored.Bit(w.Dirty), stored.Micros(next), int64(-1),
	}
}

// locked compares the locks of the cards with those they were loaded with. No
// commit can come between this and the end of the transaction.
func (s *Store) locked(ctx context.Context, tx *sql.Tx, cards []CardWrite) error {
	ids := make([]string, len(cards))
	for i, w := range cards {
		ids[i] = string(w.Card.ID)
	}
	locks, err := locksOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, w := range cards {
		if locks[string(w.Card.ID)] != w.Card.Lock {
			return fmt.Errorf("card %s: %w", w.Card.ID, ErrStale)
		}
	}
	return unmoved(ctx, tx, cards)
}

// unmoved refuses to make a fresh card whose issue has found its twin meanwhile: it is
// on the card that the fresh one would have gone into.
func unmoved(ctx context.Context, tx *sql.Tx, cards []CardWrite) error {
	var fresh []string
	for _, w := range cards {
		if w.Fresh {
			fresh = append(fresh, string(w.Card.ID))
		}
	}
	return batches(fresh, func(part []string) error {
		var w where
		w.in("old_id", part)
		gone, err := collect(ctx, tx, func(row scanner) (string, error) {
			var id string
			err := row.Scan(&id)
			return id, err
		}, `SELECT old_id FROM alias`+w.clause(), w.args...)
		if err != nil {
			return fmt.Errorf("read which cards are gone: %w", err)
		}
		if len(gone) > 0 {
			return fmt.Errorf("card %s lives on as another: %w", gone[0], ErrStale)
		}
		return nil
	})
}

// locksOf gives the locks of those cards that exist.
func locksOf(ctx context.Context, q querier, ids []string) (map[string]int64, error) {
	locks := make(map[string]int64, len(ids))
	err := batches(ids, func(part []string) error {
		var w where
		w.in("id", part)
		_, err := collect(ctx, q, func(row scanner) (struct{}, error) {
			var id string
			var lock int64
			err := row.Scan(&id, &lock)
			locks[id] = lock
			return struct{}{}, err
		}, `SELECT id, lock FROM card`+w.clause(), w.args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read card locks: %w", err)
	}
	return locks, nil
}

// revive ends the aliases of cards that are there again, as after a parting.
func revive(ctx context.Context, tx *sql.Tx, cards []CardWrite) error {
	var ids []string
	for _, w := range cards {
		if w.Card.Lock == 0 {
			ids = append(ids, string(w.Card.ID))
		}
	}
	if err := eachIn(ctx, tx, `DELETE FROM alias`, where{}, "old_id", ids); err != nil {
		return fmt.Errorf("delete from alias: %w", err)
	}
	return nil
}

func intoOp() insertion {
	return insertion{
		into: `op (id, card, tracker, issue, state, is_open, created_at, closed_at, sent_at, doc)`, columns: 10,
		then: `ON CONFLICT (id) DO UPDATE SET card = excluded.card, tracker = excluded.tracker, issue = excluded.issue,
			state = excluded.state, is_open = excluded.is_open, created_at = excluded.created_at,
			closed_at = excluded.closed_at, sent_at = excluded.sent_at, doc = excluded.doc
			WHERE op.doc <> excluded.doc OR op.card <> excluded.card`,
	}
}

func (s *Store) ops(ctx context.Context, tx *sql.Tx, texts []opText) error {
	texts = stored.Last(texts, func(t opText) string { return stored.Brief(t.op.ID) })
	rows := make([][]any, len(texts))
	for i, t := range texts {
		op := t.op
		rows[i] = []any{
			stored.Brief(op.ID), string(op.Card), stored.Brief(op.Tracker), stored.Brief(op.Issue), string(op.State),
			stored.Bit(op.State.Open()), stored.Micros(op.Created), stored.Micros(op.Closed), stored.Micros(op.SentAt), t.doc,
		}
	}
	return s.insert(ctx, tx, intoOp(), rows)
}

// batches hands out values in portions that fit into one statement.
func batches(values []string, do func(part []string) error) error {
	const size = 500
	for len(values) > 0 {
		n := min(size, len(values))
		if err := do(values[:n]); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}
