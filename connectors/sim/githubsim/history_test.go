package githubsim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
)

// eventRow is what the tests look at in an event.
type eventRow struct {
	ID        int64          `json:"id"`
	Event     string         `json:"event"`
	CreatedAt string         `json:"created_at"`
	Actor     map[string]any `json:"actor"`
	App       map[string]any `json:"performed_via_github_app"`
	Issue     map[string]any `json:"issue"`
	raw       map[string]any
}

func (r reply) events(t testing.TB) []eventRow {
	t.Helper()
	var out []eventRow
	var raw []map[string]any
	if err := json.Unmarshal([]byte(r.body), &out); err != nil {
		t.Fatalf("events: %v: %s", err, r.body)
	}
	_ = json.Unmarshal([]byte(r.body), &raw)
	for i := range out {
		out[i].raw = raw[i]
	}
	return out
}

func TestEventPayloads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1"})
	w.must(err)
	title := "B"
	w.must(w.hub.AddLabels("parley[bot]", pay, 1, "bug"))
	w.must(w.hub.RemoveLabel("ana", pay, 1, "BUG"))
	w.must(w.hub.Assign("ana", pay, 1, "ana", "nobody"))
	w.must(w.hub.Unassign("ana", pay, 1, "ana"))
	w.must(w.hub.SetMilestone("ana", pay, 1, 1))
	w.must(w.hub.SetMilestone("ana", pay, 1, 0))
	w.must(w.hub.Edit("ana", pay, 1, githubsim.Edit{Title: &title}))
	w.must(w.hub.Lock("ana", pay, 1, "spam"))
	w.must(w.hub.Unlock("ana", pay, 1))
	w.must(w.hub.SetState("", pay, 1, "closed", "not_planned"))
	w.must(w.hub.SetState("ana", pay, 1, "open", ""))
	got := w.get(issuesPath + "/1/events").events(t)
	want := []struct {
		kind, key string
		value     any
	}{
		{"labeled", "label", map[string]any{"name": "bug", "color": "d73a4a"}},
		{"unlabeled", "label", map[string]any{"name": "bug", "color": "d73a4a"}},
		{"assigned", "assigner", "ana"},
		{"unassigned", "assignee", "ana"},
		{"milestoned", "milestone", map[string]any{"title": "M1"}},
		{"demilestoned", "milestone", map[string]any{"title": "M1"}},
		{"renamed", "rename", map[string]any{"from": "A", "to": "B"}},
		{"locked", "lock_reason", "spam"},
		{"unlocked", "lock_reason", nil},
		{"closed", "state_reason", "not_planned"},
		{"reopened", "state_reason", nil},
	}
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i, e := range got {
		value := e.raw[want[i].key]
		if person, ok := value.(map[string]any); ok && person["login"] != nil {
			value = person["login"]
		}
		if diff := cmp.Diff(want[i].value, value); e.Event != want[i].kind || diff != "" {
			t.Errorf("event %d is %s (-want +got)\n%s", i, e.Event, diff)
		}
		if i > 0 && e.ID <= got[i-1].ID {
			t.Errorf("event %d: id %d after %d", i, e.ID, got[i-1].ID)
		}
		if e.Issue != nil {
			t.Errorf("event %d carries the issue; only the feed does", i)
		}
	}
	if got[0].App["slug"] != "parley" || got[0].Actor["type"] != "Bot" || got[1].App != nil {
		t.Errorf("apps: %v, %v", got[0].App, got[1].App)
	}
	if got[9].Actor != nil {
		t.Errorf("the deleted account's event has actor %v", got[9].Actor)
	}
}

// TestSeededHistory seeds issue by issue, out of order in time; the feed is in
// order all the same, and nothing's updated_at goes back.
func TestSeededHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	for n := 1; n <= 3; n++ {
		created := start.AddDate(0, -6, n)
		_, err := w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "old", Created: created})
		w.must(err)
		for d := range 4 {
			w.must(w.hub.At(created.AddDate(0, 0, 10*d)).AddLabels("ana", pay, n, fmt.Sprint("l", d)))
		}
	}
	w.must(w.hub.At(start.AddDate(0, -5, 0)).SetState("ana", pay, 1, "closed", ""))
	feed := w.get(issuesPath + "/events?per_page=100").events(t)
	if len(feed) != 13 || feed[0].Issue["number"] == nil {
		t.Fatalf("%d events in the feed", len(feed))
	}
	for i := 1; i < len(feed); i++ {
		if feed[i].ID >= feed[i-1].ID || feed[i].CreatedAt > feed[i-1].CreatedAt {
			t.Errorf("feed is not newest first at %d: %+v", i, feed[i])
		}
	}
	one := w.state(1)
	if want := start.AddDate(0, -5, 0); !one.Updated.Equal(want) || !one.Closed.Equal(want) {
		t.Errorf("updated %v, closed %v, want %v", one.Updated, one.Closed, want)
	}
	single := w.get(fmt.Sprintf("%s/events/%d", issuesPath, feed[3].ID))
	if single.status != 200 || single.object(t)["event"] != feed[3].Event {
		t.Errorf("single event: %d %s", single.status, single.body)
	}
	if got := w.get(issuesPath + "/events?per_page=5"); len(got.events(t)) != 5 || got.next() == "" {
		t.Errorf("page of the feed: %d rows, %s", len(got.events(t)), got.header.Get("Link"))
	}
	tag := w.get(issuesPath + "/events").header.Get("ETag")
	if got := w.get(issuesPath+"/events", "If-None-Match: "+tag); got.status != 304 {
		t.Errorf("the feed has no use for its ETag: %d", got.status)
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A", "bug")
	w.clock.Advance(time.Minute)
	made := w.do("POST", issuesPath+"/1/comments", "t-bo", `{"body":"first"}`)
	url, _ := made.object(t)["url"].(string)
	if is := w.state(1); made.status != 201 || is.Comments != 1 || !is.Updated.Equal(start.Add(time.Minute)) {
		t.Fatalf("%d %s, issue %+v", made.status, made.body, is)
	}
	w.must(w.hub.Lock("ana", pay, 1, ""))
	if got := w.do("POST", issuesPath+"/1/comments", "t-bo", `{"body":"x"}`); got.status != 403 || !strings.Contains(got.body, "locked") {
		t.Errorf("locked: %d %s", got.status, got.body)
	}
	w.clock.Advance(time.Minute)
	if got := w.do("PATCH", url, "t-app", `{"body":"second"}`); got.status != 200 || got.object(t)["body"] != "second" {
		t.Errorf("edit: %d %s", got.status, got.body)
	}
	if got := w.state(1).Updated; !got.Equal(start.Add(2 * time.Minute)) {
		t.Errorf("an edited comment left updated_at at %v", got)
	}
	line := w.get(issuesPath + "/1/timeline").events(t)
	if len(line) != 3 || line[0].Event != "labeled" || line[1].Event != "commented" || line[2].Event != "locked" {
		t.Errorf("timeline %+v", line)
	}
	since := "?since=" + start.Add(2*time.Minute).Format(time.RFC3339)
	for path, rows := range map[string]int{"/1/comments": 1, "/comments": 1, "/1/comments" + since: 1, "/comments?sort=updated&direction=desc": 1,
		"/comments?since=2030-01-01": 0} {
		if got := w.get(issuesPath + path); got.status != 200 || strings.Count(got.body, `"issue_url"`) != rows {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := w.do("DELETE", url, "t-bo", ""); got.status != 204 || w.state(1).Comments != 0 {
		t.Errorf("delete: %d", got.status)
	}
	if got := w.get(url); got.status != 404 {
		t.Errorf("deleted comment: %d", got.status)
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1", Closed: true})
	w.must(err)
	for path, says := range map[string]string{
		"/user":                          `"login":"ana"`,
		"/users/bo":                      `"login":"Bo"`,
		"/meta":                          `"verifiable_password_authentication":false`,
		"/api/v3/meta":                   `"installed_version":"3.`,
		"/versions":                      `"2022-11-28"`,
		"/":                              `"current_user_url"`,
		"/repos/ACME/payments":           `"push":true`,
		"/repos/acme/secret":             `"visibility":"private"`,
		"/repos/acme/payments/assignees": `"login":"ana"`,
		"/repos/acme/payments/collaborators/ana/permission": `"permission":"write"`,
		"/repos/acme/payments/milestones?state=closed":      `"title":"M1"`,
		"/repos/acme/payments/milestones/1":                 `"closed_issues":0`,
	} {
		if got := w.get(path); got.status != 200 || !strings.Contains(got.body, says) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := w.get("/repos/acme/payments/milestones"); got.body != "[]" {
		t.Errorf("open milestones: %s", got.body)
	}
	if got := w.get("/repos/acme/payments/assignees/bo"); got.status != 404 {
		t.Errorf("bo is no member: %d", got.status)
	}
	if got := w.get("/repos/acme/payments/assignees/ana"); got.status != 204 {
		t.Errorf("ana is a member: %d", got.status)
	}
	if got := w.do("HEAD", "/meta", "t-ana", ""); got.status != 200 || got.body != "" || got.header.Get("ETag") == "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
}
