package github

import (
	"encoding/json"
	"time"

	"parley/connectors"
)

// How a read misses nothing.
//
// The list is asked for in ascending order of updated_at, always its first page,
// and the next request starts at the last row's second: an item that is changed
// during the read moves to the end and is met again there, and nothing that
// stands still can slip over a page border. Only where one page cannot pass a
// second are later pages read; then each page is followed by a question whether
// the page before it is still the same (a 304 costs nothing), because a row that
// left it would have pulled one across the border unseen. If it is not, the walk
// starts over.
//
// After the last page the watermark becomes the server's clock at the first
// page minus the overlap, never the newest row seen: a change can become
// visible late. The next read starts below the watermark, without upper bound.

// secondsSlack is taken off a lower bound, because GitHub's documentation
// says both "at or after" and "after" of since.
const secondsSlack = time.Second

// staleRows is how many rows from before the watermark a first page may repeat.
// More of them, and the next read asks from the watermark on: one counted
// request per that many changes buys small answers.
const staleRows = 30

// place is where a read goes on. It travels as the token of a Scan.
type place struct {
	Since time.Time `json:"since,omitzero"` // lower bound; zero: everything
	URL   string    `json:"url,omitempty"`  // a later page at Since; "" is the first
	ETag  string    `json:"etag,omitempty"` // the page as it was last seen

	// Confirm says that the page is asked for again, because of a border after
	// it. Unchanged, the read goes on at Then, or ends where that is nil.
	Confirm bool   `json:"confirm,omitempty"`
	Then    *place `json:"then,omitempty"`
	// Prev is the page before this one, to be confirmed after it.
	Prev *place `json:"prev,omitempty"`
}

// listing is what one answer to a list request says about the read.
type listing struct {
	unchanged bool
	broken    []connectors.Broken
	dark      int         // rows without a usable updated_at
	updated   []time.Time // of every row that has a usable one, pull requests included
	limit     int         // rows asked for
	nodes     []string    // global ids of the issues among the rows
	next      string      // address of the following page
	etag      string
	date      time.Time // the server's clock, zero where unknown
}

// full reports whether the page holds as many rows as were asked for.
func (l *listing) full() bool { return len(l.updated)+l.dark >= l.limit }

// begin is where the read of a cursor starts or goes on.
func begin(c connectors.Cursor) place {
	if c.Scan.Token != "" {
		var p place
		if json.Unmarshal([]byte(c.Scan.Token), &p) == nil {
			return p
		}
	}
	if c.ETag != "" && below(c.Since, c.Watermark) {
		return place{Since: c.Since, ETag: c.ETag}
	}
	return place{Since: floor(c.Watermark)}
}

// below reports whether a list from since on shows everything after the watermark.
func below(since, watermark time.Time) bool {
	return since.IsZero() || !since.After(watermark.Add(-secondsSlack))
}

// floor is the lower bound that a watermark gives a new read.
func floor(w time.Time) time.Time {
	if w.IsZero() {
		return w
	}
	return w.Truncate(time.Minute).Add(-time.Minute)
}

// move takes a cursor over one answer that was asked for at p. The read has
// ended when the cursor it gives has no Scan.
func move(c connectors.Cursor, p place, l listing, overlap time.Duration) connectors.Cursor {
	started := c.Scan.Started
	if c.Scan.Token == "" {
		started = l.date
	}
	if next := step(p, l); next != nil {
		token, _ := json.Marshal(next) // strings and times only
		c.Since, c.ETag = time.Time{}, ""
		c.Scan = connectors.Scan{Started: started, Token: string(token), Pages: c.Scan.Pages + 1}
		return c
	}
	whole := c.Scan.Token == "" && p.URL == ""
	c.Scan = connectors.Scan{}
	if !started.IsZero() {
		if w := started.Add(-time.Second - overlap); w.After(c.Watermark) {
			c.Watermark = w
		}
	}
	if l.unchanged && whole {
		return c
	}
	c.Since, c.ETag = keep(c.Watermark, p, l)
	return c
}

// step is the place after an answer, nil after the last.
func step(p place, l listing) *place {
	if l.unchanged {
		return p.Then
	}
	if p.Confirm && p.URL != "" {
		// More than a page may have moved up, so the pages before are in doubt too.
		return &place{Since: p.Since}
	}
	next := onward(p, l)
	if p.Prev == nil {
		return next
	}
	check := *p.Prev
	check.Confirm, check.Then = true, next
	return &check
}

// onward is the place after a page's rows: from the last row's second on if that
// gets any further, else the page that follows.
func onward(p place, l listing) *place {
	if l.next == "" && !l.full() {
		return nil
	}
	if last, ok := ascending(l.updated); ok {
		if since := last.Add(-secondsSlack); since.After(p.Since) {
			return &place{Since: since}
		}
	}
	if l.next == "" {
		return nil
	}
	next := &place{Since: p.Since, URL: l.next}
	if l.etag != "" {
		next.Prev = &place{Since: p.Since, URL: p.URL, ETag: l.etag}
	}
	return next
}

// ascending gives the last time if none comes before the one in front of it. A
// list in another order says nothing about what follows a row.
func ascending(times []time.Time) (time.Time, bool) {
	for i := 1; i < len(times); i++ {
		if times[i].Before(times[i-1]) {
			return time.Time{}, false
		}
	}
	if len(times) == 0 {
		return time.Time{}, false
	}
	return times[len(times)-1], true
}

// keep decides what the next read may ask for conditionally. The address must
// stay the same for a 304, so the lower bound stays where it is as long as that
// serves. A full page can never be kept: what changes behind it leaves it as it is.
func keep(w time.Time, p place, l listing) (since time.Time, etag string) {
	if p.URL != "" || l.next != "" || l.full() || l.etag == "" || !below(p.Since, w) {
		return time.Time{}, ""
	}
	if p.ETag != "" && stale(l.updated, floor(w)) > staleRows {
		return time.Time{}, ""
	}
	return p.Since, l.etag
}

func stale(times []time.Time, before time.Time) int {
	n := 0
	for _, t := range times {
		if t.Before(before) {
			n++
		}
	}
	return n
}
