package runner

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/mapping"
)

// onServer puts a Data Center in the place of the Cloud site.
func onServer(w *world) {
	w.bearer = true
	w.site = jirasim.New(jirasim.Options{Clock: w.clock, BaseURL: "http://127.0.0.1:1", Deployment: jirasim.DataCenter})
	w.at = w.site.AddCompany()
	w.site.AddUser(jirasim.User{AccountID: "ana", Name: "ana.maria", DisplayName: "Ana", Email: "ana@acme.example", Token: "ana-token"})
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
}

// inItsWords checks that nothing was asked of the Data Center that it does not know.
func (w *world) inItsWords() {
	w.t.Helper()
	for _, r := range w.site.Log().Requests() {
		known := strings.HasPrefix(r.Path, "/rest/api/2/") && !strings.HasSuffix(r.Path, "/jql") && !strings.Contains(r.Path, "bulkfetch")
		if !known || r.Status == http.StatusMethodNotAllowed || r.Status >= 500 && r.Fault == "" {
			w.t.Errorf("%s %s: %d", r.Method, r.Path, r.Status)
		}
	}
}

func TestDataCenterIsPairedAndCarriesBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, onServer)
	key, n := w.pair("Pay faster")
	if !w.together(key) {
		t.Fatal("the two issues are no pair")
	}
	w.must(w.site.Transition("ana", key, "Start work", noEdit))
	w.settle(3)
	w.expect(key, n, "In Progress", "open status:in-progress", "doing")
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(8)
	w.expect(key, n, "Done", "closed status:in-progress", "done")
	if i, _ := w.site.Issue(key); i.ResolutionName != "Done" {
		t.Errorf("resolution %q", i.ResolutionName)
	}
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
	w.settle(3)
	if g, err := w.hub.Issue(repo, n); err != nil || !slices.Contains(g.Labels, "priority:high") {
		t.Errorf("labels %v, %v", g.Labels, err)
	}
	writes := w.writes()
	w.settle(5)
	if got := w.writes() - writes; got != 0 {
		t.Errorf("%d writes at rest", got)
	}
	w.inItsWords()
}

func TestDataCenterGetsItsTwin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, onServer, mirroring(mapping.MirrorGitHubToJira))
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Pay faster", Body: "as *soon* as possible"})
	w.must(err)
	w.must(w.hub.AddLabels("ben", repo, g.Number, "status:in-progress"))
	w.settle(8)
	all := w.site.Issues("OPS")
	if len(all) != 1 || all[0].Creator != w.at.Bot.AccountID || all[0].Properties["parley.link"] == nil || !w.together(all[0].Key) {
		t.Fatalf("Jira has %+v", all)
	}
	if all[0].StatusName != "In Progress" {
		t.Errorf("the twin is %q", all[0].StatusName)
	}
	// A lost store still knows its own by the mark, which searches do not bring.
	w.lose()
	w.settle(8)
	if n := len(w.site.Issues("OPS")); n != 1 || !w.together(all[0].Key) {
		t.Errorf("%d issues after the store was lost", n)
	}
	w.inItsWords()
}

func TestDataCenterGivesItsTwin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, onServer, mirroring(mapping.MirrorJiraToGitHub))
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
	w.must(err)
	w.settle(6)
	if all := w.issues(); len(all) != 1 || !w.together(i.Key) {
		t.Fatalf("%d issues in GitHub", len(all))
	}
	if v, _ := w.site.Issue(i.Key); len(v.Links) != 1 {
		t.Errorf("%d remote links", len(v.Links))
	}
	w.inItsWords()
}

// The answer to the create is lost and the index late: no second twin is made.
func TestDataCenterALostCreateIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, onServer, mirroring(mapping.MirrorGitHubToJira))
	w.settle(2)
	w.site.SetIndexLag(func(string) time.Duration { return 2 * time.Minute })
	lost := 0
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/issue") || lost > 0 {
			return sim.Fault{}
		}
		lost++
		return sim.Fault{Name: "lost", Lost: true}
	})
	_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Pay faster"})
	w.must(err)
	w.settle(40)
	if all := w.site.Issues("OPS"); len(all) != 1 || lost != 1 || !w.together(all[0].Key) {
		t.Errorf("%d issues in Jira after %d lost answers", len(all), lost)
	}
	w.inItsWords()
}
