package runner

import (
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// What speaks against a twin is shown as long as it does: two issues that claim the same
// one, until neither does.
func TestAClashThatIsOverIsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	for range 2 {
		_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: i.Key + " pay faster"})
		w.must(err)
	}
	w.settle(3)
	if c := w.card(i.Key); c.Paired() || !strings.Contains(c.Clash, "of several") {
		t.Fatalf("paired %t, shown %q; want the two that claim it", c.Paired(), c.Clash)
	}
	for n := range 2 {
		w.must(w.hub.Edit("ben", repo, n+1, githubsim.Edit{Title: new("another matter")}))
	}
	summary := "Pay much faster"
	w.must(w.site.Edit("ana", i.Key, jirasim.Edit{Summary: &summary}))
	w.settle(3)
	if c := w.card(i.Key); c.Paired() || c.Clash != "" {
		t.Errorf("paired %t, shown %q; want nothing", c.Paired(), c.Clash)
	}
}
