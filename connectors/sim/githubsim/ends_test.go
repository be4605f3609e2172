package githubsim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

func TestConvertedToDiscussion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "bug")
	w.clock.Advance(time.Minute)
	if err := w.hub.ConvertToDiscussion("Bo", pay, 1); err == nil {
		t.Error("converted by a stranger")
	}
	w.must(w.hub.ConvertToDiscussion("ana", pay, 1))
	if got := w.state(1); got.State != "closed" || !got.Locked || !got.Updated.Equal(start.Add(time.Minute)) {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"labeled bug", "closed completed", "converted_to_discussion"}, w.kinds(1)); diff != "" {
		t.Error(diff)
	}
	for _, tc := range [][3]string{
		{"PATCH", issuesPath + "/1", `{"state":"open"}`}, {"PATCH", issuesPath + "/1", `{"title":"B"}`}, {"POST", issuesPath + "/1/labels", `["x"]`},
		{"DELETE", issuesPath + "/1/labels/bug", ""}, {"POST", issuesPath + "/1/assignees", `{"assignees":["ana"]}`}, {"POST", issuesPath + "/1/comments", `{"body":"x"}`},
		{"DELETE", issuesPath + "/1/lock", ""},
	} {
		if got := w.do(tc[0], tc[1], "t-ana", tc[2]); got.status != 403 {
			t.Errorf("%s %s: %d %s", tc[0], tc[1], got.status, got.body)
		}
	}
	if got := w.get(issuesPath + "/1"); got.status != 200 || got.object(t)["state"] != "closed" || got.object(t)["title"] != "A" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if err := w.hub.ConvertToDiscussion("ana", pay, 1); err == nil {
		t.Error("converted twice")
	}
}

func TestCopyIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	first, err := w.hub.CreateIssue("parley[bot]", pay, githubsim.NewIssue{Title: "A", Body: "x\n\n<!-- mark -->", Labels: []string{"bug"}, Assignees: []string{"ana"}})
	w.must(err)
	w.must(w.hub.SetState("ana", pay, 1, "closed", ""))
	got, err := w.hub.CopyIssue("ana", pay, 1)
	w.must(err)
	if got.Title != "A" || got.Body != first.Body || !cmp.Equal(got.Labels, []string{"bug"}) || got.User != "ana" || got.ID == first.ID || got.State != "open" || len(got.Assignees) != 0 {
		t.Errorf("%+v", got)
	}
	// Without permission the labels are left out, and a private repository is not seen.
	got, err = w.hub.CopyIssue("Bo", pay, 1)
	w.must(err)
	if len(got.Labels) != 0 || got.User != "Bo" {
		t.Errorf("%+v", got)
	}
}

func TestPublicAndPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.SetPrivate(pay, true))
	if got := w.get("/repos/" + pay).object(t); got["private"] != true || got["visibility"] != "private" {
		t.Errorf("%v, %v", got["private"], got["visibility"])
	}
	if got := w.do("GET", issuesPath+"/1", "t-bo", ""); got.status != 404 {
		t.Errorf("a stranger reads a private issue: %d", got.status)
	}
	w.must(w.hub.SetPrivate(pay, false))
	if got := w.do("GET", issuesPath+"/1", "t-bo", ""); got.status != 200 {
		t.Errorf("a stranger does not read a public issue: %d", got.status)
	}
	w.must(w.hub.SetIssues(pay, false))
	if got := w.do("POST", issuesPath, "t-ana", `{"title":"B"}`); got.status != 410 {
		t.Errorf("created where issues are off: %d", got.status)
	}
	w.must(w.hub.SetIssues(pay, true))
	if got := w.do("POST", issuesPath, "t-ana", `{"title":"B"}`); got.status != 201 {
		t.Errorf("not created: %d", got.status)
	}
}

func TestUpdatedSince(t *testing.T) {
	t.Parallel()
	w := newState(t, githubsim.Options{ListLag: func(string, int) time.Duration { return time.Hour }})
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "billing"}))
	for _, title := range []string{"A", "B", "C", "D"} {
		w.issue(title)
		w.clock.Advance(time.Minute)
	}
	title := "A2" // the oldest becomes the newest
	w.must(w.hub.Edit("ana", pay, 1, githubsim.Edit{Title: &title}))
	w.must(w.hub.SetPermission(pay, "ana", githubsim.Admin))
	w.must(w.hub.DeleteIssue("ana", pay, 3))
	moved, err := w.hub.Transfer("ana", pay, 4, "acme/billing")
	w.must(err)
	titles := func(list []githubsim.Issue) []string {
		var out []string
		for _, i := range list {
			out = append(out, i.Title)
		}
		return out
	}
	for _, tc := range []struct {
		since time.Time
		most  int
		want  []string
	}{{time.Time{}, 0, []string{"B", "A2"}}, {time.Time{}, 1, []string{"B"}}, {start.Add(2 * time.Minute), 0, []string{"A2"}}, {start.Add(time.Hour), 0, nil}} {
		if diff := cmp.Diff(tc.want, titles(w.hub.UpdatedSince(pay, tc.since, tc.most))); diff != "" {
			t.Errorf("since %s: %s", tc.since, diff)
		}
	}
	if got, ok := w.hub.IssueByID(moved.ID); !ok || got.Repo != "acme/billing" || got.Title != "D" {
		t.Errorf("%+v, %v", got, ok)
	}
	if slices.ContainsFunc(w.hub.UpdatedSince("acme/none", start, 0), func(githubsim.Issue) bool { return true }) {
		t.Error("issues of a repository that is not there")
	}
}

func BenchmarkDirect(b *testing.B) {
	clock := sim.NewManual(start)
	hub := githubsim.New(githubsim.Options{Clock: clock})
	if err := hub.AddUser(githubsim.User{Login: "ana", Push: true}); err != nil {
		b.Fatal(err)
	}
	if err := hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}); err != nil {
		b.Fatal(err)
	}
	for n := range 1000 {
		if _, err := hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: fmt.Sprint(n)}); err != nil {
			b.Fatal(err)
		}
		clock.Advance(time.Second)
	}
	b.Run("edit", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			clock.Advance(time.Second)
			title := [2]string{"a", "b"}[n/1000%2]
			_ = hub.Edit("ana", pay, n%1000+1, githubsim.Edit{Title: &title})
		}
	})
	b.Run("read", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			_, _ = hub.Issue(pay, n%1000+1)
		}
	})
	b.Run("history", func(b *testing.B) {
		for n := 0; b.Loop(); n++ {
			_, _ = hub.Events(pay, n%1000+1)
		}
	})
	b.Run("updated since", func(b *testing.B) {
		for b.Loop() {
			_ = hub.UpdatedSince(pay, clock.Now().Add(-10*time.Second), 0)
		}
	})
}
