package jirasim_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestCredentialThatDoesNotResolve(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, email, token, reason string
	}{
		{"none", "", "", ""},
		{"wrong token", "bot@acme.example", "old", "AUTHENTICATED_FAILED"},
		{"unknown account", "who@acme.example", "bot-token", "AUTHENTICATED_FAILED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.issue("OPS")
			w.email, w.token = tc.email, tc.token
			found := w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", "")).want(t, 200)
			if n := len(found.get(t, "issues").([]any)); n != 0 || found.get(t, "isLast") != true {
				t.Errorf("nobody's search: %s", found.text)
			}
			if got := found.header.Get("X-Seraph-LoginReason"); got != tc.reason {
				t.Errorf("login reason %q, want %q", got, tc.reason)
			}
			if found.header.Get("X-AAccountId") != "" || found.header.Get("X-RateLimit-Limit") != "" {
				t.Error("nobody's answer carries an account's headers")
			}
			for path, status := range map[string]int{"issue/OPS-1": 404, "issue/OPS-1/changelog": 404, "issue/OPS-1/remotelink": 404,
				"project/OPS": 404, "myself": 401, "serverInfo": 200, "status": 200, "priority": 200, "field": 200, "project/search": 200} {
				w.do("GET", "/rest/api/2/"+path, "").want(t, status)
			}
			if text := w.do("GET", "/rest/api/2/status", "").text; strings.TrimSpace(text) != "[]" {
				t.Errorf("nobody sees statuses: %s", text)
			}
			w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"summary":"x"}}`).want(t, 404)
			w.do("POST", "/rest/api/2/issue/OPS-1/transitions", `{"transition":{"id":"21"}}`).want(t, 404)
			w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"x"}}`).want(t, 400)
			if v := w.current("OPS-1"); v.Summary != "Do it" || len(v.History) != 0 {
				t.Errorf("nobody changed the issue: %+v", v)
			}
		})
	}
}

func TestGoodCredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.do("GET", "/rest/api/3/myself", "").want(t, 200)
	if a.header.Get("X-AAccountId") != "bot-1" || a.get(t, "accountId") != "bot-1" || a.get(t, "timeZone") != "UTC" {
		t.Errorf("myself: %v %s", a.header, a.text)
	}
	if got, want := a.header.Get("Date"), start.UTC().Format(http.TimeFormat); got != want {
		t.Errorf("Date %q, want the simulated clock's %q", got, want)
	}
	for name, want := range map[string]string{"X-RateLimit-Limit": "350", "X-RateLimit-Remaining": "349",
		"RateLimit": `"jira-burst-based";r=349;t=1`, "RateLimit-Policy": `"jira-burst-based";q=100;w=1`, "Content-Type": "application/json;charset=UTF-8"} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	w.site.SetToken("bot-1", "")
	w.do("GET", "/rest/api/3/myself", "").want(t, 401)
}

func TestBearerIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.email, w.header["Authorization"] = "", "Bearer opaque"
	a := w.do("GET", "/rest/api/3/myself", "").want(t, 403)
	if a.get(t, "error") != "Failed to parse Connect Session Auth Token" {
		t.Error(a.text)
	}
}

func TestFrontDoor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, method, path, header, value string
		status                            int
		kind                              string
	}{
		{"unknown endpoint", "GET", "/rest/api/3/nothing", "", "", 404, "application/problem+json"},
		{"unknown version", "GET", "/rest/api/4/myself", "", "", 404, "application/problem+json"},
		{"not the API", "GET", "/browse/OPS-1", "", "", 404, "application/problem+json"},
		{"wrong method", "PATCH", "/rest/api/3/issue/OPS-1", "", "", 405, "application/problem+json"},
		{"bodyless DELETE", "DELETE", "/rest/api/3/issue/OPS-1", "Content-Type", "", 415, "application/problem+json"},
		{"form", "POST", "/rest/api/3/search/jql", "Content-Type", "application/x-www-form-urlencoded", 415, "application/problem+json"},
		{"browser", "POST", "/rest/api/3/issue", "User-Agent", "Mozilla/5.0", 403, "text/html;charset=UTF-8"},
		{"number", "GET", "/rest/api/3/search/jql?jql=project=OPS&maxResults=abc", "", "", 400, "application/problem+json"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.issue("OPS")
			if tc.header != "" {
				w.header[tc.header] = tc.value
			}
			a := w.do(tc.method, tc.path, "").want(t, tc.status)
			if got := a.header.Get("Content-Type"); got != tc.kind {
				t.Errorf("Content-Type %q, want %q", got, tc.kind)
			}
			if _, alive := w.site.Issue("OPS-1"); !alive {
				t.Error("a refused request deleted the issue")
			}
		})
	}
}

func TestBrowserWithTokenHeader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.header["User-Agent"], w.header["X-Atlassian-Token"] = "Mozilla/5.0", "no-check"
	w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", "")).want(t, 200)
}
