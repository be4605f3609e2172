package world

import (
	"context"
	"slices"
	"strconv"
	"time"

	"parley/connectors"
)

func itoa(n int) string { return strconv.Itoa(n) }

// feedDepth is how many entries of a repository's feed GitHub gives at most.
const feedDepth = 10_000

// Feed reads a repository's history newest first. Where a page begins is counted from
// the newest entry, so that what happens between two pages shifts the second.
func (g *github) Feed(ctx context.Context, source, token string) (connectors.FeedPage, error) {
	if err := g.stopped(ctx, "read the event feed of "+source); err != nil {
		return connectors.FeedPage{}, err
	}
	q := g.begin("feed", source, false)
	err := q.refused()
	var p connectors.FeedPage
	if b := g.box(source); err == nil && (b == nil || b.hidden.After(g.w.now)) {
		err = q.fail(connectors.NotFound, 404, "Not Found")
	} else if err == nil {
		p, err = g.feed(&q, b, token), q.lost()
	}
	q.end()
	if err != nil {
		return connectors.FeedPage{}, err
	}
	return p, nil
}

func (g *github) feed(q *request, b *container, token string) connectors.FeedPage {
	skip, _ := strconv.Atoi(token)
	size, n := g.page(fullPage), len(b.feed)
	if late := q.behind(LateFeed); late > 0 {
		n = behindBy(b.feed, g.clock().Add(-late))
	}
	if q.fault == ShortPage && size > 1 {
		size = 1 + q.struck().IntN(size-1)
	}
	end := max(n-skip, 0)
	begin := min(max(end-size, 0, n-feedDepth), end)
	p := connectors.FeedPage{Entries: slices.Clone(b.feed[begin:end])}
	slices.Reverse(p.Entries)
	if begin > 0 && begin > n-feedDepth && begin < end {
		p.Next = itoa(n - begin)
	}
	return p
}

// behindBy is how much of a feed is older than a moment.
func behindBy(feed []connectors.Entry, t time.Time) int {
	n := len(feed)
	for n > 0 && feed[n-1].At.After(t) {
		n--
	}
	return n
}
