package runner

import (
	"context"
	"maps"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// reading is one read of a source.
type reading struct {
	*Runner
	t     Tracker
	st    *store.SourceState
	first bool
	began time.Time // before the first request of it
	whole bool      // it reads everything and not only what changed
	count int
	pages int
	// changes are the issues of those counted that are not as they were known.
	changes int
	total   int   // about how many issues a first read will bring, 0: not known
	feed    *feed // GitHub: the history that this read has met
}

// feed is a part of a repository's history.
type feed struct {
	byIssue map[string][]connectors.Entry
	after   int64 // Seq up to which the last one went
	head    int64 // Seq of the newest entry
	whole   bool  // it reaches back to where the last one ended
}

// feedPages bounds how far back a GitHub repository's feed is read: GitHub itself
// answers no more than ten thousand rows.
const (
	feedPagesFirst = 100
	feedPagesLater = 10
)

// attach gives changed GitHub issues the history entries since the last poll.
func (rd *reading) attach(ctx context.Context, changed []observed) error {
	if rd.t.Kind != connectors.GitHub || len(changed) == 0 || rd.t.beside(rd.st.Source) {
		return nil
	}
	if rd.first {
		rd.feed.give(changed, rd.st.FeedHead)
		return nil
	}
	fresh, err := rd.laterFeed(ctx)
	if err != nil {
		return err
	}
	rd.feed.give(changed, rd.feed.head)
	for i := range changed {
		delete(fresh, changed[i].Issue.ID)
	}
	return rd.strays(ctx, fresh)
}

// laterFeed reads on in the feed, beyond what earlier pages of this read have met,
// and gives the part that is new. A gap before an earlier part is one before all.
func (rd *reading) laterFeed(ctx context.Context) (map[string][]connectors.Entry, error) {
	before := rd.feed
	if before == nil {
		before = &feed{after: rd.st.FeedHead, head: rd.st.FeedHead, whole: true}
	}
	f, err := rd.readFeed(ctx, before.head, feedPagesLater)
	if err != nil {
		return nil, err
	}
	fresh := maps.Clone(f.byIssue)
	for id, entries := range before.byIssue {
		f.byIssue[id] = slices.Concat(entries, f.byIssue[id])
	}
	f.after, f.whole = before.after, f.whole && before.whole
	rd.feed = f
	return fresh, nil
}

// folded moves the place from which the next poll reads the feed. That is done with
// the last page only: a read that is interrupted meets the same gap, and the same
// history of issues on its later pages, again.
func (rd *reading) folded() {
	if !rd.first && rd.feed != nil {
		rd.st.FeedHead = rd.feed.head
	}
}

// give hands each changed issue its part of the feed.
func (f *feed) give(changed []observed, head int64) {
	for i := range changed {
		c := &changed[i]
		c.Entries, c.Since = f.of(c.Issue.ID, c.row.Card != "", head)
	}
}

// of is an issue's part of the feed, and the Seq after which it is complete. Known
// issues get nothing of a feed with a gap before it: what lies in the gap came first,
// and that there is one shows by a Since beyond what they have.
func (f *feed) of(issue string, known bool, head int64) ([]connectors.Entry, int64) {
	switch {
	case !known:
		return f.byIssue[issue], head
	case f.whole && f.after > 0:
		return f.byIssue[issue], connectors.Onward
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
	f := &feed{after: after, head: after}
	token := ""
	for range pages {
		if err := rd.goesOn(rd.t.Name, polling(rd.st.Source)); err != nil {
			return nil, err
		}
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

// strays tells issues of history that the list did not bring: the list may lag. Without a
// picture to hold it against they only learn that there is some.
func (rd *reading) strays(ctx context.Context, entries map[string][]connectors.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows, err := rd.Store.Index(ctx, rd.t.Name, slices.Collect(maps.Keys(entries)))
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		row := rows[id]
		var ev engine.Event = engine.Gap{Side: kanban.GitHub}
		if rd.feed.whole {
			ev = engine.Recounted{Side: kanban.GitHub, Entries: entries[id], Onward: true}
		}
		if err := rd.apply(ctx, row, ev); err != nil {
			return err
		}
	}
	return nil
}
