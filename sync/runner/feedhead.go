package runner

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/connectors"
)

// lateList is how far a list may lag behind the feed at a first contact. Entries that young
// are read before the list, so that a picture without them is not taken for one with them.
const lateList = 10 * time.Minute

// headOfFeed notes where a repository's history ends before its issues are read for the
// first time, also where that read was interrupted: then it is read back to there. What
// happens from the moment that the first read began is folded by the poll after it; what
// was before is imported in the background.
func (rd *reading) headOfFeed(ctx context.Context) error {
	f := &feed{after: rd.st.FeedHead, head: rd.st.FeedHead}
	var entries []connectors.Entry
	token := ""
	for range feedPagesFirst {
		if err := rd.goesOn(rd.t.Name, polling(rd.st.Source)); err != nil {
			return err
		}
		page, err := rd.t.Feed(ctx, rd.st.Source, token)
		rd.st.Requests++
		if err != nil {
			return err
		}
		entries = append(entries, page.Entries...)
		for _, e := range page.Entries {
			f.head = max(f.head, e.Seq)
		}
		if token = page.Next; token == "" || goesBack(entries, rd.st.FeedHead) {
			break
		}
	}
	reverse(entries)
	f.byIssue = byIssue(entries)
	rd.feed = f
	if rd.st.FeedHead == 0 && rd.st.Cursor.Scan == (connectors.Scan{}) {
		rd.st.FeedHead = f.head
	}
	return nil
}

// goesBack reports whether entries, newest first, reach back to one that every list knows
// and, where a read was interrupted, to where that began.
func goesBack(entries []connectors.Entry, head int64) bool {
	if len(entries) == 0 {
		return false // of pull requests alone
	}
	byTime := func(a, b connectors.Entry) int { return a.At.Compare(b.At) }
	first := slices.MinFunc(entries, func(a, b connectors.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	span := slices.MaxFunc(entries, byTime).At.Sub(slices.MinFunc(entries, byTime).At)
	return span > lateList && (head == 0 || first.Seq <= head)
}
