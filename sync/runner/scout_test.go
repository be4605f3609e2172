package runner

import (
	"testing"

	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/engine"
)

func TestAWayBackIsAskedOfOtherIssuesAndNotTriedOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		resident bool
		want     string
	}{
		"another issue rests on the way":  {true, "In Review"},
		"nobody knows where the way goes": {false, "Done"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			done, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Shipped", Status: "Done"})
			w.must(err)
			if c.resident {
				_, err = w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Under way", Status: "In Progress"})
				w.must(err)
			}
			w.settle(1)
			card := w.card(done.Key)
			_, err = w.runner.Intend(t.Context(), engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldStatus, To: "review", Rev: card.Rev})
			w.must(err)
			w.work()
			w.settle(1)
			if i, _ := w.site.Issue(done.Key); i.StatusName != c.want {
				t.Errorf("the issue is %q, want %q\n%s", i.StatusName, c.want, w.story(w.card(done.Key)))
			}
			moves := 0
			for _, m := range w.site.Log().Mutations() {
				if m.Path == "/rest/api/2/issue/"+done.ID+"/transitions" {
					moves++
				}
			}
			if want := map[bool]int{true: 2, false: 0}[c.resident]; moves != want {
				t.Errorf("%d transitions, want %d", moves, want)
			}
		})
	}
}
