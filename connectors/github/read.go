package github

import (
	"context"
	"fmt"
	"strconv"

	"parley/connectors"
)

// Read is a strong read of one issue, without history. A number that belongs to
// another issue by now, or to a pull request, is NotFound.
func (c *Client) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	path, err := c.issuePath("read ", ref)
	if err != nil {
		return connectors.Observation{}, err
	}
	if _, err := c.account(ctx); err != nil {
		return connectors.Observation{}, err
	}
	q := get("read "+ref.Key, path)
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Observation{}, err
	}
	var row issueJSON
	if err := c.decode(q, a, &row); err != nil {
		return connectors.Observation{}, err
	}
	if err := c.sameIssue(q, a.Status, ref, &row); err != nil {
		return connectors.Observation{}, err
	}
	return connectors.Observation{Issue: c.issue(c.spelling(ref.Container), &row), Since: connectors.NoHistory}, nil
}

// sameIssue fails if the answer is not the issue that was asked for.
func (c *Client) sameIssue(q call, status int, ref connectors.Ref, row *issueJSON) error {
	switch id := strconv.FormatInt(row.GetID(), 10); {
	case !row.sound():
		return c.unreadable(q, status, "the answer lacks id, number or updated_at", nil)
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
