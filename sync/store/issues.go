package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/store/internal/stored"
)

const selectIssue = `SELECT i.tracker, i.id, i.issue_key, i.container, i.issue_type, i.status, i.card, i.token, i.hash,
	i.links_read, i.history FROM issue i`

func scanIssue(row scanner) (IssueRow, error) {
	var r IssueRow
	var token, read int64
	err := row.Scan(&r.Tracker, &r.ID, &r.Key, &r.Container, &r.Type, &r.StatusID, &r.Card, &token, &r.Hash, &read, &r.History)
	r.Token, r.LinksRead = stored.Moment(token), read == 1
	return r, err
}

// Index finds issues of a tracker by their immutable ids. Those that are not
// known are missing from the map.
func (s *Store) Index(ctx context.Context, tracker string, issueIDs []string) (map[string]IssueRow, error) {
	asked := make(map[string]string, len(issueIDs)) // stored id → id as asked
	for _, id := range issueIDs {
		asked[stored.Brief(id)] = id
	}
	found := make(map[string]IssueRow, len(issueIDs))
	err := batches(words(issueIDs), func(part []string) error {
		var w where
		w.and("i.tracker = %s", stored.Brief(tracker))
		w.in("i.id", part)
		rows, err := collect(ctx, s.db.Reader, scanIssue, selectIssue+w.clause(), w.args...)
		for _, r := range rows {
			found[asked[r.ID]] = r
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find issues of %s: %w", tracker, err)
	}
	return found, nil
}

// IssueByKey finds issues by their present key, in any case. There can be one
// per tracker; the one read in the latest state comes first.
func (s *Store) IssueByKey(ctx context.Context, key string) ([]IssueRow, error) {
	rows, err := collect(ctx, s.db.Reader, scanIssue,
		selectIssue+` WHERE i.key_fold = $1 ORDER BY i.token DESC, i.tracker, i.id`, stored.Fold(key))
	if err != nil {
		return nil, fmt.Errorf("find issue %.80q: %w", key, err)
	}
	return rows, nil
}

// IssuesOf lists the issues of a card.
func (s *Store) IssuesOf(ctx context.Context, card kanban.CardID) ([]IssueRow, error) {
	rows, err := collect(ctx, s.db.Reader, scanIssue,
		selectIssue+` WHERE i.card = $1 ORDER BY i.tracker, i.id`, stored.Brief(string(card)))
	if err != nil {
		return nil, fmt.Errorf("list issues of card %s: %w", card, err)
	}
	return rows, nil
}

// Resident finds some issue that rests in a status, the one read in the latest
// state: a place to ask which transitions lead out of there. An empty typ is any
// issue type.
func (s *Store) Resident(ctx context.Context, tracker, project, typ, statusID string) (IssueRow, bool, error) {
	var w where
	w.and("i.tracker = %s", stored.Brief(tracker))
	w.and("i.container = %s", stored.Brief(project))
	w.and("i.status = %s", stored.Brief(statusID))
	if typ != "" {
		w.and("i.issue_type = %s", stored.Brief(typ))
	}
	row, err := scanIssue(s.db.Reader.QueryRowContext(ctx,
		selectIssue+w.clause()+` ORDER BY i.token DESC, i.id LIMIT 1`, w.args...))
	if errors.Is(err, sql.ErrNoRows) {
		return IssueRow{}, false, nil
	}
	if err != nil {
		return IssueRow{}, false, fmt.Errorf("find issue in status %s of %s: %w", statusID, project, err)
	}
	return row, true, nil
}

// Unpaired lists issues beyond id after whose card has no other side and whose
// remote links were not read yet, by ascending id. No containers means all.
func (s *Store) Unpaired(ctx context.Context, tracker string, containers []string, after string, limit int) ([]IssueRow, error) {
	w := where{join: ` JOIN card c ON c.id = i.card`, terms: []string{"i.links_read = 0", "c.paired = 0"}}
	rows, err := s.issuesBeyond(ctx, w, tracker, containers, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list unpaired issues of %s: %w", tracker, err)
	}
	return rows, nil
}

// issuesBeyond lists the issues of a tracker beyond id after that a query selects, by
// ascending id. No containers means all, a limit below 1 none.
func (s *Store) issuesBeyond(ctx context.Context, w where, tracker string, containers []string, after string, limit int) ([]IssueRow, error) {
	w.and("i.tracker = %s", stored.Brief(tracker))
	w.and("i.id > %s", stored.Brief(after))
	w.in("i.container", words(containers))
	return collect(ctx, s.db.Reader, scanIssue, selectIssue+w.clause()+` ORDER BY i.id`+w.limit(limit), w.args...)
}

func scanMention(row scanner) (Mention, error) {
	var m Mention
	err := row.Scan(&m.Tracker, &m.IssueID, &m.Method, &m.Target)
	return m, err
}

const selectMention = `SELECT tracker, issue, method, target FROM mention`

// Mentioned lists who points at a key, in any case.
func (s *Store) Mentioned(ctx context.Context, target string) ([]Mention, error) {
	all, err := collect(ctx, s.db.Reader, scanMention,
		selectMention+` WHERE target_fold = $1 ORDER BY tracker, issue, method`, stored.Fold(target))
	if err != nil {
		return nil, fmt.Errorf("list mentions of %.80q: %w", target, err)
	}
	return all, nil
}

// Mentions lists what an issue points at.
func (s *Store) Mentions(ctx context.Context, tracker, issueID string) ([]Mention, error) {
	all, err := collect(ctx, s.db.Reader, scanMention,
		selectMention+` WHERE tracker = $1 AND issue = $2 ORDER BY method, target_fold`, stored.Brief(tracker), stored.Brief(issueID))
	if err != nil {
		return nil, fmt.Errorf("list mentions of %s issue %.80q: %w", tracker, issueID, err)
	}
	return all, nil
}

// Parted reports whether two issues were parted by hand.
func (s *Store) Parted(ctx context.Context, a, b IssueID) (bool, error) {
	a, b = ordered(a, b)
	n, err := one[int64](ctx, s.db.Reader, `SELECT COUNT(*) FROM parting
		WHERE a_tracker = $1 AND a_issue = $2 AND b_tracker = $3 AND b_issue = $4`, a.Tracker, a.ID, b.Tracker, b.ID)
	if err != nil {
		return false, fmt.Errorf("read partings: %w", err)
	}
	return n > 0, nil
}

// Edges lists the known workflow steps of a project's issue type.
func (s *Store) Edges(ctx context.Context, tracker, project, typ string) ([]Edge, error) {
	edges, err := collect(ctx, s.db.Reader, scanEdge, `SELECT tracker, project, issue_type, from_status, to_status,
		transition, is_global, required, seen_at FROM edge WHERE tracker = $1 AND project = $2 AND issue_type = $3
		ORDER BY from_status, to_status, transition`, stored.Brief(tracker), stored.Brief(project), stored.Brief(typ))
	if err != nil {
		return nil, fmt.Errorf("read workflow of %s: %w", project, err)
	}
	return edges, nil
}

// PruneEdges forgets workflow steps last seen before a moment and gives their number.
func (s *Store) PruneEdges(ctx context.Context, before time.Time) (int64, error) {
	n, err := affected(s.db.Writer.ExecContext(ctx, `DELETE FROM edge WHERE seen_at < $1`, stored.Micros(before)))
	if err != nil {
		return 0, fmt.Errorf("prune workflow steps: %w", err)
	}
	return n, nil
}

func scanEdge(row scanner) (Edge, error) {
	var e Edge
	var required string
	var global, seen int64
	err := row.Scan(&e.Tracker, &e.Project, &e.Type, &e.From, &e.To, &e.TransitionID, &global, &required, &seen)
	if err != nil {
		return Edge{}, err
	}
	e.Global, e.SeenAt = global == 1, stored.Moment(seen)
	err = decode(required, &e.Required, "workflow edge", e.TransitionID)
	return e, err
}
