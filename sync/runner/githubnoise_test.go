package runner

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// asked lists the paths that GitHub was asked for since the log was reset.
func (w *world) asked() []string {
	var out []string
	for _, r := range w.hub.Log().Requests() {
		out = append(out, r.Path)
	}
	return out
}

// Three of four moves of updated_at change nothing that anybody sees: each costs the list
// and one look into the feed, what does not move it the list alone, and nothing follows.
// Where Parley's own account is mentioned, the history of the issue is looked at as well:
// GitHub tells of that in the name of the account.
func TestNoiseWritesNothing(t *testing.T) {
	t.Parallel()
	for kind, cost := range map[githubsim.Noise]int{githubsim.Mention: 2, githubsim.CommitReference: 2, githubsim.CrossReference: 2, "comment": 2, "comment for us": 3,
		githubsim.Subscription: 1, githubsim.Reaction: 1} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key, n := w.pair("Reconcile positions")
			w.must(w.site.Transition("ana", key, "Start work", noEdit))
			w.settle(10) // the writes lie beyond the overlap of the polls
			before, rev, lines := w.writes(), w.card(key).Rev, len(w.story(w.card(key)))
			for range 3 {
				switch kind {
				case "comment", "comment for us":
					_, err := w.hub.Comment("ben", repo, n, strings.Replace("@bot what do you think?", "bot", map[bool]string{true: "parley-bot"}[kind != "comment"], 1))
					w.must(err)
				default:
					w.must(w.hub.MakeNoise("ben", repo, n, kind))
				}
				w.hub.Log().Reset()
				w.settle(1)
				asked := w.asked()
				reads := slices.DeleteFunc(slices.Clone(asked), func(p string) bool { return p == listPath || strings.HasSuffix(p, "/events") })
				if len(asked) != cost || len(reads) > 0 {
					t.Errorf("it costs %q, want %d requests", asked, cost)
				}
			}
			card := w.card(key)
			if got := w.writes(); got > before || card.Rev != rev || len(w.story(card)) != lines {
				t.Errorf("%d writes, revision %d → %d\n%s", got-before, rev, card.Rev, w.story(card))
			}
			w.expect(key, n, "In Progress", "open status:in-progress", "doing")
		})
	}
}

// A login that is changed, Parley's own among them, moves nothing and is nobody's edit.
func TestRenamedLoginsAreNoEdits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.Assign("ben", repo, n, "ben"))
	w.settle(3)
	before := w.writes()
	w.must(w.hub.RenameUser("ben", "benjamin"))
	w.must(w.hub.RenameUser("parley-bot", "bridge-bot"))
	w.pass(26)
	if got := w.writes() - before; got != 0 {
		t.Errorf("%d writes because logins were changed\n%s", got, w.story(w.card(key)))
	}
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(3)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	for _, op := range w.card(key).Ops {
		if op.Field == kanban.FieldStatus && op.State != "done" {
			t.Errorf("the own write %s is %s\n%s", op.ID, op.State, w.story(w.card(key)))
		}
	}
	w.ownLabels(key, "status:in-progress", 1)
	w.must(w.hub.RemoveLabel("benjamin", repo, n, "status:in-progress"))
	w.must(w.hub.AddLabels("benjamin", repo, n, "status:review"))
	w.settle(3)
	w.expect(key, n, "In Review", "open status:review", "review")
}

// With an account its name goes from the history and its comments go altogether. What it
// did stands.
func TestDeletedAccountsTakeNothingBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.hub.AddUser(githubsim.User{Login: "cleo", Push: true}))
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	_, err := w.hub.Comment("ben", repo, n, "done")
	w.must(err)
	w.settle(4)
	before := w.writes()
	w.hub.RemoveUser("ben")
	w.pass(26)
	w.expect(key, n, "In Review", "open status:review", "review")
	if got := w.writes() - before; got != 0 {
		t.Errorf("%d writes because an account is gone\n%s", got, w.story(w.card(key)))
	}
	w.must(w.hub.RemoveLabel("cleo", repo, n, "status:review"))
	w.must(w.hub.AddLabels("cleo", repo, n, "status:in-progress"))
	w.settle(4)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
}

// An issue that became a discussion is closed and takes no more writes: what the board
// asks of it then is refused once and told, and nothing else stands still.
func TestDiscussionTakesNoWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	other, m := w.pair("Another")
	w.must(w.hub.ConvertToDiscussion("ben", repo, n))
	w.settle(4)
	w.expect(key, n, "Done", "closed", "done")
	w.hub.Log().Reset()
	w.must(w.site.Transition("ana", key, "Reopen", noEdit))
	w.must(w.site.Transition("ana", other, "Start work", noEdit))
	w.settle(20)
	w.expect(other, m, "In Progress", "open status:in-progress", "doing")
	tried := 0
	for _, r := range w.hub.Log().Mutations() {
		if r.Status == 403 {
			tried++
		}
	}
	if tried != 1 {
		t.Errorf("%d refused writes, want 1", tried)
	}
	if i, _ := w.site.Issue(key); i.StatusName != "In Progress" {
		t.Errorf("%s is %q: the refusal in GitHub undid what Ana did\n%s", key, i.StatusName, w.story(w.card(key)))
	}
	if ops := w.card(key).Ops; !slices.ContainsFunc(ops, func(o reconcile.Op) bool { return o.State == reconcile.Rejected && o.Problem != "" }) {
		t.Errorf("nothing says why\n%s", w.story(w.card(key)))
	}
}

func TestLockedIssueIsStillWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, n := w.pair("Reconcile positions")
	w.must(w.hub.Lock("ben", repo, n, "too heated"))
	before := w.writes()
	w.settle(3)
	if got := w.writes() - before; got != 0 {
		t.Errorf("%d writes because of the lock", got)
	}
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(3)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(3)
	w.expect(key, n, "Done", "closed status:in-progress", "done")
}

// Nothing that Parley does needs the index that searches read, or GraphQL.
func TestNeitherSearchNorGraphQL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mirroring(mapping.MirrorJiraToGitHub))
	lost := 0
	w.after = func(r *http.Request) error { // of the create nobody hears: it is looked for
		if lost == 0 && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues") {
			lost++
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	story, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "A twin is made of this"})
	w.must(err)
	for range 6 {
		w.settle(1)
		w.clock.Advance(2 * time.Second)
		w.work() // before the next poll finds it
	}
	all := w.issues()
	if len(all) != 1 {
		t.Fatalf("%d twins", len(all))
	}
	key, n := story.Key, all[0].Number
	w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
	w.settle(4)
	w.must(w.site.Transition("ana", key, "Back to work", noEdit))
	w.settle(2)
	w.must(w.hub.RenameRepo(repo, "pay"))
	w.pass(26)
	w.must(w.hub.DeleteIssue("acme", "acme/pay", n))
	w.pass(26)
	if len(w.hub.Log().Mutations()) < 3 || len(w.hub.Issues("acme/pay")) != 0 {
		t.Fatalf("this was no full run: %q", w.asked())
	}
	for _, path := range w.asked() {
		rest, ok := strings.CutPrefix(path, "/repos/"+repo)
		if !ok {
			rest, ok = strings.CutPrefix(path, "/repositories/")
		}
		if !ok && path != "/user" || strings.Contains(rest, "search") || strings.Contains(rest, "graphql") {
			t.Errorf("asked for %s", path)
		}
	}
}

// The feed shows entries late, each issue's by another time, and single reads come from
// a copy that lags: nothing is lost, and nobody's edit is undone.
func TestLateFeedsAndReadsLoseNothing(t *testing.T) {
	t.Parallel()
	late := func(of int) func(string, int) time.Duration {
		return func(_ string, number int) time.Duration { return time.Duration(number*of%80) * time.Second }
	}
	for name, o := range map[string]githubsim.Options{
		"feed":      {FeedLag: late(17)},
		"reads":     {ReadLag: late(17)},
		"all":       {FeedLag: late(17), ReadLag: late(23), ListLag: late(31)},
		"all, bump": {FeedLag: late(17), ReadLag: late(23), ListLag: late(31), UpdatedBump: func(string, int) time.Duration { return 3 * time.Second }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(w *world) { w.gitHub(o) })
			var keys []string
			for range 6 {
				key, _ := w.pair("Work")
				keys = append(keys, key)
			}
			w.settle(5)
			for i, key := range keys {
				if i%2 == 0 {
					w.must(w.hub.AddLabels("ben", repo, i+1, "status:review"))
				} else {
					w.must(w.site.Transition("ana", key, "Start work", noEdit))
				}
				w.settle(i % 3)
			}
			w.settle(12)
			for i, key := range keys {
				if i%2 == 0 {
					w.expect(key, i+1, "In Review", "open status:review", "review")
				} else {
					w.expect(key, i+1, "In Progress", "open status:in-progress", "doing")
				}
			}
			for i, key := range keys { // and on the other side, over what is there
				if i%2 == 0 {
					w.must(w.site.Transition("ana", key, "Finish", jirasim.Edit{Resolution: new("Done")}))
				} else {
					w.must(w.hub.SetState("ben", repo, i+1, "closed", "completed"))
				}
			}
			w.settle(16)
			for i, key := range keys {
				if i%2 == 0 {
					w.expect(key, i+1, "Done", "closed", "done")
				} else {
					w.expect(key, i+1, "Done", "closed status:in-progress", "done")
				}
			}
			before := w.writes()
			w.settle(6)
			if got := w.writes() - before; got != 0 {
				t.Errorf("%d writes at rest", got)
			}
		})
	}
}
