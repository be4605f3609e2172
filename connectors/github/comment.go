package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"parley/connectors"
	"parley/connectors/transport"
)

var _ connectors.Comments = (*Client)(nil)

// commentJSON is a comment as GitHub sends it: the library's fields and those that it
// does not know.
type commentJSON struct {
	gogithub.IssueComment
	Via       *viaApp         `json:"performed_via_github_app"`
	Minimized json.RawMessage `json:"minimized"`
}

// ListComments reads the comments of an issue, oldest first. GitHub compares Since with
// the last edit. A list can be late by seconds.
func (c *Client) ListComments(ctx context.Context, s connectors.CommentSearch) ([]connectors.Comment, error) {
	path, err := c.issuePath("read the comments of ", s.Issue)
	if err != nil {
		return nil, err
	}
	if err := c.account(ctx); err != nil {
		return nil, err
	}
	query := url.Values{"per_page": {strconv.Itoa(pageSize)}}
	if !s.Since.IsZero() {
		query.Set("since", s.Since.Truncate(time.Second).UTC().Format(time.RFC3339))
	}
	q := get("read the comments of "+s.Issue.Key, path+"/comments?"+query.Encode())
	var out []connectors.Comment
	for range maxListed {
		a, err := c.do(ctx, q)
		if err != nil {
			return nil, err
		}
		page, err := c.commentPage(q, a, s)
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if q.path, err = c.following(q, a); err != nil {
			return nil, err
		}
		if q.path == "" {
			return eachComment(out), nil
		}
	}
	return nil, c.fail(q, connectors.Malformed, "the list does not end", nil)
}

func (c *Client) commentPage(q call, a transport.Answer, s connectors.CommentSearch) ([]connectors.Comment, error) {
	rows, err := decodeRows(a.Body)
	if err != nil {
		return nil, c.unreadable(q, a.Status, "the answer is no list of comments", err)
	}
	var out []connectors.Comment
	for _, raw := range rows {
		m, err := c.commentOf(q, a, s.Issue, raw)
		if err != nil {
			return nil, err
		}
		if !s.Fresh || !m.Created.Before(s.Since.Truncate(time.Second)) {
			out = append(out, m)
		}
	}
	return out, nil
}

// eachComment drops what a page border showed twice, keeping the last, and sorts.
func eachComment(all []connectors.Comment) []connectors.Comment {
	last := map[string]connectors.Comment{}
	for _, m := range all {
		last[m.ID] = m
	}
	out := make([]connectors.Comment, 0, len(last))
	for _, m := range last {
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y connectors.Comment) int {
		return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(len(x.ID), len(y.ID)), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// commentOf puts a comment into the connectors' terms. Whose it is shows only after
// account was called.
func (c *Client) commentOf(q call, a transport.Answer, issue connectors.Ref, raw []byte) (connectors.Comment, error) {
	var row commentJSON
	err := json.Unmarshal(raw, &row)
	switch now := serverTime(a.Header); {
	case err != nil:
		return connectors.Comment{}, c.unreadable(q, a.Status, "a comment cannot be understood", connectors.ShapeOnly(err))
	case row.GetID() <= 0 || !connectors.Plausible(row.GetCreatedAt().Time, now) || !connectors.Plausible(row.GetUpdatedAt().Time, now):
		return connectors.Comment{}, c.unreadable(q, a.Status, "a comment has no usable id or moment", nil)
	}
	m := connectors.Comment{
		ID: strconv.FormatInt(row.GetID(), 10), Issue: issue, Author: c.people.person(row.User), Own: c.self().made(row.User, row.Via),
		Created: row.GetCreatedAt().UTC(), Updated: row.GetUpdatedAt().UTC(), URL: row.GetHTMLURL(), Folded: isSet(row.Minimized),
	}
	m.Member = slices.Contains([]string{"OWNER", "MEMBER", "COLLABORATOR"}, row.GetAuthorAssociation())
	m.Robot = row.Via != nil || row.GetUser().GetType() == "Bot" || strings.HasSuffix(row.GetUser().GetLogin(), "[bot]")
	m.Body, m.Marker = readProse(row.GetBody())
	return m, nil
}

// ReadComment reads one comment. It is Gone where its issue can be read and it cannot.
func (c *Client) ReadComment(ctx context.Context, issue connectors.Ref, id string) (connectors.Comment, error) {
	q, err := c.commentCall("read", http.MethodGet, issue, id)
	if err != nil {
		return connectors.Comment{}, err
	}
	return c.oneComment(ctx, q, issue, http.StatusOK)
}

// PostComment posts a comment in one request, its mark included as the last line.
// Everybody who may read the issue reads it: one for fewer is refused.
func (c *Client) PostComment(ctx context.Context, d connectors.CommentDraft) (connectors.Comment, error) {
	path, err := c.issuePath("comment on ", d.Issue)
	if err != nil {
		return connectors.Comment{}, err
	}
	q := call{doing: "comment on " + d.Issue.Key, method: http.MethodPost, path: path + "/comments"}
	if q.body, err = c.commentBody(q, d); err != nil {
		return connectors.Comment{}, err
	}
	if err := c.stillThere(ctx, q, d.Issue); err != nil {
		return connectors.Comment{}, err
	}
	return c.oneComment(ctx, q, d.Issue, http.StatusCreated)
}

// stillThere fails where an issue's number belongs to another issue by now, as that of a
// new repository under the name of one that was renamed: what is said to the readers of
// one is not for those of the other. Where nothing can be seen the write will tell.
func (c *Client) stillThere(ctx context.Context, q call, issue connectors.Ref) error {
	path, err := c.issuePath("read ", issue)
	if err != nil || issue.ID == "" {
		return err
	}
	asked := get(q.doing, path)
	a, moved, err := c.follow(ctx, asked)
	switch connectors.KindOf(err) {
	case connectors.NotFound:
		return nil
	case connectors.Malformed:
		return c.fail(q, connectors.Transient, "whose number it is cannot be read", err) // and nothing was posted
	}
	if err != nil {
		return err
	}
	row, err := decodeIssue(a.Body, serverTime(a.Header))
	switch {
	case err != nil:
		return c.fail(q, connectors.Transient, "whose number it is cannot be read", err)
	case moved != nil && issue.ID != strconv.FormatInt(row.GetID(), 10):
		return moved
	}
	return c.sameIssue(asked, issue, row)
}

// EditComment replaces the text of a comment.
func (c *Client) EditComment(ctx context.Context, e connectors.CommentEdit) (connectors.Comment, error) {
	q, err := c.commentCall("edit", http.MethodPatch, e.Issue, e.ID)
	if err == nil {
		q.body, err = c.commentBody(q, e.CommentDraft)
	}
	if err != nil {
		return connectors.Comment{}, err
	}
	return c.oneComment(ctx, q, e.Issue, http.StatusOK)
}

// DeleteComment deletes a comment, or sees that it is gone.
func (c *Client) DeleteComment(ctx context.Context, issue connectors.Ref, id string) error {
	q, err := c.commentCall("delete", http.MethodDelete, issue, id)
	if err != nil {
		return err
	}
	a, err := c.do(ctx, q)
	if err == nil && a.Status != http.StatusNoContent {
		return c.unreadable(q, a.Status, "the answer is not that of a comment that was deleted", nil)
	}
	if err = c.absent(ctx, q, issue, err); connectors.KindOf(err) == connectors.Gone {
		return nil
	}
	return err
}

// commentCall is a request about one comment. The id comes from the store or from an
// answer and so is checked like any input.
func (c *Client) commentCall(verb, method string, issue connectors.Ref, id string) (call, error) {
	q := call{doing: verb + " a comment of " + issue.Key, method: method}
	if err := checkRepo(issue.Container); err != nil {
		return q, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if n, err := strconv.ParseInt(id, 10, 64); err != nil || n <= 0 {
		return q, c.fail(q, connectors.Invalid, "a comment has a positive number as its id", nil)
	}
	q.path = "repos/" + issue.Container + "/issues/comments/" + id
	return q, nil
}

func (c *Client) commentBody(q call, d connectors.CommentDraft) (any, error) {
	if err := d.Check(); err != nil {
		return nil, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if !d.Audience.Public() {
		e := c.fail(q, connectors.Invalid, fmt.Sprintf("the comment is for fewer (%s) than read it on GitHub", d.Audience), nil)
		e.Hint = "GitHub shows a comment to everybody who may read the issue; it is not posted there"
		return nil, e
	}
	return map[string]string{"body": proseOf(d)}, nil
}

// oneComment sends a request that is answered with one comment.
func (c *Client) oneComment(ctx context.Context, q call, issue connectors.Ref, status int) (connectors.Comment, error) {
	if err := c.account(ctx); err != nil {
		return connectors.Comment{}, err
	}
	a, err := c.do(ctx, q)
	if err != nil {
		if q.method == http.MethodPost {
			return connectors.Comment{}, err
		}
		return connectors.Comment{}, c.absent(ctx, q, issue, err)
	}
	if a.Status != status {
		return connectors.Comment{}, c.unreadable(q, a.Status, "the answer is no comment", nil)
	}
	var raw json.RawMessage
	if err := c.decode(q, a, &raw); err != nil {
		return connectors.Comment{}, err
	}
	return c.commentOf(q, a, issue, raw)
}

// absent tells a comment that is gone from one that may not be changed, and from one whose
// issue cannot be seen: not found is said of all three.
func (c *Client) absent(ctx context.Context, q call, issue connectors.Ref, err error) error {
	if connectors.KindOf(err) != connectors.NotFound {
		return err
	}
	if q.write() {
		look := q
		look.method, look.body = http.MethodGet, nil
		switch a, unseen := c.do(ctx, look); {
		case unseen == nil && a.Status == http.StatusOK:
			e := c.fail(q, connectors.Forbidden, "GitHub shows the comment and says of the change that there is none", err)
			e.Status, e.Hint = http.StatusNotFound, "the token may read it only: give it write access to issues"
			return e
		case connectors.KindOf(unseen) != connectors.NotFound:
			return err
		}
	}
	if _, hidden := c.Read(ctx, issue); hidden != nil && connectors.KindOf(hidden) != connectors.Gone {
		return err
	}
	e := c.fail(q, connectors.Gone, "the comment is not there any more", err)
	e.Status = http.StatusNotFound
	return e
}
