package jira

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

// server is a Data Center with two projects that can be read.
func server(t *testing.T) *fake {
	t.Helper()
	f := newFake(t, twoProjects)
	site(f)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET myself", jsonReply(`{"name":"parley","key":"JIRAUSER10100"}`))
	f.on("POST search", jsonReply(`{"issues":[]}`))
	return f
}

var (
	noSuchProject = reply{status: 404, body: `{"errorMessages":["No project could be found"]}`}
	badSearch     = reply{status: 400, body: `{"errorMessages":["The value 'FIN' does not exist for the field 'project'."]}`}
)

func TestAProjectHiddenAtRunTimeStopsNoOther(t *testing.T) {
	t.Parallel()
	f := server(t)
	if _, err := f.client.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	cur := connectors.Cursor{}
	poll := func(name string, left []string, fin bool) {
		t.Helper()
		page, err := f.client.Changes(t.Context(), cur)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cur = page.Next
		if diff := cmp.Diff(left, page.LeftOut); diff != "" {
			t.Errorf("%s: left out (-want +got):\n%s", name, diff)
		}
		if jql := f.lastBody()["jql"].(string); strings.Contains(jql, `"FIN"`) != fin || !strings.Contains(jql, `"OPS"`) {
			t.Errorf("%s: asked %s", name, jql)
		}
	}
	poll("both are there", nil, true)
	f.on("GET project/FIN", noSuchProject)
	f.on("POST search", badSearch, jsonReply(`{"issues":[]}`))
	poll("FIN was hidden", []string{"FIN"}, false)
	f.clear()
	f.pass(hiddenEvery - 1)
	poll("soon after", []string{"FIN"}, false)
	if n := f.count("GET project/FIN"); n != 0 {
		t.Errorf("looked at FIN %d times before it was time", n)
	}
	f.pass(1)
	poll("still hidden", []string{"FIN"}, false)
	f.on("GET project/FIN", jsonReply(`{"id":"20","key":"FIN"}`))
	f.pass(hiddenEvery)
	poll("it is back", nil, true)
	if jql := f.lastBody()["jql"].(string); strings.Contains(jql, "updated >=") {
		t.Errorf("asked %s, want what happened meanwhile as well", jql)
	}
}

func TestARefusedSearchIsLookedIntoNowAndThen(t *testing.T) {
	t.Parallel()
	f := server(t)
	f.on("POST search", badSearch)
	for range 3 {
		if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); connectors.KindOf(err) != connectors.Invalid {
			t.Fatal(err)
		}
	}
	if n := f.count("GET project/FIN"); n != 1 {
		t.Errorf("looked at a project %d times within a minute, want once", n)
	}
	f.pass(suspectEvery)
	f.on("GET project/FIN", noSuchProject)
	f.on("GET project/OPS", noSuchProject)
	if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); connectors.KindOf(err) != connectors.Invalid {
		t.Errorf("with no project left: %v", err)
	}
	f.pass(suspectEvery)
	f.on("GET project/OPS", reply{status: 503, body: `{}`})
	if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); connectors.KindOf(err) != connectors.Transient {
		t.Errorf("while projects cannot be looked at: %v", err)
	}
}
