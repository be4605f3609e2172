package runner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/sync/store"
)

// TestAListThatLagsAtTheFirstContact meets an issue as it was four minutes ago. Who changed
// it since then is told by the feed, more than a page of which has come after that.
func TestAListThatLagsAtTheFirstContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.gitHub(githubsim.Options{ListLag: func(string, int) time.Duration { return 4 * time.Minute }})
	})
	numbers := w.works(2, 60) // what is older than every lag
	w.clock.Advance(time.Hour)
	w.must(w.hub.AddLabels("ben", repo, numbers[0], "status:in-progress"))
	for i := range 150 {
		w.clock.Advance(time.Second)
		w.must(w.hub.AddLabels("ben", repo, numbers[1], fmt.Sprintf("noise-%d", i%90)))
		w.must(w.hub.RemoveLabel("ben", repo, numbers[1], fmt.Sprintf("noise-%d", i%90)))
	}
	w.hub.Log().Reset()
	w.poll()
	feeds := 0
	for _, r := range w.hub.Log().Requests() {
		if strings.HasSuffix(r.Path, "/issues/events") {
			feeds++
		}
	}
	if feeds != 4 {
		t.Errorf("%d pages of the feed at the first contact, want the 3 that no list has and one more", feeds)
	}
	w.settle(12)
	card := w.card(fmt.Sprintf("%s#%d", repo, numbers[0]))
	lines, err := w.store.Activity(t.Context(), store.ActivityQuery{Card: card.ID})
	w.must(err)
	if len(lines) != 1 || lines[0].Actor != "ben" || card.Status.Agreed != "doing" {
		t.Errorf("%s", w.story(card))
	}
}
