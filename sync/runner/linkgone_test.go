package runner

import (
	"errors"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

// TestDeletedIssueIsNotLinked: a link by hand with what is not there any more would give
// a card a side that nothing is ever written to.
func TestDeletedIssueIsNotLinked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, _ := w.pair("Pay")
	lone, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Lone"})
	w.must(err)
	w.settle(3)
	if _, _, err := w.runner.Unlink(t.Context(), key, "olga"); err != nil {
		t.Fatal(err)
	}
	w.must(w.hub.DeleteIssue("acme", repo, lone.Number))
	w.pass(30)
	_, err = w.runner.Link(t.Context(), key, repo+"#2", "olga")
	var refused *PairError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), repo+"#2") {
		t.Errorf("linking a deleted issue: %v", err)
	}
}
