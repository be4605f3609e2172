package github

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"parley/connectors"
)

// Whether a change of an Issue Field moves its issue's updated_at nobody has measured. So
// the open issues of a repository are walked beside the list of what changed, each page
// with the tag it had: what is as it was costs nothing of the quota. A closed issue
// is read again with the daily reading of everything.

// fieldsPrefix begins the name of a source that is a repository's fields.
const fieldsPrefix = "fields "

// sheet is a page of open issues as it was last seen.
type sheet struct {
	URL  string `json:"url"`
	ETag string `json:"etag,omitempty"`
	Next string `json:"next,omitempty"`
}

// maxSheets bounds what a cursor remembers; what is beyond is left to the slow readings.
const maxSheets = 100

// leaf is where the walk over a repository's open issues stands. It travels as the token
// of a Scan.
type leaf struct {
	Page   int     `json:"page"`
	Sheets []sheet `json:"sheets,omitempty"`
}

// openIssues is the first page of a repository's open issues, in an order that nothing
// but a new issue or a closed one changes.
func openIssues(repo string) string {
	v := url.Values{"state": {"open"}, "sort": {"created"}, "direction": {"asc"}, "per_page": {strconv.Itoa(pageSize)}}
	return "repos/" + repo + "/issues?" + v.Encode()
}

// fieldChanges reads the next page of a repository's open issues, unless it is as it was.
// The first call reads nothing: the repository's own list is about to.
func (c *Client) fieldChanges(ctx context.Context, cur connectors.Cursor) (connectors.Page, error) {
	repo := strings.TrimPrefix(cur.Source, fieldsPrefix)
	q := get("list the open issues of "+repo, "")
	if err := checkRepo(repo); err != nil {
		return connectors.Page{}, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if cur.Watermark.IsZero() {
		cur.Watermark = c.now()
		return connectors.Page{Next: cur}, nil
	}
	if err := c.account(ctx); err != nil {
		return connectors.Page{}, err
	}
	at := leafOf(cur)
	if q.path = at.url(repo); sameRootOrBelow(c, q.path) != nil {
		at = leaf{} // url was changed since
		q.path = at.url(repo)
	}
	if at.Page < len(at.Sheets) && at.Sheets[at.Page].URL == q.path {
		q.etag = at.Sheets[at.Page].ETag
	}
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Page{}, err
	}
	l, found, err := c.listing(repo, q, a)
	if err == nil {
		found, err = c.complete(ctx, &l, found)
	}
	if err != nil {
		return connectors.Page{}, err
	}
	if l.unchanged && q.etag == "" {
		return connectors.Page{}, c.fail(q, connectors.Malformed, "304 to a request without a condition", nil)
	}
	out := connectors.Page{Observations: found, Broken: l.broken, ServerTime: l.date, Unchanged: l.unchanged && at.Page == 0}
	out.Next, out.More = at.onwards(cur, q.path, l)
	return out, nil
}

// sameRootOrBelow checks an address that comes from the store.
func sameRootOrBelow(c *Client, path string) error {
	if !strings.Contains(path, "://") {
		return nil
	}
	return sameRoot(c.builder.BaseURL, path)
}

// leafOf is where the walk of a cursor starts or goes on.
func leafOf(cur connectors.Cursor) leaf {
	var at leaf
	if cur.Scan.Token != "" && json.Unmarshal([]byte(cur.Scan.Token), &at) == nil && at.Page > 0 && at.Page <= len(at.Sheets) {
		return at
	}
	at = leaf{}
	_ = json.Unmarshal([]byte(cur.ETag), &at.Sheets) // what cannot be read is read again
	return at
}

// url is the address of the page that is read next.
func (at leaf) url(repo string) string {
	if at.Page > 0 {
		return at.Sheets[at.Page-1].Next
	}
	return openIssues(repo)
}

// onwards is the cursor after a page. One poll walks a few pages only, and the next goes on.
func (at leaf) onwards(cur connectors.Cursor, path string, l listing) (next connectors.Cursor, more bool) {
	if !l.unchanged {
		if at.Page == len(at.Sheets) {
			at.Sheets = append(at.Sheets, sheet{})
		}
		if l.next == "" && l.full() {
			l.etag = "" // what comes behind it leaves it as it is
		}
		at.Sheets[at.Page] = sheet{path, l.etag, l.next}
	}
	if to := at.Sheets[at.Page].Next; to != "" && at.Page+1 < maxSheets {
		at.Page++
		token, _ := json.Marshal(at) // texts and numbers only
		cur.Scan.Token, cur.Scan.Pages = string(token), at.Page
		return cur, at.Page%pagesAPoll != 0
	}
	text, _ := json.Marshal(at.Sheets[:at.Page+1]) // the same
	cur.ETag, cur.Scan = string(text), connectors.Scan{}
	if l.date.After(cur.Watermark) {
		cur.Watermark = l.date
	}
	return cur, false
}
