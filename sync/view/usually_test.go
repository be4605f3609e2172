package view

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/flow"
	"parley/sync/store"
)

// TestWhatIsUsualIsCountedInAndOut holds what is counted card by card against a new count of
// all: whichever of them come and go, also such as end in a moment, or before the time that
// is looked at, and over midnights.
func TestWhatIsUsualIsCountedInAndOut(t *testing.T) {
	t.Parallel()
	board := flow.NewBoard(shop)
	rapid.Check(t, func(r *rapid.T) {
		now := time.Date(2026, 10, 5, 23, 50, 0, 0, time.UTC)
		var long usually
		var cards []*store.Face
		var bases []*flow.Track
		add := func() {
			c := kanban.Card{ID: "a card"}
			c.Journey.Created = now.AddDate(0, 0, -120)
			begun := now.Add(-time.Duration(rapid.IntRange(0, 100*24*60).Draw(r, "begun")) * time.Minute)
			end := begun.Add(time.Duration(rapid.IntRange(1, 12*60).Draw(r, "took")) * time.Minute)
			if rapid.Bool().Draw(r, "ends soon") {
				end = now.Add(time.Duration(rapid.IntRange(-3, 30).Draw(r, "from now")) * time.Minute)
			}
			c.Past.Steps = []kanban.Step{{Column: "build", At: begun}, {Column: "out", At: end}}
			c.Journey = kanban.Travel(c.Journey.Created, c.Past.Steps, shop)
			f := &store.Face{Card: c}
			cards, bases = append(cards, f), append(bases, flow.Tell(board, c.ID, c.Journey.Created, c.Past))
			long.come(f, bases[len(bases)-1])
		}
		for range flow.BaselineSize {
			add()
		}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			if n := rapid.IntRange(-1, len(cards)-1).Draw(r, "leaves"); n >= 0 {
				long.leave(cards[n], bases[n])
				cards, bases = append(cards[:n:n], cards[n+1:]...), append(bases[:n:n], bases[n+1:]...)
			} else {
				add()
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "minutes")) * time.Minute)
			var fresh usually
			want := fresh.at(cards, bases, shop, board, now, time.UTC)
			if diff := cmp.Diff(want, long.at(cards, bases, shop, board, now, time.UTC), cmpopts.EquateEmpty()); diff != "" {
				r.Fatal(diff)
			}
			if diff := cmp.Diff(fresh.cycles, long.cycles, cmpopts.EquateEmpty()); diff != "" {
				r.Fatal(diff)
			}
		}
	})
}
