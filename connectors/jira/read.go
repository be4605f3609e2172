package jira

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/connectors"
)

// Read is a strong read of one issue by its id, with its history. An issue that
// was moved answers under its new key and container.
func (c *Client) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	doing := "read " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return connectors.Observation{}, err
	}
	o, _, err := c.readAt(ctx, doing, path, ref, "changelog")
	return o, err
}

// readAt reads one issue and what is to come along with it.
func (c *Client) readAt(ctx context.Context, doing, path string, ref connectors.Ref, expand string) (o connectors.Observation, w wireIssue, err error) {
	who, err := c.learn(ctx)
	if err == nil {
		err = c.nameFields(ctx)
	}
	if err != nil {
		return o, w, err
	}
	fields := strings.Join(c.asked().ids, ",") + ",archiveddate" // which no search shows
	query := url.Values{"fields": {fields}, "expand": {expand}, "properties": ourProperties()}
	a, err := c.get(ctx, doing, path, query, &w)
	if err != nil {
		return o, w, err
	}
	o, err = c.observation(who, w, false)
	if err == nil && ref.ID != "" && o.Issue.ID != ref.ID { // a key may lead to another issue, an id does not
		err = errAnother
	}
	if err == nil {
		date, _ := http.ParseTime(a.Header.Get("Date")) // none: only what can never be is refused
		err = timely(o.Issue, date.UTC())
	}
	if err != nil {
		return connectors.Observation{}, w, c.malformed(request{doing: doing}, a, err)
	}
	return o, w, nil
}

var errAnother = errors.New("the answer is about something else than what was asked for")

// offset remembers how far into an issue's changelog a Seq lies, so that paging
// through a long one does not begin at its start each time.
type offset struct {
	seq   int64
	start int // of the entry with that Seq
}

// maxRemembered bounds what is kept per issue between two calls.
const maxRemembered = 4096

// History reads the entries after Seq since, oldest first. Data Center has no
// pages of history; there it is the whole rest.
func (c *Client) History(ctx context.Context, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	doing := "read the history of " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return nil, false, err
	}
	who, err := c.learn(ctx)
	if err != nil {
		return nil, false, err
	}
	if !who.cloud {
		return c.wholeHistory(ctx, who, doing, path, ref, since)
	}
	return c.pagedHistory(ctx, who, doing, path, ref.ID, since)
}

// pagedHistory skips the pages that lie before since, which costs more than one
// request only where nothing is remembered of a long log.
func (c *Client) pagedHistory(ctx context.Context, who identity, doing, path, id string, since int64) ([]connectors.Entry, bool, error) {
	start, last := c.recall(id, since), int64(-1)
	for remembered := start > 0; ; remembered = false {
		page, err := c.historyPage(ctx, doing, path, start)
		if err != nil {
			return nil, false, err
		}
		all, err := entries(who.me, id, page.Values)
		if err != nil {
			return nil, false, c.fail(request{doing: doing}, connectors.Malformed, err)
		}
		if remembered && (len(all) == 0 || all[0].Seq > since) {
			start = 0 // the log is not as remembered
			continue
		}
		if len(all) > 0 && all[0].Seq <= last {
			return nil, false, c.fail(request{doing: doing}, connectors.Malformed, errors.New("the pages of the history repeat themselves"))
		}
		if len(all) > 0 {
			last = all[len(all)-1].Seq
		}
		c.accounts.name(page.Values, all)
		rest := after(all, since)
		more := !page.IsLast && len(all) > 0
		if len(rest) > 0 || !more {
			c.remember(id, rest, start+len(all)-1)
			return rest, more, nil
		}
		start += len(all)
	}
}

type historyPage struct {
	Values []wireHistory `json:"values"`
	IsLast bool          `json:"isLast"`
}

func (c *Client) historyPage(ctx context.Context, doing, path string, start int) (p historyPage, err error) {
	query := url.Values{"startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(pageSize)}}
	a, err := c.get(ctx, doing, path+"/changelog", query, &p)
	if err == nil {
		err = c.listed(request{doing: doing}, a, "values", p.Values != nil)
	}
	return p, err
}

func (c *Client) wholeHistory(ctx context.Context, who identity, doing, path string, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	var w wireIssue
	a, err := c.get(ctx, doing, path, url.Values{"fields": {"updated"}, "expand": {"changelog"}}, &w)
	if err == nil {
		err = c.listed(request{doing: doing}, a, "changelog", w.Changelog != nil && w.Changelog.Histories != nil)
	}
	if err != nil {
		return nil, false, err
	}
	all, err := entries(who.me, ref.ID, w.Changelog.Histories)
	if ref.ID != "" && string(w.ID) != ref.ID {
		err = errAnother
	}
	if err != nil {
		return nil, false, c.malformed(request{doing: doing}, a, err)
	}
	c.accounts.name(w.Changelog.Histories, all)
	return after(all, since), false, nil
}

// after gives the entries with a Seq greater than since.
func after(all []connectors.Entry, since int64) []connectors.Entry {
	for i, e := range all {
		if e.Seq > since {
			return all[i:]
		}
	}
	return nil
}

func (c *Client) recall(id string, since int64) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o, ok := c.offsets[id]; ok && o.seq == since {
		return o.start
	}
	return 0
}

func (c *Client) remember(id string, given []connectors.Entry, last int) {
	if len(given) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.offsets) >= maxRemembered {
		clear(c.offsets)
	}
	c.offsets[id] = offset{seq: given[len(given)-1].Seq, start: last}
}

// Links lists the remote links of an issue.
func (c *Client) Links(ctx context.Context, ref connectors.Ref) ([]connectors.Link, error) {
	doing := "read the remote links of " + called(ref)
	path, err := c.address(doing, ref)
	if err != nil {
		return nil, err
	}
	var wire []wireLink
	if _, err := c.get(ctx, doing, path+"/remotelink", nil, &wire); err != nil {
		return nil, err
	}
	links := make([]connectors.Link, 0, len(wire))
	for _, l := range wire {
		links = append(links, connectors.Link{GlobalID: string(l.GlobalID), URL: string(l.Object.URL), Title: string(l.Object.Title)})
	}
	return links, nil
}

type wireLink struct {
	GlobalID text `json:"globalId"`
	Object   struct {
		URL   text `json:"url"`
		Title text `json:"title"`
	} `json:"object"`
}
