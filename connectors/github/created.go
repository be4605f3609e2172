package github

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// Created lists the issues that the account made in a repository since a moment, open
// and closed, oldest first. It asks the list of issues, which reads the database, and
// not the search, which is an index that may lag by days. A list can be late by
// seconds all the same. After is not needed. A row that cannot be understood fails the
// call: it could be the issue that is looked for.
func (c *Client) Created(ctx context.Context, s connectors.Search) ([]connectors.Issue, error) {
	q := get("look for own issues in "+quote(s.Container), "")
	if err := checkRepo(s.Container); err != nil {
		return nil, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	ctx = transport.Series(ctx)
	me, err := c.introduce(ctx) // anew: under a login that the account had once nothing is found
	if err != nil {
		return nil, err
	}
	var out []connectors.Issue
	q.path = createdPath(s, c.people.login(me.ID))
	for range maxListed {
		a, err := c.do(ctx, q)
		if err != nil {
			return nil, err
		}
		l, found, err := c.listing(s.Container, q, a)
		if err == nil && len(l.broken) > 0 {
			err = c.unreadable(q, a.Status, "an issue in the list cannot be understood: "+l.broken[0].Key, l.broken[0].Err)
		}
		if err != nil {
			return nil, err
		}
		if _, err := c.fill(ctx, found, l.nodes, l.date); err != nil { // its mark is what counts here
			return nil, err
		}
		for _, o := range found {
			if o.Issue.Own && !o.Issue.Created.Before(s.Since.Truncate(time.Second)) {
				out = append(out, o.Issue)
			}
		}
		if l.next == "" {
			return oneEach(out), nil
		}
		q.path = l.next
	}
	return nil, c.fail(q, connectors.Malformed, "the list does not end", nil)
}

// createdPath asks by the moment of the last change, the only bound that the list
// knows: what was created since a moment was changed since then as well.
func createdPath(s connectors.Search, login string) string {
	v := url.Values{"state": {"all"}, "creator": {login}, "sort": {"created"}, "direction": {"asc"}, "per_page": {strconv.Itoa(pageSize)}}
	if !s.Since.IsZero() {
		v.Set("since", s.Since.Add(-secondsSlack).UTC().Format(time.RFC3339))
	}
	return "repos/" + s.Container + "/issues?" + v.Encode()
}

// oneEach drops issues that a page border showed twice, keeping the last.
func oneEach(issues []connectors.Issue) []connectors.Issue {
	last := map[string]int{}
	for n, i := range issues {
		last[i.ID] = n
	}
	var out []connectors.Issue
	for n, i := range issues {
		if last[i.ID] == n {
			out = append(out, i)
		}
	}
	return slices.Clip(out)
}
