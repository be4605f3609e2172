package jirasim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/jirasim"
)

func TestEditRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, version, body, field, says string }{
		{"priority as number", "2", `{"fields":{"priority":{"id":2}}}`, "priority", "Specify the Priority (id or name) in the string format"},
		{"unknown priority", "2", `{"fields":{"priority":{"name":"Urgent"}}}`, "priority", "The priority selected is invalid."},
		{"outside the scheme", "2", `{"fields":{"priority":{"id":"5"}}}`, "priority", "The priority selected is invalid."},
		{"no priority", "2", `{"fields":{"priority":null}}`, "priority", "The priority selected is invalid."},
		{"resolution", "2", `{"fields":{"resolution":{"name":"Done"}}}`, "resolution", "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."},
		{"unknown field", "2", `{"fields":{"colour":"red"}}`, "colour", "Field 'colour' cannot be set. It is not on the appropriate screen, or unknown."},
		{"unknown custom field", "2", `{"fields":{"customfield_1":"red"}}`, "customfield_1", "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown."},
		{"label with a space", "2", `{"update":{"labels":[{"add":"a b"}]}}`, "labels", "The label 'a b' contains spaces which is invalid."},
		{"twice", "2", `{"fields":{"labels":["a"]},"update":{"labels":[{"add":"b"}]}}`, "labels", "Field 'labels' cannot appear in both 'fields' and 'update'"},
		{"labels as text", "2", `{"fields":{"labels":"a"}}`, "labels", "data was not an array"},
		{"unknown operation", "2", `{"update":{"summary":[{"add":"x"}]}}`, "summary", "Field 'summary' does not support operation 'add'"},
		{"empty summary", "2", `{"fields":{"summary":""}}`, "summary", "You must specify a summary of the issue."},
		{"user by name", "2", `{"fields":{"assignee":{"name":"ana"}}}`, "assignee", "'accountId' must be the only user identifying query parameter in GDPR strict mode."},
		{"unknown user", "2", `{"fields":{"assignee":{"accountId":"zoe"}}}`, "assignee", "User 'zoe' does not exist."},
		{"wiki text in v3", "3", `{"fields":{"description":"x"}}`, "description", "Operation value must be an Atlassian Document (see the Atlassian Document Format)"},
		{"document in v2", "2", `{"fields":{"description":{"type":"doc"}}}`, "description", "Operation value must be a string"},
		{"due date", "2", `{"fields":{"duedate":"soon"}}`, "duedate", "Error parsing date string: soon"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.site.AddPriorityScheme(jirasim.PriorityScheme{ID: "1", Name: jirasim.DefaultScheme, Priorities: []string{"1", "2", "3"}, Default: "3"})
			before := w.issue("OPS")
			body := strings.TrimSuffix(tc.body, "}") + `,"properties":[{"key":"p","value":1}]}`
			a := w.do("PUT", "/rest/api/"+tc.version+"/issue/OPS-1", body).want(t, 400)
			if got := a.get(t, "errors").(map[string]any)[tc.field]; got != tc.says {
				t.Errorf("errors.%s = %v, want %q", tc.field, got, tc.says)
			}
			if n := len(a.get(t, "errorMessages").([]any)); n != 0 {
				t.Errorf("%d errorMessages", n)
			}
			if after := w.current("OPS-1"); !after.Updated.Equal(before.Updated) || after.Properties != nil {
				t.Error("a refused edit left a trace")
			}
		})
	}
}

func TestEditScreenOfAProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddProject(jirasim.Project{Key: "LEAN", Workflows: map[string]string{"": jirasim.SimpleWorkflow}, EditScreen: []string{"summary"}})
	w.issue("LEAN")
	a := w.do("PUT", "/rest/api/2/issue/LEAN-1", `{"fields":{"priority":{"id":"1"}}}`).want(t, 400)
	if got := a.get(t, "errors.priority"); got != "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown." {
		t.Error(got)
	}
	meta := w.do("GET", "/rest/api/2/issue/LEAN-1/editmeta", "").want(t, 200).get(t, "fields").(map[string]any)
	if len(meta) != 1 || meta["summary"] == nil {
		t.Errorf("editmeta: %v", meta)
	}
}

func TestEditChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	field := w.site.AddField(jirasim.Field{Name: "Colour"})
	w.issue("OPS")
	body := `{"fields":{"priority":{"id":"1"},"summary":"New","assignee":{"accountId":"ana"},"status":{"name":"Done"},"` + field.ID + `":"red","description":"line"},
		"update":{"labels":[{"add":"z"},{"add":"a"},{"remove":"q"}],"components":[{"set":[{"name":"API"}]}]},
		"properties":[{"key":"link","value":{"gh":"o/r#7"}}],"historyMetadata":{"type":"x:sync","extraData":{"op":"42"}}}`
	a := w.do("PUT", "/rest/api/2/issue/OPS-1?notifyUsers=false&returnIssue=true&expand=changelog", body).want(t, 200)
	v := w.current("OPS-1")
	if v.PriorityName != "Highest" || v.Summary != "New" || v.Assignee != "ana" || v.StatusName != "To Do" || string(v.Custom[field.ID]) != `"red"` ||
		!slices.Equal(v.Labels, []string{"a", "z"}) || !slices.Equal(v.Components, []string{"API"}) || string(v.Properties["link"]) != `{"gh":"o/r#7"}` {
		t.Errorf("edited: %+v", v)
	}
	if got := a.get(t, "changelog.histories.0.historyMetadata.extraData.op"); got != "42" {
		t.Errorf("op %v came back", got)
	}
	if len(v.History) != 1 || v.History[0].Author != "bot-1" || len(v.History[0].Items) != 7 {
		t.Fatalf("history: %+v", v.History)
	}
	if late := v.History[0].At.Sub(v.Updated); late <= 0 || late > 20*time.Millisecond {
		t.Errorf("the entry is %v after updated", late)
	}
	w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"labels":[],"assignee":null}}`).want(t, 204)
	if v := w.current("OPS-1"); len(v.Labels) != 0 || v.Assignee != "" {
		t.Errorf("cleared: %v %q", v.Labels, v.Assignee)
	}
}

func TestEditThatChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.issue("OPS")
	w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"priority":{"name":"medium"},"summary":"Do it"}}`).want(t, 204)
	if v := w.current("OPS-1"); !v.Updated.Equal(before.Updated) || len(v.History) != 0 {
		t.Errorf("updated %v, %d entries", v.Updated, len(v.History))
	}
}

func TestEveryChangeHasItsOwnMillisecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.issue("OPS").Updated
	for _, summary := range []string{"a", "b", "c"} {
		w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"summary":"`+summary+`"}}`).want(t, 204)
		if v := w.current("OPS-1"); !v.Updated.After(last) {
			t.Errorf("updated stayed at %v", v.Updated)
		} else {
			last = v.Updated
		}
	}
}

func TestDescriptionInBothVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	doc := `{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"one"},{"type":"hardBreak"},{"type":"text","text":"two"}]},{"type":"paragraph","content":[{"type":"text","text":"three"}]}]}`
	w.do("PUT", "/rest/api/3/issue/OPS-1", `{"fields":{"description":`+doc+`}}`).want(t, 204)
	if got := w.do("GET", "/rest/api/2/issue/OPS-1", "").get(t, "fields.description"); got != "one\ntwo\nthree" {
		t.Errorf("v2: %q", got)
	}
	a := w.do("GET", "/rest/api/3/issue/OPS-1", "")
	if a.get(t, "fields.description.type") != "doc" || a.get(t, "fields.description.content.2.content.0.text") != "three" {
		t.Errorf("v3: %s", a.text)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Bug"},"summary":"New","labels":["x"],"priority":{"name":"High"}},
		"properties":[{"key":"p","value":1}]}`).want(t, 201)
	if a.get(t, "key") != "OPS-1" || a.get(t, "id") != "10000" || a.get(t, "self") != "https://acme.example/rest/api/2/issue/10000" {
		t.Error(a.text)
	}
	if v := w.current("OPS-1"); v.Creator != "bot-1" || v.Reporter != "bot-1" || v.Type != "Bug" || v.PriorityName != "High" || v.StatusName != "To Do" || len(v.History) != 0 || v.Properties["p"] == nil {
		t.Errorf("%+v", v)
	}
	for body, field := range map[string]string{
		`{"fields":{"issuetype":{"name":"Bug"},"summary":"x"}}`:                                                      "project",
		`{"fields":{"project":{"key":"NO"},"issuetype":{"name":"Bug"},"summary":"x"}}`:                               "project",
		`{"fields":{"project":{"key":"OPS"},"summary":"x"}}`:                                                         "issuetype",
		`{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Bug"}}}`:                                            "summary",
		`{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Bug"},"summary":"x","status":{"id":"3"}}}`:          "status",
		`{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Bug"},"summary":"x","priority":{"name":"Urgent"}}}`: "priority",
	} {
		if got := w.do("POST", "/rest/api/2/issue", body).want(t, 400).get(t, "errors").(map[string]any); got[field] == nil {
			t.Errorf("%s: errors %v, want %s", body, got, field)
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	w.site.Revoke("bot-1", "OPS", jirasim.EditIssues, jirasim.LinkIssues, jirasim.AddComment, jirasim.Delete, jirasim.Create)
	w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"summary":"x"}}`).want(t, 403)
	w.do("PUT", "/rest/api/2/issue/OPS-1/properties/p", `1`).want(t, 403)
	w.do("POST", "/rest/api/2/issue/OPS-1/remotelink", `{"object":{"url":"u","title":"t"}}`).want(t, 403)
	w.do("POST", "/rest/api/2/issue/OPS-1/comment", `{"body":"x"}`).want(t, 403)
	w.do("DELETE", "/rest/api/2/issue/OPS-1", "").want(t, 403)
	w.do("POST", "/rest/api/2/issue", `{"fields":{"project":{"key":"OPS"},"issuetype":{"name":"Bug"},"summary":"x"}}`).want(t, 403)
	w.site.Revoke("bot-1", "OPS", jirasim.Browse)
	w.do("GET", "/rest/api/2/issue/OPS-1", "").want(t, 404)
	w.do("GET", "/rest/api/2/project/OPS", "").want(t, 404)
	if n := len(w.do("POST", "/rest/api/2/search/jql", jql("project = OPS", "")).want(t, 200).get(t, "issues").([]any)); n != 0 {
		t.Error("a hidden project was found")
	}
	w.site.Grant("bot-1", "OPS", jirasim.Browse, jirasim.EditIssues)
	w.do("PUT", "/rest/api/2/issue/OPS-1", `{"fields":{"summary":"x"}}`).want(t, 204)
}

func TestSecurityLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	w.site.RestrictLevel("Board only", "ana")
	if err := w.site.Edit("ana", "OPS-1", jirasim.Edit{Security: new("Board only")}); err != nil {
		t.Fatal(err)
	}
	w.do("GET", "/rest/api/2/issue/OPS-1", "").want(t, 404)
	w.email, w.token = w.ana.Email, w.ana.Token
	if got := w.do("GET", "/rest/api/2/issue/OPS-1", "").want(t, 200).get(t, "fields.security.name"); got != "Board only" {
		t.Errorf("security: %v", got)
	}
}
