package github

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
)

// Send performs one write in one request, but for a project's field, whose item is looked
// up and made where need be. Labels and assignees are added and removed
// singly, so that nobody's edit of another one can be overwritten. GitHub says yes
// also where it leaves out a label or a person: that is an Error of kind Forbidden or
// Invalid. The first call of a client may ask who the account is besides.
func (c *Client) Send(ctx context.Context, w connectors.Write) (connectors.Receipt, error) {
	path, err := c.issuePath("write ", w.Issue)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if err := onlyOurs(w); err != nil {
		return connectors.Receipt{}, c.fail(call{doing: "write " + w.Issue.Key}, connectors.Invalid, err.Error(), nil)
	}
	if err := c.account(ctx); err != nil {
		return connectors.Receipt{}, err
	}
	switch {
	case w.AddLabel != "":
		return c.addLabel(ctx, path, w)
	case w.RemoveLabel != "":
		return c.removeLabel(ctx, path, w)
	case w.Assign != "":
		return c.assign(ctx, path, w)
	case w.Unassign != "":
		return c.unassign(ctx, path, w)
	case w.Title != "":
		return c.setTitle(ctx, path, w)
	case w.Choose != nil:
		return c.choose(ctx, path, w)
	default:
		return c.setState(ctx, path, w)
	}
}

// onlyOurs fails unless exactly one action is set that GitHub has.
func onlyOurs(w connectors.Write) error {
	if w.Transition != "" || w.Priority != "" || w.Due != "" || len(w.Fields) > 0 || w.Link != nil {
		return errors.New("a GitHub issue has no transition, priority, due date, fields or remote link")
	}
	set := 0
	for _, v := range []string{w.AddLabel, w.RemoveLabel, w.State, w.Title, w.Assign, w.Unassign} {
		if v != "" {
			set++
		}
	}
	if w.Choose != nil {
		set++
	}
	if set != 1 {
		return errors.New("a write is exactly one of: add or remove a label, assign or unassign somebody, set the state, set the title, choose an option")
	}
	if w.Reason != "" && w.State == "" {
		return errors.New("a reason belongs to a state")
	}
	return nil
}

// choose sets the field that holds the status or the priority.
func (c *Client) choose(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	switch p, held := c.held.places[w.Choose.Of]; {
	case !held:
		return connectors.Receipt{}, c.fail(call{doing: choosing(w)}, connectors.Invalid, "the "+quote(w.Choose.Of)+" is held in labels here", nil)
	case p.Project != "":
		return c.setOption(ctx, w)
	}
	return c.setField(ctx, path, w)
}

func (c *Client) addLabel(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	q := call{doing: "add label " + quote(w.AddLabel) + " to " + w.Issue.Key, method: http.MethodPost, path: path + "/labels",
		body: map[string][]string{"labels": {w.AddLabel}}}
	labels, err := c.sendLabels(ctx, q)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if !has(labels, w.AddLabel) {
		return connectors.Receipt{}, c.dropped(q, "GitHub accepted the request and left the label out")
	}
	return connectors.Receipt{Labels: labels}, nil
}

func has(labels []string, name string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.EqualFold(l, name) })
}

// dropped is a yes to a change of labels after which they are as they were.
func (c *Client) dropped(q call, message string) error {
	e := c.fail(q, connectors.Forbidden, message, nil)
	e.Status, e.Field = http.StatusOK, "labels"
	e.Hint = "the account lacks push access to the repository, without which changes of labels are dropped silently"
	return e
}

// removeLabel counts a label that is not there as removed; what the issue has
// left is then unknown.
func (c *Client) removeLabel(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	q := call{doing: "remove label " + quote(w.RemoveLabel) + " from " + w.Issue.Key, method: http.MethodDelete,
		path: path + "/labels/" + url.PathEscape(w.RemoveLabel)}
	if w.RemoveLabel == "." || w.RemoveLabel == ".." {
		// As a path this would name all labels of the issue, or the issue itself.
		e := c.fail(q, connectors.Invalid, "GitHub cannot remove a label of this name singly", nil)
		e.Field, e.Hint = "labels", "rename the label"
		return connectors.Receipt{}, e
	}
	labels, err := c.sendLabels(ctx, q)
	var e *connectors.Error
	if errors.As(err, &e) && e.Status == http.StatusNotFound && strings.Contains(strings.ToLower(e.Message), "label does not exist") {
		return connectors.Receipt{}, nil
	}
	if err != nil {
		return connectors.Receipt{}, err
	}
	if has(labels, w.RemoveLabel) {
		return connectors.Receipt{}, c.dropped(q, "GitHub accepted the request and left the label where it was")
	}
	return connectors.Receipt{Labels: labels}, nil
}

// sendLabels performs a label write and gives the names the issue has after it;
// none is an empty list, not nil.
func (c *Client) sendLabels(ctx context.Context, q call) ([]string, error) {
	a, err := c.do(ctx, q)
	if err != nil {
		return nil, err
	}
	var labels []gogithub.Label
	if err := c.decode(q, a, &labels); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(labels))
	for i := range labels {
		names = append(names, labels[i].GetName())
	}
	return names, nil
}

// setState sends the reason along even if the state stays: GitHub then changes
// the reason of a closed issue.
func (c *Client) setState(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	q := call{doing: "set state " + quote(w.State) + " of " + w.Issue.Key, method: http.MethodPatch, path: path}
	if c.reasonless.Load() && (w.Reason == "not_planned" || w.Reason == "duplicate") {
		// It would close the issue and leave the reason out: another status than asked for.
		e := c.fail(q, connectors.Invalid, "this server has no reasons for closing an issue", nil)
		e.Field, e.Hint = "state_reason", "tell the column's issues by a label, as in closed + label:NAME, or upgrade the server"
		return connectors.Receipt{}, e
	}
	body := gogithub.IssueRequest{State: &w.State}
	if w.Reason != "" {
		body.StateReason = &w.Reason
	}
	q.body = &body
	r, err := c.sendIssue(ctx, w, q)
	if err != nil || shows(r.Issue, w) || w.State == r.Issue.State && c.reasonless.Load() {
		return r, err
	}
	e := c.fail(q, connectors.Forbidden, "GitHub accepted the request and left the state as it was", nil)
	e.Status, e.Field, e.Hint = http.StatusOK, "state", "the account needs the triage role or more in the repository to close and open issues"
	return connectors.Receipt{}, e
}

// shows reports whether an issue has the state, and the reason for it, of a write. GitHub
// says nothing where the usual reason applies.
func shows(i *connectors.Issue, w connectors.Write) bool {
	return i.State == w.State && (w.State == "open" || w.Reason == "" || cmp.Or(i.Reason, "completed") == w.Reason)
}

// setTitle sends the title alone: whatever else a PATCH names, it overwrites.
func (c *Client) setTitle(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	return c.sendIssue(ctx, w, call{doing: "set the title of " + w.Issue.Key, method: http.MethodPatch, path: path, body: map[string]string{"title": w.Title}})
}

// sendIssue performs a write that GitHub answers with the issue as it is after it.
func (c *Client) sendIssue(ctx context.Context, w connectors.Write, q call) (connectors.Receipt, error) {
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Receipt{}, err
	}
	var row issueJSON
	if err := c.decode(q, a, &row); err != nil {
		return connectors.Receipt{}, err
	}
	if !row.sound() || !row.timely(serverTime(a.Header)) {
		return connectors.Receipt{}, c.unreadable(q, a.Status, "the answer lacks id, number or updated_at, or its moments cannot be", nil)
	}
	if err := c.sameIssue(q, w.Issue, &row); err != nil {
		return connectors.Receipt{}, err
	}
	issue := c.issue(c.spelling(w.Issue.Container), &row)
	return connectors.Receipt{Issue: &issue, Labels: issue.Labels}, nil
}
