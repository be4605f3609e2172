package jirasim_test

import (
	"net/http/httptest"
	"testing"

	jira "github.com/andygrunwald/go-jira"
)

func TestGoJiraClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := w.issue("FIN").Key
	client := goJira(t, w)
	me, _, err := client.User.GetSelf()
	if err != nil || me.AccountID != w.company.Bot.AccountID {
		t.Fatalf("myself: %+v, %v", me, err)
	}
	found, _, err := client.Issue.SearchV2JQL("project = FIN ORDER BY updated ASC", &jira.SearchOptionsV2{Fields: []string{"summary", "status", "priority", "updated"}, Expand: "changelog"})
	if err != nil || len(found) != 1 || found[0].Key != key || found[0].Fields.Status.Name != "To Do" || found[0].Fields.Priority.Name != "Medium" {
		t.Fatalf("search: %+v, %v", found, err)
	}
	ways, _, err := client.Issue.GetTransitions(key)
	if err != nil || len(ways) != 1 || ways[0].To.ID != w.company.Active.ID {
		t.Fatalf("transitions: %+v, %v", ways, err)
	}
	if _, err := client.Issue.DoTransition(key, ways[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Issue.UpdateIssue(key, map[string]any{"fields": map[string]any{"priority": map[string]string{"id": "1"}}}); err != nil {
		t.Fatal(err)
	}
	link := &jira.RemoteLink{GlobalID: "g1", Object: &jira.RemoteLinkObject{URL: "https://x.example/1", Title: "o/r#1"}}
	if _, _, err := client.Issue.AddRemoteLink(key, link); err != nil {
		t.Fatal(err)
	}
	links, _, err := client.Issue.GetRemoteLinks(key)
	if err != nil || len(*links) != 1 || (*links)[0].Object.Title != "o/r#1" {
		t.Fatalf("links: %+v, %v", links, err)
	}
	if _, _, err := client.Issue.AddComment(key, &jira.Comment{Body: "hello"}); err != nil {
		t.Fatal(err)
	}
	got, _, err := client.Issue.Get(key, &jira.GetQueryOptions{Expand: "changelog"})
	if err != nil || got.Fields.Status.Name != "In Progress" || got.Fields.Priority.Name != "Highest" || len(got.Changelog.Histories) != 3 {
		t.Fatalf("get: %+v, %v", got, err)
	}
	if n := len(w.site.Log().Mutations()); n != 4 {
		t.Errorf("%d mutating requests in the log, want 4", n)
	}
}

func TestGoJiraMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := goJira(t, w)
	statuses, _, err := client.Status.GetAllStatuses()
	if err != nil || len(statuses) != 5 {
		t.Errorf("statuses: %d, %v", len(statuses), err)
	}
	priorities, _, err := client.Priority.GetList()
	if err != nil || len(priorities) != 5 || priorities[0].Name != "Highest" {
		t.Errorf("priorities: %+v, %v", priorities, err)
	}
	fields, _, err := client.Field.GetList()
	if err != nil || len(fields) == 0 {
		t.Errorf("fields: %d, %v", len(fields), err)
	}
	resolutions, _, err := client.Resolution.GetList()
	if err != nil || len(resolutions) != 4 {
		t.Errorf("resolutions: %d, %v", len(resolutions), err)
	}
	categories, _, err := client.StatusCategory.GetList()
	if err != nil || len(categories) != 4 {
		t.Errorf("categories: %d, %v", len(categories), err)
	}
	if _, _, err := client.Project.Get("OPS"); err != nil {
		t.Error(err)
	}
	if _, _, err := client.Issue.Search("project = OPS", nil); err == nil {
		t.Error("the removed search was answered")
	}
}

// goJira is the library's client, signed in to the world's site.
func goJira(t *testing.T, w *world) *jira.Client {
	t.Helper()
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	auth := jira.BasicAuthTransport{Username: w.email, Password: w.token}
	client, err := jira.NewClient(auth.Client(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
