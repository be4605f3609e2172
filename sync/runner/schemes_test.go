package runner

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
	"parley/kanban"
)

// using gives the project OPS a scheme of these priorities.
func (w *world) using(ids ...string) {
	w.site.AddPriorityScheme(jirasim.PriorityScheme{ID: "1", Name: jirasim.DefaultScheme, Priorities: ids, Default: "3"})
}

// schemes runs a test on Cloud and on Data Center, in a project of a few priorities.
func schemes(t *testing.T, test func(w *world), ids ...string) {
	t.Helper()
	few := func(w *world) {
		w.using(ids...)
		_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "There before"})
		w.must(err)
	}
	run := func(w *world) {
		w.must(w.runner.lease(w.t.Context()))
		w.must(w.runner.takeUp(w.t.Context()))
		test(w)
	}
	t.Run("Cloud", func(t *testing.T) { t.Parallel(); run(newWorld(t, few)) })
	t.Run("Data Center", func(t *testing.T) { t.Parallel(); run(newWorld(t, onServer, few)) })
}

// puts counts the edits that Jira was asked for.
func (w *world) puts() (n int) {
	for _, r := range w.site.Log().Mutations() {
		if r.Method == http.MethodPut {
			n++
		}
	}
	return n
}

// jiraPriority sets a priority in GitHub and gives what Jira has then.
func (w *world) jiraPriority(key string, n int, label string) string {
	w.t.Helper()
	w.must(w.hub.SetLabels("ben", repo, n, label))
	w.settle(4)
	i, _ := w.site.Issue(key)
	return i.PriorityName
}

// Of a class's priorities the one is written that the project uses; where it uses none,
// nothing is sent, and the card says what the project has instead.
func TestPriorityWithinTheProjectsScheme(t *testing.T) {
	t.Parallel()
	schemes(t, func(w *world) {
		key, n := w.pair("Pay faster")
		if got := w.jiraPriority(key, n, "priority:high"); got != "Highest" {
			w.t.Errorf("high is written as %q\n%s", got, w.story(w.card(key)))
		}
		sent := w.puts()
		if got := w.jiraPriority(key, n, "priority:low"); got != "Highest" || w.puts() != sent {
			w.t.Errorf("low is written as %q, by %d edits", got, w.puts()-sent)
		}
		b := w.face(key).Badges
		if len(b) == 0 || b[0].Kind != kanban.BadgeRefused || !strings.Contains(b[0].Text, "does not use the priority Low or Lowest; its scheme has Highest, Medium") {
			w.t.Errorf("badges %+v", b)
		}
	}, "1", "3")
}

// A scheme that is widened is known once an issue shows it, or a day later, and what was
// refused is written.
func TestAPrioritySchemeThatIsWidened(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(w *world){
		"an issue shows it": func(w *world) { w.must(w.site.Edit("ana", "OPS-1", jirasim.Edit{Priority: new("5")})) },
		"a day later":       func(w *world) { w.pass(26) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schemes(t, func(w *world) {
				key, n := w.pair("Pay faster")
				w.slowly()
				w.jiraPriority(key, n, "priority:low")
				w.using("1", "3", "5")
				w.clock.Advance(time.Hour)
				w.settle(2)
				if i, _ := w.site.Issue(key); i.PriorityName == "Lowest" {
					w.t.Fatal("nobody could know: the test proves nothing")
				}
				tell(w)
				w.settle(4)
				if i, _ := w.site.Issue(key); i.PriorityName != "Lowest" {
					w.t.Errorf("still %q\n%s", i.PriorityName, w.story(w.card(key)))
				}
			}, "1", "3")
		})
	}
}

// A scheme that is narrowed is learned from Jira's no, and the other one of the class is
// written.
func TestAPrioritySchemeThatIsNarrowed(t *testing.T) {
	t.Parallel()
	schemes(t, func(w *world) {
		key, n := w.pair("Pay faster")
		w.using("1", "3")
		w.clock.Advance(time.Hour)
		if got := w.jiraPriority(key, n, "priority:high"); got != "Highest" {
			w.t.Errorf("high is written as %q after %d edits\n%s", got, w.puts(), w.story(w.card(key)))
		}
	}, "1", "2", "3")
}
