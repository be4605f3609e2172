package world

import (
	"context"
	"strconv"
	"time"

	"parley/connectors"
)

// Changes reads the next page of a repository's issues that changed since the cursor.
func (g *github) Changes(ctx context.Context, c connectors.Cursor) (connectors.Page, error) {
	if err := g.stopped(ctx, "list issues of "+c.Source); err != nil {
		return connectors.Page{}, err
	}
	q := g.begin("changes", c.Source, false)
	var p connectors.Page
	err := q.refused()
	if err == nil {
		g.strike(&q, nil)
		p, err = g.changes(&q, c)
	}
	if err == nil {
		err = q.lost()
	}
	q.end()
	if err != nil {
		return connectors.Page{}, err
	}
	return p, nil
}

func (g *github) changes(q *request, c connectors.Cursor) (connectors.Page, error) {
	b := g.box(c.Source)
	if b == nil || b.hidden.After(g.w.now) {
		return connectors.Page{}, q.fail(connectors.NotFound, 404, "Not Found")
	}
	p := resume(c)
	s := g.list(q, b, p)
	if s.circular {
		return connectors.Page{}, q.fail(connectors.Malformed, 200, "the list does not end")
	}
	if s.unchanged {
		g.w.count("304")
		s.next, s.etag = "", ""
	}
	s.page.Next = move(c, p, s.listing, max(g.overlap, c.Lag))
	s.page.More = s.page.Next.Scan.Token != ""
	s.page.Unchanged = s.unchanged && c.Scan.Token == ""
	s.page.ServerTime = s.date
	return s.page, nil
}

// sheet is one page of a list on its way.
type sheet struct {
	listing
	g        *github
	rows     []row
	skip     int
	size     int
	sum      uint64
	page     connectors.Page
	circular bool
}

// list answers one request for a list.
func (g *github) list(q *request, b *container, p place) *sheet {
	skip, _ := strconv.Atoi(p.URL)
	size := g.page(fullPage)
	s := &sheet{g: g, rows: g.scratch[:0], skip: skip, size: size, listing: listing{limit: size, date: g.date()}}
	if q.fault == ShortPage && size > 1 {
		s.size = 1 + q.struck().IntN(size-1)
	}
	s.sum = mix(uint64(skip)) + uint64(p.Since.Unix())
	if g.w.opts.Swarm.Rotate {
		s.sum += mix(uint64(g.w.now.Unix() / 3600))
	}
	if late := q.behind(StaleList); late > 0 {
		b.view.walkAsOf(g.w.now.Add(-late), p.Since, g.w.issues, s.meet)
	} else {
		b.view.refresh(g.w.now)
		b.view.walk(p.Since, s.meet)
	}
	if s.next != "" {
		s.next = itoa(skip + len(s.rows))
	}
	s.etag = strconv.FormatUint(mix(s.sum), 36)
	s.conclude(q, p)
	g.scratch = s.rows
	return s
}

// conclude compares with the picture that the caller has, and draws a new one where it
// differs.
func (s *sheet) conclude(q *request, p place) {
	s.unchanged = p.ETag != "" && p.ETag == s.etag
	if p.ETag != "" && !s.unchanged && q.fault == Stale304 {
		q.struck()
		s.unchanged = true
	}
	if q.fault == RepeatedPage && s.next != "" && p.URL != "" {
		q.struck()
		s.circular = true
	}
	if !s.unchanged && !s.circular {
		s.draw()
	}
}

// draw makes the page of the rows.
func (s *sheet) draw() {
	s.updated = make([]time.Time, 0, len(s.rows))
	s.page.Observations = make([]connectors.Observation, 0, len(s.rows))
	for _, r := range s.rows {
		s.updated = append(s.updated, r.v.updated)
		if r.poisoned.After(s.g.w.now) {
			s.page.Broken = append(s.page.Broken, r.broken(r.v.state))
			continue
		}
		s.page.Observations = append(s.page.Observations, connectors.Observation{Issue: r.show(r.v.state), Since: connectors.NoHistory})
	}
}

// meet takes a row, and says whether the next one can be taken as well.
func (s *sheet) meet(i *issue, v *version) bool {
	switch {
	case i.hidden.After(s.g.w.now):
		return true
	case s.skip > 0:
		s.skip--
		return true
	case len(s.rows) == s.size:
		s.next = "more"
		s.sum++
		return false
	}
	s.sum = mix(s.sum ^ uint64(v.n))
	if i.poisoned.After(s.g.w.now) {
		s.sum++
	}
	s.rows = append(s.rows, row{i, v})
	return true
}
