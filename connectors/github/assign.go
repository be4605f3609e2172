package github

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"parley/connectors"
)

// assign adds one login to the assignees. GitHub leaves out whom it cannot assign and
// answers as if all were well.
func (c *Client) assign(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	q := call{doing: "assign " + quote(w.Assign) + " to " + w.Issue.Key, method: http.MethodPost, path: path + "/assignees"}
	r, err := c.reassign(ctx, w, q, w.Assign, true)
	if err != nil || assigned(r.Issue, w.Assign) {
		return r, err
	}
	e := c.fail(q, connectors.Invalid, "GitHub accepted the request and left the person out", nil)
	e.Status, e.Field = http.StatusCreated, "assignees"
	e.Hint = "only members of the repository can be assigned, ten at most, and only an account with the triage role or more can assign them: check the login, its access and the account's"
	return connectors.Receipt{}, e
}

// unassign takes one login off the assignees; that it is none already is no failure.
func (c *Client) unassign(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	q := call{doing: "unassign " + quote(w.Unassign) + " from " + w.Issue.Key, method: http.MethodDelete, path: path + "/assignees"}
	r, err := c.reassign(ctx, w, q, w.Unassign, false)
	if err != nil || !assigned(r.Issue, w.Unassign) {
		return r, err
	}
	e := c.fail(q, connectors.Forbidden, "GitHub accepted the request and left the person in", nil)
	e.Status, e.Field = http.StatusOK, "assignees"
	e.Hint = "the account lacks the triage role in the repository, without which changes of assignees are dropped silently"
	return connectors.Receipt{}, e
}

// reassign asks for somebody to be one of the assignees or none. Who is not known by the
// login that they had is asked for once more by the one that they have.
func (c *Client) reassign(ctx context.Context, w connectors.Write, q call, name string, want bool) (connectors.Receipt, error) {
	login := c.people.login(name)
	q.body = map[string][]string{"assignees": {login}}
	r, err := c.sendIssue(ctx, w, q)
	if err != nil || assigned(r.Issue, name) == want {
		return r, err
	}
	now, changed := c.calledNow(ctx, name, login)
	if !changed {
		return r, nil
	}
	q.body = map[string][]string{"assignees": {now}}
	return c.sendIssue(ctx, w, q)
}

func assigned(i *connectors.Issue, login string) bool {
	return slices.ContainsFunc(i.Assignees, func(p connectors.Person) bool { return strings.EqualFold(p.ID, login) })
}
