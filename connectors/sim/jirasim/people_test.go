package jirasim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/jirasim"
)

func TestWhoCanBeAssignedAndByWhom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddUser(jirasim.User{AccountID: "ben", DisplayName: "Ben"})
	w.site.AddUser(jirasim.User{AccountID: "gone", DisplayName: "Gone", Inactive: true})
	w.site.AddUser(jirasim.User{AccountID: "guest", DisplayName: "Guest"})
	w.site.Revoke("guest", "OPS", jirasim.Assignable)
	key := w.issue("OPS").Key
	body := func(account string) string { return `{"fields":{"assignee":{"accountId":"` + account + `"}}}` }
	for _, tc := range []struct {
		account string
		status  int
	}{{"guest", 400}, {"gone", 400}, {"stranger", 400}, {"ben", 204}, {"ben", 204}, {"ana", 204}} {
		a := w.do("PUT", "/rest/api/2/issue/"+key, body(tc.account)).want(t, tc.status)
		if tc.status == 400 && a.get(t, "errors.assignee") == nil {
			t.Errorf("%s: %s", tc.account, a.text)
		}
	}
	w.do("PUT", "/rest/api/2/issue/"+key, `{"fields":{"assignee":null}}`).want(t, 204)
	var got [][2]string
	for _, h := range w.current(key).History {
		got = append(got, [2]string{h.Items[0].From, h.Items[0].To})
	}
	if diff := cmp.Diff([][2]string{{"", "ben"}, {"ben", "ana"}, {"ana", ""}}, got); diff != "" {
		t.Error(diff)
	}
	w.site.Revoke(w.company.Bot.AccountID, "OPS", jirasim.Assign)
	w.do("PUT", "/rest/api/2/issue/"+key, body("ben")).want(t, 400)
	w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"x","assignee":{"accountId":"ben"}}}`).want(t, 400)
	if _, err := w.site.Create(w.company.Bot.AccountID, jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x", Assignee: "ben"}); err == nil {
		t.Error("created for somebody by an account that may not assign")
	}
	w.do("PUT", "/rest/api/2/issue/"+key, `{"fields":{"summary":"y"}}`).want(t, 204)
}

// Everybody may look at a public project, and nobody without an account changes it.
func TestPublicProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddProject(jirasim.Project{Key: "PUB", Public: true, Workflows: map[string]string{"": jirasim.SimpleWorkflow}})
	public, private := w.issue("PUB").Key, w.issue("OPS").Key
	w.site.RestrictLevel("Internal", "ana")
	level := "Internal"
	secret := w.issue("PUB").Key
	if err := w.site.Edit("ana", secret, jirasim.Edit{Security: &level}); err != nil {
		t.Fatal(err)
	}
	w.email = ""
	for path, status := range map[string]int{"issue/" + public: 200, "issue/" + private: 404, "issue/" + secret: 404, "project/PUB": 200, "project/OPS": 404, "myself": 401} {
		w.do("GET", "/rest/api/2/"+path, "").want(t, status)
	}
	found := w.do("POST", "/rest/api/2/search/jql", jql("project in (PUB, OPS)", `,"fields":["key"]`)).want(t, 200)
	if diff := cmp.Diff([]string{public}, found.keys(t)); diff != "" {
		t.Error(diff)
	}
	w.do("PUT", "/rest/api/2/issue/"+public, `{"fields":{"summary":"mine"}}`).want(t, 401)
	w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"PUB"},"issuetype":{"name":"Task"},"summary":"mine"}}`).want(t, 401)
	w.do("DELETE", "/rest/api/2/issue/"+public, "").want(t, 401)
	if got := w.current(public); got.Summary != "Do it" {
		t.Errorf("changed by nobody: %+v", got)
	}
}
