package runner

import (
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/mapping"
)

// withBen carries assignees between Jira and GitHub, where Ben is ben.
func withBen(w *world) {
	w.site.AddUser(jirasim.User{AccountID: "ben-1", Name: "ben.j", DisplayName: "Ben", Email: "ben@acme.example", Token: "ben-token"})
	w.change = func(c *mapping.Config) {
		c.Persons = []mapping.PersonConfig{{Name: "Ben", Jira: "ben-1", GitHub: "ben"}}
		c.Pairs[0].Fields = map[kanban.Field]mapping.Direction{kanban.FieldStatus: mapping.DirectionBoth, kanban.FieldPriority: mapping.DirectionBoth, kanban.FieldAssignees: mapping.DirectionBoth}
	}
}

// assignees are those of the issue in Jira and in GitHub.
func (w *world) assignees(key string, n int) string {
	w.t.Helper()
	i, _ := w.site.Issue(key)
	g, err := w.hub.Issue(repo, n)
	w.must(err)
	return i.Assignee + " / " + strings.Join(g.Assignees, ",")
}

// Somebody changes their login, and another one takes it: nobody is unassigned for it, and
// assignments go on to be carried both ways, also by a process that began after the change.
func TestARenamedLoginIsTheSamePerson(t *testing.T) {
	t.Parallel()
	for name, restart := range map[string]bool{"the same process": false, "the next process": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, withBen)
			key, n := w.pair("Pay faster")
			w.must(w.hub.Assign("ben", repo, n, "ben"))
			w.settle(4)
			if got := w.assignees(key, n); got != "ben-1 / ben" {
				t.Fatalf("before: %s\n%s", got, w.story(w.card(key)))
			}
			w.must(w.hub.RenameUser("ben", "benjamin"))
			w.must(w.hub.AddUser(githubsim.User{Login: "ben"}))
			w.must(w.hub.SetPermission(repo, "ben", githubsim.Write))
			if restart {
				w.start()
			}
			sent := w.writes()
			w.pass(26)
			w.settle(3)
			if got := w.assignees(key, n); got != "ben-1 / benjamin" || w.writes() != sent {
				t.Fatalf("after the sweep: %s, %d writes\n%s", got, w.writes()-sent, w.story(w.card(key)))
			}
			for _, step := range []struct {
				do   func() error
				want string
			}{
				{func() error { return w.site.Edit("ana", key, jirasim.Edit{Assignee: new("")}) }, " / "},
				{func() error { return w.site.Edit("ana", key, jirasim.Edit{Assignee: new("ben-1")}) }, "ben-1 / benjamin"},
				{func() error { return w.hub.Unassign("benjamin", repo, n, "benjamin") }, " / "},
				{func() error { return w.hub.Assign("benjamin", repo, n, "benjamin") }, "ben-1 / benjamin"},
			} {
				w.must(step.do())
				w.settle(4)
				if got := w.assignees(key, n); got != step.want {
					t.Errorf("%q, want %q\n%s", got, step.want, w.story(w.card(key)))
				}
			}
			other, m := w.pair("Another")
			w.must(w.hub.Assign("benjamin", repo, m, "ben")) // who has taken the login
			w.settle(4)
			if got := w.assignees(other, m); got != " / ben" {
				t.Errorf("somebody else is taken for Ben: %s", got)
			}
		})
	}
}
