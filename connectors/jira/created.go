package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// Created lists the issues that the account made in a project since a moment, with
// their marks, by age. A search finds them as far as its index has come; past it, the
// keys that follow Search.After are read strongly. An issue that was moved to another
// project since is there under its new key. An issue that cannot be understood fails
// the call: it could be the one that is looked for.
//
// Cloud is asked in two requests, or more where there is more. Data Center, whose
// searches bring no properties, needs one besides for each issue and key.
func (c *Client) Created(ctx context.Context, s connectors.Search) ([]connectors.Issue, error) {
	l := lookup{client: c, doing: fmt.Sprintf("look for own issues in %.40q", s.Container), since: s.Since, found: map[string]connectors.Issue{}}
	after, ok := numberOf(s.After)
	if !projectKey.MatchString(s.Container) || s.After != "" && !ok {
		return nil, c.fail(request{doing: l.doing}, connectors.Invalid, errors.New("the search needs a project key, and the key of an issue after which to look or none"))
	}
	ctx = transport.Series(ctx)
	var err error
	if l.who, err = c.learn(ctx); err == nil {
		err = c.nameFields(ctx)
	}
	if err == nil {
		err = l.search(ctx, ownJQL(s))
	}
	if err == nil && s.After != "" {
		err = l.probe(ctx, s.Container, after)
	}
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(l.found), byAge), nil
}

func byAge(a, b connectors.Issue) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
}

// ownJQL asks with a minute to spare: some indexes know no finer time.
func ownJQL(s connectors.Search) string {
	jql := inProjects([]string{s.Container}) + " AND creator = currentUser()"
	if from := lowerBound(s.Since); !from.IsZero() {
		jql += fmt.Sprintf(" AND created >= %d", from.UnixMilli())
	}
	return jql
}

// numberOf is the number of a key such as OPS-12.
func numberOf(key string) (int, bool) {
	at := strings.LastIndexByte(key, '-')
	if at < 0 {
		return 0, false
	}
	n, err := strconv.Atoi(key[at+1:])
	return n, err == nil && n >= 0
}

// lookup gathers the account's own issues out of several answers.
type lookup struct {
	client *Client
	doing  string
	who    identity
	since  time.Time
	found  map[string]connectors.Issue // by id; a later answer replaces an earlier one
}

// take keeps an issue that the account made in the time asked for.
func (l *lookup) take(i connectors.Issue) {
	if i.Own && !i.Created.Before(l.since.Truncate(time.Second)) {
		l.found[i.ID] = i
	}
}

// search walks the pages of a search. Data Center's go on by the last key: rows are
// counted anew for each page, and none lies beyond the site's window.
func (l *lookup) search(ctx context.Context, jql string) error {
	seen := map[position]bool{}
	for at := (position{}); ; {
		if seen[at] = true; len(seen) > lookupPages {
			return l.endless("search")
		}
		q, page, err := l.page(ctx, jql, at)
		if err != nil {
			return err
		}
		if err := l.takeAll(ctx, page.Issues); err != nil {
			return err
		}
		switch {
		case !l.who.cloud && len(page.Issues) > 0 && len(page.Issues) < page.Total:
			at.Key = page.Issues[len(page.Issues)-1].key()
		case l.who.cloud && !page.IsLast && page.Next != "":
			at.Page = string(page.Next)
		default:
			return nil
		}
		if seen[at] {
			return l.client.fail(q, connectors.Malformed, errors.New("the pages go round in a circle"))
		}
	}
}

func (l *lookup) page(ctx context.Context, jql string, at position) (request, found, error) {
	c := l.client
	q := request{doing: l.doing, method: http.MethodPost, path: "search/jql",
		body: cloudSearch{JQL: jql + " ORDER BY created ASC, key ASC", Fields: c.asked().ids, Properties: ourProperties(), MaxResults: pageSize, Page: at.Page}}
	if !l.who.cloud {
		q.path, q.body = "search", serverSearch{JQL: jql + behindKey(at.Key) + " ORDER BY key ASC", Fields: c.asked().ids, MaxResults: pageSize}
	}
	var page found
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &page)
	}
	if err == nil {
		err = c.listed(q, a, "issues", page.Issues != nil)
	}
	return q, page, err
}

// takeAll converts rows of an answer.
func (l *lookup) takeAll(ctx context.Context, rows []wireRow) error {
	for _, row := range rows {
		i, err := row.issue(l.client, l.who, time.Time{})
		if err != nil {
			return l.client.fail(request{doing: l.doing}, connectors.Malformed, fmt.Errorf("%s cannot be understood: %w", cmp.Or(row.key(), "an issue"), err))
		}
		if i.Own && !l.who.cloud {
			if i.Marker, err = l.client.markOf(ctx, i.Ref); err != nil {
				return err
			}
		}
		l.take(i)
	}
	return nil
}
