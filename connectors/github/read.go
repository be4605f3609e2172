package github

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"parley/connectors"
	"parley/connectors/transport"
)

// maxHops is how many redirects a read follows: a transfer, and renames on the way.
const maxHops = 5

// Read is a strong read of one issue, without history. It finds the issue also where
// its repository was renamed; the observation then has the new name. A number that
// belongs to another issue by now, or to a pull request, is NotFound. An issue that was
// transferred has another id and so is another one: that is an Error of kind Moved,
// and the observation with it is the issue at its new place.
func (c *Client) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	path, err := c.issuePath("read ", ref)
	if err != nil {
		return connectors.Observation{}, err
	}
	if err := c.account(ctx); err != nil {
		return connectors.Observation{}, err
	}
	q := get("read "+ref.Key, path)
	a, moved, err := c.follow(ctx, q)
	if err != nil {
		return connectors.Observation{}, err
	}
	row, err := c.oneIssue(q, a)
	if err != nil {
		return connectors.Observation{}, err
	}
	repo := ref.Container
	if moved != nil {
		repo = repoOf(row.GetRepositoryURL(), repo)
	}
	o := connectors.Observation{Issue: c.issue(c.spelling(repo), row), Since: connectors.NoHistory}
	if !row.IsPullRequest() {
		one := []connectors.Observation{o}
		unclear, err := c.fill(ctx, one, []string{row.GetNodeID()}, serverTime(a.Header))
		if err == nil && len(unclear) > 0 {
			err = unclear[0].Err
		}
		if err != nil {
			return connectors.Observation{}, err
		}
		o = one[0]
	}
	if moved != nil && ref.ID != "" && ref.ID != o.Issue.ID {
		moved.Hint = "it was transferred and is " + o.Issue.Key + " now"
		return o, moved
	}
	if err := c.sameIssue(q, ref, row); err != nil {
		return connectors.Observation{}, err
	}
	return o, nil
}

// follow sends a read and goes where redirects point, which never leaves the REST
// root. moved is the first of them, nil where there was none.
func (c *Client) follow(ctx context.Context, q call) (a transport.Answer, moved *connectors.Error, err error) {
	for range maxHops {
		a, err = c.do(ctx, q)
		var e *connectors.Error
		if err == nil || !errors.As(err, &e) || e.Kind != connectors.Moved {
			return a, moved, err
		}
		if moved == nil {
			moved = e
		}
		q.path = e.Location
	}
	return a, moved, c.fail(q, connectors.Malformed, "the redirects do not end", nil)
}

// oneIssue reads an answer that is one issue.
func (c *Client) oneIssue(q call, a transport.Answer) (*issueJSON, error) {
	if len(a.Body) == 0 || isHTML(a) {
		return nil, c.unreadable(q, a.Status, "the answer is no JSON at all", nil)
	}
	row, err := decodeIssue(a.Body, serverTime(a.Header))
	if err != nil {
		return nil, c.unreadable(q, a.Status, err.Error(), nil)
	}
	return row, nil
}

// repoOf takes owner/name from the address …/repos/owner/name, or gives what is known.
func repoOf(address, known string) string {
	_, name, ok := strings.Cut(address, "/repos/")
	if !ok || checkRepo(name) != nil {
		return known
	}
	return name
}

// sameIssue fails if the answer is not the issue that was asked for.
func (c *Client) sameIssue(q call, ref connectors.Ref, row *issueJSON) error {
	switch id := strconv.FormatInt(row.GetID(), 10); {
	case ref.ID != "" && ref.ID != id:
		return c.fail(q, connectors.NotFound, fmt.Sprintf("the number belongs to the issue with id %s now, not to %s", id, ref.ID), nil)
	case row.IsPullRequest():
		return c.fail(q, connectors.NotFound, "it is a pull request", nil)
	}
	return nil
}

// issuePath is the address of an issue. Its parts come from the store or from
// an answer, so they are checked like any input.
func (c *Client) issuePath(verb string, ref connectors.Ref) (string, error) {
	q := call{doing: verb + ref.Key}
	if err := checkRepo(ref.Container); err != nil {
		return "", c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if ref.Number <= 0 {
		return "", c.fail(q, connectors.Invalid, "an issue's number is positive", nil)
	}
	return fmt.Sprintf("repos/%s/issues/%d", ref.Container, ref.Number), nil
}
