package github

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

var _ connectors.Talk = (*Client)(nil)

// talkPages bounds how much of a repository's comments one call reads.
const talkPages = 5

// Said reads the comments of all issues of a repository since a moment. A list can be late by
// seconds, so that the next read begins before the newest comment of this one.
func (c *Client) Said(ctx context.Context, cur connectors.TalkCursor) (connectors.TalkPage, error) {
	q := get("read the comments of "+cur.Container, "")
	if err := checkRepo(cur.Container); err != nil {
		return connectors.TalkPage{}, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if err := c.account(ctx); err != nil {
		return connectors.TalkPage{}, err
	}
	query := url.Values{"sort": {"updated"}, "direction": {"asc"}, "per_page": {strconv.Itoa(pageSize)}, "since": {cur.Since.UTC().Truncate(time.Second).Format(time.RFC3339)}}
	q.path, q.etag = "repos/"+cur.Container+"/issues/comments?"+query.Encode(), cur.ETag
	out := connectors.TalkPage{Next: cur}
	out.Next.ETag = ""
	newest := cur.Since
	for n := 1; ; n++ {
		a, err := c.do(ctx, q)
		if err != nil {
			return connectors.TalkPage{}, err
		}
		if a.Status == http.StatusNotModified {
			out.Next, out.Unchanged = cur, true
			return out, nil
		}
		rows, err := decodeRows(a.Body)
		if err != nil || isHTML(a) {
			return connectors.TalkPage{}, c.unreadable(q, a.Status, "the answer is no list of comments", err)
		}
		for _, raw := range rows {
			if m, ok := c.saidIn(q, a, cur.Container, raw); ok {
				out.Comments = append(out.Comments, m)
				newest = later(newest, m.Updated)
			}
		}
		etag := a.Header.Get("ETag")
		q.etag = ""
		if q.path, err = c.following(q, a); err != nil {
			return connectors.TalkPage{}, err
		}
		if q.path != "" && n < talkPages {
			continue
		}
		out.More = q.path != "" && newest.After(cur.Since)
		c.rewind(&out, cur, newest, etag, n)
		return out, nil
	}
}

// rewind says where the next read begins: at the newest comment where more of them are known
// to be there, else as far before it as a list may be late. An ETag is that of one page, and
// proves something only where there is no other.
func (c *Client) rewind(p *connectors.TalkPage, cur connectors.TalkCursor, newest time.Time, etag string, pages int) {
	if !p.More {
		newest = newest.Add(-c.overlap)
	}
	if p.Next.Since = later(cur.Since, newest); p.Next.Since.Equal(cur.Since) && pages == 1 && !p.More {
		p.Next.ETag = etag
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// saidIn reads a row of a list that has the comments of many issues.
func (c *Client) saidIn(q call, a transport.Answer, repo string, raw []byte) (connectors.Comment, bool) {
	var at struct {
		Issue string `json:"issue_url"`
	}
	if json.Unmarshal(raw, &at) != nil {
		return connectors.Comment{}, false
	}
	number, err := strconv.Atoi(at.Issue[strings.LastIndex(at.Issue, "/")+1:])
	if err != nil || number <= 0 {
		return connectors.Comment{}, false
	}
	repo = c.spelling(repo)
	m, err := c.commentOf(q, a, connectors.Ref{Tracker: c.name, Key: key(repo, number), Container: repo, Number: number}, raw)
	return m, err == nil
}
