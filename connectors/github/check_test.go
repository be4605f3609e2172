package github

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

func checkReplies() map[string]reply {
	ghes := map[string]string{"X-GitHub-Enterprise-Version": "3.17.2"}
	return map[string]reply{
		"GET /user":       {body: `{"login":"parley-bot","name":"Parley"}`},
		"GET /repos/a/ok": {header: ghes, body: `{"id":11,"full_name":"a/ok","has_issues":true,"permissions":{"push":true}}`},
		"GET /repos/a/ok/labels?per_page=100": {body: `[{"name":"bug"}]`,
			header: map[string]string{"Link": `<{root}/repositories/11/labels?after=x>; rel="next"`}},
		"GET /repositories/11/labels?after=x":       {body: `[{"name":"status:doing"}]`},
		"GET /repos/a/read":                         {body: `{"id":12,"permissions":{"push":false,"pull":true}}`},
		"GET /repos/a/read/labels?per_page=100":     {body: `[]`},
		"GET /repos/a/old":                          {status: 301, header: map[string]string{"Location": "{root}/repositories/13"}, body: `{"message":"Moved Permanently"}`},
		"GET /repositories/13":                      {body: `{"id":13,"full_name":"a/new","permissions":{"triage":true}}`},
		"GET /repositories/13/labels?per_page=100":  {body: `[{"name":"y"}]`},
		"GET /repos/a/off":                          {body: `{"id":14,"has_issues":false,"permissions":{"push":true}}`},
		"GET /repos/a/archived":                     {body: `{"id":15,"archived":true,"permissions":{"push":true}}`},
		"GET /repos/a/archived/labels?per_page=100": {body: `[{"name":"x"}]`},
		"GET /repos/a/sick":                         {status: 502, body: `<html>`},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	f := newFake(t, checkReplies())
	c, err := New(Config{Name: "gh", URL: f.URL, Token: secret, Repos: []string{"a/ok", "a/read", "a/old", "a/off", "a/archived", "a/none", "a/sick"}, HTTP: f.Client()})
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Check(bg())
	if err != nil {
		t.Fatal(err)
	}
	if d.Me != (connectors.Person{ID: "parley-bot", Name: "Parley"}) || d.Product != "GitHub Enterprise 3.17.2" || d.Tracker != "gh" || d.Kind != connectors.GitHub {
		t.Errorf("directory %+v", d)
	}
	if diff := cmp.Diff(map[string][]string{"a/ok": {"bug", "status:doing"}, "a/read": {}, "a/archived": {"x"}, "a/old": {"y"}}, d.Labels); diff != "" {
		t.Error(diff)
	}
	for i, want := range []struct {
		id                 string
		readable, writable bool
		problem            string
	}{
		{"11", true, true, ""},
		{"12", true, false, "only read"},
		{"13", true, true, ""},
		{"14", false, false, "switched off"},
		{"15", true, false, "archived"},
		{"", false, false, "not found"},
		{"", false, false, "could not be read"},
	} {
		got := d.Containers[i]
		if got.ID != want.id || got.Readable != want.readable || got.Writable != want.writable ||
			!strings.Contains(got.Problem, want.problem) || (want.problem == "") != (got.Problem == "") {
			t.Errorf("%+v, want %+v", got, want)
		}
		if renamed := got.Key == "a/old"; (got.Called == "a/new") != renamed || (got.Called == "") == renamed {
			t.Errorf("%s is called %q", got.Key, got.Called)
		}
	}
}

func TestCheckEndsWhereEveryRepositoryWould(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path  string
		reply reply
		kind  connectors.ErrorKind
	}{
		"wrong token":       {"GET /user", reply{status: 401, body: `{"message":"Bad credentials"}`}, connectors.Auth},
		"nobody":            {"GET /user", reply{body: `{}`}, connectors.Auth},
		"no REST interface": {"GET /user", reply{body: `<html>`}, connectors.Malformed},
		"limit":             {"GET /repos/a/ok", reply{status: 429}, connectors.RateLimit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies := checkReplies()
			replies[tc.path] = tc.reply
			f := newFake(t, replies)
			c, err := New(Config{Name: "gh", URL: f.URL, Token: secret, Repos: []string{"a/ok"}, HTTP: f.Client()})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Check(bg())
			wantError(t, err, tc.kind)
		})
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		`"private":false,"visibility":"public"`:   true,
		`"private":false`:                         true, // an Enterprise Server of old
		`"private":true,"visibility":"private"`:   false,
		`"private":true,"visibility":"internal"`:  false,
		`"private":false,"visibility":"internal"`: false,
		`"has_issues":true`:                       false,
	} {
		f := newFake(t, map[string]reply{"GET /repos/Acme/infra": {body: `{"id":1,` + answer + `}`}, "GET /repos/Acme/infra/labels?per_page=100": {body: `[]`}})
		d, err := f.client(t, "").Check(bg())
		if err != nil || d.Containers[0].Public != want {
			t.Errorf("%s: %+v, %v", answer, d.Containers, err)
		}
	}
}
