package runner

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
)

// mirroring lets the pair rule create twins.
func mirroring(m mapping.Mirror) func(*world) {
	return func(w *world) {
		w.change = func(c *mapping.Config) {
			c.Pairs[0].Mirror, c.Pairs[0].MirrorText = m, mapping.MirrorTitleBody
			c.Pairs[0].Match = []mapping.Evidence{mapping.RemoteLink}
		}
	}
}

// issues lists the open and closed issues of the repository.
func (w *world) issues() []githubsim.Issue { return w.hub.Issues(repo) }

// together reports whether an issue has a twin.
func (w *world) together(ref string) bool {
	c := w.card(ref)
	return c.Paired()
}

// lose starts on a new store, as where the old one was deleted.
func (w *world) lose() {
	w.t.Helper()
	w.must(w.store.Close())
	w.url = server.URL(w.t, filepath.Join(w.t.TempDir(), "new.db"))
	w.start()
}

func TestTwinIsCreatedInGitHub(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster, @ben"})
	w.must(err)
	w.must(w.site.Transition("ana", i.Key, "Start work", jirasim.Edit{}))
	w.settle(6)
	all := w.issues()
	if len(all) != 1 {
		t.Fatalf("%d issues in GitHub, want the twin alone", len(all))
	}
	if !strings.Contains(all[0].Body, "parley:v1") || !strings.Contains(all[0].Body, i.Key) || all[0].User != "parley-bot" {
		t.Errorf("the twin says %q, by %s", all[0].Body, all[0].User)
	}
	w.expect(i.Key, all[0].Number, "In Progress", "open status:in-progress priority:medium", "doing")
	w.must(w.hub.SetLabels("ben", repo, all[0].Number, "status:review", "priority:medium"))
	w.settle(6)
	w.expect(i.Key, all[0].Number, "In Review", "open priority:medium status:review", "review")

	before := w.writes()
	w.lose()
	w.settle(8)
	if n := w.writes() - before; n != 0 || len(w.issues()) != 1 {
		t.Errorf("after a lost store: %d writes, %d issues", n, len(w.issues()))
	}
	w.expect(i.Key, all[0].Number, "In Review", "open priority:medium status:review", "review")
	if how := w.card(i.Key).Pairing.How; how != "remote-link" && how != "mirror" {
		t.Errorf("paired by %s", how)
	}
}

func TestTwinIsCreatedInJira(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorGitHubToJira))
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Crash on pay", Labels: []string{"status:in-progress", "priority:high"}})
	w.must(err)
	w.settle(8)
	card := w.card(repo + "#1")
	if !card.Paired() {
		t.Fatalf("no twin: %+v\n%s", card.Mirror, w.story(card))
	}
	key := card.Sides[0].Issue.Key
	w.expect(key, g.Number, "In Progress", "open status:in-progress priority:high", "doing")
	if i, _ := w.site.Issue(key); i.PriorityName != "High" || i.Summary != "Crash on pay" {
		t.Errorf("the twin is %q with priority %q", i.Summary, i.PriorityName)
	}
	before := w.writes()
	w.lose()
	w.settle(8)
	if n := w.writes() - before; n != 0 || !w.together(key) {
		t.Errorf("after a lost store: %d writes, paired %t", n, w.together(key))
	}
}

func TestNothingIsCreatedBeforeEverythingWasRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Old work"})
	w.must(err)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Old work"})
	w.must(err)
	_, _, err = w.site.AddRemoteLink("ana", i.Key, jirasim.RemoteLink{GlobalID: "x", URL: g.URL, Title: "twin"})
	w.must(err)
	w.settle(8)
	if n := len(w.issues()); n != 1 || !w.together(i.Key) {
		t.Errorf("%d issues in GitHub, paired %t", n, w.together(i.Key))
	}
}

func TestCopiesOfATwinAreHarmless(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorBoth))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	twin := w.issues()[0]
	copied, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "A copy", Body: twin.Body, Labels: twin.Labels})
	w.must(err)
	w.settle(10)
	if got := w.card(i.Key).Sides[1].Issue.Number; got != twin.Number {
		t.Errorf("%s is paired with #%d, want its twin #%d", i.Key, got, twin.Number)
	}
	card := w.card(repo + "#2")
	if !card.Paired() || card.Sides[0].Issue.Key == i.Key {
		t.Errorf("the copy #%d is a person's issue and gets a twin of its own; paired %t", copied.Number, card.Paired())
	}
	if n := len(w.issues()); n != 2 {
		t.Errorf("%d issues in GitHub, want the twin and the copy", n)
	}
}

// unanswered lets a twin be created whose answer is lost, lets meanwhile happen before
// anybody can look for it, and gives the key of its source twenty minutes later.
func (w *world) unanswered(meanwhile func()) (key string) {
	w.t.Helper()
	w.settle(2)
	cut := false
	w.after = func(r *http.Request) error {
		if !cut && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+repo+"/issues") {
			cut = true
			meanwhile()
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
	if !cut {
		w.t.Fatal("no twin was created")
	}
	return i.Key
}

func TestCreateWhoseAnswerIsLostIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	key := w.unanswered(func() {})
	if len(w.issues()) != 1 || !w.together(key) {
		t.Errorf("%d issues, paired %t: %+v", len(w.issues()), w.together(key), w.card(key).Mirror)
	}
}
