package world

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/connectors"
)

// Changes reads the next page of what changed since the cursor.
func (j *jira) Changes(ctx context.Context, c connectors.Cursor) (connectors.Page, error) {
	if err := j.stopped(ctx, "search for changes"); err != nil {
		return connectors.Page{}, err
	}
	q := j.begin("changes", "", false)
	var p connectors.Page
	err := q.refused()
	if err == nil {
		j.strike(&q, nil)
		p, err = j.search(&q, takeUp(c, j.fingerprint())), q.lost()
	}
	q.end()
	if err != nil {
		return connectors.Page{}, err
	}
	return p, nil
}

// fingerprint names the projects that a search asks for.
func (j *jira) fingerprint() string {
	asked := []string{"v1"}
	for _, b := range j.boxes {
		if b.read && !slices.Contains(j.unseen, b.key) {
			asked = append(asked, b.key)
		}
	}
	return strings.Join(asked, " ")
}

// hunt is a search under way.
type hunt struct {
	j     *jira
	after time.Time // the place after which it goes on
	num   int64
	limit int
	page  connectors.Page
	leaf  leaf
	last  string // where an empty page leads on from
	rows  []row
}

// search answers one page.
func (j *jira) search(q *request, c connectors.Cursor) connectors.Page {
	at := readSpot(c.Scan.Token)
	h := &hunt{j: j, rows: j.scratch[:0], limit: j.page(fullPage), leaf: leaf{date: j.date()}}
	h.after, h.num = opened(at.page)
	if q.fault == ShortPage {
		h.limit = q.struck().IntN(h.limit)
		h.last = at.page // an empty page leads on from where it began
	}
	lo := below(c.Watermark)
	if h.after.After(lo) {
		lo = h.after
	}
	if late := q.behind(StaleList); late > 0 {
		j.view.walkAsOf(j.w.now.Add(-late), lo, j.w.issues, h.meet)
	} else {
		j.view.refresh(j.w.now)
		j.view.walk(lo, h.meet)
	}
	h.draw()
	j.scratch = h.rows
	h.repeat(q, at)
	h.page.ServerTime = h.leaf.date
	h.page.Next, h.page.More = advance(c, at, h.leaf, max(j.overlap, c.Lag))
	return h.page
}

// meet takes a row, and says whether the next one can be taken as well.
func (h *hunt) meet(i *issue, v *version) bool {
	if i.kind != connectors.Jira || !v.updated.After(h.after) && (!v.updated.Equal(h.after) || i.num <= h.num) || !h.j.listed(i, v) {
		return true
	}
	if len(h.rows) == h.limit {
		h.leaf.hasNext, h.leaf.next = true, h.last
		if len(h.rows) > 0 {
			h.leaf.next = h.rows[len(h.rows)-1].bookmark()
		} else if h.last == "" {
			h.leaf.next = "0.0"
		}
		return false
	}
	h.rows = append(h.rows, row{i, v})
	return true
}

// draw makes the page of the rows.
func (h *hunt) draw() {
	h.page.Observations = make([]connectors.Observation, 0, len(h.rows))
	for _, r := range h.rows {
		h.leaf.newest = r.v.updated
		if r.poisoned.After(h.j.w.now) {
			h.page.Broken = append(h.page.Broken, r.broken(r.v.state))
			continue
		}
		h.page.Observations = append(h.page.Observations, h.j.observe(r.issue, r.v, h.j.page(searchHistory), true))
	}
}

// broken is a row that cannot be understood.
func (i *issue) broken(s *state) connectors.Broken {
	return connectors.Broken{ID: i.id, Key: s.key, Err: errBroken}
}

// listed reports whether a search shows a version to Parley's account.
func (j *jira) listed(i *issue, v *version) bool {
	s := i.now().state
	return s != nil && s.security == "" && !i.hidden.After(j.w.now) && v.box.read && !v.archived
}

// repeat lets the page lead to itself.
func (h *hunt) repeat(q *request, at spot) {
	if q.fault == RepeatedPage && h.leaf.hasNext && at.page != "" {
		q.struck()
		h.leaf.next = at.page
	}
}
