package runner

import (
	"errors"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

// bereft is an issue of Jira without a twin, beside issue #2 of GitHub that is known to be
// deleted.
func (w *world) bereft() (key string) {
	w.t.Helper()
	key, _ = w.pair("Pay")
	lone, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Lone"})
	w.must(err)
	w.settle(3)
	_, _, err = w.runner.Unlink(w.t.Context(), key, "olga")
	w.must(err)
	w.must(w.hub.DeleteIssue("acme", repo, lone.Number))
	w.pass(30)
	return key
}

// TestDeletedIssueIsNotLinked: a link by hand with what is not there any more would give
// a card a side that nothing is ever written to.
func TestDeletedIssueIsNotLinked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.bereft()
	_, err := w.runner.Link(t.Context(), key, repo+"#2", "olga")
	var refused *PairError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), repo+"#2") {
		t.Errorf("linking a deleted issue: %v", err)
	}
}
