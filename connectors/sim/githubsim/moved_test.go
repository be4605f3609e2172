package githubsim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

func TestRenamedRepo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	id := fmt.Sprintf("%.0f", w.get("/repos/acme/payments").object(t)["id"])
	w.must(w.hub.RenameRepo(pay, "billing"))
	for _, tc := range []struct {
		method, path, token, to string
		status                  int
	}{
		{"GET", "/repos/acme/payments", "t-ana", "/repositories/" + id, 301},
		{"GET", issuesPath + "?state=all", "t-ana", "/repositories/" + id + "/issues?state=all", 301},
		{"HEAD", issuesPath + "/1", "", "/repositories/" + id + "/issues/1", 301},
		{"PATCH", issuesPath + "/1", "t-ana", "/repositories/" + id + "/issues/1", 307},
		{"DELETE", issuesPath + "/1/labels/a%2Fb", "t-ana", "/repositories/" + id + "/issues/1/labels/a%2Fb", 307},
	} {
		got := w.do(tc.method, tc.path, tc.token, "{}")
		if got.status != tc.status || got.header.Get("Location") != w.url+tc.to {
			t.Errorf("%s %s: %d to %s", tc.method, tc.path, got.status, got.header.Get("Location"))
		}
		if tc.method != "HEAD" && got.object(t)["url"] != w.url+tc.to {
			t.Errorf("%s %s: %s", tc.method, tc.path, got.body)
		}
	}
	got := w.do("PATCH", "/repositories/"+id+"/issues/1", "t-ana", `{"state":"closed"}`)
	if got.status != 200 || got.object(t)["repository_url"] != w.url+"/repos/acme/billing" {
		t.Errorf("by id: %d %s", got.status, got.body)
	}
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}))
	if got := w.get(issuesPath + "?state=all"); got.status != 200 || got.body != "[]" {
		t.Errorf("a new repository took the name: %d %s", got.status, got.body)
	}
}

// TestRedirectedPatch documents why redirects of writes need care: net/http turns
// a 301 on PATCH into a GET that reports success.
func TestRedirectedPatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "billing"}))
	moved, err := w.hub.Transfer("ana", pay, 1, "acme/billing")
	w.must(err)
	req, err := http.NewRequest("PATCH", w.url+issuesPath+"/1", strings.NewReader(`{"state":"closed"}`))
	w.must(err)
	req.Header.Set("Authorization", "Bearer t-ana")
	resp, err := http.DefaultClient.Do(req)
	w.must(err)
	defer resp.Body.Close()
	is, err := w.hub.Issue("acme/billing", moved.Number)
	w.must(err)
	if resp.StatusCode != 200 || is.State != "open" {
		t.Errorf("followed PATCH: %d, state %s", resp.StatusCode, is.State)
	}
}

func TestTransferredIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	was := w.issue("A", "bug", "only here")
	_, err := w.hub.Comment("bo", pay, 1, "hm")
	w.must(err)
	moved, err := w.hub.Transfer("ana", pay, 1, "acme/secret")
	w.must(err)
	if moved.ID == was.ID || moved.Repo != "acme/secret" || fmt.Sprint(moved.Labels) != "[bug]" || moved.Comments != 1 {
		t.Errorf("moved issue %+v", moved)
	}
	for method, status := range map[string]int{"GET": 301, "PATCH": 301} {
		got := w.do(method, issuesPath+"/1", "t-ana", "{}")
		if got.status != status || !strings.HasSuffix(got.header.Get("Location"), "/issues/1") {
			t.Errorf("%s: %d %s", method, got.status, got.header.Get("Location"))
		}
	}
	if got := w.get(issuesPath + "/1/events?per_page=1"); !strings.HasSuffix(got.header.Get("Location"), "/issues/1/events?per_page=1") {
		t.Errorf("events: %d %s", got.status, got.header.Get("Location"))
	}
	for _, token := range []string{"t-bo", ""} {
		if got := w.do("GET", issuesPath+"/1", token, ""); got.status != 404 {
			t.Errorf("who may not see the target, token %q: %d", token, got.status)
		}
	}
	if got := w.get("/repos/acme/secret/issues/events"); !strings.Contains(got.body, `"event":"transferred"`) {
		t.Errorf("feed of the target: %s", got.body)
	}
	if got := w.get(issuesPath + "/events"); got.body != "[]" {
		t.Errorf("feed of the source: %s", got.body)
	}
}

func TestDeletedIssue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.must(w.hub.SetPermission(pay, "ana", githubsim.Admin))
	w.issue("A", "bug")
	w.issue("B")
	if err := w.hub.DeleteIssue("bo", pay, 1); err == nil {
		t.Error("a stranger deleted an issue")
	}
	w.must(w.hub.DeleteIssue("ana", pay, 1))
	for _, path := range []string{"/1", "/1/labels", "/1/events", "/1/comments", "/1/timeline"} {
		if got := w.get(issuesPath + path); got.status != 410 || got.object(t)["message"] != "This issue was deleted" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := w.do("PATCH", issuesPath+"/1", "t-ana", `{"state":"closed"}`); got.status != 410 {
		t.Errorf("PATCH: %d", got.status)
	}
	if got := w.get(issuesPath).rows(t); fmt.Sprint(got) != "[2]" {
		t.Errorf("list %v", got)
	}
	if w.issue("C").Number != 3 {
		t.Error("a number was used again")
	}
}

func TestDeletedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "bug")
	w.must(w.hub.Assign("ana", pay, 1, "ana"))
	was := w.state(1)
	w.hub.RemoveUser("ana")
	if got := w.get("/meta"); got.status != 401 {
		t.Errorf("the token lives on: %d", got.status)
	}
	got := w.do("GET", issuesPath+"/1/events", "", "")
	if !strings.Contains(got.body, `"actor":null`) {
		t.Errorf("events %s", got.body)
	}
	now := w.state(1)
	if now.User != "ghost" || len(now.Assignees) != 0 || !now.Updated.Equal(was.Updated) {
		t.Errorf("issue %+v", now)
	}
	if login := w.do("GET", issuesPath+"/1", "", "").object(t)["user"].(map[string]any)["login"]; login != "ghost" {
		t.Errorf("user %v", login)
	}
}

func TestRenamedUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	was := w.state(1)
	w.must(w.hub.RenameUser("ana", "anna"))
	if now := w.state(1); now.User != "anna" || !now.Updated.Equal(was.Updated) {
		t.Errorf("issue %+v", now)
	}
	if err := w.hub.RenameUser("anna", "BO"); err == nil {
		t.Error("two accounts share a login")
	}
	w.must(w.hub.RenameUser("acme", "acme-corp"))
	if got := w.get("/repos/acme/payments"); got.status != 301 {
		t.Errorf("after the owner's rename: %d", got.status)
	}
}
