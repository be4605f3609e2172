package runner

import (
	"context"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// many is a batch of histories that are read together.
type many struct {
	ids   []string
	token string
	fails int             // in a row
	seen  map[string]bool // issues that had an entry; false: one that cannot be understood
}

// together reads the histories of a batch page by page, and gives the issues that it told
// nothing of: there may be nothing to tell, or they cannot be seen.
func (h *chronicle) together(ctx context.Context, from connectors.Historian, rows []store.IssueRow) ([]store.IssueRow, error) {
	refs, ids := make([]connectors.Ref, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		refs[i], ids[i] = refOf(row), row.ID
	}
	m := h.many
	if m == nil || !slices.Equal(m.ids, ids) {
		m = &many{ids: ids, seen: map[string]bool{}}
	}
	h.many = nil
	for {
		if wait := h.waits(h.t.Name, recalling()); wait != nil {
			h.many = m
			return nil, wait
		}
		page, ok, err := from.Histories(recalling().on(ctx), refs, m.token)
		if err != nil || !ok {
			return h.apart(ctx, m, rows, err)
		}
		h.heard(ctx, h.t.Name, recalling())
		events := m.take(h, page)
		if page.Next == "" {
			return h.end(ctx, m, rows, events)
		}
		if err := h.commit(ctx, events); err != nil {
			return nil, err
		}
		if page.Next == m.token {
			h.Log.WarnContext(ctx, "a batch of histories leads nowhere; they are read one by one", "tracker", h.t.Name, "issues", len(rows))
			return rows, nil
		}
		m.token, m.fails = page.Next, 0
	}
}

// apart is what follows where a batch is not told together: the product cannot, or it
// refuses the question or fails at it time and again, and each issue is asked about alone;
// else it is asked again later.
func (h *chronicle) apart(ctx context.Context, m *many, rows []store.IssueRow, err error) ([]store.IssueRow, error) {
	if err == nil {
		return rows, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	h.refused(ctx, err, h.t.Name, recalling())
	switch connectors.KindOf(err) {
	case connectors.Invalid, connectors.Malformed, connectors.NotFound, connectors.Forbidden, connectors.Gone:
		h.Log.InfoContext(ctx, "histories are read one by one", "tracker", h.t.Name, "issues", len(rows), "error", err)
		return rows, nil
	}
	if h.stuck(err, &m.fails, recalling()) {
		h.Log.WarnContext(ctx, "a batch of histories fails time and again; they are read one by one", "tracker", h.t.Name, "issues", len(rows), "error", err)
		return rows, nil
	}
	h.many = m
	return nil, err
}

// patience is how often a part of the histories is asked for that the tracker fails at
// while it answers all else.
const patience = 5

// stuck counts a failure and reports whether there is no use in asking the same again. What
// meets a tracker that is down, or asks for quiet, does not count.
func (h *chronicle) stuck(err error, fails *int, on errand) bool {
	switch connectors.KindOf(err) {
	case connectors.Auth, connectors.RateLimit:
		return false
	}
	if !h.gates.shut(h.Now(), h.t.Name, on).IsZero() {
		return false
	}
	*fails++
	return *fails >= patience
}

// take gives the events of a page.
func (m *many) take(h *chronicle, page connectors.HistoryPage) []kanban.Event {
	var events []kanban.Event
	for _, e := range page.Entries {
		if fine, known := m.seen[e.IssueID]; fine || !known {
			m.seen[e.IssueID] = true
		}
		events = append(events, h.events(e.IssueID, []connectors.Entry{e})...)
	}
	for _, b := range page.Broken {
		m.seen[b.ID] = false
	}
	return events
}

// end closes the issues that a batch has told of, and gives the others.
func (h *chronicle) end(ctx context.Context, m *many, rows []store.IssueRow, events []kanban.Event) (left []store.IssueRow, err error) {
	var told []store.IssueRow
	for _, row := range rows {
		if m.seen[row.ID] {
			told = append(told, row)
		} else {
			left = append(left, row)
		}
	}
	if len(told) > 0 {
		h.hidden = 0
	}
	return left, h.whole(ctx, told, events)
}
