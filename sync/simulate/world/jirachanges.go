package world

import (
	"context"
	"slices"
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
	out := "v1"
	for _, b := range j.boxes {
		if b.read && !slices.Contains(j.unseen, b.key) {
			out += " " + b.key
		}
	}
	return out
}

// hunt is a search under way.
type hunt struct {
	j     *jira
	after time.Time // the place after which it goes on
	num   int64
	limit int
	page  connectors.Page
	leaf  leaf
	last  string // bookmark of the last row
	rows  int
}

// search answers one page.
func (j *jira) search(q *request, c connectors.Cursor) connectors.Page {
	at := readSpot(c.Scan.Token)
	h := &hunt{j: j, limit: j.page(fullPage), leaf: leaf{date: j.date()}}
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
	h.repeat(q, at)
	h.page.ServerTime = h.leaf.date
	h.page.Next, h.page.More = advance(c, at, h.leaf, j.overlap)
	return h.page
}

// meet takes a row, and says whether the next one can be taken as well.
func (h *hunt) meet(i *issue, v *version) bool {
	if i.kind != connectors.Jira || !v.updated.After(h.after) && (!v.updated.Equal(h.after) || i.num <= h.num) || !h.j.listed(i, v) {
		return true
	}
	if h.rows == h.limit {
		h.leaf.hasNext, h.leaf.next = true, h.last
		if h.last == "" {
			h.leaf.next = "0.0"
		}
		return false
	}
	h.rows++
	h.last = bookmark(v, i)
	if i.poisoned.After(h.j.w.now) {
		h.page.Broken = append(h.page.Broken, i.broken(v.state))
		return true
	}
	h.page.Observations = append(h.page.Observations, h.j.observe(i, v, h.j.page(searchHistory), true))
	h.leaf.newest = v.updated
	return true
}

// broken is a row that cannot be understood.
func (i *issue) broken(s *state) connectors.Broken {
	return connectors.Broken{ID: i.id, Key: s.key, Err: errBroken}
}

// listed reports whether a search shows a version to Parley's account.
func (j *jira) listed(i *issue, v *version) bool {
	now := j.w.now
	return v.box.read && !v.archived && j.sees(i) && !i.hidden.After(now) && !v.box.hidden.After(now) && !slices.Contains(j.unseen, v.box.key)
}

// repeat lets the page lead to itself.
func (h *hunt) repeat(q *request, at spot) {
	if q.fault == RepeatedPage && h.leaf.hasNext && at.page != "" {
		q.struck()
		h.leaf.next = at.page
	}
}
