package world

import (
	"encoding/json"
	"time"

	"parley/connectors"
)

// The cursor of connectors/github, rule for rule; a test holds the two together by
// giving both the same answers. Its token is JSON, which is written only where a read
// has several pages.

const (
	slack     = time.Second // off a lower bound, because "since" may mean after or at
	staleRows = 30          // that a first page may repeat before the next read asks anew
)

// place is where a read goes on.
type place struct {
	Since   time.Time `json:"since,omitzero"`
	URL     string    `json:"url,omitempty"` // rows to skip at Since, of a later page
	ETag    string    `json:"etag,omitempty"`
	Confirm bool      `json:"confirm,omitempty"` // asked for again, because of the border after it
	Then    *place    `json:"then,omitempty"`    // where it goes on if unchanged
	Prev    *place    `json:"prev,omitempty"`    // to be confirmed after this one
}

// listing is what one answer says about the read.
type listing struct {
	unchanged bool
	updated   []time.Time
	limit     int
	next      string // the page that follows
	etag      string
	date      time.Time
}

// resume is where the read of a cursor starts or goes on.
func resume(c connectors.Cursor) place {
	if c.Scan.Token != "" {
		var p place
		if json.Unmarshal([]byte(c.Scan.Token), &p) == nil {
			return p
		}
	}
	if c.ETag != "" && covers(c.Since, c.Watermark) {
		return place{Since: c.Since, ETag: c.ETag}
	}
	return place{Since: below(c.Watermark)}
}

// covers reports whether a list from since on shows everything after the watermark.
func covers(since, watermark time.Time) bool {
	return since.IsZero() || !since.After(watermark.Add(-slack))
}

// move takes a cursor over one answer.
func move(c connectors.Cursor, p place, l listing, overlap time.Duration) connectors.Cursor {
	started := c.Scan.Started
	if c.Scan.Token == "" {
		started = l.date
	}
	if next := onward(p, l); next != nil {
		token, _ := json.Marshal(next) // texts and times only
		c.Since, c.ETag = time.Time{}, ""
		c.Scan = connectors.Scan{Started: started, Token: string(token), Pages: c.Scan.Pages + 1}
		return c
	}
	whole := c.Scan.Token == "" && p.URL == ""
	c.Scan = connectors.Scan{}
	if w := started.Add(-slack - overlap); !started.IsZero() && w.After(c.Watermark) {
		c.Watermark = w
	}
	if !l.unchanged || !whole {
		c.Since, c.ETag = retain(c.Watermark, p, l)
	}
	return c
}

// onward is the place after an answer, nil after the last.
func onward(p place, l listing) *place {
	switch {
	case l.unchanged:
		return p.Then
	case p.Confirm && p.URL != "":
		return &place{Since: p.Since} // more than a page may have moved up
	}
	next := following(p, l)
	if p.Prev == nil {
		return next
	}
	check := *p.Prev
	check.Confirm, check.Then = true, next
	return &check
}

// following is the place after a page's rows: the last row's second where that gets
// further, else the next page, with the one before to be confirmed.
func following(p place, l listing) *place {
	if l.next == "" && len(l.updated) < l.limit {
		return nil
	}
	if last, ok := rising(l.updated); ok && last.Add(-slack).After(p.Since) {
		return &place{Since: last.Add(-slack)}
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

// rising gives the last time of a list that never goes back.
func rising(times []time.Time) (time.Time, bool) {
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

// retain is what the next read may ask for conditionally.
func retain(w time.Time, p place, l listing) (time.Time, string) {
	switch {
	case p.URL != "", l.next != "", len(l.updated) >= l.limit, l.etag == "", !covers(p.Since, w):
		return time.Time{}, ""
	case p.ETag != "" && older(l.updated, below(w)) > staleRows:
		return time.Time{}, ""
	}
	return p.Since, l.etag
}

func older(times []time.Time, than time.Time) int {
	n := 0
	for _, t := range times {
		if t.Before(than) {
			n++
		}
	}
	return n
}
