package githubsim_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

// TestManyAtOnce lets people and clients work at the same time; afterwards
// nothing is lost and the feed is in order.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{
		ListLag:     func(_ string, n int) time.Duration { return time.Duration(n%3) * time.Second },
		UpdatedBump: func(_ string, n int) time.Duration { return time.Duration(n%5) * time.Second },
	})
	for range 8 {
		w.issue("A")
	}
	const workers, rounds = 8, 20
	var all sync.WaitGroup
	for g := range workers {
		all.Go(func() {
			number := g + 1
			for i := range rounds {
				w.clock.Advance(time.Second)
				got := w.do("POST", fmt.Sprintf("%s/%d/labels", issuesPath, number), "t-ana", fmt.Sprintf(`["l%d"]`, i))
				if got.status != 200 {
					t.Errorf("label: %d %s", got.status, got.body)
				}
				_, err := w.hub.Comment("bo", pay, number, "hm")
				w.must(err)
				list := w.get(issuesPath + "?state=all")
				if again := w.get(issuesPath+"?state=all", "If-None-Match: "+list.header.Get("ETag")); again.status != 200 && again.status != 304 {
					t.Errorf("list: %d", again.status)
				}
			}
		})
	}
	all.Wait()
	for n := 1; n <= workers; n++ {
		if is := w.state(n); len(is.Labels) != rounds || is.Comments != rounds {
			t.Errorf("issue %d: %d labels, %d comments", n, len(is.Labels), is.Comments)
		}
	}
	feed := w.get(issuesPath + "/events?per_page=100").events(t)
	if !slices.IsSortedFunc(feed, func(x, y eventRow) int { return int(y.ID - x.ID) }) {
		t.Error("the feed is out of order")
	}
}
