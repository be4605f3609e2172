package runner

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
	"parley/sync/mirror"
)

// Somebody replaces the mark of a twin whose creation nobody has heard of: Parley makes
// no second one and asks, by the card, which it is.
func TestTwinThatLostItsMarkIsAskedAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorBoth))
	w.settle(2)
	cut := false
	w.after = func(r *http.Request) error {
		if !cut && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+repo+"/issues") {
			cut = true
			forged := "<!-- parley:v1 m=1 src=jira/1 mac=0 -->"
			w.must(w.hub.Edit("ben", repo, 1, githubsim.Edit{Body: &forged}))
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	for range 20 {
		w.clock.Advance(time.Minute)
		w.poll()
	}
	m := w.card(i.Key).Mirror
	if !cut || len(w.issues()) != 1 || m == nil || m.State != mirror.Held || !strings.Contains(m.Problem, repo+"#1") {
		t.Fatalf("cut %t, %d issues, the create is %+v", cut, len(w.issues()), m)
	}
	if other := w.card(repo + "#1"); other.Mirror != nil {
		t.Errorf("the twin gets a twin: %+v", other.Mirror)
	}
	if _, err := w.runner.Link(t.Context(), i.Key, repo+"#1", "olga"); err != nil {
		t.Fatal(err)
	}
	w.settle(4)
	if m := w.card(i.Key).Mirror; !w.together(i.Key) || m != nil && m.State.Open() || len(w.issues()) != 1 {
		t.Errorf("after a link: paired %t, the create is %+v, %d issues", w.together(i.Key), m, len(w.issues()))
	}
}
