package runner

import (
	"context"
	"maps"
	"slices"

	"parley/connectors"
	"parley/sync/engine"
	"parley/sync/store"
)

// reading is one read of a source.
type reading struct {
	*Runner
	t     Tracker
	st    *store.SourceState
	first bool
	count int
	total int   // about how many issues a first read will bring, 0: not known
	feed  *feed // GitHub: history of a first read
}

// feed is a part of a repository's history.
type feed struct {
	byIssue map[string][]connectors.Entry
	head    int64 // Seq of the newest entry
	whole   bool  // it reaches back to where the last one ended
}

// feedPages bounds how far back a GitHub repository's feed is read: GitHub itself
// answers no more than ten thousand rows.
const (
	feedPagesFirst = 100
	feedPagesLater = 10
)

// wholeFeed reads a repository's history before its issues are read for the first
// time, also where that read was interrupted. What happens from the moment that the
// first read began is folded by the poll after it.
func (rd *reading) wholeFeed(ctx context.Context) error {
	f, err := rd.readFeed(ctx, 0, feedPagesFirst)
	if err != nil {
		return err
	}
	rd.feed = f
	if rd.st.FeedHead == 0 && rd.st.Cursor.Scan == (connectors.Scan{}) {
		rd.st.FeedHead = f.head
	}
	return nil
}

// attach gives changed GitHub issues the history entries since the last poll.
func (rd *reading) attach(ctx context.Context, changed []observed) error {
	if rd.t.Kind != connectors.GitHub || len(changed) == 0 {
		return nil
	}
	f := rd.feed
	if !rd.first {
		var err error
		if f, err = rd.readFeed(ctx, rd.st.FeedHead, feedPagesLater); err != nil {
			return err
		}
		rd.st.FeedHead = f.head
	}
	for i := range changed {
		c := &changed[i]
		c.Entries, c.Since = f.of(c.Issue.ID, c.row.Card != "", rd.st.FeedHead)
	}
	if rd.first {
		return nil
	}
	for i := range changed {
		delete(f.byIssue, changed[i].Issue.ID)
	}
	return rd.strays(ctx, rd.t, f)
}

// of is an issue's part of the feed, and the Seq after which it is complete. Known
// issues get nothing of a feed with a gap before it: what lies in the gap came first,
// and that there is one shows by a Since beyond what they have.
func (f *feed) of(issue string, known bool, head int64) ([]connectors.Entry, int64) {
	switch {
	case !known:
		return f.byIssue[issue], head
	case f.whole:
		return f.byIssue[issue], -1
	default:
		return nil, f.head
	}
}

// readFeed reads the feed back to the entry after, oldest first, and
// says whether it got there.
func (rd *reading) readFeed(ctx context.Context, after int64, pages int) (*feed, error) {
	var entries []connectors.Entry
	f := &feed{head: after}
	token := ""
	for range pages {
		page, err := rd.t.Feed(ctx, rd.st.Source, token)
		rd.st.Requests++
		if err != nil {
			return nil, err
		}
		for _, e := range page.Entries {
			f.head = max(f.head, e.Seq)
			if e.Seq > after {
				entries = append(entries, e)
			} else {
				f.whole = true
			}
		}
		if token = page.Next; f.whole || token == "" {
			f.whole = true
			break
		}
	}
	reverse(entries)
	f.byIssue = byIssue(entries)
	return f, nil
}

// strays folds history of issues that the list did not bring: the list may lag. Where
// history went by unread, they only learn that.
func (r *Runner) strays(ctx context.Context, t Tracker, f *feed) error {
	ids := slices.Collect(maps.Keys(f.byIssue))
	if len(ids) == 0 {
		return nil
	}
	rows, err := r.Store.Index(ctx, t.Name, ids)
	if err != nil {
		return err
	}
	for id, row := range rows {
		var ev engine.Event = engine.Gap{Side: sideOf(t.Kind)}
		if f.whole {
			ev = engine.Recounted{Side: sideOf(t.Kind), Entries: f.byIssue[id]}
		}
		if err := r.apply(ctx, row, ev); err != nil {
			return err
		}
	}
	return nil
}
