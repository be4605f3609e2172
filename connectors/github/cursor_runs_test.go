package github

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/sync/cursor"
)

// repository reads a list the way Changes does.
func repository() cursor.Reader[connectors.Cursor] {
	ask := func(c connectors.Cursor, l *cursor.List) (connectors.Cursor, []cursor.Row, bool) {
		p := begin(c)
		a, page := listed(l, p)
		next := move(c, p, a, cursor.Visible*time.Millisecond)
		return next, page, next.Scan.Token == ""
	}
	return cursor.Reader[connectors.Cursor]{Ask: ask, Watermark: func(c connectors.Cursor) int64 { return c.Watermark.UnixMilli() }}
}

// listed is the page that a place asks for.
func listed(l *cursor.List, p place) (listing, []cursor.Row) {
	from := int64(0)
	if !p.Since.IsZero() {
		from = p.Since.UnixMilli()
	}
	rows, n := l.Since(from), 1
	if _, page, ok := strings.Cut(p.URL, "page="); ok {
		n, _ = strconv.Atoi(page)
	}
	first := min((n-1)*l.Limit, len(rows))
	page := rows[first:min(first+l.Limit, len(rows))]
	a := listing{limit: l.Limit, etag: fmt.Sprint(page), date: time.UnixMilli(l.Date()).UTC()}
	if a.etag == p.ETag {
		return listing{limit: l.Limit, unchanged: true, date: a.date}, nil
	}
	if first+l.Limit < len(rows) {
		a.next = "page=" + strconv.Itoa(n+1)
	}
	for _, r := range page {
		a.updated = append(a.updated, time.UnixMilli(r.Updated).UTC())
	}
	return a, page
}

// However late issues show, however they move while the pages are read, and wherever
// a crash falls: what changed is read.
func TestManyReadsMissNothing(t *testing.T) {
	t.Parallel()
	runs := uint64(3_000)
	if os.Getenv("PARLEY_EXHAUSTIVE") != "" {
		runs = 200_000
	}
	for seed := range runs {
		pace := cursor.Pace{Page: 20_000 + int64(seed%2)*80_000, Poll: 60_000, Grain: 1000}
		if lost := repository().Run(seed, pace); lost != "" {
			t.Fatalf("run %d: %s", seed, lost)
		}
	}
}
