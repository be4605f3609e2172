package web

import (
	"context"

	"parley/sync/view"
)

// CardTable is Boards'.
func (w *world) CardTable(_ context.Context, q view.Query) (view.Table, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := view.Table{Columns: []string{"card", "title"}, Rows: [][]string{}}
	for _, c := range w.sorted(q) {
		t.Rows = append(t.Rows, []string{string(c.ID), c.Title})
	}
	return t, w.broken()
}

// EventTable is Boards'.
func (w *world) EventTable(ctx context.Context, q view.Query) (view.Table, error) {
	return w.CardTable(ctx, q)
}
