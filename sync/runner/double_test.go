package runner

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
	"parley/sync/store"
)

// twice has a twin created twice: the answer to the first request is lost, and no list
// shows what it has made for longer than anybody waits.
func twice(t *testing.T) (w *world, key string) {
	t.Helper()
	hidden := map[int]bool{}
	w = newWorld(t, mirroring(mapping.MirrorJiraToGitHub), func(w *world) {
		w.gitHub(githubsim.Options{ListLag: func(_ string, n int) time.Duration {
			if hidden[n] {
				return 30 * time.Minute
			}
			return 0
		}})
	})
	w.settle(2)
	hidden[1] = true
	cut := false
	w.after = func(r *http.Request) error {
		if !cut && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+repo+"/issues") {
			cut = true
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
	if n := len(w.issues()); n != 2 || w.card(i.Key).Sides[1].Issue.Number != 2 {
		t.Fatalf("%d issues; the test needs a second twin", n)
	}
	return w, i.Key
}

func TestASecondTwinIsClosedWithAPointer(t *testing.T) {
	t.Parallel()
	w, key := twice(t)
	for range 60 {
		w.settle(1)
		source, later := w.card(key), w.card(repo+"#2")
		if !source.Paired() {
			t.Fatal("the source has no twin between the two")
		}
		if source.Sides[1].Issue.Number == 1 && !strings.Contains(later.Clash, "second twin") {
			t.Fatalf("the later twin says %q", later.Clash)
		}
	}
	card := w.card(key)
	other := w.card(repo + "#2").Sides[1].Issue
	if parted, err := w.store.Parted(context.Background(), idOf(card.Sides[0].Issue), idOf(other)); err != nil || parted {
		t.Errorf("parted as by a person: %v, %v", parted, err)
	}
	if card.Sides[1] == nil || card.Sides[1].Issue.Number != 1 {
		t.Errorf("%s is joined with %+v, want the oldest twin", key, card.Sides[1])
	}
	first, second := w.issues()[0], w.issues()[1]
	if first.State != "open" || second.State != "closed" {
		t.Errorf("#1 is %s, #2 is %s\n%s", first.State, second.State, w.story(w.card(repo+"#2")))
	}
	for n, want := range map[int]int{1: 0, 2: 1} {
		cs, err := w.hub.Comments(repo, n)
		if err != nil || len(cs) != want {
			t.Errorf("%d comments on #%d, want %d", len(cs), n, want)
		}
		for _, c := range cs {
			if !strings.Contains(c.Body, "](<http://127.0.0.1:2/acme/payments/issues/1>)") || c.User != "parley-bot" {
				t.Errorf("the pointer says %q", c.Body)
			}
		}
	}
	if n, err := w.runner.Doubles(context.Background()); n != 1 || err != nil {
		t.Errorf("%d doubles counted, %v", n, err)
	}
	w.expect(key, 1, "To Do", "open priority:medium", "todo")

	// It stays so, also where the store is lost.
	before := w.writes()
	w.lose()
	w.settle(10)
	if got := w.card(key).Sides[1]; w.writes() != before || got == nil || got.Issue.Number != 1 {
		t.Errorf("after a lost store: %d writes, joined with %+v", w.writes()-before, got)
	}
}

func idOf(i connectors.Issue) store.IssueID { return store.IssueID{Tracker: i.Tracker, ID: i.ID} }

// The newer twin shows itself after the older one was joined: nothing changes places.
func TestALaterTwinIsClosedWithAPointer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	_, err = w.hub.CreateIssue("parley-bot", repo, githubsim.NewIssue{Title: "Pay faster", Body: w.issues()[0].Body})
	w.must(err)
	w.settle(20)
	if got := w.card(i.Key).Sides[1].Issue.Number; got != 1 || w.issues()[0].State != "open" || w.issues()[1].State != "closed" {
		t.Errorf("joined with #%d, #1 is %s, #2 is %s\n%s", got, w.issues()[0].State, w.issues()[1].State, w.story(w.card(repo+"#2")))
	}
	if cs, err := w.hub.Comments(repo, 2); err != nil || len(cs) != 1 {
		t.Errorf("%d comments", len(cs))
	}
}

// In plan mode nothing is closed, and the card says what is to be done.
func TestASecondTwinWaitsInPlanMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	w.must(w.store.Close())
	w.write = false
	w.start()
	_, err = w.hub.CreateIssue("parley-bot", repo, githubsim.NewIssue{Title: "Pay faster", Body: w.issues()[0].Body})
	w.must(err)
	before := w.writes()
	w.settle(20)
	if w.writes() != before || w.issues()[1].State != "open" || !strings.Contains(w.card(repo+"#2").Clash, "second twin") {
		t.Errorf("%d writes, #2 is %s, the card says %q", w.writes()-before, w.issues()[1].State, w.card(repo+"#2").Clash)
	}
}

// In Jira a second twin goes the way its workflow has.
func TestASecondTwinInJiraIsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorGitHubToJira))
	_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Crash on pay"})
	w.must(err)
	w.settle(8)
	first, _ := w.site.Issue(w.card(repo + "#1").Sides[0].Issue.Key)
	second, err := w.site.Create(w.at.Bot.AccountID, jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "Crash on pay", Properties: first.Properties})
	w.must(err)
	w.settle(30)
	second, _ = w.site.Issue(second.Key)
	if first, _ = w.site.Issue(first.Key); first.StatusName != "To Do" || second.StatusName != "Done" {
		t.Errorf("%s is %s, %s is %s\n%s", first.Key, first.StatusName, second.Key, second.StatusName, w.story(w.card(second.Key)))
	}
	if len(second.Comments) != 1 || !strings.Contains(second.Comments[0].Body, first.Key) || len(first.Comments) != 0 {
		t.Errorf("%+v, %+v", second.Comments, first.Comments)
	}
	if g, err := w.hub.Issue(repo, 1); err != nil || g.State != "open" {
		t.Errorf("the source is %s, %v", g.State, err)
	}
}
