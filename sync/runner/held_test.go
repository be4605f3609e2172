package runner

import (
	"context"
	"net/http"
	"testing"
	"time"

	"parley/connectors/github"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/reconcile"
)

const onBoard = "acme/12"

// holding is where a GitHub holds status and priority, other than in labels.
type holding struct {
	name    string
	project string // "" is an Issue Field
	options githubsim.Options
}

// holdings are all of them. Whether an Issue Field moves its issue nobody has measured.
func holdings() []holding {
	return []holding{
		{"project", onBoard, githubsim.Options{}},
		{"issue field that moves the issue", "", githubsim.Options{FieldsMoveIssues: true, FieldsInFeed: true}},
		{"issue field that moves nothing", "", githubsim.Options{}},
	}
}

// holdingWorld is a world whose GitHub holds status and priority there.
func holdingWorld(t *testing.T, h holding, more ...func(*world)) *world {
	t.Helper()
	return newWorld(t, append([]func(*world){func(w *world) {
		w.gitHub(h.options)
		statuses, priorities := []string{"Backlog", "In Progress", "In Review", "Done"}, []string{"High", "Medium", "Low"}
		if h.project != "" {
			w.must(w.hub.AddProject(githubsim.Project{Owner: "acme", Number: 12, OnClose: "Done",
				Fields: []githubsim.ProjectField{{Name: "Status", Options: statuses}, {Name: "Priority", Options: priorities}}}))
			w.must(w.hub.SetProjectAccess(onBoard, "parley-bot", githubsim.Write))
		} else {
			w.must(w.hub.AddIssueField("acme", githubsim.IssueField{Name: "Status", Options: statuses}))
			w.must(w.hub.AddIssueField("acme", githubsim.IssueField{Name: "Priority", Options: priorities}))
		}
		w.places = [2]github.Place{{Project: h.project, Field: "Status"}, {Project: h.project, Field: "Priority"}}
		w.change = func(c *mapping.Config) {
			for i, selectors := range [][]string{{"open"}, {"open + option:In Progress"}, {"open + option:In Review"}, {"closed"}} {
				c.Columns[i].GitHub = selectors
			}
			for i, option := range []string{"High", "Medium", "Low"} {
				c.Priorities[i].GitHub = []string{"option:" + option}
			}
			c.Trackers[1].Fields = map[kanban.Field]mapping.FieldConfig{
				kanban.FieldStatus: {Project: h.project, Name: "Status"}, kanban.FieldPriority: {Project: h.project, Name: "Priority"}}
		}
	}}, more...)...)
}

// set sets a field as a person does in GitHub.
func (w *world) set(n int, field, option string) {
	w.t.Helper()
	if p := w.places[0].Project; p != "" {
		w.must(w.hub.SetProjectField(p, repo, n, field, option))
	} else {
		w.must(w.hub.SetIssueField("ben", repo, n, field, option))
	}
}

func (w *world) option(n int, field string) string {
	if p := w.places[0].Project; p != "" {
		option, _ := w.hub.ProjectField(p, repo, n, field)
		return option
	}
	return w.hub.IssueField(repo, n, field)
}

// holds checks where all three show the same card to be, and that no edit was called one
// that met another.
func (w *world) holds(step, key string, n int, status, gitHub, column string) {
	w.t.Helper()
	i, _ := w.site.Issue(key)
	g, err := w.hub.Issue(repo, n)
	w.must(err)
	shown := g.State
	if o := w.option(n, "Status"); o != "" {
		shown += " " + o
	}
	card := w.card(key)
	if i.StatusName != status || shown != gitHub || string(card.Status.Agreed) != column {
		w.t.Errorf("%s: %s is %q, #%d is %q, the card in %q; want %q, %q, %q\n%s", step, key, i.StatusName, n, shown, card.Status.Agreed, status, gitHub, column, w.story(card))
	}
	conflicts, err := w.store.Conflicts(context.Background(), conflictsOf(card.ID))
	w.must(err)
	if len(conflicts) > 0 {
		w.t.Errorf("%s: conflicts %+v", step, conflicts)
	}
	for _, op := range card.Ops {
		if op.State != reconcile.Finished && op.State != reconcile.Cancelled {
			w.t.Errorf("%s: a write is %s", step, op.State)
		}
	}
}

func (w *world) intend(key, id string, f kanban.Field, to kanban.Value) {
	w.t.Helper()
	c := w.card(key)
	_, err := w.runner.Intend(context.Background(), engine.Intent{Key: id, Card: c.ID, Field: f, To: to, Rev: c.Rev, Actor: "lea"})
	w.must(err)
	w.work()
}

// TestStatusInAField goes there and back: from Jira, from GitHub, from the board, over a
// close and a reopening.
func TestStatusInAField(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w := holdingWorld(t, h)
			key, n := w.pair("Reconcile positions")
			w.holds("at first", key, n, "To Do", "open", "todo")
			w.must(w.site.Transition("ana", key, "Start work", jirasim.Edit{}))
			w.settle(3)
			w.holds("in Jira", key, n, "In Progress", "open In Progress", "doing")
			w.set(n, "Status", "In Review")
			w.settle(3)
			w.holds("in GitHub", key, n, "In Review", "open In Review", "review")
			if at := w.card(key).Status.Support[0].At; h.project != "" && !at.Equal(w.clock.Now().Add(-90*time.Second)) {
				t.Errorf("it was set at %v, and not when the project says", at)
			}
			w.set(n, "Status", "In Progress")
			w.settle(3)
			w.holds("in GitHub again", key, n, "In Progress", "open In Progress", "doing")
			w.intend(key, "drag", kanban.FieldStatus, "review")
			w.settle(2)
			w.holds("on the board", key, n, "In Review", "open In Review", "review")
			closed := "closed In Review" // an Issue Field stays as it is
			if h.project != "" {
				closed = "closed Done" // the project sets that by itself
			}
			w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
			w.settle(4)
			w.holds("closed in GitHub", key, n, "Done", closed, "done")
			w.intend(key, "back", kanban.FieldStatus, "doing")
			w.settle(4)
			w.holds("taken up on the board", key, n, "In Progress", "open In Progress", "doing")
			w.intend(key, "end", kanban.FieldStatus, "done")
			w.settle(4)
			if h.project == "" {
				closed = "closed In Progress"
			}
			w.holds("ended on the board", key, n, "Done", closed, "done")
			if sup := w.card(key).Status.Support; h.project == "" && sup[len(sup)-1].Side != reconcile.SideBoard {
				t.Errorf("our own write was taken for somebody's edit: %+v", sup)
			}
			w.atRest()
		})
	}
}

// atRest polls for an hour in which nobody does anything.
func (w *world) atRest() {
	w.t.Helper()
	w.settle(10)
	before := w.writes()
	w.settle(20)
	if n := w.writes() - before; n != 0 {
		w.t.Errorf("%d writes at rest", n)
	}
}

func TestPriorityInAField(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w := holdingWorld(t, h)
			key, n := w.pair("Reconcile positions")
			check := func(step, jira, option, board string) {
				t.Helper()
				w.settle(3)
				i, _ := w.site.Issue(key)
				c := w.card(key)
				if got := w.option(n, "Priority"); i.PriorityName != jira || got != option || string(c.Priority.Agreed) != board {
					t.Errorf("%s: %q, %q, %q; want %q, %q, %q\n%s", step, i.PriorityName, got, c.Priority.Agreed, jira, option, board, w.story(c))
				}
				conflicts, err := w.store.Conflicts(context.Background(), conflictsOf(c.ID))
				w.must(err)
				if len(conflicts) > 0 {
					t.Errorf("%s: conflicts %+v", step, conflicts)
				}
			}
			check("at first", "Medium", "", "medium")
			w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
			check("in Jira", "High", "High", "high")
			w.set(n, "Priority", "Low")
			check("in GitHub", "Low", "Low", "low")
			w.intend(key, "p", kanban.FieldPriority, "medium")
			check("on the board", "Medium", "Medium", "medium")
			w.set(n, "Priority", "")
			check("taken off: no opinion", "Medium", "", "medium")
			w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("Highest")}))
			check("Highest is high too", "Highest", "High", "high")
			w.atRest()
		})
	}
}

// TestAnOptionThatNothingListsIsLeftAlone, and visibly, until somebody sets another.
func TestAnOptionThatNothingListsIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w := holdingWorld(t, h)
			key, n := w.pair("Reconcile positions")
			w.set(n, "Status", "Backlog")
			w.settle(3)
			w.holds("unmapped", key, n, "To Do", "open Backlog", "todo")
			if c := w.card(key); c.Status.Frozen != "unmapped" {
				t.Errorf("frozen: %q", c.Status.Frozen)
			}
			w.set(n, "Status", "In Progress")
			w.settle(3)
			w.holds("mapped again", key, n, "In Progress", "open In Progress", "doing")
			w.atRest()
		})
	}
}

// TestAFieldSetOnBothSidesIsAConflict: what is read before our write leaves is seen to
// meet it.
func TestAFieldSetOnBothSidesIsAConflict(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w := holdingWorld(t, h)
			key, n := w.pair("Reconcile positions")
			w.set(n, "Priority", "Low")
			w.settle(3)
			w.clock.Advance(10 * time.Minute)
			w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
			w.set(n, "Priority", "Medium")
			w.settle(5)
			i, _ := w.site.Issue(key)
			c := w.card(key)
			if got := w.option(n, "Priority"); i.PriorityName != "High" || got != "High" || c.Priority.Agreed != "high" {
				t.Errorf("%q, %q, %q: Jira decides\n%s", i.PriorityName, got, c.Priority.Agreed, w.story(c))
			}
			conflicts, err := w.store.Conflicts(context.Background(), conflictsOf(c.ID))
			w.must(err)
			if len(conflicts) != 1 || conflicts[0].Loser.Value != "medium" {
				t.Errorf("conflicts %+v", conflicts)
			}
			w.atRest()
		})
	}
}

// TestWhoIsThereAfterOurWriteHasSeenIt: a person sets the field anew before our write is
// read back. What they set is what counts, and no conflict.
func TestWhoIsThereAfterOurWriteHasSeenIt(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		for _, option := range []string{"Low", "Medium"} { // another one, and the one from before
			if option == "Medium" && h.project == "" {
				continue // an Issue Field does not say when it was set
			}
			t.Run(h.name+" "+option, func(t *testing.T) {
				t.Parallel()
				w := holdingWorld(t, h)
				key, n := w.pair("Reconcile positions")
				w.set(n, "Priority", "Medium")
				w.settle(5)
				w.after = func(*http.Request) error {
					if w.option(n, "Priority") == "High" {
						w.after = nil
						w.clock.Advance(time.Second)
						w.set(n, "Priority", option)
					}
					return nil
				}
				w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new("High")}))
				w.settle(10)
				i, _ := w.site.Issue(key)
				c := w.card(key)
				conflicts, err := w.store.Conflicts(context.Background(), conflictsOf(c.ID))
				w.must(err)
				if got := w.option(n, "Priority"); w.after != nil || i.PriorityName != option || got != option || len(conflicts) > 0 {
					t.Errorf("%q, %q; conflicts %+v\n%s", i.PriorityName, got, conflicts, w.story(c))
				}
			})
		}
	}
}

// TestACardThatOnlyGitHubHas moves by its option, and plain open is where it begins.
func TestACardThatOnlyGitHubHas(t *testing.T) {
	t.Parallel()
	for _, h := range holdings() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			w := holdingWorld(t, h)
			g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "Tidy up"})
			w.must(err)
			ref := repo + "#1"
			in := func(step, column, option string) {
				t.Helper()
				w.settle(3)
				if c := w.card(ref); string(c.Status.Agreed) != column || w.option(g.Number, "Status") != option {
					t.Errorf("%s: the card is in %q, the issue is %q", step, c.Status.Agreed, w.option(g.Number, "Status"))
				}
			}
			in("at first", "todo", "")
			w.set(g.Number, "Status", "In Review")
			in("in GitHub", "review", "In Review")
			w.intend(ref, "a", kanban.FieldStatus, "doing")
			in("on the board", "doing", "In Progress")
			w.intend(ref, "b", kanban.FieldStatus, "todo")
			in("back to where there is no option", "todo", "")
			w.atRest()
		})
	}
}
