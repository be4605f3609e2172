package jira

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"parley/connectors"
	"parley/sync/cursor"
)

// search reads a list the way Changes does, as Cloud or as Data Center serves it. A
// page token of Cloud stands for the last issue of the page before.
func search(cloud bool) cursor.Reader[connectors.Cursor] {
	ask := func(c connectors.Cursor, l *cursor.List) (connectors.Cursor, []cursor.Row, bool) {
		at, err := parsePosition(c.Scan.Token)
		if err != nil {
			panic(err)
		}
		from := lowerBound(c.Watermark)
		rows := l.Since(bound(from, at))
		if cloud {
			rows = behind(rows, at.Page)
		} else if at.Project != "" {
			rows = second(rows, at)
		}
		total := len(rows)
		page := rows[:min(len(rows), l.Limit)]
		f := found{Issues: wired(page), IsLast: len(page) == len(rows), Start: at.Start, Total: total}
		a := answerPage{Date: time.UnixMilli(l.Date())}
		if n := len(page); n > 0 {
			a.Newest = time.UnixMilli(page[n-1].Updated)
			f.Next = text(fmt.Sprintf("%d %d", page[n-1].Updated, page[n-1].Item))
		}
		if cloud {
			a = f.step(a)
		} else {
			a = f.serverStep([]string{"A", "B"}, from, at, a)
		}
		next, more := advance(c, at, a, cursor.Visible*time.Millisecond)
		return next, page, !more
	}
	return cursor.Reader[connectors.Cursor]{Ask: ask, Watermark: func(c connectors.Cursor) int64 { return c.Watermark.UnixMilli() }}
}

func wired(page []cursor.Row) []wireRow {
	out := make([]wireRow, len(page))
	for i, r := range page {
		out[i].raw = fmt.Appendf(nil, `{"id":"%[1]d","key":"%[3]s-%[1]d","fields":{"updated":%[2]q}}`, r.Item+1, time.UnixMilli(r.Updated).UTC().Format("2006-01-02T15:04:05.000-0700"), projectOf(r))
	}
	return out
}

// projectOf tells the project of an issue: every third is in B.
func projectOf(r cursor.Row) string {
	if r.Item%3 == 0 {
		return "B"
	}
	return "A"
}

// second is what one project shows of a second, by key.
func second(rows []cursor.Row, at position) []cursor.Row {
	last, _ := numberOf(at.Key)
	rows = slices.DeleteFunc(rows, func(r cursor.Row) bool {
		return r.Updated >= at.From+1000 || projectOf(r) != at.Project || r.Item+1 <= last
	})
	slices.SortFunc(rows, func(a, b cursor.Row) int { return a.Item - b.Item })
	return rows
}

func bound(from time.Time, at position) int64 {
	if at.From != 0 {
		return at.From
	}
	if from.IsZero() {
		return 0
	}
	return from.UnixMilli()
}

func behind(rows []cursor.Row, token string) []cursor.Row {
	if token == "" {
		return rows
	}
	var last cursor.Row
	if _, err := fmt.Sscanf(token, "%d %d", &last.Updated, &last.Item); err != nil {
		panic(err)
	}
	for len(rows) > 0 && cursor.Order(rows[0], last) <= 0 {
		rows = rows[1:]
	}
	return rows
}

// However late issues show, however they move while the pages are read, and wherever
// a crash falls: what changed is read.
func TestManyReadsMissNothing(t *testing.T) {
	t.Parallel()
	runs := uint64(3_000)
	if os.Getenv("PARLEY_EXHAUSTIVE") != "" {
		runs = 200_000
	}
	for name, cloud := range map[string]bool{"Cloud": true, "Data Center": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range runs {
				pace := cursor.Pace{Page: 20_000 + int64(seed%2)*80_000, Poll: 60_000, Grain: 1}
				if lost := search(cloud).Run(seed, pace); lost != "" {
					t.Fatalf("run %d: %s", seed, lost)
				}
			}
		})
	}
}
