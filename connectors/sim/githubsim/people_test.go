package githubsim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
)

func TestAssignees(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	const path = issuesPath + "/1/assignees"
	for _, s := range []struct {
		method, token, body string
		status              int
		left                string
	}{
		{"POST", "t-ana", `{"assignees":["Ana","nobody","bo"]}`, 201, "[ana]"}, // who cannot be assigned is dropped
		{"POST", "t-bo", `{"assignees":["parley[bot]"]}`, 201, "[ana]"},        // so is what the caller may not do
		{"POST", "t-ana", `{"assignees":["parley[bot]"]}`, 201, "[ana parley[bot]]"},
		{"DELETE", "t-ana", `{"assignees":["ANA","nobody"]}`, 200, "[parley[bot]]"},
		{"POST", "t-ana", `{"assignees":7}`, 422, "[parley[bot]]"},
	} {
		got := w.do(s.method, path, s.token, s.body)
		if left := fmt.Sprint(w.state(1).Assignees); got.status != s.status || left != s.left {
			t.Errorf("%s %s: %d, assignees %s", s.method, s.body, got.status, left)
		}
	}
}

func TestLockEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	for _, s := range []struct {
		method, token, body string
		status              int
		locked              bool
	}{
		{"PUT", "t-bo", ``, 403, false},
		{"PUT", "t-ana", `null`, 204, true},
		{"PUT", "t-ana", `{"lock_reason":"spam"}`, 204, true},
		{"DELETE", "t-ana", ``, 204, false},
	} {
		if got := w.do(s.method, issuesPath+"/1/lock", s.token, s.body); got.status != s.status || w.state(1).Locked != s.locked {
			t.Errorf("%s %q by %s: %d, locked %v", s.method, s.body, s.token, got.status, w.state(1).Locked)
		}
	}
	if diff := cmp.Diff([]string{"locked", "unlocked"}, w.kinds(1)); diff != "" {
		t.Error(diff)
	}
}

// TestLabelsByPeople: the actions without HTTP keep the rules of the endpoints.
func TestLabelsByPeople(t *testing.T) {
	t.Parallel()
	w := newState(t, githubsim.Options{})
	w.must(w.hub.CreateLabel("ana", pay, githubsim.Label{Name: "status:new", Color: "00ff00"}))
	w.issue("A", "STATUS:new")
	if err := w.hub.CreateLabel("bo", pay, githubsim.Label{Name: "x"}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a label by a stranger: %v", err)
	}
	if err := w.hub.RenameLabel(pay, "none", "x"); err == nil {
		t.Error("renamed a label that is not there")
	}
	last := w.hub.Labels(pay)[9]
	if last.Name != "status:new" || last.Color != "00ff00" || fmt.Sprint(w.state(1).Labels) != "[status:new]" {
		t.Errorf("label %+v on %v", last, w.state(1).Labels)
	}
	w.must(w.hub.DeleteLabel("ana", pay, "Status:New"))
	if len(w.hub.Labels(pay)) != 9 || len(w.state(1).Labels) != 0 {
		t.Errorf("deleted, but there: %v", w.state(1).Labels)
	}
}

func TestCommentsByPeople(t *testing.T) {
	t.Parallel()
	w := newState(t, githubsim.Options{})
	_, err := w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "A", Created: start.AddDate(0, -1, 0)})
	w.must(err)
	for i, who := range []string{"ana", "bo", ""} {
		_, err := w.hub.At(start.AddDate(0, 0, -i)).Comment(who, pay, 1, fmt.Sprint("day ", i))
		w.must(err)
	}
	var got []string
	list, err := w.hub.Comments(pay, 1)
	w.must(err)
	for _, c := range list {
		got = append(got, c.User+" "+c.Body)
	}
	if diff := cmp.Diff([]string{"ghost day 2", "Bo day 1", "ana day 0"}, got); diff != "" {
		t.Error(diff)
	}
	if is := w.state(1); !is.Updated.Equal(start) {
		t.Errorf("updated_at went back to %v", is.Updated)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.hub.RevokeToken("t-bo")
	if got := w.do("GET", "/user", "t-bo", ""); got.status != 401 {
		t.Errorf("a revoked token: %d", got.status)
	}
	for name, err := range map[string]error{
		"empty login":        w.hub.AddUser(githubsim.User{}),
		"stolen token":       w.hub.AddUser(githubsim.User{Login: "eve", Token: "t-ana"}),
		"token for nobody":   w.hub.AddToken("nobody", "t"),
		"rename of nobody":   w.hub.RenameUser("nobody", "x"),
		"role for nobody":    w.hub.SetPermission(pay, "nobody", githubsim.Read),
		"role nowhere":       w.hub.SetPermission("acme/none", "ana", githubsim.Read),
		"role that is none":  w.hub.SetPermission(pay, "ana", "boss"),
		"repository twice":   w.hub.AddRepo(githubsim.Repo{Owner: "ACME", Name: "Payments"}),
		"repository no name": w.hub.AddRepo(githubsim.Repo{Owner: "acme"}),
		"label refused":      w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "x", Labels: []githubsim.Label{{Name: "x", Color: "red"}}}),
		"name taken":         w.hub.RenameRepo(pay, "secret"),
		"actor unknown":      w.hub.SetState("nobody", pay, 1, "closed", ""),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "t-ana") {
			t.Errorf("%s: the error tells a token: %v", name, err)
		}
	}
}

// TestSameStorySameIDs: ids depend on what happened and on nothing else.
func TestSameStorySameIDs(t *testing.T) {
	t.Parallel()
	story := func() string {
		w := newState(t, githubsim.Options{})
		w.must(w.hub.AddRepo(githubsim.Repo{Owner: "new", Name: "r", Permissions: map[string]githubsim.Permission{
			"a": githubsim.Read, "b": githubsim.Write, "c": githubsim.Admin, "d": githubsim.Triage}}))
		w.must(w.hub.SetPermission(pay, "d", githubsim.Write))
		_, err := w.hub.CreateIssue("d", pay, githubsim.NewIssue{Title: "A", Labels: []string{"x", "y"}, Assignees: []string{"d"}})
		w.must(err)
		var out strings.Builder
		w.must(w.hub.WriteJSON(pay, &out))
		events, err := w.hub.Events(pay, 1)
		w.must(err)
		return out.String() + fmt.Sprint(events)
	}
	if first, second := story(), story(); first != second {
		t.Error(cmp.Diff(first, second))
	}
}

func TestRefusalSaysWhy(t *testing.T) {
	t.Parallel()
	w := newState(t, githubsim.Options{})
	err := w.hub.CreateLabel("ana", pay, githubsim.Label{Name: "Bug"})
	var r *githubsim.Refusal
	if !errors.As(err, &r) || err.Error() != "github 422: Validation Failed (Label.name: already_exists)" {
		t.Errorf("%v", err)
	}
}

// TestCommitOrderWithinASecond: history keeps the order in which things happened
// while the clock stood still.
func TestCommitOrderWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	want := []string{}
	for i := range 5 {
		w.must(w.hub.AddLabels("ana", pay, 1, fmt.Sprint("l", i)))
		_, err := w.hub.Comment("bo", pay, 1, "hm")
		w.must(err)
		want = append(want, "labeled", "commented")
	}
	var got []string
	for _, e := range w.get(issuesPath + "/1/timeline").events(t) {
		got = append(got, e.Event)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := w.state(1); got.Updated.Sub(got.Created) != time.Duration(0) {
		t.Errorf("updated %v", got.Updated)
	}
}
