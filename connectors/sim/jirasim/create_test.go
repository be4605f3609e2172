package jirasim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/jirasim"
)

func TestCreateWithProperties(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.IndexLag = func(string) time.Duration { return time.Hour } })
	body := `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"Pay","duedate":"2026-12-24","labels":["b","a"],
		"description":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"one"},{"type":"hardBreak"},{"type":"text","text":"two"}]}]}},
		"properties":[{"key":"parley.link","value":{"mark":"v1"}}]}`
	key := w.do("POST", "/rest/api/3/issue", body).want(t, 201).get(t, "key").(string)
	v := w.current(key)
	if v.Description != "one\ntwo" || v.Due != "2026-12-24" || string(v.Properties["parley.link"]) != `{"mark":"v1"}` || v.Creator != w.company.Bot.AccountID || len(v.History) != 0 {
		t.Errorf("%+v", v)
	}
	// The index does not show it yet; reads by key do, those of many at once too.
	if got := w.do("POST", "/rest/api/2/search/jql", jql("project = OPS", `,"fields":["key"]`)).keys(t); got != nil {
		t.Errorf("the index shows %v", got)
	}
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = fmt.Sprintf(`"OPS-%d"`, i+1)
	}
	fetched := w.do("POST", "/rest/api/2/issue/bulkfetch", `{"issueIdsOrKeys":[`+strings.Join(keys, ",")+`],"fields":["summary"],"properties":["parley.link"]}`).want(t, 200)
	if got := fetched.get(t, "issues.0.properties"); !cmp.Equal(got, any(map[string]any{"parley.link": map[string]any{"mark": "v1"}})) {
		t.Errorf("bulkfetch shows %v", fetched.text)
	}
}

func TestCreateRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddField(jirasim.Field{ID: "customfield_7", Name: "Cause"})
	w.site.AddProject(jirasim.Project{Key: "STRICT", Workflows: map[string]string{"": jirasim.SimpleWorkflow}, Types: []string{"Task"},
		Required: []string{"customfield_7", "duedate"}, CreateScreen: []string{"description", "customfield_7", "duedate"}})
	for name, tc := range map[string]struct {
		fields, field string
	}{
		"long title":       {`"summary":"` + strings.Repeat("é", 256) + `"`, "summary"},
		"two lines":        {`"summary":"a\nb"`, "summary"},
		"required, both":   {`"summary":"a"`, "customfield_7"},
		"required, one":    {`"summary":"a","customfield_7":"x"`, "duedate"},
		"null":             {`"summary":"a","customfield_7":null,"duedate":"2026-12-24"`, "customfield_7"},
		"no date":          {`"summary":"a","customfield_7":"x","duedate":"24.12."`, "duedate"},
		"not on its form":  {`"summary":"a","customfield_7":"x","duedate":"2026-12-24","labels":["x"]`, "labels"},
		"nothing at fault": {`"summary":"a","customfield_7":"x","duedate":"2026-12-24"`, ""},
	} {
		a := w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"STRICT"},"issuetype":{"name":"Task"},`+tc.fields+`}}`)
		if tc.field == "" {
			a.want(t, 201)
		} else if a.want(t, 400).get(t, "errors."+tc.field) == nil {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"x"},"properties":[{"key":"p","value":"`+strings.Repeat("x", 32768)+`"}]}`).want(t, 400)
	w.site.Revoke(w.company.Bot.AccountID, "OPS", jirasim.Create)
	w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Task"},"summary":"x"}}`).want(t, 403)
}

func TestCreateMeta(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddField(jirasim.Field{ID: "customfield_7", Name: "Cause"})
	w.site.AddProject(jirasim.Project{Key: "STRICT", Workflows: map[string]string{"": jirasim.SimpleWorkflow}, Types: []string{"Sub-task", "Task"},
		Required: []string{"customfield_7"}, CreateScreen: []string{"description"}})
	const path = "/rest/api/2/issue/createmeta/STRICT/issuetypes"
	types := w.do("GET", path+"?maxResults=1&startAt=1", "").want(t, 200)
	if types.get(t, "issueTypes.0.name") != "Task" || types.get(t, "total") != 2.0 || types.get(t, "startAt") != 1.0 {
		t.Error(types.text)
	}
	fields := w.do("GET", path+"/"+types.get(t, "issueTypes.0.id").(string)+"?maxResults=200", "").want(t, 200)
	got := map[string][2]any{}
	for _, f := range fields.get(t, "fields").([]any) {
		m := f.(map[string]any)
		got[m["fieldId"].(string)] = [2]any{m["required"], m["hasDefaultValue"]}
	}
	want := map[string][2]any{"project": {true, false}, "issuetype": {true, false}, "summary": {true, false}, "description": {false, false}, "customfield_7": {true, false}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	w.do("GET", path+"?maxResults=201", "").want(t, 400)
	w.do("GET", path+"/1", "").want(t, 404)
	w.site.Revoke(w.company.Bot.AccountID, "STRICT", jirasim.Create)
	if got := w.do("GET", path, "").want(t, 200).get(t, "issueTypes").([]any); len(got) != 0 {
		t.Errorf("types for an account that may not create: %v", got)
	}
}

func TestClone(t *testing.T) {
	t.Parallel()
	for _, keeps := range []bool{false, true} {
		w := newWorld(t, func(o *jirasim.Options) { o.CloneProperties = keeps })
		first, err := w.site.Create(w.company.Bot.AccountID, jirasim.NewIssue{Project: "OPS", Type: "Task", Summary: "Pay", Description: "marked",
			Labels: []string{"x"}, Due: "2026-12-24", Priority: "High", Assignee: "ana", Properties: map[string]json.RawMessage{"parley.link": json.RawMessage(`{"mark":"v1"}`)}})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		if err := w.site.ForceStatus("ana", first.Key, w.company.Done.ID); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		got, err := w.site.Clone("ana", first.Key)
		if err != nil {
			t.Fatal(err)
		}
		if got.Summary != "CLONE - Pay" || got.Description != "marked" || !cmp.Equal(got.Labels, []string{"x"}) || got.Due != "2026-12-24" || got.Assignee != "ana" ||
			got.Creator != "ana" || got.ID == first.ID || got.Status != w.company.ToDo.ID || got.PriorityName != "High" || len(got.History) != 1 {
			t.Errorf("%+v", got)
		}
		if _, has := got.Properties["parley.link"]; has != keeps {
			t.Errorf("properties of the clone: %s", got.Properties)
		}
		again := w.current(first.Key)
		if last := again.History[len(again.History)-1]; last.Author != "ana" || last.Items[0].ToText != "This issue is cloned by "+got.Key || !again.Updated.After(first.Updated) {
			t.Errorf("history of the original: %+v", again.History)
		}
	}
	w := newWorld(t)
	key := w.issue("OPS").Key
	w.site.Revoke("ana", "OPS", jirasim.Create)
	if _, err := w.site.Clone("ana", key); err == nil {
		t.Error("cloned without the permission to create")
	}
}
