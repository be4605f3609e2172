package web

import (
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// Timeline is Stories'. Its pages hold what the world was told to tell, two each where
// there are more.
func (w *world) Timeline(_ context.Context, ref, before string, _ int) (view.Timeline, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.find(ref)
	if err != nil {
		return view.Timeline{}, err
	}
	all := w.moments
	if all == nil {
		all = []view.Moment{{ID: "e-1", At: noon, Where: "jira", Who: "Ada", Kind: "tracker", Text: "Status: To Do → In Progress", Column: kanban.ColumnKey(c.Column), Mark: "active", Day: "Sun 22 Nov 2026", Hour: "12:00"}}
	}
	if before != "" {
		all = all[1+slices.IndexFunc(all, func(m view.Moment) bool { return m.ID == before }):]
	}
	t := view.Timeline{Moments: all[:min(2, len(all))]}
	if len(all) > 2 {
		t.Next = all[1].ID
	}
	return t, nil
}

// Courts is Stories'.
func (w *world) Courts(_ context.Context, ref string) (view.Courts, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.find(ref)
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	return view.Courts{
		Spells: []kanban.Spell{{Party: kanban.IT, From: at(-171), To: at(-147)}, {Party: kanban.Business, From: at(-147), To: at(-30)}, {Party: kanban.Third, Blocked: true, From: at(-30), To: at(0)}},
		IT:     24 * 3600, Business: 117 * 3600, Blocked: 30 * 3600,
	}, err
}
