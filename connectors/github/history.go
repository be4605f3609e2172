package github

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"parley/connectors"
	"parley/connectors/transport"
)

// Feed reads a repository's event feed newest first, from the page that token
// names; "" is the newest. Entries of pull requests are left out, so a page can
// be empty with an older one behind it; one that cannot be understood makes its issue
// Broken. The first call of a client may ask who
// the account is besides.
func (c *Client) Feed(ctx context.Context, source, token string) (connectors.FeedPage, error) {
	if c.Beside(source) {
		return connectors.FeedPage{}, nil
	}
	q := get("read the event feed of "+source, token)
	if err := checkRepo(source); err != nil {
		return connectors.FeedPage{}, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if token == "" {
		q.path = "repos/" + source + "/issues/events?per_page=" + strconv.Itoa(pageSize)
	} else if err := sameRoot(c.builder.BaseURL, token); err != nil {
		return connectors.FeedPage{}, c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	if err := c.account(ctx); err != nil {
		return connectors.FeedPage{}, err
	}
	p, err := c.events(ctx, q, c.spelling(source))
	if err != nil {
		return connectors.FeedPage{}, err
	}
	return connectors.FeedPage{Entries: entries(p.events, "", c.self()), Next: p.next, Broken: p.broken()}, nil
}

// History reads the entries of one issue after Seq since, oldest first, a page
// of at most 100 events at a time; more says that further ones are waiting. It
// goes on where the last call for the issue ended if that page still holds
// since, else it passes over the pages before; old history, that of the class
// background, is read from page to page without that look back. An entry that cannot be understood
// fails the call, because nothing after it would be complete.
func (c *Client) History(ctx context.Context, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	path, err := c.issuePath("read the history of ", ref)
	if err != nil {
		return nil, false, err
	}
	if err := c.account(ctx); err != nil {
		return nil, false, err
	}
	first := path + "/events?per_page=" + strconv.Itoa(pageSize)
	q := get("read the history of "+ref.Key, first)
	remembered := false
	if since > 0 {
		q.path, remembered = c.shelf.page(ref.ID, first, since, connectors.ClassOf(ctx) == connectors.ClassBackground)
	}
	for range maxPages {
		p, err := c.events(ctx, q, ref.Container)
		if err == nil {
			err = c.gap(q, p.lost, since)
		}
		if err != nil {
			c.shelf.drop(ref.ID)
			return nil, false, err
		}
		if remembered && startsAfter(p.events, since) {
			// Not the page since is on: it was asked for an earlier one, or events vanished.
			q.path, remembered = first, false
			continue
		}
		remembered = false
		if found := after(entries(p.events, ref.ID, c.self()), since); len(found) > 0 || p.next == "" {
			c.shelf.put(ref.ID, ending{page: keptPage(q.path, first), next: p.next, last: lastOf(found)})
			return found, p.next != "", nil
		}
		q.path = p.next
	}
	return nil, false, c.fail(q, connectors.Malformed, "the list does not end", nil)
}

// startsAfter reports whether a page cannot be the one that follows without a
// gap: its oldest event is already newer than since.
func startsAfter(events []eventJSON, since int64) bool {
	return len(events) == 0 || events[0].ID > since
}

func keptPage(path, first string) string {
	if path == first {
		return ""
	}
	return path
}

// eventPage is one page of events, without the entries that cannot be understood.
type eventPage struct {
	events []eventJSON
	lost   []lostEvent
	next   string // address of the next page
}

// broken lists the issues whose history has a gap on this page, each once.
func (p eventPage) broken() []connectors.Broken {
	var out []connectors.Broken
	for _, l := range p.lost {
		if !slices.ContainsFunc(out, func(b connectors.Broken) bool { return b.ID != "" && b.ID == l.ID }) {
			out = append(out, l.Broken)
		}
	}
	return out
}

// gap fails for a lost event that the entries after since would lack.
func (c *Client) gap(q call, lost []lostEvent, since int64) error {
	for _, l := range lost {
		if l.id == 0 || l.id > since {
			return c.fail(q, connectors.Malformed, l.Err.Error(), nil)
		}
	}
	return nil
}

// events reads one page of events of a repository.
func (c *Client) events(ctx context.Context, q call, repo string) (p eventPage, err error) {
	a, err := c.do(ctx, q)
	if err != nil {
		return p, err
	}
	rows, err := decodeRows(a.Body)
	if err != nil || isHTML(a) {
		return p, c.unreadable(q, a.Status, "the answer is not the list of events that GitHub sends", err)
	}
	p.events, p.lost = decodeEvents(rows, repo, serverTime(a.Header))
	p.next, err = c.following(q, a)
	return p, err
}

// following is the address of the next page, refused where it cannot be
// followed: better an error now than a token that never works.
func (c *Client) following(q call, a transport.Answer) (string, error) {
	next := nextPage(a.Header)
	if next == "" {
		return "", nil
	}
	if next == q.path {
		return "", c.fail(q, connectors.Malformed, "the list does not end", nil)
	}
	if err := sameRoot(c.builder.BaseURL, next); err != nil {
		return "", c.fail(q, connectors.Malformed, err.Error(), nil)
	}
	return next, nil
}

// lastOf is the Seq of the newest of some entries, 0 where there are none.
func lastOf(entries []connectors.Entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[len(entries)-1].Seq
}

// shelf remembers the page on which an issue's history ended, for issues whose
// history has several. It only saves requests and may forget.
type shelf struct {
	mu      sync.Mutex
	endings map[string]ending
}

// ending is where a history ended: the page, "" for the first, the one behind it, and the
// last entry that was given.
type ending struct {
	page, next string
	last       int64
}

// shelfSize bounds the memory; long histories are rare.
const shelfSize = 4096

// page is where the entries after since begin. remembered says that it has to be seen
// whether the page holds since; straight on does without, and goes from page to page.
func (s *shelf) page(issue, first string, since int64, straightOn bool) (page string, remembered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.endings[issue]
	switch {
	case straightOn && p.next != "" && p.last == since:
		return p.next, false
	case p.page != "":
		return p.page, true
	}
	return first, false
}

func (s *shelf) put(issue string, p ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.page == "" && p.next == "" {
		delete(s.endings, issue)
		return
	}
	if s.endings == nil || len(s.endings) >= shelfSize {
		s.endings = map[string]ending{}
	}
	s.endings[issue] = p
}

func (s *shelf) drop(issue string) { s.put(issue, ending{}) }
