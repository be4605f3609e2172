package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// Check tells what cannot be true of the rows, and what the database itself finds
// wrong with its file: a sentence for each finding, with what a person can do. A
// sound store gives none. Every row is read, at one moment, and nothing is changed.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var found []string
	err := s.read(ctx, func(tx *sql.Tx) error {
		damage, err := collect(ctx, tx, column[string], s.db.Integrity)
		for _, line := range damage {
			found = append(found, "the database says: "+line+"; restore a backup, or begin with an empty store")
		}
		if err != nil {
			return err
		}
		rows, err := inspect(ctx, tx)
		found = append(found, rows...)
		return err
	})
	if err != nil {
		return found, fmt.Errorf("check store: %w", err)
	}
	return found, nil
}

// inspect shows all rows to an integrity.Check.
func inspect(ctx context.Context, tx *sql.Tx) ([]string, error) {
	var seqs int64
	var seq sql.NullInt64
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*), MAX(n) FROM data_seq`).Scan(&seqs, &seq); err != nil {
		return nil, err
	}
	c := integrity.New(seq.Int64)
	if seqs != 1 {
		c.Sayf("the data sequence has %d rows instead of one; restore a backup, or begin with an empty store", seqs)
	}
	for _, part := range []struct {
		query string
		show  func(scanner, *integrity.Check) error
	}{
		{`SELECT id, lock, seq, touched, paired, doc FROM card ORDER BY id`, showCard},
		{`SELECT tracker, id, issue_key, card FROM issue ORDER BY tracker, id`, showIssue},
		{`SELECT old_id, new_id, seq FROM alias ORDER BY old_id`, showAlias},
		{`SELECT id, card, state, is_open, doc FROM op ORDER BY created_at, id`, showOp},
		{`SELECT id, card, doc FROM conflict ORDER BY id`, showConflict},
		{`SELECT card, COUNT(*), MAX(seq) FROM activity GROUP BY card ORDER BY card`, showActivity},
		{`SELECT tracker, issue, COUNT(*) FROM event GROUP BY tracker, issue ORDER BY tracker, issue`, showEvents},
		{`SELECT id, tracker, issue, is_open, dirty, doc FROM remark ORDER BY id`, showRemark},
		{`SELECT id, card, is_open, doc FROM question ORDER BY id`, showQuestion},
		{`SELECT id, lock, is_open, down, up, doc FROM trade ORDER BY id`, showTrade},
		{`SELECT id, digest, is_open, doc FROM dispatch ORDER BY id`, showDispatch},
	} {
		_, err := collect(ctx, tx, func(row scanner) (struct{}, error) { return struct{}{}, part.show(row, c) }, part.query)
		if err != nil {
			return c.Findings(), err
		}
	}
	return c.Findings(), nil
}

func showCard(row scanner, c *integrity.Check) error {
	var r integrity.Card
	var paired int64
	var doc string
	if err := row.Scan(&r.ID, &r.Lock, &r.Seq, &r.Touched, &paired, &doc); err != nil {
		return err
	}
	r.Paired, r.Bad = paired == 1, decode(doc, &r.Doc, "card", string(r.ID))
	c.Card(r)
	for _, side := range r.Doc.Sides {
		if side != nil {
			c.Side(r.ID, integrity.Issue{Tracker: stored.Brief(side.Issue.Tracker), ID: stored.Brief(side.Issue.ID)})
		}
	}
	return nil
}

func showIssue(row scanner, c *integrity.Check) error {
	var issue integrity.Issue
	var key string
	var card kanban.CardID
	err := row.Scan(&issue.Tracker, &issue.ID, &key, &card)
	if err == nil {
		c.Issue(issue, key, card)
	}
	return err
}

func showAlias(row scanner, c *integrity.Check) error {
	var a Alias
	err := row.Scan(&a.Old, &a.New, &a.Seq)
	if err == nil {
		c.Alias(a.Old, a.New, a.Seq)
	}
	return err
}

func showOp(row scanner, c *integrity.Check) error {
	var r integrity.Op
	var open int64
	var doc string
	err := row.Scan(&r.ID, &r.Card, &r.State, &open, &doc)
	if err == nil {
		r.Open, r.Bad = open == 1, decode(doc, &r.Doc, "write", r.ID)
		c.Op(r)
	}
	return err
}

func showConflict(row scanner, c *integrity.Check) error {
	var id, doc string
	var card kanban.CardID
	err := row.Scan(&id, &card, &doc)
	if err == nil {
		c.Conflict(id, card, decode(doc, new(reconcile.Conflict), "conflict", id))
	}
	return err
}

func showActivity(row scanner, c *integrity.Check) error {
	var card kanban.CardID
	var lines, last int64
	err := row.Scan(&card, &lines, &last)
	if err == nil {
		c.Activity(card, lines, last)
	}
	return err
}

func showEvents(row scanner, c *integrity.Check) error {
	var issue integrity.Issue
	var entries int64
	err := row.Scan(&issue.Tracker, &issue.ID, &entries)
	if err == nil {
		c.Events(issue, entries)
	}
	return err
}
