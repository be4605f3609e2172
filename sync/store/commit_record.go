package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store/internal/stored"
)

func intoEvent() insertion {
	return insertion{
		into: `event (tracker, source_id, seq, issue, at, actor, own, op, changes)`, columns: 9,
		then: `ON CONFLICT (tracker, source_id) DO NOTHING`,
	}
}

func intoConflict() insertion {
	return insertion{
		into: `conflict (id, card, field, at, state, doc)`, columns: 6,
		then: `ON CONFLICT (id) DO UPDATE SET state = excluded.state`,
	}
}

func intoActivity() insertion {
	return insertion{
		into: `activity (seq, n, at, card, kind, actor, side, field, op, line)`, columns: 10,
	}
}

// record adds to the append-only tables.
func (s *Store) record(ctx context.Context, tx *sql.Tx, seq int64, c Commit, docs documents) error {
	if err := s.events(ctx, tx, c.Record.Events); err != nil {
		return err
	}
	if err := s.conflicts(ctx, tx, c.Record, docs.conflicts); err != nil {
		return err
	}
	rows := make([][]any, len(c.Record.Activity))
	for i, a := range c.Record.Activity {
		rows[i] = []any{
			seq, int64(i), stored.Micros(a.At), stored.Brief(string(a.Card)), stored.Clean(a.Kind), stored.Clean(a.Actor),
			stored.Clean(a.Side), stored.Clean(string(a.Field)), stored.Clean(a.Op), stored.Clean(a.Text),
		}
	}
	return s.insert(ctx, tx, intoActivity(), rows)
}

func (s *Store) events(ctx context.Context, tx *sql.Tx, events []kanban.Event) error {
	rows := make([][]any, len(events))
	for i, e := range events {
		changes, err := encode(e.Changes)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.SourceID, err)
		}
		rows[i] = []any{
			stored.Brief(e.Tracker), stored.Brief(e.SourceID), e.Seq, stored.Brief(e.Issue), stored.Micros(e.At),
			stored.Clean(e.Actor), stored.Bit(e.Own), stored.Clean(e.Op), changes,
		}
	}
	return s.insert(ctx, tx, intoEvent(), rows)
}

func (s *Store) conflicts(ctx context.Context, tx *sql.Tx, r engine.Record, docs []string) error {
	type text struct {
		id  string
		row []any
	}
	texts := make([]text, len(r.Conflicts))
	for i, k := range r.Conflicts {
		id := stored.Brief(k.ID)
		texts[i] = text{id, []any{id, stored.Brief(string(k.Card)), stored.Clean(string(k.Field)), stored.Micros(k.At), stored.Clean(k.State), docs[i]}}
	}
	var rows [][]any
	for _, t := range stored.Last(texts, func(t text) string { return t.id }) {
		rows = append(rows, t.row)
	}
	return s.insert(ctx, tx, intoConflict(), rows)
}
