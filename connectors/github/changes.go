package github

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// maxPages ends a read that an endless list would keep going for ever.
const maxPages = 100_000

// maxListed ends one whose rows are kept until its end: an issue has 2,500 comments at most.
const maxListed = 1000

// Changes reads the next page of a repository's issues that changed since the
// cursor, open and closed, without pull requests. A repository's zero cursor
// reads everything. One call is one request; an idle one is answered by a 304. Where a
// project holds the status or the priority, one more asks it about the issues of the page.
// The first call of a client may ask who the account is besides. A project as source
// brings the issues that moved in it, each by a read of its own; a repository's fields
// bring the pages of its open issues that look different.
// The error's kinds are those of any read.
func (c *Client) Changes(ctx context.Context, cur connectors.Cursor) (connectors.Page, error) {
	switch {
	case strings.HasPrefix(cur.Source, projectPrefix):
		return c.projectChanges(ctx, cur)
	case strings.HasPrefix(cur.Source, fieldsPrefix):
		return c.fieldChanges(ctx, cur)
	}
	return c.issueChanges(ctx, cur)
}

// issueChanges is Changes of a repository.
func (c *Client) issueChanges(ctx context.Context, cur connectors.Cursor) (connectors.Page, error) {
	at := begin(cur)
	if at.URL != "" && sameRoot(c.builder.BaseURL, at.URL) != nil {
		at = place{Since: at.Since} // url was changed during the read
	}
	q := get("list issues of "+cur.Source, at.URL)
	if err := checkRepo(cur.Source); err != nil {
		return connectors.Page{}, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if at.URL == "" {
		q.path = issuesPath(cur.Source, at.Since)
	}
	q.etag = at.ETag
	if err := c.account(ctx); err != nil {
		return connectors.Page{}, err
	}
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Page{}, err
	}
	l, found, err := c.listing(cur.Source, q, a)
	if err != nil {
		return connectors.Page{}, err
	}
	if l.unchanged && at.ETag == "" {
		return connectors.Page{}, c.fail(q, connectors.Malformed, "304 to a request without a condition", nil)
	}
	if found, err = c.complete(ctx, &l, found); err != nil {
		return connectors.Page{}, err
	}
	if cur.Scan.Pages >= maxPages {
		return connectors.Page{}, c.fail(q, connectors.Malformed, "the list does not end", nil)
	}
	next := move(cur, at, l, max(c.overlap, cur.Lag))
	return connectors.Page{
		Observations: found,
		Broken:       l.broken,
		Next:         next,
		More:         next.Scan.Token != "",
		Unchanged:    l.unchanged && cur.Scan.Token == "",
		ServerTime:   l.date,
	}, nil
}

// issuesPath is the first page of everything updated since a moment, oldest first.
func issuesPath(repo string, since time.Time) string {
	v := url.Values{"state": {"all"}, "sort": {"updated"}, "direction": {"asc"}, "per_page": {strconv.Itoa(pageSize)}}
	if !since.IsZero() {
		v.Set("since", since.UTC().Format(time.RFC3339))
	}
	return "repos/" + repo + "/issues?" + v.Encode()
}

// listing reads a page of issues. Pull requests and rows that cannot be understood
// count for the walk, but are not among what was found.
func (c *Client) listing(repo string, q call, a transport.Answer) (listing, []connectors.Observation, error) {
	l := listing{limit: pageSize, date: serverTime(a.Header), unchanged: a.Status == http.StatusNotModified}
	if l.unchanged {
		return l, nil, nil
	}
	rows, err := decodeRows(a.Body)
	if err != nil || isHTML(a) {
		return l, nil, c.unreadable(q, a.Status, "the answer is not the list of issues that GitHub sends", err)
	}
	if l.next, err = c.following(q, a); err != nil {
		return l, nil, err
	}
	l.etag = a.Header.Get("ETag")
	repo = c.spelling(repo)
	l.updated = make([]time.Time, 0, len(rows))
	found := make([]connectors.Observation, 0, len(rows))
	for _, raw := range rows {
		i, err := decodeIssue(raw, l.date)
		if err != nil {
			l.spoil(repo, raw, err)
			continue
		}
		l.updated = append(l.updated, i.GetUpdatedAt().UTC())
		if !i.IsPullRequest() {
			l.nodes = append(l.nodes, i.GetNodeID())
			found = append(found, connectors.Observation{Issue: c.issue(repo, i), Since: connectors.NoHistory})
		}
	}
	return l, found, nil
}
