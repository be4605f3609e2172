package runner

import (
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/mapping"
	"parley/sync/mirror"
)

// Somebody replaces the mark of a twin whose creation nobody has heard of: Parley makes
// no second one and asks, by the card, which it is.
func TestTwinThatLostItsMarkIsAskedAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorBoth))
	key := w.unanswered(func() {
		forged := "<!-- parley:v1 m=1 src=jira/1 mac=0 -->"
		w.must(w.hub.Edit("ben", repo, 1, githubsim.Edit{Body: &forged}))
	})
	m := w.card(key).Mirror
	if len(w.issues()) != 1 || m == nil || m.State != mirror.Held || !strings.Contains(m.Problem, repo+"#1") {
		t.Fatalf("%d issues, the create is %+v", len(w.issues()), m)
	}
	if other := w.card(repo + "#1"); other.Mirror != nil {
		t.Errorf("the twin gets a twin: %+v", other.Mirror)
	}
	if _, err := w.runner.Link(t.Context(), key, repo+"#1", "olga"); err != nil {
		t.Fatal(err)
	}
	w.settle(4)
	if m := w.card(key).Mirror; !w.together(key) || m != nil && m.State.Open() || len(w.issues()) != 1 {
		t.Errorf("after a link: paired %t, the create is %+v, %d issues", w.together(key), m, len(w.issues()))
	}
}
