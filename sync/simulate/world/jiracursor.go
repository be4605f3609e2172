package world

import (
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// The cursor of connectors/jira, rule for rule; a test holds the two together by
// giving both the same answers.

// spot is where a read stands between two pages.
type spot struct{ page, anchor string }

func (p spot) String() string { return p.page + " " + p.anchor }

func readSpot(token string) spot {
	page, anchor, _ := strings.Cut(token, " ")
	return spot{page, anchor}
}

// maxPages bounds one read.
const maxPages = 50_000

// below is from where the next read has to look: the watermark floored to the minute,
// less another minute.
func below(watermark time.Time) time.Time {
	if watermark.IsZero() {
		return watermark
	}
	return watermark.Truncate(time.Minute).Add(-time.Minute)
}

// takeUp prepares a cursor for the next page. What is asked for has changed where the
// fingerprint has; then everything is read again.
func takeUp(c connectors.Cursor, fingerprint string) connectors.Cursor {
	if c.ETag != "" && c.ETag != fingerprint {
		c = connectors.Cursor{Source: c.Source}
	}
	c.ETag = fingerprint
	return c
}

// leaf is what the cursor needs to know of a page.
type leaf struct {
	date    time.Time
	newest  time.Time // of its last row, zero where it has none
	next    string
	hasNext bool
}

// advance moves the cursor behind a page and reports whether another waits. The
// watermark moves after the last page, to the server's clock at the first page less
// a second and Λ; where the pages go round in circles, no further than what was met.
func advance(c connectors.Cursor, at spot, l leaf, overlap time.Duration) (connectors.Cursor, bool) {
	if c.Scan.Started.IsZero() {
		c.Scan.Started = l.date
	}
	c.Scan.Pages++
	reached := c.Scan.Started.Add(-time.Second - overlap)
	if l.hasNext {
		if !circular(at, l.next, c.Scan.Pages) {
			next := spot{l.next, at.anchor}
			if c.Scan.Pages&(c.Scan.Pages-1) == 0 {
				next.anchor = next.page
			}
			c.Scan.Token = next.String()
			return c, true
		}
		if l.newest.Before(reached) {
			reached = l.newest
		}
	}
	if reached.After(c.Watermark) {
		c.Watermark = reached
	}
	c.Scan = connectors.Scan{}
	return c, false
}

// circular recognises a page that was met before in the same read.
func circular(at spot, next string, pages int) bool {
	return pages >= maxPages || next != "" && (next == at.page || next == at.anchor)
}

// bookmark names the place after a row, as a nextPageToken does.
func (r row) bookmark() string {
	return strconv.FormatInt(r.v.updated.UnixNano(), 36) + "." + strconv.FormatInt(r.num, 36)
}

// opened reads a bookmark; the zero time is the beginning.
func opened(page string) (updated time.Time, num int64) {
	t, n, ok := strings.Cut(page, ".")
	if !ok {
		return updated, 0
	}
	ns, _ := strconv.ParseInt(t, 36, 64)
	num, _ = strconv.ParseInt(n, 36, 64)
	return time.Unix(0, ns).UTC(), num
}
