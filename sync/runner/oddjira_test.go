package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
)

// both runs a test on Cloud and on Data Center.
func both(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Run("Cloud", func(t *testing.T) { t.Parallel(); test(newWorld(t)) })
	t.Run("Data Center", func(t *testing.T) { t.Parallel(); test(newWorld(t, onServer)) })
}

// An administrator's migration moves the status of an old issue and not its date: no
// search by date shows it, the daily reading does.
func TestSweepFindsAMigratedStatus(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		key, n := w.pair("Old and quiet")
		w.slowly()
		w.clock.Advance(2 * time.Hour)
		w.poll()
		w.must(w.site.MigrateStatus("admin-1", key, "In Progress"))
		w.settle(3)
		w.expect(key, n, "In Progress", "open", "todo")
		w.pass(26)
		w.settle(4)
		w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	})
}

// Jira says yes to a transition and does not move: the issue is read again for a while,
// then the card says so, and nothing is written for ever.
func TestJiraThatSaysYesAndDoesNotMove(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		key, n := w.pair("Sticks")
		unmoved := 0
		w.site.SetFaults(func(r *http.Request) sim.Fault {
			if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/transitions") {
				return sim.Fault{}
			}
			unmoved++
			return sim.Fault{Name: "unmoved", Inside: "unmoved"}
		})
		w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
		for range 40 {
			w.clock.Advance(5 * time.Minute)
			w.poll()
		}
		if i, _ := w.site.Issue(key); i.StatusName != "To Do" || unmoved < 1 || unmoved > 6 {
			w.t.Fatalf("%s after %d transitions that moved nothing; badges %+v\n%s", i.StatusName, unmoved, w.face(key).Badges, w.story(w.card(key)))
		}
		if f := w.face(key); len(f.Badges) != 1 || f.Badges[0].Kind != kanban.BadgeRefused {
			w.t.Errorf("the card says nothing of it: %+v\n%s", f, w.story(w.card(key)))
		}
		w.site.SetFaults(nil)
		w.must(w.hub.RemoveLabel("ben", repo, n, "status:in-progress"))
		w.must(w.hub.AddLabels("ben", repo, n, "status:review"))
		w.settle(6)
		w.expect(key, n, "In Review", "open status:review", "review")
	})
}

// Somebody's automation undoes each move: Parley stops, and says that something undoes
// its writes.
func TestAutomationThatUndoesEveryMove(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		w.site.AddWorkflow(jirasim.Workflow{Name: jirasim.StrictWorkflow, Statuses: []string{w.at.ToDo.ID, w.at.Active.ID},
			Transitions: []jirasim.Transition{{ID: "4", Name: "Start work", From: []string{w.at.ToDo.ID}, To: w.at.Active.ID, Automation: w.at.ToDo.ID}}})
		key, n := w.pair("Comes back")
		w.must(w.hub.AddLabels("ben", repo, n, "status:in-progress"))
		for range 60 {
			w.clock.Advance(time.Minute)
			w.poll()
		}
		moves := 0
		for _, r := range w.site.Log().Mutations() {
			if strings.HasSuffix(r.Path, "/transitions") {
				moves++
			}
		}
		if moves == 0 || moves > 6 {
			w.t.Errorf("%d moves in an hour\n%s", moves, w.story(w.card(key)))
		}
		w.quietFor(30 * time.Minute)
	})
}

// quietFor checks that nothing is written for a while.
func (w *world) quietFor(d time.Duration) {
	w.t.Helper()
	before := w.writes()
	for range int(d / time.Minute) {
		w.clock.Advance(time.Minute)
		w.poll()
	}
	if n := w.writes() - before; n != 0 {
		w.t.Errorf("%d writes in %v at rest", n, d)
	}
}

// A person moves an issue into a project that is not read: the card stays, and when the
// issue comes back it goes on as before.
func TestMovedIntoAProjectThatIsNotRead(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		w.site.AddSoftwareProject("FIN", "Finance", jirasim.StrictWorkflow)
		key, n := w.pair("Wanders")
		moved, err := w.site.Move("ana", key, "FIN")
		w.must(err)
		w.settle(4)
		w.quietFor(10 * time.Minute)
		back, err := w.site.Move("ana", moved.Key, "OPS")
		w.must(err)
		w.must(w.site.Transition("ana", back.Key, "Start work", noEdit))
		w.settle(6)
		w.expect(back.Key, n, "In Progress", "open status:in-progress", "doing")
	})
}

// The index shows nothing during the daily reading, as while it is rebuilt: nothing is
// taken for deleted and nothing is written.
func TestSweepWhileTheIndexIsRebuilt(t *testing.T) {
	t.Parallel()
	both(t, func(w *world) {
		key, n := w.pair("Still there")
		w.slowly()
		w.settle(2)
		w.site.SetIndexGap(func(string) bool { return true })
		writes := w.writes()
		w.pass(26)
		w.settle(4)
		if got := w.writes() - writes; got != 0 {
			w.t.Errorf("%d writes while the index is empty", got)
		}
		for _, b := range w.face(key).Badges {
			if b.Kind == kanban.BadgeAway {
				w.t.Errorf("taken for deleted: %+v", b)
			}
		}
		w.site.SetIndexGap(nil)
		w.must(w.site.Transition("ana", key, "Start work", noEdit))
		w.settle(4)
		w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	})
}

// Behind the gateway nobody can look at an issue: the addresses that people write lead to
// the site itself, and so do the links that Parley writes.
func TestPairedByTheSitesAddressBehindTheGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.prefix = "/ex/jira/1122"
		w.site = jirasim.New(jirasim.Options{Clock: w.clock, BaseURL: "http://acme.example", CloudID: "1122"})
		w.at = w.site.AddCompany()
		bot := w.at.Bot
		bot.Scoped = true
		w.site.AddUser(bot)
		w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana"})
		w.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
		w.change = func(c *mapping.Config) {
			c.Trackers[0].BaseURLs = []string{"http://127.0.0.1:1" + w.prefix}
			c.Pairs[0].Match = []mapping.Evidence{mapping.URLInDescription}
		}
	})
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Pay faster", Body: "asked for in http://acme.example/browse/" + i.Key})
	w.must(err)
	w.settle(3)
	if !w.together(i.Key) {
		t.Fatal("not paired by the address")
	}
	w.must(w.site.Transition("ana", i.Key, "Start work", noEdit))
	w.settle(3)
	w.expect(i.Key, g.Number, "In Progress", "open status:in-progress", "doing")
	if sides := w.face(i.Key).Sides; len(sides) == 0 || sides[0].URL != "http://acme.example/browse/"+i.Key {
		t.Errorf("people are sent to %+v", sides)
	}
}
