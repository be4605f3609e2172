package jira

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// pageSize is the most that Jira Cloud gives with fields.
const pageSize = 100

// Changes reads the next page of what changed since the cursor, all projects of
// the site in one search, least recently changed first. The first read, from the
// zero cursor, brings everything. A page may be empty although More is true.
func (c *Client) Changes(ctx context.Context, cur connectors.Cursor) (connectors.Page, error) {
	who, err := c.learn(ctx)
	if err == nil {
		err = c.nameFields(ctx)
	}
	if err == nil {
		err = c.seekHidden(ctx)
	}
	if err != nil {
		return connectors.Page{}, err
	}
	out, err := c.changes(ctx, who, cur)
	if err == nil || who.cloud {
		return out, err
	}
	hidden, failed := c.suspect(ctx, err)
	if failed != nil {
		return connectors.Page{}, failed
	}
	if hidden {
		return c.changes(ctx, who, cur)
	}
	return out, err
}

// changes is Changes among the projects that can be read.
func (c *Client) changes(ctx context.Context, who identity, cur connectors.Cursor) (connectors.Page, error) {
	visible := c.visible()
	cur = begin(cur, fingerprint(visible, c.asked().ids))
	if cur.Scan.Token != "" && c.forgetRefused(cur.Scan.Token) {
		cur.Scan = connectors.Scan{}
	}
	at, err := parsePosition(cur.Scan.Token)
	if err != nil {
		cur.Scan, at = connectors.Scan{}, position{} // not ours; the watermark is enough to start over
	}
	if who.cloud && at.Page == "" {
		at.Reconcile = c.reconciled()
	}
	projects := c.config.Projects
	if !who.cloud {
		projects = visible // one project that it does not show fails the whole search
	}
	q, page, a, err := c.search(ctx, who, searchQuestion{projects, lowerBound(cur.Watermark), at})
	if err != nil {
		return connectors.Page{}, c.startOver(cur, at, err)
	}
	out, err := c.page(who, q, cur, at, visible, page, a)
	if err == nil && !who.cloud {
		err = c.markAll(ctx, &out)
	}
	if err != nil {
		return connectors.Page{}, err
	}
	return out, nil
}

// found is the part of a search's answer that is the same on both products.
type found struct {
	Issues []wireRow `json:"issues"`
	Next   text      `json:"nextPageToken"` // Cloud
	IsLast bool      `json:"isLast"`        // Cloud
	Start  int       `json:"startAt"`       // Data Center
	Total  int       `json:"total"`         // Data Center
}

// searchQuestion is what one page of a search is asked with.
type searchQuestion struct {
	projects []string
	from     time.Time
	at       position
}

func (c *Client) search(ctx context.Context, who identity, s searchQuestion) (request, found, transport.Answer, error) {
	q := request{doing: "search for changes", method: http.MethodPost}
	if who.cloud {
		q.path = "search/jql"
		q.body = cloudSearch{JQL: searchJQL(s.projects, s.from), Fields: c.asked().ids, Expand: "changelog", Properties: ourProperties(), MaxResults: pageSize, Page: s.at.Page, Reconcile: idList(s.at.Reconcile)}
	} else {
		if s.at.From != 0 {
			s.from = time.UnixMilli(s.at.From)
		}
		q.path = "search"
		jql := searchJQL(s.projects, s.from)
		if s.at.Project != "" {
			jql = secondJQL(s.at)
		}
		q.body = serverSearch{JQL: jql, Fields: c.asked().ids, Expand: []string{"changelog"}, MaxResults: pageSize, Start: s.at.Start}
	}
	var page found
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &page)
	}
	if err == nil {
		err = c.listed(q, a, "issues", page.Issues != nil)
	}
	return q, page, a, err
}

type cloudSearch struct {
	JQL        string   `json:"jql"`
	Fields     []string `json:"fields"`
	Expand     string   `json:"expand,omitempty"`
	Properties []string `json:"properties,omitempty"`
	MaxResults int      `json:"maxResults"`
	Page       string   `json:"nextPageToken,omitempty"`
	Reconcile  []int64  `json:"reconcileIssues,omitempty"` // see reconciled
}

type serverSearch struct {
	JQL        string   `json:"jql"`
	Fields     []string `json:"fields"`
	Expand     []string `json:"expand,omitempty"`
	MaxResults int      `json:"maxResults"`
	Start      int      `json:"startAt"`
}

// page converts an answer. An issue that cannot be understood is told apart.
func (c *Client) page(who identity, q request, cur connectors.Cursor, at position, projects []string, f found, a transport.Answer) (connectors.Page, error) {
	date, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		e := c.malformed(q, a, errors.New("the answer has no Date header"))
		e.Hint = "the cursor follows Jira's clock, which the header tells; let proxies pass it on"
		return connectors.Page{}, e
	}
	date = date.UTC()
	out := connectors.Page{ServerTime: date, LeftOut: c.leftOut(), Observations: make([]connectors.Observation, 0, len(f.Issues))}
	var newest time.Time
	for _, row := range f.Issues {
		o, err := c.observed(who, row, date)
		t := o.Issue.Updated
		if err != nil {
			out.Broken = append(out.Broken, row.broken(err))
			t = row.updated(date)
		} else {
			out.Observations = append(out.Observations, o)
		}
		if !t.IsZero() {
			newest = t
		}
	}
	p := answerPage{Date: date, Newest: newest}
	if who.cloud {
		p = f.step(p)
	} else {
		p = f.serverStep(projects, lowerBound(cur.Watermark), at, p)
	}
	out.Next, out.More = advance(cur, at, p, max(c.config.Overlap, cur.Lag))
	return out, nil
}

// observed converts a row of a search.
func (c *Client) observed(who identity, row wireRow, date time.Time) (connectors.Observation, error) {
	w, err := row.decode()
	if err != nil {
		return connectors.Observation{}, err
	}
	o, err := c.observation(who, w, who.cloud && w.Changelog != nil && len(w.Changelog.Histories) >= searchCut)
	if err != nil {
		return connectors.Observation{}, err
	}
	return o, timely(o.Issue, date)
}

// observation converts an issue with the history that came along.
func (c *Client) observation(who identity, w wireIssue, cut bool) (connectors.Observation, error) {
	i, err := c.issue(who, w)
	if err != nil {
		return connectors.Observation{}, err
	}
	history, since, err := tail(who.me, i.ID, w.Changelog, cut)
	if w.Changelog != nil {
		c.accounts.name(w.Changelog.Histories, history)
	}
	return connectors.Observation{Issue: i, Entries: history, Since: since}, err
}

// step tells where Cloud's page after p is.
func (f found) step(p answerPage) answerPage {
	p.HasNext = !f.IsLast && f.Next != ""
	p.Next = position{Page: string(f.Next)}
	return p
}

// startOver remembers a page token that Jira refuses, so that the next call with
// the same cursor begins the read again instead of failing for ever. A first page is
// asked for again without the issues that were to be looked up past the index.
func (c *Client) startOver(cur connectors.Cursor, at position, err error) error {
	var e *connectors.Error
	if cur.Scan.Token == "" && at.Reconcile == "" || !errors.As(err, &e) || e.Kind != connectors.Invalid {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e.Kind, e.Hint = connectors.Transient, "the page token is no longer valid; the read starts over"
	if c.badToken = cur.Scan.Token; cur.Scan.Token == "" {
		clear(c.written)
		e.Hint = "it may be about an issue that was written to; the next search does not name any"
	}
	return e
}

// forgetRefused reports once whether the token was refused: the read that starts
// over may well be given the same token again, and then it is a good one.
func (c *Client) forgetRefused(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.badToken != token {
		return false
	}
	c.badToken = ""
	return true
}

// Feed has nothing to give: pages of Changes bring their history along.
func (c *Client) Feed(context.Context, string, string) (connectors.FeedPage, error) {
	return connectors.FeedPage{}, nil
}
