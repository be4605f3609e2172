package runner

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/sync/store"
)

// feedOf is a tracker whose feed has one entry of one issue to a page, down from top.
type feedOf struct {
	connectors.Tracker

	top int64
}

// Feed gives the next older entry; a token stands for how many were given.
func (f feedOf) Feed(_ context.Context, _, token string) (connectors.FeedPage, error) {
	return connectors.FeedPage{Entries: []connectors.Entry{{IssueID: "1", Seq: f.top - int64(len(token))}}, Next: token + "x"}, nil
}

func TestPagesOfOneReadGoOnInTheFeed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		head        int64 // where the last poll ended
		first, then int64 // newest entry at the first page and at the second
		whole       bool
		fresh       []int64
		all         []int64
	}{
		{"no gap", 3, 5, 6, true, []int64{6}, []int64{4, 5, 6}},
		{"nothing new for the second page", 3, 5, 5, true, nil, []int64{4, 5}},
		{"a gap before the first page is one before the second", 3, 3 + feedPagesLater, 4 + feedPagesLater, false, []int64{14}, []int64{4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}},
		{"a gap before the second page", 3, 4, 5 + feedPagesLater, false, []int64{6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, []int64{4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rd := reading{Runner: New(Options{Now: time.Now}), t: Tracker{Tracker: feedOf{top: c.first}}, st: &store.SourceState{FeedHead: c.head}}
			if _, err := rd.laterFeed(t.Context()); err != nil {
				t.Fatal(err)
			}
			rd.t.Tracker = feedOf{top: c.then}
			fresh, err := rd.laterFeed(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.fresh, seqs(fresh["1"])); diff != "" {
				t.Errorf("new for the second page (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.all, seqs(rd.feed.byIssue["1"])); diff != "" {
				t.Errorf("of this read (-want +got):\n%s", diff)
			}
			if rd.feed.whole != c.whole || rd.feed.head != c.then {
				t.Errorf("whole %v up to %d, want %v up to %d", rd.feed.whole, rd.feed.head, c.whole, c.then)
			}
			if rd.st.FeedHead != c.head {
				t.Errorf("the next poll would begin after %d, want %d before the last page is stored", rd.st.FeedHead, c.head)
			}
		})
	}
}

func seqs(entries []connectors.Entry) (out []int64) {
	for _, e := range entries {
		out = append(out, e.Seq)
	}
	return out
}

func TestAPartOfTheFeedSaysWhatItFollows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		feed  feed
		known bool
		since int64
		n     int
	}{
		{"all there is", feed{whole: true, head: 5}, true, -1, 1},
		{"what came after the last poll", feed{whole: true, after: 3, head: 5}, true, connectors.Onward, 1},
		{"what came after a gap", feed{after: 3, head: 5}, true, 5, 0},
		{"an issue that is met now", feed{after: 3, head: 5}, false, 4, 1},
	} {
		c.feed.byIssue = map[string][]connectors.Entry{"1": {{IssueID: "1", Seq: 5}}}
		if got, since := c.feed.of("1", c.known, 4); len(got) != c.n || since != c.since {
			t.Errorf("%s: %d entries since %d, want %d since %d", c.name, len(got), since, c.n, c.since)
		}
	}
}
