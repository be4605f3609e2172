package jirasim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/jirasim"
)

// newServer is a Data Center site, talked to with a personal access token.
func newServer(t *testing.T, change ...func(*jirasim.Options)) *world {
	t.Helper()
	w := newWorld(t, append([]func(*jirasim.Options){func(o *jirasim.Options) { o.Deployment = jirasim.DataCenter }}, change...)...)
	w.as("bot-token")
	return w
}

func (w *world) as(token string) {
	w.email, w.header["Authorization"] = "", "Bearer "+token
}

// login talks to the site with a name and a password from now on.
func (w *world) login(name, password string) {
	delete(w.header, "Authorization")
	w.email, w.token = name, password
}

func TestServerSaysWhatItIs(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	a := w.do("GET", "/rest/api/2/serverInfo", "").want(t, 200)
	if a.get(t, "deploymentType") != "Server" || a.get(t, "version") != jirasim.Version || a.get(t, "baseUrl") != "https://acme.example" {
		t.Error(a.text)
	}
	me := w.do("GET", "/rest/api/2/myself", "").want(t, 200)
	if me.get(t, "name") != "bot-1" || !strings.HasPrefix(me.get(t, "key").(string), "JIRAUSER") || strings.Contains(me.text, "accountId") {
		t.Error(me.text)
	}
	if me.header.Get("X-AUSERNAME") != "bot-1" || me.header.Get("X-AAccountId") != "" || !strings.HasPrefix(me.header.Get("Set-Cookie"), "JSESSIONID=") {
		t.Errorf("headers %v", me.header)
	}
	if me.header.Get("X-RateLimit-Limit") != "" {
		t.Error("limits are told although nobody switched them on")
	}
}

func TestServerLacksWhatCloudHas(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	w.issue("OPS")
	for _, tc := range []struct{ method, path string }{
		{"POST", "/rest/api/2/search/jql"}, {"GET", "/rest/api/2/search/jql"}, {"POST", "/rest/api/2/search/approximate-count"},
		{"POST", "/rest/api/2/jql/match"}, {"POST", "/rest/api/2/issue/bulkfetch"}, {"POST", "/rest/api/2/changelog/bulkfetch"},
		{"GET", "/rest/api/2/issue/OPS-1/changelog"}, {"POST", "/rest/api/2/issue/OPS-1/changelog/list"}, {"GET", "/rest/api/3/myself"},
		{"GET", "/rest/api/2/statuses/search"}, {"GET", "/rest/api/2/project/search"}, {"GET", "/rest/api/2/priority/search"},
	} {
		a := w.do(tc.method, tc.path, "{}")
		if a.status != 404 && a.status != 405 {
			t.Errorf("%s %s: %d", tc.method, tc.path, a.status)
		}
		if kind := a.header.Get("Content-Type"); kind != "application/json;charset=UTF-8" {
			t.Errorf("%s %s: %s", tc.method, tc.path, kind)
		}
	}
	if a := w.do("GET", "/rest/api/2/issue/createmeta", "").want(t, 404); a.get(t, "errorMessages.0") != "Issue Does Not Exist" {
		t.Error(a.text)
	}
	w.do("GET", "/rest/api/2/priority/page", "").want(t, 200)
	if a := w.do("GET", "/rest/api/2/status/page", "").want(t, 200); a.get(t, "total") != 5.0 {
		t.Error(a.text)
	}
	w.do("GET", "/rest/api/2/project/OPS/priorityscheme", "").want(t, 403)
	w.as("admin-token")
	w.do("GET", "/rest/api/2/project/OPS/priorityscheme", "").want(t, 200)
}

func TestServerCredentials(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	v := w.issue("OPS")
	w.as("wrong")
	if a := w.do("GET", "/rest/api/2/serverInfo", "").want(t, 401); a.header.Get("X-AUSERNAME") != "" || a.get(t, "status-code") != 401.0 {
		t.Errorf("%v %s", a.header, a.text)
	}
	w.login("bot-1", "bot-password")
	w.do("GET", "/rest/api/2/myself", "").want(t, 200)
	w.login("", "")
	nobody := w.do("GET", "/rest/api/2/serverInfo", "").want(t, 200)
	if nobody.header.Get("X-AUSERNAME") != "anonymous" {
		t.Errorf("headers %v", nobody.header)
	}
	w.do("GET", "/rest/api/2/myself", "").want(t, 401)
	w.do("GET", "/rest/api/2/issue/"+v.Key, "").want(t, 401)
	w.do("GET", "/rest/api/2/issue/OPS-77", "").want(t, 404)
	w.do("POST", "/rest/api/2/search", jql(`project = OPS`, "")).want(t, 400)
	if a := w.do("GET", "/rest/api/2/status", "").want(t, 200); strings.TrimSpace(a.text) != "[]" {
		t.Error(a.text)
	}
	off := newServer(t, func(o *jirasim.Options) { o.NoBasic = true })
	off.login("bot-1", "bot-password")
	if a := off.do("GET", "/rest/api/2/myself", "").want(t, 403); a.get(t, "message") != "Basic Authentication has been disabled on this instance." {
		t.Error(a.text)
	}
	off.as("bot-token")
	off.do("GET", "/rest/api/2/myself", "").want(t, 200)
}

func TestServerAsksForACaptcha(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	for range 3 {
		w.login("bot-1", "wrong")
		a := w.do("GET", "/rest/api/2/myself", "").want(t, 401)
		if a.header.Get("X-Seraph-LoginReason") != "AUTHENTICATED_FAILED" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("%v %s", a.header, a.text)
		}
	}
	w.login("bot-1", "bot-password")
	a := w.do("GET", "/rest/api/2/myself", "").want(t, 403)
	if a.header.Get("X-Seraph-LoginReason") != "AUTHENTICATION_DENIED" ||
		a.header.Get("X-Authentication-Denied-Reason") != "CAPTCHA_CHALLENGE; login-url=https://acme.example/login.jsp" || w.site.FailedLogins("bot-1") != 4 {
		t.Errorf("%v %s after %d failures", a.header, a.text, w.site.FailedLogins("bot-1"))
	}
	w.site.SolveCaptcha("bot-1")
	w.do("GET", "/rest/api/2/myself", "").want(t, 200)
	w.login("admin-1", "admin-password")
	w.do("GET", "/rest/api/2/myself", "").want(t, 200)
}

func TestServerSearchPages(t *testing.T) {
	t.Parallel()
	w := newServer(t, func(o *jirasim.Options) { o.PageMost, o.SearchWindow = 3, 6 })
	for range 7 {
		w.issue("OPS")
	}
	page := func(start, most int) answer {
		return w.do("POST", "/rest/api/2/search", jql("project = OPS ORDER BY updated ASC, key ASC", fmt.Sprintf(`,"startAt":%d,"maxResults":%d,"fields":["summary"]`, start, most)))
	}
	a := page(0, 50).want(t, 200)
	if a.get(t, "maxResults") != 3.0 || a.get(t, "total") != 7.0 || a.get(t, "startAt") != 0.0 || len(a.keys(t)) != 3 {
		t.Error(a.text)
	}
	// Somebody edits the first issue: every later row moves up by one, and one is skipped.
	if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Summary: new("Edited")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"OPS-5", "OPS-6", "OPS-7"}, page(3, 3).want(t, 200).keys(t)); diff != "" {
		t.Error(diff)
	}
	if a := page(4, 3).want(t, 500); a.get(t, "errorMessages.0") != "Search limit exceeded" {
		t.Error(a.text)
	}
	got := w.do("GET", "/rest/api/2/search?jql=project=OPS+ORDER+BY+key&maxResults=2&startAt=1&fields=summary", "").want(t, 200)
	if diff := cmp.Diff([]string{"OPS-2", "OPS-3"}, got.keys(t)); diff != "" {
		t.Error(diff)
	}
	w.do("POST", "/rest/api/2/search", jql("", "")).want(t, 200)
	w.do("POST", "/rest/api/2/search", jql("project = OPS", `,"expand":"changelog"`)).want(t, 400)
	w.do("POST", "/rest/api/2/search", jql("project = OPS", `,"nextPageToken":"x"`)).want(t, 400)
	w.do("POST", "/rest/api/2/search", jql("project = OPS", `,"startAt":-1`)).want(t, 400)
	w.do("POST", "/rest/api/2/search", jql("project = NONE", "")).want(t, 400)
	if a := w.do("POST", "/rest/api/2/search", jql("project = OPS", "")).want(t, 200); a.get(t, "issues.0.fields.summary") == nil || strings.Contains(a.text, `"properties"`) {
		t.Errorf("default fields: %s", a.text)
	}
}

func TestServerIndexKnowsSeconds(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	for range 3 {
		if _, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "Same second"}); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(200 * time.Millisecond)
	}
	if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Summary: new("Last of them")}); err != nil {
		t.Fatal(err)
	}
	find := func(q string) []string {
		return w.do("POST", "/rest/api/2/search", jql(q, `,"fields":["key"]`)).want(t, 200).keys(t)
	}
	late := start.Truncate(time.Second).Add(900 * time.Millisecond).UnixMilli()
	for q, want := range map[string][]string{
		fmt.Sprintf("updated >= %d ORDER BY updated ASC, key ASC", late):                            {"OPS-1", "OPS-2", "OPS-3"},
		fmt.Sprintf("updated > %d", late):                                                           nil,
		fmt.Sprintf("updated < %d ORDER BY key", late):                                              nil,
		fmt.Sprintf(`updated <= %d AND key > "OPS-1" ORDER BY key`, late):                           {"OPS-2", "OPS-3"},
		fmt.Sprintf(`updated >= %d AND updated < %d AND key <= OPS-2 ORDER BY key`, late, late+100): {"OPS-1", "OPS-2"},
		`key >= OPS-2 AND key < OPS-3`:                                                              {"OPS-2"},
	} {
		if diff := cmp.Diff(want, find(q)); diff != "" {
			t.Errorf("%s: %s", q, diff)
		}
	}
	w.do("POST", "/rest/api/2/search", jql("key > OPS-99", "")).want(t, 400)
}

func TestServerShowsTheWholeHistoryOldestFirst(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	v := w.issue("OPS")
	for n := range 120 {
		w.clock.Advance(time.Second)
		if err := w.site.Edit("ana", v.Key, jirasim.Edit{Summary: new(fmt.Sprint("Title ", n))}); err != nil {
			t.Fatal(err)
		}
	}
	w.clock.Advance(time.Second)
	w.do("PUT", "/rest/api/2/issue/"+v.Key, `{"fields":{"assignee":{"name":"ana"}}}`).want(t, 204)
	ana, _ := w.site.User("ana")
	for _, a := range []answer{
		w.do("GET", "/rest/api/2/issue/"+v.Key+"?expand=changelog&fields=summary", ""),
		{200, nil, w.do("POST", "/rest/api/2/search", jql("project = OPS", `,"expand":["changelog"],"fields":["summary"]`)).want(t, 200).text},
	} {
		at := ""
		if strings.HasPrefix(a.text, `{"expand":"schema`) {
			at = "issues.0."
		}
		log := a.get(t, at+"changelog").(map[string]any)
		all := log["histories"].([]any)
		if len(all) != 121 || log["total"] != 121.0 || log["maxResults"] != 121.0 {
			t.Fatalf("%d entries of %v", len(all), log["total"])
		}
		item := all[120].(map[string]any)["items"].([]any)[0].(map[string]any)
		if item["to"] != ana.Key || item["toString"] != "Ana" || item["fieldId"] != nil {
			t.Errorf("the newest entry is %v, want one with the key of the account", item)
		}
	}
}

func TestServerPeople(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	v := w.issue("OPS")
	w.site.RenameUser("ana", "ana.maria")
	ana, _ := w.site.User("ana")
	path := "/rest/api/2/issue/" + v.Key
	w.do("PUT", path, `{"fields":{"assignee":{"name":"ana"}}}`).want(t, 400)
	w.do("PUT", path, `{"fields":{"assignee":{"name":"ana.maria"}}}`).want(t, 204)
	a := w.do("GET", path, "").want(t, 200)
	if a.get(t, "fields.assignee.name") != "ana.maria" || a.get(t, "fields.assignee.key") != ana.Key || w.current(v.Key).Assignee != "ana" {
		t.Error(a.text)
	}
	for _, q := range []string{"assignee = ana.maria", "assignee = " + ana.Key, "creator = ana.maria AND assignee is not EMPTY"} {
		if n := len(w.do("POST", "/rest/api/2/search", jql(q, `,"fields":["key"]`)).want(t, 200).keys(t)); n != 1 {
			t.Errorf("%s finds %d", q, n)
		}
	}
	w.do("PUT", path, `{"fields":{"assignee":null}}`).want(t, 204)
	if got := w.current(v.Key).Assignee; got != "" {
		t.Errorf("assignee %q", got)
	}
	w.do("GET", "/rest/api/2/user?username=ana.maria", "").want(t, 200)
	w.do("GET", "/rest/api/2/user?username=ana", "").want(t, 404)
}

func TestServerWritesInItsOwnWay(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	v := w.issue("OPS")
	path := "/rest/api/2/issue/" + v.Key
	if a := w.do("PUT", path+"?returnIssue=true", `{"fields":{"priority":{"id":"2"}}}`).want(t, 204); a.text != "" {
		t.Errorf("answers with %s", a.text)
	}
	w.do("PUT", path, `{"fields":{"status":{"id":"3"}}}`).want(t, 400)
	w.do("PUT", path+"?notifyUsers=false", `{"fields":{"summary":"Quiet"}}`).want(t, 403)
	w.do("POST", path+"/transitions", `{"transition":{"id":"999"}}`).want(t, 500)
	if a := w.do("GET", path+"/transitions", "").want(t, 200); strings.Contains(a.text, "isGlobal") || a.get(t, "transitions.0.id") != "11" {
		t.Error(a.text)
	}
	made := w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"New","reporter":{"name":"ana"}},"properties":[{"key":"k","value":{"a":1}}]}`).want(t, 201)
	key := made.get(t, "key").(string)
	if i := w.current(key); i.Reporter != "ana" || string(i.Properties["k"]) != `{"a":1}` {
		t.Errorf("%+v", i)
	}
	w.header["Content-Type"] = ""
	w.do("DELETE", "/rest/api/2/issue/"+key, "").want(t, 204)
}

func TestServerCreatemeta(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	types := w.do("GET", "/rest/api/2/issue/createmeta/OPS/issuetypes?maxResults=2", "").want(t, 200)
	if types.get(t, "isLast") != false || len(types.get(t, "values").([]any)) != 2 || types.get(t, "total") != 5.0 {
		t.Error(types.text)
	}
	fields := w.do("GET", "/rest/api/2/issue/createmeta/OPS/issuetypes/"+types.get(t, "values.0.id").(string), "").want(t, 200)
	if fields.get(t, "isLast") != true || fields.get(t, "values.0.fieldId") == nil || fields.get(t, "fields") != nil {
		t.Error(fields.text)
	}
}

func TestServerHidesIssuesInItsOwnWay(t *testing.T) {
	t.Parallel()
	w := newServer(t)
	v := w.issue("OPS")
	w.site.RestrictLevel("Board", "ana")
	if err := w.site.Edit("ana", v.Key, jirasim.Edit{Security: new("Board")}); err != nil {
		t.Fatal(err)
	}
	w.do("GET", "/rest/api/2/issue/"+v.Key, "").want(t, 403)
	w.do("GET", "/rest/api/2/issue/OPS-99", "").want(t, 404)
	if n := len(w.do("POST", "/rest/api/2/search", jql("project = OPS", "")).want(t, 200).keys(t)); n != 0 {
		t.Errorf("a search shows %d hidden issues", n)
	}
	w.site.Revoke("bot-1", "FIN", jirasim.Browse)
	w.do("POST", "/rest/api/2/search", jql("project in (OPS, FIN)", "")).want(t, 400)
	w.do("GET", "/rest/api/2/project/FIN", "").want(t, 404)
}

func TestServerLimitsEachAccount(t *testing.T) {
	t.Parallel()
	w := newServer(t, func(o *jirasim.Options) { o.BurstLimits = true })
	get := func() answer { return w.do("GET", "/rest/api/2/myself", "") }
	for n := range 100 {
		a := get().want(t, 200)
		if a.header.Get("Retry-After") != "0" || a.header.Get("X-RateLimit-Remaining") != fmt.Sprint(99-n) || a.header.Get("X-RateLimit-Limit") != "100" {
			t.Fatalf("request %d: %v", n, a.header)
		}
	}
	a := get().want(t, http.StatusTooManyRequests)
	if a.header.Get("Retry-After") != "1" || a.header.Get("X-RateLimit-Remaining") != "0" || a.header.Get("RateLimit-Reason") != "" {
		t.Errorf("%v", a.header)
	}
	w.as("admin-token")
	get().want(t, 200)
	w.as("bot-token")
	w.clock.Advance(time.Second)
	get().want(t, 200)
}
