package jirasim_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// fail makes the next request go wrong in a way that has a name.
func (w *world) fail(name string) {
	w.t.Helper()
	kinds := w.site.Faults()
	at := slices.IndexFunc(kinds, func(k sim.Kind) bool { return k.Name == name })
	if at < 0 {
		w.t.Fatalf("there is no fault %q", name)
	}
	f := kinds[at].Make()
	w.site.SetFaults(func(*http.Request) sim.Fault {
		now := f
		f = sim.Fault{}
		return now
	})
}

func TestNamedFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		header map[string]string // "-": must not be there
	}{
		"login-page":     {200, map[string]string{"Content-Type": "text/html;charset=UTF-8"}},
		"login-redirect": {302, map[string]string{"Location": "https://sso.example/login"}},
		"quota-global":   {429, map[string]string{"RateLimit-Reason": "jira-quota-global-based", "Retry-After": "30", "X-RateLimit-Reset": "2026-11-02T09:00Z"}},
		"quota-tenant":   {429, map[string]string{"RateLimit-Reason": "jira-quota-tenant-based", "Retry-After": "30"}},
		"burst":          {429, map[string]string{"RateLimit-Reason": "jira-burst-based", "Retry-After": "1"}},
		"per-issue":      {429, map[string]string{"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "2"}},
		"no-retry-after": {429, map[string]string{"RateLimit-Reason": "jira-burst-based", "Retry-After": "-", "X-RateLimit-Reset": "-"}},
		"near-limit":     {200, map[string]string{"X-RateLimit-NearLimit": "true", "RateLimit": `"global-app-quota";r=900;t=1800`}},
		"unavailable":    {503, map[string]string{"Retry-After": "2"}},
		"outage":         {502, nil},
		"nobody":         {404, map[string]string{"X-AAccountId": "-", "X-Seraph-LoginReason": "-"}},
	} {
		w := newWorld(t)
		v := w.issue("OPS")
		w.fail(name)
		a := w.do("GET", "/rest/api/2/issue/"+v.Key, "").want(t, tc.status)
		for h, want := range tc.header {
			if got := a.header.Get(h); got != strings.Trim(want, "-") && want == "-" || want != "-" && got != want {
				t.Errorf("%s: %s is %q, want %q", name, h, got, want)
			}
		}
		if got := w.site.Log().Requests(); got[0].Fault != name {
			t.Errorf("%s: logged as %q", name, got[0].Fault)
		}
		w.do("GET", "/rest/api/2/issue/"+v.Key, "").want(t, 200)
	}
	s := newServer(t)
	s.fail("limit")
	if a := s.do("GET", "/rest/api/2/myself", "").want(t, 429); a.header.Get("Retry-After") != "1" || a.header.Get("RateLimit-Reason") != "" {
		t.Errorf("%v", a.header)
	}
	s.fail("captcha")
	if a := s.do("GET", "/rest/api/2/myself", "").want(t, 403); !strings.HasPrefix(a.header.Get("X-Authentication-Denied-Reason"), "CAPTCHA_CHALLENGE") {
		t.Errorf("%v", a.header)
	}
}

func TestFaultsOfTheConnection(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]bool{"lost-answer": true, "half-body": true, "cut": false} {
		w := newWorld(t)
		v := w.issue("OPS")
		srv := httptest.NewServer(w.handler)
		t.Cleanup(srv.Close)
		w.fail(name)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, srv.URL+"/rest/api/2/issue/"+v.Key+"?returnIssue=true", strings.NewReader(`{"fields":{"summary":"New"}}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.SetBasicAuth(w.email, w.token)
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			n, broken := copyAll(resp)
			if name != "half-body" || broken == nil || n == 0 || n >= resp.ContentLength {
				t.Errorf("%s: %d of %d bytes, %v", name, n, resp.ContentLength, broken)
			}
		} else if name == "half-body" {
			t.Errorf("%s: %v", name, err)
		}
		if got := w.current(v.Key).Summary == "New"; got != changed {
			t.Errorf("%s: changed %t", name, got)
		}
	}
}

func copyAll(resp *http.Response) (int64, error) {
	defer resp.Body.Close()
	var sum int64
	for buf := make([]byte, 512); ; {
		n, err := resp.Body.Read(buf)
		sum += int64(n)
		if err != nil {
			if err.Error() == "EOF" {
				err = nil
			}
			return sum, err
		}
	}
}

func TestUnmoved(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]*world{"Cloud": newWorld(t), "Data Center": newServer(t)} {
		v := w.issue("OPS")
		w.fail("unmoved")
		w.do("POST", "/rest/api/2/issue/"+v.Key+"/transitions", `{"transition":{"id":"21"}}`).want(t, 204)
		if now := w.current(v.Key); now.Status != v.Status || len(now.History) != 0 {
			t.Errorf("%s: moved to %s", name, now.StatusName)
		}
		w.fail("conflict")
		w.do("POST", "/rest/api/2/issue/"+v.Key+"/transitions", `{"transition":{"id":"21"}}`).want(t, 409)
		w.do("POST", "/rest/api/2/issue/"+v.Key+"/transitions", `{"transition":{"id":"21"}}`).want(t, 204)
		if now := w.current(v.Key); now.StatusName != "In Progress" {
			t.Errorf("%s: still %s", name, now.StatusName)
		}
	}
}

func TestEmptyPageAndTokenLoop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.issue("OPS")
	}
	ask := func(token string) answer {
		more := `,"maxResults":2,"fields":["key"]`
		if token != "" {
			more += `,"nextPageToken":"` + token + `"`
		}
		return w.do("POST", "/rest/api/2/search/jql", jql("project = OPS ORDER BY key ASC", more)).want(t, 200)
	}
	token := func(a answer) string { s, _ := a.get(t, "nextPageToken").(string); return s }
	w.fail("empty-page")
	empty := ask("")
	if len(empty.keys(t)) != 0 || token(empty) == "" || empty.get(t, "isLast") != false {
		t.Fatal(empty.text)
	}
	first := ask(token(empty))
	if got := first.keys(t); len(got) != 2 || got[0] != "OPS-1" {
		t.Fatalf("behind the empty page %v", got)
	}
	w.fail("empty-page")
	second := ask(token(ask(token(first))))
	if got := second.keys(t); len(got) != 2 || got[0] != "OPS-3" {
		t.Errorf("behind the second empty page %v", got)
	}
	w.fail("token-loop")
	if again := ask(token(second)); token(again) != token(second) || len(again.keys(t)) != 1 {
		t.Errorf("loop: %s", again.text)
	}
	if last := ask(token(second)); token(last) != "" {
		t.Errorf("the loop goes on: %s", last.text)
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, other := w.issue("OPS"), w.issue("FIN")
	find := func(more string) []string {
		return w.do("POST", "/rest/api/2/search/jql", jql("project in (OPS, FIN)", `,"fields":["key"]`+more)).want(t, 200).keys(t)
	}
	if err := w.site.Archive("ana", v.Key, true); err != nil {
		t.Fatal(err)
	}
	path := "/rest/api/2/issue/" + v.Key
	a := w.do("GET", path, "").want(t, 200)
	if a.get(t, "fields.archiveddate") != w.clock.Now().Format("2006-01-02T15:04:05.000-0700") || a.get(t, "fields.archivedby.accountId") != "ana" {
		t.Error(a.text)
	}
	w.do("PUT", path, `{"fields":{"summary":"x"}}`).want(t, 403)
	if got := find(`,"includeArchivedProjects":true`); len(got) != 1 || got[0] != other.Key {
		t.Errorf("found %v", got)
	}
	if err := w.site.Archive("ana", v.Key, false); err != nil {
		t.Fatal(err)
	}
	if a := w.do("GET", path, "").want(t, 200); a.get(t, "fields.archiveddate") != nil || len(find("")) != 2 {
		t.Error(a.text)
	}
	w.site.ArchiveProject("OPS", true)
	if a := w.do("GET", "/rest/api/2/project/OPS", "").want(t, 200); a.get(t, "archived") != true {
		t.Error(a.text)
	}
	if got := find(""); len(got) != 1 || len(find(`,"includeArchivedProjects":true`)) != 2 {
		t.Errorf("found %v", got)
	}
	w.do("PUT", path, `{"fields":{"summary":"x"}}`).want(t, 403)
	if a := w.do("GET", path+"/transitions", "").want(t, 200); len(a.get(t, "transitions").([]any)) != 0 {
		t.Error(a.text)
	}
	if _, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "x"}); err == nil {
		t.Error("an archived project takes new issues")
	}
	w.site.ArchiveProject("OPS", false)
	w.do("PUT", path, `{"fields":{"summary":"x"}}`).want(t, 204)
}

func TestWordsOfTheAccountsLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.Translate("de_DE", jirasim.German())
	v := w.issue("FIN")
	w.do("POST", "/rest/api/2/issue/"+v.Key+"/transitions", `{"transition":{"id":"4"}}`).want(t, 204)
	w.site.AddUser(jirasim.User{AccountID: "eva", DisplayName: "Eva", Email: "eva@acme.example", Token: "e", Locale: "de_DE"})
	english := w.do("GET", "/rest/api/2/issue/"+v.Key+"?expand=changelog", "").want(t, 200)
	w.email, w.token = "eva@acme.example", "e"
	if a := w.do("GET", "/rest/api/2/myself", ""); a.get(t, "locale") != "de_DE" {
		t.Error(a.text)
	}
	german := w.do("GET", "/rest/api/2/issue/"+v.Key+"?expand=changelog", "").want(t, 200)
	for path, want := range map[string][2]any{
		"fields.status.name":                        {"In Progress", "In Arbeit"},
		"fields.status.id":                          {"3", "3"},
		"fields.status.statusCategory.key":          {"indeterminate", "indeterminate"},
		"fields.status.statusCategory.name":         {"In Progress", "In Arbeit"},
		"fields.priority.name":                      {"Medium", "Mittel"},
		"fields.issuetype.name":                     {"Task", "Aufgabe"},
		"changelog.histories.0.items.0.field":       {"status", "Status"},
		"changelog.histories.0.items.0.fieldId":     {"status", "status"},
		"changelog.histories.0.items.0.toString":    {"In Progress", "In Progress"},
		"changelog.histories.0.author.emailAddress": {"bot@acme.example", "bot@acme.example"},
		"fields.summary":                            {"Do it", "Do it"},
	} {
		if english.get(t, path) != want[0] || german.get(t, path) != want[1] {
			t.Errorf("%s: %v and %v, want %v", path, english.get(t, path), german.get(t, path), want)
		}
	}
	if a := w.do("GET", "/rest/api/2/status", ""); a.get(t, "0.name") != "Zu erledigen" || a.get(t, "0.untranslatedName") != "To Do" {
		t.Error(a.text)
	}
	if a := w.do("PUT", "/rest/api/2/issue/"+v.Key, `{"fields":{"resolution":{"id":"10000"}}}`).want(t, 400); !strings.HasPrefix(a.get(t, "errors.resolution").(string), "Das Feld „resolution“ kann") {
		t.Error(a.text)
	}
	if a := w.do("PUT", "/rest/api/2/issue/"+v.Key, `{"fields":{"priority":{"id":"77"}}}`).want(t, 400); a.get(t, "errors.priority") != "Die ausgewählte Priorität ist ungültig." {
		t.Error(a.text)
	}
	w.clock.Advance(time.Second)
	if a := w.do("GET", "/rest/api/2/issue/FIN-99", "").want(t, 404); a.get(t, "errorMessages.0") != "Der Vorgang existiert nicht, oder Sie sind nicht berechtigt, ihn anzuzeigen." {
		t.Error(a.text)
	}
}
