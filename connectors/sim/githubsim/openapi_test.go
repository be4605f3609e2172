package githubsim_test

import (
	"net/http/httptest"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
)

// TestOfficialDescription holds the answers of the main endpoints to GitHub's
// OpenAPI document.
func TestOfficialDescription(t *testing.T) {
	t.Parallel()
	j := official.Need(t, official.GitHub)
	w := newState(t, githubsim.Options{})
	srv := httptest.NewServer(j.AnswersOnly().Wrap(w.hub.Handler(), func(objection error) { t.Error(objection) }))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	w.furnish()
	for _, tc := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/repos/acme/payments", "", 200},
		{"GET", issuesPath + "?state=all", "", 200},
		{"GET", issuesPath + "?state=all&per_page=1&page=2", "", 200},
		{"POST", issuesPath, `{"title":"New","labels":["a"]}`, 201},
		{"GET", issuesPath + "/1", "", 200},
		{"GET", issuesPath + "/2", "", 200},
		{"GET", issuesPath + "/1/events", "", 200}, // before the closing: the document knows no closed events here
		{"GET", issuesPath + "/99", "", 404},
		{"GET", issuesPath + "/3", "", 410},
		{"PATCH", issuesPath + "/1", `{"state":"closed","state_reason":"not_planned"}`, 200},
		{"PATCH", issuesPath + "/1", `{"title":" "}`, 422},
		{"GET", issuesPath + "/1/labels", "", 200},
		{"POST", issuesPath + "/1/labels", `["x"]`, 200},
		{"POST", issuesPath + "/1/labels", `{"labels":["x"]}`, 200},
		{"PUT", issuesPath + "/1/labels", `{"labels":["y"]}`, 200},
		{"DELETE", issuesPath + "/1/labels/y", "", 200},
		{"DELETE", issuesPath + "/1/labels/y", "", 404},
		{"DELETE", issuesPath + "/1/labels", "", 204},
		{"GET", issuesPath + "/1/comments", "", 200},
		{"POST", issuesPath + "/1/comments", `{"body":"b"}`, 201},
		{"GET", issuesPath + "/comments", "", 200},
		{"GET", issuesPath + "/events", "", 200},
		{"GET", issuesPath + "/1/timeline", "", 200},
		{"PUT", issuesPath + "/1/lock", `{"lock_reason":"spam"}`, 204},
		{"POST", issuesPath + "/1/assignees", `{"assignees":["ana"]}`, 201},
		{"GET", "/repos/acme/payments/labels", "", 200},
		{"POST", "/repos/acme/payments/labels", `{"name":"n","color":"ffffff"}`, 201},
		{"POST", "/repos/acme/payments/labels", `{"name":"n"}`, 422},
		{"PATCH", "/repos/acme/payments/labels/n", `{"new_name":"m"}`, 200},
		{"GET", "/repos/acme/payments/milestones", "", 200},
		{"GET", "/repos/acme/payments/milestones/1", "", 200},
		{"GET", "/repos/acme/payments/assignees", "", 200},
		{"GET", "/user", "", 200},
		{"GET", "/rate_limit", "", 200},
		{"GET", "/meta", "", 200},
		{"GET", "/versions", "", 200},
	} {
		got := w.do(tc.method, tc.path, "t-ana", tc.body)
		if got.status != tc.status {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, got.status, got.body)
			continue
		}
	}
}

// furnish gives the first repository something of everything.
func (w *world) furnish() {
	w.t.Helper()
	_, err := w.hub.AddMilestone("ana", pay, githubsim.Milestone{Title: "M1", Due: start})
	w.must(err)
	_, err = w.hub.CreateIssue("parley[bot]", pay, githubsim.NewIssue{Title: "A", Body: "b", Labels: []string{"bug"}, Assignees: []string{"ana"}, Milestone: 1})
	w.must(err)
	_, err = w.hub.CreateIssue("ana", pay, githubsim.NewIssue{Title: "B", PullRequest: true})
	w.must(err)
	w.issue("C")
	w.must(w.hub.SetPermission(pay, "ana", githubsim.Admin))
	w.must(w.hub.DeleteIssue("ana", pay, 3))
	_, err = w.hub.Comment("bo", pay, 1, "hm")
	w.must(err)
	w.must(w.hub.SetState("", pay, 2, "closed", ""))
}
