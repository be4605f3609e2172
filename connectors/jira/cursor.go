package jira

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"parley/connectors"
)

// maxPages bounds one read; a site would need five million issues to reach it.
const maxPages = 50_000

// position is where a read stands between two pages. It is what Scan.Token
// holds, so that a read survives a restart.
type position struct {
	Page   string `json:"page,omitempty"`   // Cloud: token of the next page
	Anchor string `json:"anchor,omitempty"` // Cloud: an earlier token, see repeated
	// Cloud: the ids of the issues that the search looks up past its index, with commas.
	// A page token is good for the list that it was given for.
	Reconcile string `json:"reconcile,omitempty"`
	From      int64  `json:"from,omitempty"` // Data Center: lower bound, Unix milliseconds
	// Data Center: of a second with more issues than a page holds, the project that is
	// read by key, and the last key seen.
	Project string `json:"project,omitempty"`
	Key     string `json:"key,omitempty"`
	Start   int    `json:"start,omitempty"` // Data Center: rows to skip that name no place to go on from
}

func (p position) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // cannot be: strings and integers
	}
	return string(b)
}

func parsePosition(token string) (p position, err error) {
	if token == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(token), &p); err != nil {
		return p, fmt.Errorf("read cursor: %w", err)
	}
	return p, nil
}

// answerPage is what the cursor needs to know of one page of an answer.
type answerPage struct {
	Date    time.Time // the server's clock
	Newest  time.Time // updated of its last issue, zero when it has none
	Next    position  // where the following page is
	HasNext bool
}

// lowerBound is from where the next read has to look: the watermark floored to
// the minute, which is as fine as some searches are, less another minute. The
// zero time means everything.
func lowerBound(watermark time.Time) time.Time {
	if watermark.IsZero() {
		return time.Time{}
	}
	return watermark.Truncate(time.Minute).Add(-time.Minute)
}

// begin prepares a cursor for the next page. Asking for other projects or fields
// than before starts over from nothing, else what the new ones hold would stay
// unseen until it changes. A cursor without a fingerprint is taken as it is.
func begin(c connectors.Cursor, fingerprint string) connectors.Cursor {
	if c.ETag != "" && c.ETag != fingerprint {
		c = connectors.Cursor{Source: c.Source}
	}
	c.ETag = fingerprint
	return c
}

// advance moves the cursor behind one page and reports whether another waits.
//
// The watermark moves only after the last page, to the server's clock at the
// first page less a second (its Date has no fraction) and the overlap: by then
// everything changed earlier was visible to the search and, the pages being in
// the order of change, was met by it. Where the pages go round in circles, only
// what was surely read counts: everything up to the last issue.
func advance(c connectors.Cursor, at position, page answerPage, overlap time.Duration) (connectors.Cursor, bool) {
	if c.Scan.Started.IsZero() {
		c.Scan.Started = page.Date
	}
	c.Scan.Pages++
	reached := c.Scan.Started.Add(-time.Second - overlap)
	if page.HasNext {
		next := page.Next
		next.Anchor, next.Reconcile = at.Anchor, at.Reconcile
		if !repeated(at, next, c.Scan.Pages) {
			if c.Scan.Pages&(c.Scan.Pages-1) == 0 {
				next.Anchor = next.Page
			}
			c.Scan.Token = next.String()
			return c, true
		}
		if page.Newest.Before(reached) {
			reached = page.Newest
		}
	}
	if reached.After(c.Watermark) {
		c.Watermark = reached
	}
	c.Scan = connectors.Scan{}
	return c, false
}

// repeated recognises a token seen before in the same read. Comparing with an
// anchor that moves up at every power of two finds a circle of any length
// without keeping all tokens.
func repeated(at, next position, pages int) bool {
	if pages >= maxPages {
		return true
	}
	return next.Page != "" && (next.Page == at.Page || next.Page == at.Anchor)
}

// searchJQL asks for all issues of the projects that changed since from. Moments
// are Unix milliseconds, unquoted: any other way of writing one is read in the
// time zone of the account. There is no upper bound, which would hide an issue
// that changes all the time.
func searchJQL(projects []string, from time.Time) string {
	jql := inProjects(projects)
	if !from.IsZero() {
		jql += fmt.Sprintf(" AND updated >= %d", from.UnixMilli())
	}
	return jql + " ORDER BY updated ASC, key ASC"
}

// secondJQL asks for the issues of one project that changed last within one second,
// behind a key. Where no second is known it is all issues of the project.
func secondJQL(at position) string {
	jql := inProjects([]string{at.Project})
	if at.From != 0 {
		jql += fmt.Sprintf(" AND updated >= %d AND updated < %d", at.From, at.From+time.Second.Milliseconds())
	}
	return jql + behindKey(at.Key) + " ORDER BY key ASC"
}

// behindKey is the clause of what follows a key in its project.
func behindKey(key string) string {
	if key == "" {
		return ""
	}
	return ` AND key > "` + key + `"`
}

// inProjects is the clause of the issues of some projects.
func inProjects(projects []string) string {
	quoted := make([]string, len(projects))
	for i, p := range projects {
		quoted[i] = `"` + p + `"` // checked by New; quoted because a key may be a word of JQL
	}
	return "project in (" + strings.Join(quoted, ", ") + ")"
}

// fingerprint identifies what a read asks for.
func fingerprint(projects, fields []string) string {
	h := fnv.New64a()
	for _, list := range [][]string{projects, fields} {
		for _, s := range slices.Sorted(slices.Values(list)) {
			_, _ = h.Write([]byte(s + "\n"))
		}
		_, _ = h.Write([]byte("--\n"))
	}
	return fmt.Sprintf("v1-%016x", h.Sum64())
}
