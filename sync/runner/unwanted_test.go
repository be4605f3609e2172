package runner

import (
	"testing"

	"parley/connectors/sim/jirasim"
	"parley/mapping"
	"parley/sync/mirror"
)

// An issue that is to have a twin goes, at the last moment, to a project that no rule
// names and nobody reads. The read before the create tells the card so, which is no
// failure of a tracker: the create is given up, and the tracker is not left in peace.
func TestACreateIsGivenUpForWhatItsSourceHasBecome(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub), func(w *world) { w.site.AddSoftwareProject("FIN", "Finance", jirasim.StrictWorkflow) })
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.runner.Write = false
	w.settle(2)
	if m := w.card(i.Key).Mirror; m == nil || m.State != mirror.Held {
		t.Fatalf("the create is %+v", m)
	}
	_, err = w.site.Move("ana", i.Key, "FIN")
	w.must(err)
	w.runner.Write = true
	w.must(w.runner.TakeUp(t.Context()))
	w.work()
	card := w.card(i.Key)
	if card.Mirror.State != mirror.Cancelled || len(w.issues()) != 0 {
		t.Errorf("the create is %s (%s), %d issues were made", card.Mirror.State, card.Mirror.Problem, len(w.issues()))
	}
	if n := w.runner.gates.row["github"] + w.runner.gates.row["jira"]; n != 0 {
		t.Errorf("%d failures were counted", n)
	}
}
