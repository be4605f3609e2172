package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"parley/sync/store/internal/stored"
)

func intoIssue() insertion {
	return insertion{
		into: `issue (tracker, id, issue_key, key_fold, container, issue_type, status, card, token, hash, links_read, number, history)`, columns: 13,
		then: `ON CONFLICT (tracker, id) DO UPDATE SET issue_key = excluded.issue_key, key_fold = excluded.key_fold,
			container = excluded.container, issue_type = excluded.issue_type, status = excluded.status,
			card = excluded.card, token = excluded.token, hash = excluded.hash, number = excluded.number,
			links_read = CASE WHEN issue.links_read = 1 THEN 1 ELSE excluded.links_read END,
			history = CASE WHEN excluded.history = -2 THEN -2 WHEN issue.history = -3 THEN 0 ELSE issue.history END`,
	}
}

// issues brings the index of issues up to date.
func (s *Store) issues(ctx context.Context, tx *sql.Tx, c Commit) error {
	unique := stored.Last(c.Issues, func(r IssueRow) IssueID { return IssueID{stored.Brief(r.Tracker), stored.Brief(r.ID)} })
	rows := make([][]any, len(unique))
	for i, r := range unique {
		rows[i] = []any{
			stored.Brief(r.Tracker), stored.Brief(r.ID), stored.Clean(r.Key), stored.Fold(r.Key), stored.Brief(r.Container), stored.Brief(r.Type),
			stored.Brief(r.StatusID), stored.Brief(string(r.Card)), stored.Micros(r.Token), stored.Clean(r.Hash), stored.Bit(r.LinksRead), stored.Number(r.Key), r.History,
		}
	}
	if err := s.insert(ctx, tx, intoIssue(), rows); err != nil {
		return err
	}
	return links(ctx, tx, c)
}

// links notes of which issues the remote links are to be read, and of which they were.
func links(ctx context.Context, tx *sql.Tx, c Commit) error {
	for _, id := range c.Relinked {
		if _, err := tx.ExecContext(ctx, `UPDATE issue SET links_read = 0 WHERE tracker = $1 AND id = $2`, stored.Brief(id.Tracker), stored.Brief(id.ID)); err != nil {
			return fmt.Errorf("update issue: %w", err)
		}
	}
	for _, r := range c.LinksRead {
		if _, err := tx.ExecContext(ctx, `UPDATE issue SET links_read = 1 WHERE tracker = $1 AND id = $2 AND token = $3`,
			stored.Brief(r.Tracker), stored.Brief(r.ID), stored.Micros(r.Token)); err != nil {
			return fmt.Errorf("update issue: %w", err)
		}
	}
	return nil
}

// eachIn runs a statement on the rows that meet w and have one of the values in
// col, some values at a time.
func eachIn(ctx context.Context, tx *sql.Tx, statement string, w where, col string, values []string) error {
	return batches(values, func(part []string) error {
		w := where{terms: slices.Clone(w.terms), args: slices.Clone(w.args)}
		w.in(col, part)
		_, err := tx.ExecContext(ctx, statement+w.clause(), w.args...)
		return err
	})
}

func intoMention() insertion {
	return insertion{
		into: `mention (tracker, issue, method, target_fold, target)`, columns: 5,
		then: `ON CONFLICT (tracker, issue, method, target_fold) DO NOTHING`,
	}
}

// evidence writes what speaks for and against pairs.
func (s *Store) evidence(ctx context.Context, tx *sql.Tx, c Commit) error {
	if err := forget(ctx, tx, c.Mentions); err != nil {
		return err
	}
	var rows [][]any
	for _, m := range c.Mentions {
		for _, target := range m.Targets {
			rows = append(rows, []any{stored.Brief(m.Tracker), stored.Brief(m.IssueID), stored.Brief(m.Method), stored.Fold(target), stored.Clean(target)})
		}
	}
	if err := s.insert(ctx, tx, intoMention(), rows); err != nil {
		return err
	}
	return partings(ctx, tx, c)
}

// forget removes what the sets replace.
func forget(ctx context.Context, tx *sql.Tx, sets []MentionSet) error {
	issues := map[[2]string][]string{} // tracker and method → issues
	for _, m := range sets {
		k := [2]string{stored.Brief(m.Tracker), stored.Brief(m.Method)}
		issues[k] = append(issues[k], stored.Brief(m.IssueID))
	}
	for k, ids := range issues {
		w := where{}
		w.and("tracker = %s", k[0])
		w.and("method = %s", k[1])
		if err := eachIn(ctx, tx, `DELETE FROM mention`, w, "issue", ids); err != nil {
			return fmt.Errorf("delete from mention: %w", err)
		}
	}
	return nil
}

func partings(ctx context.Context, tx *sql.Tx, c Commit) error {
	for _, p := range c.Partings {
		a, b := ordered(p.A, p.B)
		if _, err := tx.ExecContext(ctx, `INSERT INTO parting (a_tracker, a_issue, b_tracker, b_issue, parted_by, at)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (a_tracker, a_issue, b_tracker, b_issue) DO NOTHING`,
			a.Tracker, a.ID, b.Tracker, b.ID, stored.Clean(p.By), stored.Micros(c.Now)); err != nil {
			return fmt.Errorf("insert into parting: %w", err)
		}
	}
	for _, p := range c.Unpart {
		a, b := ordered(p.A, p.B)
		if _, err := tx.ExecContext(ctx, `DELETE FROM parting
			WHERE a_tracker = $1 AND a_issue = $2 AND b_tracker = $3 AND b_issue = $4`,
			a.Tracker, a.ID, b.Tracker, b.ID); err != nil {
			return fmt.Errorf("delete from parting: %w", err)
		}
	}
	return nil
}

// ordered gives two issues in one order whichever way they came.
func ordered(a, b IssueID) (IssueID, IssueID) {
	a, b = IssueID{stored.Brief(a.Tracker), stored.Brief(a.ID)}, IssueID{stored.Brief(b.Tracker), stored.Brief(b.ID)}
	if b.Tracker < a.Tracker || b.Tracker == a.Tracker && b.ID < a.ID {
		return b, a
	}
	return a, b
}

func intoEdge() insertion {
	return insertion{
		into: `edge (tracker, project, issue_type, from_status, to_status, transition, is_global, required, seen_at)`, columns: 9,
		then: `ON CONFLICT (tracker, project, issue_type, from_status, to_status, transition) DO UPDATE SET
			is_global = excluded.is_global, required = excluded.required, seen_at = excluded.seen_at`,
	}
}

// forgetEdges takes workflow steps out that were refused.
func forgetEdges(ctx context.Context, tx *sql.Tx, gone []Edge) error {
	for _, e := range gone {
		if _, err := tx.ExecContext(ctx, `DELETE FROM edge WHERE tracker = $1 AND project = $2 AND issue_type = $3
			AND from_status = $4 AND to_status = $5 AND transition = $6`, stored.Brief(e.Tracker), stored.Brief(e.Project),
			stored.Brief(e.Type), stored.Brief(e.From), stored.Brief(e.To), stored.Brief(e.TransitionID)); err != nil {
			return fmt.Errorf("delete from edge: %w", err)
		}
	}
	return nil
}

// edges remembers the workflow steps that were offered.
func (s *Store) edges(ctx context.Context, tx *sql.Tx, c Commit) error {
	type text struct {
		key [6]string
		row []any
	}
	texts := make([]text, len(c.Edges))
	for i, e := range c.Edges {
		required, err := encode(e.Required)
		if err != nil {
			return fmt.Errorf("encode workflow edge: %w", err)
		}
		seen := e.SeenAt
		if seen.IsZero() {
			seen = c.Now
		}
		k := [6]string{stored.Brief(e.Tracker), stored.Brief(e.Project), stored.Brief(e.Type), stored.Brief(e.From), stored.Brief(e.To), stored.Brief(e.TransitionID)}
		texts[i] = text{k, []any{k[0], k[1], k[2], k[3], k[4], k[5], stored.Bit(e.Global), required, stored.Micros(seen)}}
	}
	var rows [][]any
	for _, t := range stored.Last(texts, func(t text) [6]string { return t.key }) {
		rows = append(rows, t.row)
	}
	return s.insert(ctx, tx, intoEdge(), rows)
}
