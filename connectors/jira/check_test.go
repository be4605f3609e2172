package jira

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// site scripts a site with two projects, of which a test changes parts.
func site(f *fake) {
	const todo = `{"id":"1","name":"To Do","untranslatedName":"To Do","statusCategory":{"key":"new"}}`
	const own = `{"id":"9","name":"Done","statusCategory":{"key":"done"},"scope":{"type":"PROJECT","project":{"id":"20"}}}`
	const all = `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true},"TRANSITION_ISSUES":{"havePermission":true},"LINK_ISSUES":{"havePermission":true}}}`
	f.on("GET status", jsonReply(`[`+todo+`,`+own+`]`))
	f.on("GET priority", jsonReply(`[{"id":"2","name":"High"},{"id":"10","name":"Low"}]`))
	f.on("GET mypermissions", jsonReply(all))
	f.on("GET project/OPS", jsonReply(`{"id":"10","key":"OPS"}`))
	f.on("GET project/FIN", jsonReply(`{"id":"20","key":"FIN"}`))
	f.on("GET project/OPS/statuses", jsonReply(`[{"name":"Task","statuses":[`+todo+`]},{"name":"Bug","statuses":[`+todo+`]}]`))
	f.on("GET project/FIN/statuses", jsonReply(`[{"name":"Task","statuses":[`+todo+`,`+own+`,{"id":"12","name":"New here"}]}]`))
}

func twoProjects(c *Config) { c.Projects = []string{"OPS", "FIN"} }

func TestCheck(t *testing.T) {
	t.Parallel()
	f := newFake(t, twoProjects)
	site(f)
	got, err := f.client.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := connectors.Directory{
		Tracker: "jira", Kind: connectors.Jira, Product: "Jira Cloud 1001.0.0", Me: connectors.Person{ID: "me", Name: "Parley"},
		Statuses: []connectors.Status{
			{Option: connectors.Option{ID: "1", Name: "To Do", Category: "new"}, Untranslated: "To Do", Used: []string{"OPS", "FIN"}},
			{Option: connectors.Option{ID: "9", Name: "Done", Category: "done"}, Project: "20", Used: []string{"FIN"}},
			{Option: connectors.Option{ID: "12", Name: "New here"}, Used: []string{"FIN"}},
		},
		Priorities: []connectors.Option{{ID: "2", Name: "High"}, {ID: "10", Name: "Low"}},
		Containers: []connectors.Container{{Key: "OPS", ID: "10", Readable: true, Writable: true}, {Key: "FIN", ID: "20", Readable: true, Writable: true}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckTellsTheProblemsOfAProject(t *testing.T) {
	t.Parallel()
	refused := reply{status: 404, body: `{"errorMessages":["No project could be found with key 'OPS'."],"errors":{}}`}
	for name, tc := range map[string]struct {
		path               string
		answer             reply
		readable, writable bool
		problem            string
	}{
		"hidden":    {"project/OPS", refused, false, false, "does not exist, or the account lacks"},
		"archived":  {"project/OPS", jsonReply(`{"id":"10","key":"OPS","archived":true}`), true, false, "archived"},
		"renamed":   {"project/OPS", jsonReply(`{"id":"10","key":"OPERATIONS"}`), true, true, "renamed to OPERATIONS"},
		"workflows": {"project/OPS/statuses", refused, true, false, "workflows"},
		"read only": {"mypermissions", jsonReply(`{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"LINK_ISSUES":{"havePermission":true}}}`), true, false, "TRANSITION_ISSUES, EDIT_ISSUES"},
		"no links":  {"mypermissions", jsonReply(`{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"EDIT_ISSUES":{"havePermission":true},"TRANSITION_ISSUES":{"havePermission":true}}}`), true, true, "LINK_ISSUES"},
		"no rights": {"mypermissions", jsonReply(`{"permissions":{}}`), false, false, "BROWSE_PROJECTS"},
		"unasked":   {"mypermissions", reply{status: 400, body: `{"errorMessages":["unknown permission"]}`}, true, false, "permissions"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			site(f)
			f.on("GET "+tc.path, tc.answer)
			d, err := f.client.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := d.Containers[0]
			if got.Key != "OPS" || got.Readable != tc.readable || got.Writable != tc.writable || !strings.Contains(got.Problem, tc.problem) {
				t.Errorf("%+v, want %+v", got, tc)
			}
		})
	}
}

func TestCheckFailsWhereNothingCanBeSaid(t *testing.T) {
	t.Parallel()
	down := reply{status: 503, body: `{}`}
	for path, tc := range map[string]struct {
		answer reply
		want   connectors.ErrorKind
	}{
		"serverInfo":           {reply{header: map[string]string{"Content-Type": "text/html"}, body: "<title>Sign in</title>"}, connectors.Malformed},
		"myself":               {reply{status: 401, header: map[string]string{"Content-Type": "text/plain"}, body: "no"}, connectors.Auth},
		"status":               {down, connectors.Transient},
		"priority":             {down, connectors.Transient},
		"project/OPS":          {reply{status: 429}, connectors.RateLimit},
		"project/OPS/statuses": {down, connectors.Transient},
		"mypermissions":        {down, connectors.Transient},
	} {
		f := newFake(t)
		site(f)
		f.on("GET "+path, tc.answer)
		_, err := f.client.Check(t.Context())
		if kind, _ := kindAndHint(t, err); kind != tc.want {
			t.Errorf("%s: %v, want %s", path, err, tc.want)
		}
	}
}

func TestMyselfMustNameAnAccount(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET myself", jsonReply(`{"displayName":"Person A"}`))
	_, err := f.client.Check(t.Context())
	if kind, _ := kindAndHint(t, err); kind != connectors.Malformed {
		t.Errorf("%v: want malformed, because own edits could not be told from others'", err)
	}
}

func TestAProjectThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for product, path := range map[string]string{"Cloud": "search/jql", "Server": "search"} {
		f := newFake(t, twoProjects)
		site(f)
		f.on("GET serverInfo", jsonReply(`{"deploymentType":"`+product+`"}`))
		f.on("GET project/FIN", reply{status: 404, body: `{"errorMessages":["No project could be found"]}`})
		f.on("POST "+path, jsonReply(`{"issues":[],"isLast":true}`))
		read := func(cur connectors.Cursor) (connectors.Cursor, string) {
			t.Helper()
			page, err := f.client.Changes(t.Context(), cur)
			if err != nil {
				t.Fatal(err)
			}
			return page.Next, f.lastBody()["jql"].(string)
		}
		check := func() {
			t.Helper()
			if _, err := f.client.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		check()
		cur, jql := read(connectors.Cursor{})
		if asks := strings.Contains(jql, `"FIN"`); asks != (product == "Cloud") {
			t.Errorf("%s is asked %s: want the hidden project left out where it would fail the search", product, jql)
		}
		if _, jql = read(cur); !strings.Contains(jql, "updated >=") {
			t.Errorf("%s: second read %s", product, jql)
		}
		f.on("GET project/FIN", jsonReply(`{"id":"20","key":"FIN"}`))
		check()
		if _, jql = read(cur); strings.Contains(jql, "updated >=") || !strings.Contains(jql, `"FIN"`) {
			t.Errorf("%s: read %s after the project appeared, want everything", product, jql)
		}
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer reply
		want   bool
	}{
		"hidden":     {reply{status: 404, body: `{"errorMessages":["No project could be found"]}`}, false},
		"refused":    {reply{status: 401, body: "no"}, false},
		"forbidden":  {reply{status: 403, body: "no"}, false},
		"redirected": {reply{status: 302, header: map[string]string{"Location": "/login.jsp"}}, false},
		"a page":     {reply{body: "<html>", header: map[string]string{"Content-Type": "text/html"}}, false},
		"shown":      {jsonReply(`{"id":"10","key":"OPS"}`), true},
		"sick":       {reply{status: 503}, true},
		"limited":    {reply{status: 429}, true},
		"no answer":  {reply{cut: true}, true},
	} {
		f := newFake(t)
		site(f)
		f.on("NOBODY project/OPS", tc.answer)
		d, err := f.client.Check(t.Context())
		if err != nil || d.Containers[0].Public != tc.want {
			t.Errorf("%s: %+v, %v", name, d.Containers, err)
		}
	}
	f := newFake(t)
	site(f)
	f.on("NOBODY project/OPS", reply{status: 429, header: map[string]string{"Retry-After": "43"}})
	if _, err := f.client.Check(t.Context()); connectors.KindOf(err) != connectors.RateLimit {
		t.Errorf("asked for 43 seconds of quiet: %v", err)
	}
}
