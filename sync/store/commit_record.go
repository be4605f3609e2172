package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
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
			seq, int64(i), micros(a.At), brief(string(a.Card)), clean(a.Kind), clean(a.Actor),
			clean(a.Side), clean(string(a.Field)), clean(a.Op), clean(a.Text),
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
			brief(e.Tracker), brief(e.SourceID), e.Seq, brief(e.Issue), micros(e.At),
			clean(e.Actor), bit(e.Own), clean(e.Op), changes,
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
		id := brief(k.ID)
		texts[i] = text{id, []any{id, brief(string(k.Card)), clean(string(k.Field)), micros(k.At), clean(k.State), docs[i]}}
	}
	var rows [][]any
	for _, t := range last(texts, func(t text) string { return t.id }) {
		rows = append(rows, t.row)
	}
	return s.insert(ctx, tx, intoConflict(), rows)
}
