package githubsim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
)

// TestRefusals holds every refusal to its status and its words.
func TestRefusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 51)
	hundred := `"` + strings.Join(numbered(101), `","`) + `"`
	const issues = "/repos/acme/payments/issues"
	for name, tc := range map[string]struct {
		method, path, token, body string
		status                    int
		says                      string
	}{
		"bad token":                {"GET", issues, "nonsense", "", 401, `"message":"Bad credentials"`},
		"write without token":      {"POST", issues, "", `{"title":"x"}`, 401, `"message":"Requires authentication"`},
		"private without token":    {"GET", "/repos/acme/secret", "", "", 404, `"message":"Not Found"`},
		"private for a stranger":   {"GET", "/repos/acme/secret/issues", "t-bo", "", 404, `"status":"404"`},
		"no such repository":       {"GET", "/repos/acme/nothing", "t-ana", "", 404, `"documentation_url"`},
		"no such issue":            {"GET", issues + "/99", "t-ana", "", 404, "docs.github.com/rest/issues/issues#get-an-issue"},
		"issue number no number":   {"GET", issues + "/abc", "t-ana", "", 404, "Not Found"},
		"unknown endpoint":         {"GET", "/repos/acme/payments/teapots", "t-ana", "", 404, "Not Found"},
		"method GitHub lacks":      {"DELETE", issues + "/1", "t-ana", "", 404, "Not Found"},
		"not JSON":                 {"POST", issues, "t-ana", `{"title":`, 400, `"message":"Problems parsing JSON"`},
		"not an object":            {"PATCH", issues + "/1", "t-ana", `["x"]`, 400, "Body should be a JSON object"},
		"no title":                 {"POST", issues, "t-ana", `{}`, 422, `\"title\" wasn't supplied.`},
		"blank title":              {"POST", issues, "t-ana", `{"title":" "}`, 422, `"resource":"Issue","field":"title","code":"missing_field"`},
		"long title":               {"PATCH", issues + "/1", "t-ana", `{"title":"` + strings.Repeat("x", 257) + `"}`, 422, "maximum is 256"},
		"long body":                {"PATCH", issues + "/1", "t-ana", `{"body":"` + strings.Repeat("x", 65537) + `"}`, 422, "maximum is 65536"},
		"bogus state":              {"PATCH", issues + "/1", "t-ana", `{"state":"bogus"}`, 422, "For 'properties/state'"},
		"bogus reason":             {"PATCH", issues + "/1", "t-ana", `{"state":"closed","state_reason":"wontfix"}`, 422, "properties/state_reason"},
		"title of a wrong type":    {"PATCH", issues + "/1", "t-ana", `{"title":{}}`, 422, "is not a string"},
		"labels of a wrong type":   {"PATCH", issues + "/1", "t-ana", `{"labels":"bug"}`, 422, "is not an array"},
		"labels null":              {"PUT", issues + "/1/labels", "t-ana", `null`, 422, "nil is not an array"},
		"label of a wrong type":    {"POST", issues + "/1/labels", "t-ana", `[7]`, 422, "is not a string"},
		"long label":               {"POST", issues + "/1/labels", "t-ana", `["` + long + `"]`, 422, "name is too long (maximum is 50 characters)"},
		"blank label":              {"POST", issues + "/1/labels", "t-ana", `[" "]`, 422, "missing_field"},
		"101 labels":               {"POST", issues + "/1/labels", "t-ana", `[` + hundred + `]`, 422, "at most 100 labels"},
		"label not on the issue":   {"DELETE", issues + "/1/labels/bug", "t-ana", "", 404, `"message":"Label does not exist"`},
		"labels without push":      {"POST", issues + "/1/labels", "t-bo", `["bug"]`, 403, "Must have admin rights to Repository."},
		"edit without push":        {"PATCH", issues + "/1", "t-bo", `{"state":"closed"}`, 403, "Must have admin rights to Repository."},
		"milestone unknown":        {"PATCH", issues + "/1", "t-ana", `{"milestone":9}`, 422, `"value":9,"resource":"Issue","field":"milestone","code":"invalid"`},
		"assignee unknown":         {"PATCH", issues + "/1", "t-ana", `{"assignees":["nobody"]}`, 422, `"field":"assignees","code":"invalid"`},
		"assignee without access":  {"PATCH", issues + "/1", "t-ana", `{"assignees":["bo"]}`, 422, `"field":"assignees"`},
		"duplicate of nothing":     {"PATCH", issues + "/1", "t-ana", `{"state":"closed","state_reason":"duplicate","duplicate_issue_id":5}`, 422, "duplicate_issue_id"},
		"bogus lock reason":        {"PUT", issues + "/1/lock", "t-ana", `{"lock_reason":"boring"}`, 422, "lock_reason"},
		"comment without body":     {"POST", issues + "/1/comments", "t-ana", `{}`, 422, `\"body\" wasn't supplied.`},
		"blank comment":            {"POST", issues + "/1/comments", "t-ana", `{"body":""}`, 422, "cannot be blank"},
		"label exists, other case": {"POST", "/repos/acme/payments/labels", "t-ana", `{"name":"BUG"}`, 422, `"resource":"Label","field":"name","code":"already_exists"`},
		"label colour":             {"POST", "/repos/acme/payments/labels", "t-ana", `{"name":"x","color":"invalid"}`, 422, `"resource":"Label","field":"color","code":"invalid"`},
		"label without name":       {"POST", "/repos/acme/payments/labels", "t-ana", `{"color":"ffffff"}`, 422, `\"name\" wasn't supplied.`},
		"list state":               {"GET", issues + "?state=bogus", "t-ana", "", 422, `"field":"state"`},
		"list sort":                {"GET", issues + "?sort=votes", "t-ana", "", 422, `"field":"sort"`},
		"list since":               {"GET", issues + "?since=yesterday", "t-ana", "", 422, "is not a date-time"},
		"list milestone":           {"GET", issues + "?milestone=7", "t-ana", "", 422, `"field":"milestone"`},
		"list assignee":            {"GET", issues + "?assignee=nobody", "t-ana", "", 422, `"field":"assignee"`},
		"list cursor":              {"GET", issues + "?after=zzz", "t-ana", "", 422, "cursor"},
		"page 101":                 {"GET", issues + "?per_page=100&page=101", "t-ana", "", 422, "please use cursor based pagination (after/before)"},
		"event unknown":            {"GET", issues + "/events/5", "t-ana", "", 404, "Not Found"},
		"permission of others":     {"GET", "/repos/acme/payments/collaborators/ana/permission", "t-bo", "", 403, "push access"},
		"user without token":       {"GET", "/user", "", "", 401, "Requires authentication"},
		"user of an installation":  {"GET", "/user", "t-app", "", 403, "Resource not accessible by integration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, githubsim.Options{})
			before := w.issue("A payment is lost")
			got := w.do(tc.method, tc.path, tc.token, tc.body)
			if got.status != tc.status || !strings.Contains(got.body, tc.says) {
				t.Errorf("%s %s: %d %s\nwant %d with %s", tc.method, tc.path, got.status, got.body, tc.status, tc.says)
			}
			if after := w.state(1); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("a refused request changed the issue: %v", after)
			}
			if o := got.object(t); o["documentation_url"] == nil || o["status"] != fmt.Sprint(tc.status) {
				t.Errorf("body lacks documentation_url or status: %s", got.body)
			}
		})
	}
}

func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint("l", i))
	}
	return out
}

func TestHeaderDemands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	if got := w.get("/meta", "User-Agent: "); got.status != 403 {
		t.Errorf("without User-Agent: %d", got.status)
	}
	if got := w.get("/meta", "X-GitHub-Api-Version: 2001-01-01"); got.status != 400 {
		t.Errorf("unknown API version: %d", got.status)
	}
	got := w.do("GET", "/user", "", "", "Authorization: token t-bo")
	if got.status != 200 || got.object(t)["login"] != "Bo" {
		t.Errorf("token scheme: %d %s", got.status, got.body)
	}
	if got := w.do("GET", "/user", "", "", "Authorization: Bearer "); got.status != 401 {
		t.Errorf("empty bearer: %d", got.status)
	}
}

func TestArchivedAndSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	w.must(w.hub.SetArchived(pay, true))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "off", NoIssues: true}))
	if got := w.do("PATCH", "/repos/acme/payments/issues/1", "t-ana", `{"state":"closed"}`); got.status != 403 || !strings.Contains(got.body, "archived") {
		t.Errorf("archived: %d %s", got.status, got.body)
	}
	if got := w.do("POST", "/repos/acme/off/issues", "t-ana", `{"title":"x"}`); got.status != 410 {
		t.Errorf("issues off: %d %s", got.status, got.body)
	}
}

func TestPeopleMeetTheSameRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("A")
	var r *githubsim.Refusal
	if err := w.hub.AddLabels("bo", pay, 1, "bug"); !errors.As(err, &r) || r.Status != 403 {
		t.Errorf("label without push: %v", err)
	}
	if err := w.hub.RemoveLabel("ana", pay, 1, "bug"); !errors.As(err, &r) || r.Status != 404 || r.Message != "Label does not exist" {
		t.Errorf("remove what is not there: %v", err)
	}
	if err := w.hub.SetState("ana", pay, 7, "closed", ""); !errors.As(err, &r) || r.Status != 404 {
		t.Errorf("no such issue: %v", err)
	}
	if _, err := w.hub.CreateIssue("ana", "acme/none", githubsim.NewIssue{Title: "x"}); !errors.As(err, &r) {
		t.Errorf("no such repository: %v", err)
	}
}
