package jirasim_test

import (
	"testing"

	"parley/connectors/sim/jirasim"
)

const way = "/rest/api/2/issue/FIN-1/transitions"

func TestTransitionsOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("FIN")
	w.issue("OPS")
	if a := w.do("GET", way, "").want(t, 200); len(a.get(t, "transitions").([]any)) != 1 || a.get(t, "transitions.0.id") != "4" ||
		a.get(t, "transitions.0.isGlobal") != false || a.get(t, "transitions.0.fields") != nil || a.get(t, "transitions.0.to.statusCategory.key") != "indeterminate" {
		t.Errorf("strict: %s", a.text)
	}
	if a := w.do("GET", "/rest/api/2/issue/OPS-1/transitions", ""); len(a.get(t, "transitions").([]any)) != 5 || a.get(t, "transitions.0.isGlobal") != true {
		t.Errorf("simple: %s", a.text)
	}
	if err := w.site.ForceStatus("ana", "FIN-1", "In Review"); err != nil {
		t.Fatal(err)
	}
	a := w.do("GET", way+"?expand=transitions.fields&transitionId=711", "").want(t, 200)
	if a.get(t, "transitions.0.hasScreen") != true || a.get(t, "transitions.0.fields.resolution.required") != true ||
		a.get(t, "transitions.0.fields.resolution.allowedValues.1.name") != "Won't Do" || a.get(t, "transitions.0.fields.assignee.required") != false {
		t.Errorf("screen: %s", a.text)
	}
	w.site.Revoke("bot-1", "FIN", jirasim.Transit)
	if a := w.do("GET", way, "").want(t, 200); len(a.get(t, "transitions").([]any)) != 0 {
		t.Errorf("without the permission: %s", a.text)
	}
	w.do("POST", way, `{"transition":{"id":"711"},"fields":{"resolution":{"name":"Done"}}}`).want(t, 400)
}

func TestTransitionRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, field, says string }{
		{"missing", `{}`, "", "Missing 'transition' identifier"},
		{"by name", `{"transition":{"id":"Finish"}}`, "", "'transition' identifier must be an integer"},
		{"unknown", `{"transition":{"id":"99"}}`, "", "Transition id '99' is not valid for this issue."},
		{"from elsewhere", `{"transition":{"id":"4"}}`, "", "Transition id '4' is not valid for this issue."},
		{"required", `{"transition":{"id":"711"}}`, "resolution", "Resolution is required."},
		{"off the screen", `{"transition":{"id":"711"},"fields":{"resolution":{"name":"Done"},"priority":{"id":"1"}}}`, "priority", "Field 'priority' cannot be set. It is not on the appropriate screen, or unknown."},
		{"no screen", `{"transition":{"id":"6"},"fields":{"resolution":{"name":"Done"}}}`, "resolution", "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."},
		{"unknown resolution", `{"transition":{"id":"711"},"fields":{"resolution":{"name":"Maybe"}}}`, "resolution", "The resolution selected is invalid."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.issue("FIN")
			if err := w.site.ForceStatus("ana", "FIN-1", "In Review"); err != nil {
				t.Fatal(err)
			}
			a := w.do("POST", way, tc.body).want(t, 400)
			place := "errorMessages.0"
			if tc.field != "" {
				place = "errors." + tc.field
			}
			if got := a.get(t, place); got != tc.says {
				t.Errorf("said %v, want %q: %s", got, tc.says, a.text)
			}
			if v := w.current("FIN-1"); v.StatusName != "In Review" || v.Resolution != "" || len(v.History) != 1 {
				t.Errorf("a refused transition left a trace: %+v", v)
			}
		})
	}
}

func TestTransitionTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("FIN")
	for _, body := range []string{`{"transition":{"id":"4"}}`, `{"transition":{"id":5}}`,
		`{"transition":{"id":"711"},"fields":{"resolution":{"name":"Won't Do"}},"update":{"comment":[{"add":{"body":"no"}}]},"historyMetadata":{"extraData":{"op":"7"}}}`} {
		if a := w.do("POST", way, body).want(t, 204); a.text != "" {
			t.Errorf("body %q", a.text)
		}
	}
	v := w.current("FIN-1")
	if v.StatusName != "Done" || v.ResolutionName != "Won't Do" || v.Resolved.IsZero() || !v.Resolved.Equal(v.Updated) || !v.CategoryChanged.Equal(v.Updated) || len(v.Comments) != 1 {
		t.Errorf("%+v", v)
	}
	a := w.do("GET", "/rest/api/2/issue/FIN-1?expand=changelog&fields=resolutiondate", "").want(t, 200)
	if a.get(t, "changelog.histories.0.items.0.field") != "resolution" || a.get(t, "changelog.histories.0.items.1.field") != "status" ||
		a.get(t, "changelog.histories.0.items.1.from") != "10001" || a.get(t, "changelog.histories.0.items.1.toString") != "Done" ||
		a.get(t, "changelog.histories.0.items.0.from") != nil || a.get(t, "changelog.histories.0.historyMetadata.extraData.op") != "7" {
		t.Error(a.text)
	}
	w.do("POST", way, `{"transition":{"id":"8"}}`).want(t, 204)
	if v := w.current("FIN-1"); v.Resolution != "" || !v.Resolved.IsZero() || len(v.History[3].Items) != 2 {
		t.Errorf("reopened: %+v", v)
	}
}

func TestPostFunctionsAndAutomation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddWorkflow(jirasim.Workflow{Name: "odd", Statuses: []string{"10000", "3", "10003"}, Transitions: []jirasim.Transition{
		{ID: "1", Name: "Go", To: "3", Automation: "10003", PostFunctions: []jirasim.PostFunction{{Field: "priority", Value: "Highest"}, {Field: "assignee", Value: "ana"}}},
		{ID: "2", Name: "Check", To: "3", Required: []string{"resolution"}},
	}})
	w.site.AddProject(jirasim.Project{Key: "ODD", Workflows: map[string]string{"": "odd"}})
	w.issue("ODD")
	a := w.do("POST", "/rest/api/2/issue/ODD-1/transitions", `{"transition":{"id":"2"}}`).want(t, 400)
	if a.get(t, "errorMessages.0") != "Field Resolution is required." {
		t.Errorf("validator: %s", a.text)
	}
	w.do("POST", "/rest/api/2/issue/ODD-1/transitions", `{"transition":{"id":"1"}}`).want(t, 204)
	v := w.current("ODD-1")
	if v.StatusName != "Waiting" || v.PriorityName != "Highest" || v.Assignee != "ana" || len(v.History) != 2 || v.History[1].Author != "" {
		t.Errorf("%+v", v)
	}
	if entry := w.do("GET", "/rest/api/3/issue/ODD-1/changelog", "").get(t, "values.1").(map[string]any); entry["author"] != nil {
		t.Errorf("automation's entry has an author: %v", entry)
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *jirasim.Options) { o.Conflict = func(key string) bool { return key == "FIN-1" } })
	w.issue("FIN")
	w.do("POST", way, `{"transition":{"id":"4"}}`).want(t, 409)
	if w.current("FIN-1").StatusName != "To Do" {
		t.Error("the conflicting write took effect")
	}
}
