package githubsim_test

import (
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

func TestEnterpriseServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{Enterprise: &githubsim.Enterprise{Version: "3.4.1", NoReasons: true}, HTMLURL: "https://ghes.example"})
	is := w.issue("Pay")
	if got := w.get("/api/v3" + issuesPath); got.status != 200 || got.header.Get("X-GitHub-Enterprise-Version") != "3.4.1" ||
		got.header.Get("X-RateLimit-Limit") != "" || got.header.Get("X-GitHub-Api-Version-Selected") != "" ||
		strings.Contains(got.body, "state_reason") || strings.Contains(got.body, "sub_issues_summary") ||
		!strings.Contains(got.body, `"html_url":"https://ghes.example/acme/payments/issues/1"`) || !strings.Contains(got.body, `"url":"`+w.url+"/api/v3/repos/") {
		t.Errorf("%d %v %s", got.status, got.header, got.body)
	}
	if got := w.get("/api/v3/rate_limit"); got.status != 404 || !strings.Contains(got.body, "Rate limiting is not enabled.") {
		t.Errorf("/rate_limit: %d %s", got.status, got.body)
	}
	if got := w.get("/api/v3/meta"); !strings.Contains(got.body, `"installed_version":"3.4.1"`) {
		t.Errorf("/meta: %s", got.body)
	}
	if got := w.get("/api/v3"+issuesPath, "X-GitHub-Api-Version: 1999-01-01"); got.status != 200 {
		t.Errorf("an unknown version of the API: %d", got.status)
	}
	if got := w.get(issuesPath); got.status != 302 || !strings.HasPrefix(got.header.Get("Location"), "/login?") {
		t.Errorf("a page for people: %d %v", got.status, got.header)
	}
	for range 100 { // more than GitHub gives strangers in an hour
		if got := w.do("GET", "/api/v3"+issuesPath, "", ""); got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if got := w.do("PATCH", "/api/v3"+issuesPath+"/1", "t-ana", `{"state":"closed","state_reason":"not_planned"}`); got.status != 200 || strings.Contains(got.body, "not_planned") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if got := w.get("/api/v3" + issuesPath + "/1/events"); strings.Contains(got.body, "state_reason") || !strings.Contains(got.body, `"closed"`) {
		t.Error(got.body)
	}
	if s := w.state(is.Number); s.State != "closed" || s.StateReason != "completed" {
		t.Errorf("%+v", s)
	}
	w.hub.SetLimits(githubsim.Limits{Hourly: 1})
	w.get("/api/v3/meta")
	if got := w.get("/api/v3/meta"); got.status != 403 || got.header.Get("X-RateLimit-Limit") != "1" {
		t.Errorf("limits that were switched on: %d %v", got.status, got.header)
	}
}
