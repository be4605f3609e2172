package githubsim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
)

// TestStates walks an issue through states by PATCH and compares what it becomes,
// what history says, and whether updated_at moved.
func TestStates(t *testing.T) {
	t.Parallel()
	type step struct {
		body   string
		state  string
		events []string // added by this step
		still  bool     // updated_at stays
	}
	for name, steps := range map[string][]step{
		"closing means completed": {{`{"state":"closed"}`, "closed completed", []string{"closed completed"}, false}},
		"reasons": {
			{`{"state":"closed","state_reason":"not_planned"}`, "closed not_planned", []string{"closed not_planned"}, false},
			{`{"state":"closed"}`, "closed not_planned", nil, true},
			{`{"state":"closed","state_reason":"not_planned"}`, "closed not_planned", nil, true},
			{`{"state":"closed","state_reason":"duplicate"}`, "closed duplicate", []string{"closed duplicate"}, false},
			{`{"state":"open"}`, "open reopened", []string{"reopened"}, false},
			{`{"state":"open","state_reason":"completed"}`, "open reopened", nil, true},
		},
		"a reason alone is ignored": {{`{"state_reason":"completed"}`, "open ", nil, true}},
		"null reason":               {{`{"state":"closed","state_reason":null}`, "closed completed", []string{"closed completed"}, false}},
		"title and body": {
			{`{"title":"New"}`, "open ", []string{"renamed New"}, false},
			{`{"title":"New"}`, "open ", nil, true},
			{`{"body":"text"}`, "open ", nil, false},
			{`{"body":null}`, "open ", nil, false},
			{`{"title":12}`, "open ", []string{"renamed 12"}, false},
		},
		"labels replace": {
			{`{"labels":["bug","New One"]}`, "open ", []string{"labeled bug", "labeled New One"}, false},
			{`{"labels":[{"name":"new one"},"question"]}`, "open ", []string{"unlabeled bug", "labeled question"}, false},
			{`{"labels":["QUESTION","New one"]}`, "open ", nil, true},
			{`{"labels":[{"name":"bug","suggest":true},"question","new one"]}`, "open ", nil, true},
			{`{"labels":[]}`, "open ", []string{"unlabeled New One", "unlabeled question"}, false},
		},
		"assignees and milestone": {
			{`{"assignees":["ANA"],"milestone":1}`, "open ", []string{"assigned ana", "milestoned M1"}, false},
			{`{"assignee":"ana","milestone":"1"}`, "open ", nil, true},
			{`{"assignees":[],"milestone":null}`, "open ", []string{"unassigned ana", "demilestoned M1"}, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, githubsim.Options{})
			w.issue("Old")
			_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1"})
			w.must(err)
			for i, s := range steps {
				was, events := w.state(1), len(w.kinds(1))
				w.clock.Advance(time.Minute)
				if got := w.do("PATCH", "/repos/acme/payments/issues/1", "t-ana", s.body); got.status != 200 {
					t.Fatalf("step %d: %d %s", i, got.status, got.body)
				}
				now := w.state(1)
				if got := now.State + " " + now.StateReason; got != s.state {
					t.Errorf("step %d: state %q, want %q", i, got, s.state)
				}
				if diff := cmp.Diff(append([]string{}, s.events...), append([]string{}, w.kinds(1)[events:]...)); diff != "" {
					t.Errorf("step %d: events (-want +got)\n%s", i, diff)
				}
				if now.Updated.Equal(was.Updated) != s.still {
					t.Errorf("step %d: updated_at from %v to %v", i, was.Updated, now.Updated)
				}
			}
		})
	}
}

func TestPullRequestsHaveNoReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	pr, err := w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "P", PullRequest: true})
	w.must(err)
	for _, body := range []string{`{"state":"closed","state_reason":"not_planned"}`, `{"state":"open"}`} {
		got := w.do("PATCH", issuesPath+"/1", "t-ana", body).object(t)
		if got["state_reason"] != nil || got["html_url"] != "https://github.com/acme/payments/pull/1" || pr.Number != 1 {
			t.Errorf("%s: reason %v, %v", body, got["state_reason"], got["html_url"])
		}
	}
}

func TestClosedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.SetState("ana", pay, 1, "closed", "completed"))
	closed := w.state(1).Closed
	w.clock.Advance(time.Hour)
	w.must(w.hub.SetState("ana", pay, 1, "closed", "duplicate"))
	if got := w.state(1).Closed; !got.Equal(closed) || closed.IsZero() {
		t.Errorf("another reason moved closed_at from %v to %v", closed, got)
	}
	w.must(w.hub.SetState("ana", pay, 1, "open", ""))
	if got := w.get("/repos/acme/payments/issues/1").object(t); got["closed_at"] != nil || got["closed_by"] != nil || got["state_reason"] != "reopened" {
		t.Errorf("open again: closed_at %v, closed_by %v, reason %v", got["closed_at"], got["closed_by"], got["state_reason"])
	}
}

// TestWithoutPush: an author who may not push changes text and state; the rest is
// dropped without a word.
func TestWithoutPush(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	got := w.do("POST", "/repos/acme/payments/issues", "t-bo", `{"title":"Mine","labels":["bug"],"assignees":["ana"]}`)
	if got.status != 201 {
		t.Fatalf("create: %d %s", got.status, got.body)
	}
	got = w.do("PATCH", "/repos/acme/payments/issues/1", "t-bo", `{"title":"Mine!","state":"closed","labels":["bug","made up"],"assignees":["ana"]}`)
	is := w.state(1)
	if got.status != 200 || is.Title != "Mine!" || is.State != "closed" {
		t.Errorf("edit of the author: %d %+v", got.status, is)
	}
	if len(is.Labels)+len(is.Assignees) != 0 {
		t.Errorf("labels %v and assignees %v were to be dropped", is.Labels, is.Assignees)
	}
	if got := w.get("/repos/acme/payments/labels/made%20up"); got.status != 404 {
		t.Errorf("a dropped label was made: %d", got.status)
	}
}

func TestQuietLabels(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{QuietLabels: true})
	w.issue("A", "bug")
	for method, path := range map[string]string{"POST": "/labels", "PUT": "/labels", "DELETE": "/labels/bug"} {
		if got := w.do(method, "/repos/acme/payments/issues/1"+path, "t-bo", `["question"]`); got.status != 200 {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
	}
	if got := fmt.Sprint(w.state(1).Labels); got != "[bug]" {
		t.Errorf("labels %s", got)
	}
}

func TestTriage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.SetPermission(pay, "bo", githubsim.Triage))
	for body, status := range map[string]int{`["bug"]`: 200, `["brand new"]`: 403} {
		if got := w.do("POST", "/repos/acme/payments/issues/1/labels", "t-bo", body); got.status != status {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	for body, status := range map[string]int{`{"state":"closed"}`: 200, `{"title":"x"}`: 403} {
		if got := w.do("PATCH", "/repos/acme/payments/issues/1", "t-bo", body); got.status != status {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	got := w.get("/repos/acme/payments/collaborators/bo/permission").object(t)
	if got["permission"] != "read" || got["role_name"] != "triage" {
		t.Errorf("permission %v, role %v", got["permission"], got["role_name"])
	}
}

func TestDuplicateWithTwin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	twin := w.issue("B")
	body := fmt.Sprintf(`{"state":"closed","state_reason":"duplicate","duplicate_issue_id":%d}`, twin.ID)
	if got := w.do("PATCH", "/repos/acme/payments/issues/1", "t-ana", body); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if diff := cmp.Diff([]string{"closed duplicate", "marked_as_duplicate"}, w.kinds(1)); diff != "" {
		t.Error(diff)
	}
}

func TestCreateIssueAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	got := w.do("POST", "/api/v3/repos/ACME/Payments/issues", "t-app", `{"title":"A","body":"b\r\n","labels":["Status: New"]}`)
	o := got.object(t)
	if want := w.url + "/api/v3/repos/acme/payments/issues/1"; got.status != 201 || got.header.Get("Location") != want || o["url"] != want {
		t.Errorf("%d Location %s url %v", got.status, got.header.Get("Location"), o["url"])
	}
	if id := o["id"].(float64); id <= 1<<32 {
		t.Errorf("id %v fits 32 bits, real ones do not", id)
	}
	if o["performed_via_github_app"] == nil || o["body"] != "b\r\n" || o["html_url"] != "https://github.com/acme/payments/issues/1" {
		t.Errorf("issue %s", got.body)
	}
	if _, ok := o["pull_request"]; ok {
		t.Error("an issue has the key pull_request")
	}
}

func TestNewerAPIVersionDropsAssignee(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	_, old := w.get("/repos/acme/payments/issues/1").object(t)["assignee"]
	_, young := w.get("/repos/acme/payments/issues/1", "X-GitHub-Api-Version: 2026-03-10").object(t)["assignee"]
	if !old || young {
		t.Errorf("assignee there: 2022 %v, 2026 %v", old, young)
	}
}
