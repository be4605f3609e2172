package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

var _ connectors.Comments = (*Client)(nil)

const (
	commentPage = 100 // the most that either product gives
	// commentTries is how often a list is read anew because a comment came or went
	// between two of its pages.
	commentTries = 3
)

// commentsOf is a request about the comments of an issue, with their properties. Cloud is
// asked in version 3, which shows and takes documents: its version 2 turns them into wiki
// text and loses some of it.
func (c *Client) commentsOf(ctx context.Context, verb, method string, issue connectors.Ref, id string) (identity, request, error) {
	q := request{doing: verb + called(issue), method: method, query: url.Values{"expand": {"properties"}}, write: method != http.MethodGet}
	path, err := c.address(q.doing, issue)
	if err != nil {
		return identity{}, q, err
	}
	q.path = path + "/comment"
	if id != "" {
		q.path += "/" + id
	}
	who, err := c.learn(ctx)
	if who.cloud {
		q.root = rootCloud
	}
	return who, q, err
}

// checkID refuses an id that would lead to another address.
func (c *Client) checkID(q request, id string) error {
	if plainID.MatchString(id) {
		return nil
	}
	return c.fail(q, connectors.Invalid, errors.New("the comment has no usable id"))
}

// ListComments reads the comments of an issue, the newest pages first; Jira has no
// question by the moment of an edit. The list reads the database and does not lag. Where
// an answer comes without properties, those that matter are asked for one by one.
func (c *Client) ListComments(ctx context.Context, s connectors.CommentSearch) ([]connectors.Comment, error) {
	who, q, err := c.commentsOf(ctx, "read the comments of ", http.MethodGet, s.Issue, "")
	if err != nil {
		return nil, err
	}
	for range commentTries {
		all, steady, err := c.allComments(ctx, who, q, s)
		if err != nil {
			return nil, err
		}
		if steady {
			slices.Reverse(all)
			return all, nil
		}
	}
	return nil, c.fail(q, connectors.Transient, errors.New("comments came and went between the pages, again and again"))
}

// allComments walks the pages. steady is false where the number of comments changed on
// the way: then one may have slipped through.
func (c *Client) allComments(ctx context.Context, who identity, q request, s connectors.CommentSearch) (all []connectors.Comment, steady bool, err error) {
	since := s.Since.Truncate(time.Second)
	total := -1
	for start := 0; ; {
		page, err := c.commentsFrom(ctx, q, start)
		if err != nil {
			return nil, false, err
		}
		if total >= 0 && page.Total != total {
			return nil, false, nil
		}
		total, start = page.Total, start+len(page.Comments)
		older := false
		for i := range page.Comments {
			m, err := c.comment(ctx, who, q, s.Issue, &page.Comments[i])
			if err != nil {
				return nil, false, err
			}
			if older = m.Created.Before(since); !m.Updated.Before(since) && !(s.Fresh && older) {
				all = append(all, m)
			}
		}
		if s.Fresh && older || start >= total {
			return all, true, nil
		}
		if len(page.Comments) == 0 { // more were announced
			return nil, false, nil
		}
	}
}

// wireComments is a page of comments.
type wireComments struct {
	Total    int           `json:"total"`
	Comments []wireComment `json:"comments"`
}

// commentsFrom reads the page that begins behind so many comments.
func (c *Client) commentsFrom(ctx context.Context, q request, start int) (page wireComments, err error) {
	q.query = url.Values{"expand": {"properties"}, "orderBy": {"-created"}, "startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(commentPage)}}
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &page)
	}
	if err == nil {
		err = c.listed(q, a, "comments", page.Comments != nil)
	}
	return page, err
}

// comment converts a row and completes its mark.
func (c *Client) comment(ctx context.Context, who identity, q request, issue connectors.Ref, w *wireComment) (connectors.Comment, error) {
	c.accounts.meet(w.Author.V)
	if w.Properties == nil && plainID.MatchString(string(w.ID)) {
		if err := c.complete(ctx, w, own(who, w.Author.V)); err != nil {
			return connectors.Comment{}, err
		}
	}
	out, err := w.comment(who, issue)
	if err != nil {
		return out, c.fail(q, connectors.Malformed, err)
	}
	return out, nil
}

// complete asks for the properties of a comment that came without: the mark of an own one,
// and where nothing else tells for whom it is, whether it is internal.
func (c *Client) complete(ctx context.Context, w *wireComment, own bool) error {
	w.Properties = &[]wireProperty{}
	var keys []string
	if own {
		keys = append(keys, commentProperty)
	}
	if w.Public == nil {
		keys = append(keys, internalProperty)
	}
	for _, key := range keys {
		var p wireProperty
		_, err := c.get(ctx, "read the mark of a comment", "comment/"+string(w.ID)+"/properties/"+key, nil, &p)
		if err != nil && connectors.KindOf(err) != connectors.NotFound {
			return err
		}
		if err == nil {
			*w.Properties = append(*w.Properties, wireProperty{key, p.Value})
		}
	}
	return nil
}

// ReadComment reads one comment. It is Gone where its issue can be read and it cannot:
// deleted, or shown to others only by now.
func (c *Client) ReadComment(ctx context.Context, issue connectors.Ref, id string) (connectors.Comment, error) {
	who, q, err := c.commentsOf(ctx, "read a comment of ", http.MethodGet, issue, id)
	if err == nil {
		err = c.checkID(q, id)
	}
	if err != nil {
		return connectors.Comment{}, err
	}
	a, err := c.call(ctx, q)
	if err != nil {
		return connectors.Comment{}, c.absent(ctx, q, issue, err)
	}
	return c.readComment(ctx, who, q, a, issue, id)
}

// readComment reads an answer that is a comment, the one of an id if it is not "".
func (c *Client) readComment(ctx context.Context, who identity, q request, a transport.Answer, issue connectors.Ref, id string) (connectors.Comment, error) {
	var w wireComment
	if err := c.decode(q, a, &w); err != nil {
		return connectors.Comment{}, err
	}
	if id != "" && string(w.ID) != id {
		return connectors.Comment{}, c.malformed(q, a, errAnother)
	}
	return c.comment(ctx, who, q, issue, &w)
}

// PostComment posts a comment in one request, its mark included as a property. One that
// is internal is posted only where the project is a service desk: elsewhere everybody
// would read it.
func (c *Client) PostComment(ctx context.Context, d connectors.CommentDraft) (connectors.Comment, error) {
	who, q, err := c.commentsOf(ctx, "comment on ", http.MethodPost, d.Issue, "")
	if err == nil {
		err = c.checkComment(q, d)
	}
	if err == nil && d.Audience.Internal {
		err = c.hasAgents(ctx, q, d.Issue)
	}
	if err != nil {
		return connectors.Comment{}, err
	}
	q.body = commentFrom(who, d)
	a, err := c.call(ctx, q)
	if err != nil {
		return connectors.Comment{}, doubted(err)
	}
	m, err := c.readComment(ctx, who, q, a, d.Issue, "")
	if err != nil {
		return m, c.unheard(err)
	}
	return m, nil
}

// unheard turns the failure to understand the answer to a write into one whose outcome
// has to be looked up: the comment may be there.
func (c *Client) unheard(err error) error {
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		known := *e
		known.Kind = connectors.Unknown
		return &known
	}
	return err
}

func (c *Client) checkComment(q request, d connectors.CommentDraft) error {
	if err := d.Check(); err != nil {
		return c.fail(q, connectors.Invalid, err)
	}
	return nil
}

// hasAgents fails unless the issue is in a service desk now, whatever project it was in
// when it was last read.
func (c *Client) hasAgents(ctx context.Context, q request, issue connectors.Ref) error {
	path, err := c.address(q.doing, issue)
	if err != nil {
		return err
	}
	var i struct {
		Fields struct {
			Project struct {
				Key  text `json:"key"`
				Kind text `json:"projectTypeKey"`
			} `json:"project"`
		} `json:"fields"`
	}
	if _, err := c.get(ctx, "read the project of "+called(issue), path, url.Values{"fields": {"project"}}, &i); err != nil {
		return notYet(err)
	}
	if i.Fields.Project.Kind == "service_desk" {
		return nil
	}
	e := c.fail(q, connectors.Invalid, fmt.Errorf("project %s is no service desk, so that an internal comment would be read by everybody", shown(i.Fields.Project.Key)))
	e.Hint = "give the comment to a project role instead"
	return e
}

// notYet makes sure that the failure of a read before a write is not taken for that of
// the write.
func notYet(err error) error {
	var e *connectors.Error
	if errors.As(err, &e) && (e.Kind == connectors.Unknown || e.Kind == connectors.Malformed) {
		e.Kind = connectors.Transient
	}
	return err
}

// EditComment replaces the text of a comment. Jira takes what is not sent again for
// wanted gone, and so shows a comment for few to all: audience and mark go along. One that
// is internal is edited only where it still is: the issue may have left the service desk.
func (c *Client) EditComment(ctx context.Context, e connectors.CommentEdit) (connectors.Comment, error) {
	who, q, err := c.commentsOf(ctx, "edit a comment of ", http.MethodPut, e.Issue, e.ID)
	if err == nil {
		err = c.checkID(q, e.ID)
	}
	if err == nil {
		err = c.checkComment(q, e.CommentDraft)
	}
	if err == nil && e.Audience.Internal {
		err = c.hasAgents(ctx, q, e.Issue)
	}
	if err != nil {
		return connectors.Comment{}, err
	}
	q.body = commentFrom(who, e.CommentDraft)
	a, err := c.call(ctx, q)
	if err != nil {
		return connectors.Comment{}, c.absent(ctx, q, e.Issue, doubted(err))
	}
	m, err := c.readComment(ctx, who, q, a, e.Issue, e.ID)
	if err != nil {
		return m, c.unheard(err)
	}
	return m, nil
}

// DeleteComment deletes a comment, or sees that it is gone.
func (c *Client) DeleteComment(ctx context.Context, issue connectors.Ref, id string) error {
	_, q, err := c.commentsOf(ctx, "delete a comment of ", http.MethodDelete, issue, id)
	if err == nil {
		err = c.checkID(q, id)
	}
	if err != nil {
		return err
	}
	q.query = nil
	_, err = c.call(ctx, q)
	if err = c.absent(ctx, q, issue, err); connectors.KindOf(err) == connectors.Gone {
		return nil
	}
	return err
}

// absent tells a comment that is gone from one whose issue cannot be seen: not found is
// said of both.
func (c *Client) absent(ctx context.Context, q request, issue connectors.Ref, err error) error {
	if connectors.KindOf(err) != connectors.NotFound {
		return err
	}
	path, bad := c.address(q.doing, issue)
	if bad != nil {
		return err
	}
	if _, hidden := c.get(ctx, "read "+called(issue), path, url.Values{"fields": {"project"}}, new(json.RawMessage)); hidden != nil {
		return err
	}
	e := c.fail(q, connectors.Gone, errors.New("the comment is not there any more"))
	e.Status = http.StatusNotFound
	return e
}
