package runner

import (
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// An archived issue can only be read: what is to be written there waits and says so, the
// other side goes on, and the write is sent once the issue is restored, which moves no
// date and which no search tells.
func TestArchivedIssueIsWrittenOnceItIsRestored(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		key, n := w.pair("Old")
		w.must(w.site.Archive("ana", key, true))
		w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
		w.settle(4)
		w.expect(key, n, "To Do", "open status:in-progress", "doing")
		sent := len(w.site.Log().Mutations())
		badges := map[string]string{}
		for _, b := range w.face(key).Badges {
			badges[b.Kind] = b.Text
		}
		if !strings.Contains(badges[kanban.BadgeArchived], key+" is archived") || !strings.Contains(badges[kanban.BadgeHeld], "restored") || badges[kanban.BadgeRefused] != "" {
			w.t.Fatalf("the badges are %+v\n%s", badges, w.story(w.card(key)))
		}
		requests := w.site.Log().Len()
		w.settle(20)
		if got := len(w.site.Log().Mutations()); got != sent || sent > 1 { // the remote link is one
			w.t.Errorf("%d writes to an archived issue, %d before", got, sent)
		}
		if got := w.site.Log().Len() - requests; got > 60 {
			w.t.Errorf("%d requests in ten minutes for an issue that waits", got)
		}
		w.must(w.site.Archive("ana", key, false))
		w.clock.Advance(time.Hour)
		w.settle(3)
		w.expect(key, n, "In Progress", "open status:in-progress", "doing")
		for _, b := range w.face(key).Badges {
			w.t.Errorf("after it was restored there is the badge %+v", b)
		}
	})
}

// What a person lets go is not sent to an archived issue either, and it stops no other
// card: held there it counts for no breaker.
func TestArchivedIssuesStopNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.limits = Limits{Change: 0.2} })
	type pair struct {
		key string
		n   int
	}
	var pairs []pair
	for range 24 {
		key, n := w.pair("Old")
		pairs = append(pairs, pair{key, n})
	}
	other, m := w.pair("New")
	for _, p := range pairs {
		w.must(w.site.Archive("ana", p.key, true))
	}
	for i, p := range pairs {
		w.must(w.hub.AddLabels("ben", repo, p.n, "status:in-progress"))
		if i%6 == 5 {
			w.settle(3)
		}
	}
	w.must(w.hub.AddLabels("ben", repo, m, "status:in-progress"))
	w.settle(4)
	w.expect(other, m, "In Progress", "open status:in-progress", "doing")
	for _, p := range pairs {
		card := w.card(p.key)
		for _, op := range card.Ops {
			if op.State.Open() && op.Hold != reconcile.HoldArchive {
				t.Fatalf("%s: %+v", p.key, op)
			}
		}
		w.must(w.site.Archive("ana", p.key, false))
	}
	w.clock.Advance(2 * time.Hour)
	w.settle(3)
	moved := 0
	for _, p := range pairs {
		if i, _ := w.site.Issue(p.key); i.StatusName != "To Do" {
			moved++
		}
	}
	if tripped := w.runner.Tripped(); len(tripped) != 1 || moved > freeChanges {
		t.Errorf("24 of 25 cards come out of the archive at once, %d are written: tripped %+v", moved, tripped)
	}
}
