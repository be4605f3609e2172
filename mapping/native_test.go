package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func TestNativeOfGitHub(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	for _, c := range []struct {
		state, reason string
		labels        []string
		status, prio  kanban.Native
	}{
		{"open", "", nil, "open", ""},
		{"open", "reopened", []string{"bug", "STATUS:Review", "status:doing", "p1"}, "open + label:status:doing + label:status:review", "label:p1"},
		{"closed", "", nil, "closed:completed", ""},
		{"closed", "completed", []string{"Accepted"}, "closed:completed + label:accepted", ""},
		{"closed", "not_planned", nil, "closed:not_planned", ""},
		{"closed", "duplicate", []string{"P2", "P0"}, "closed:duplicate", "label:p0 + label:p2"},
		{"closed", "new + label:accepted", nil, "closed:completed", ""},
	} {
		i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, State: c.state, Reason: c.reason, Labels: c.labels}
		if got := r.Native(i, kanban.FieldStatus); got != c.status {
			t.Errorf("status of %v is %q, want %q", c, got, c.status)
		}
		if got := r.Native(i, kanban.FieldPriority); got != c.prio {
			t.Errorf("priority of %v is %q, want %q", c, got, c.prio)
		}
	}
}

func TestNativeOfJira(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	i := connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Status: connectors.Option{ID: "6", Name: "Closed"}}
	if got := r.Native(i, kanban.FieldStatus); got != "6" {
		t.Errorf("unresolved: %q", got)
	}
	i.Resolution.Name = "Won't Fix"
	if got := r.Native(i, kanban.FieldStatus); got != "6 + resolution:won't fix" {
		t.Errorf("narrowed: %q", got)
	}
	i.Status = connectors.Option{ID: "5", Name: "Resolved"}
	if got := r.Native(i, kanban.FieldStatus); got != "5" {
		t.Errorf("a resolution nobody asks for: %q", got)
	}
	if got := r.Native(i, kanban.FieldPriority); got != "" {
		t.Errorf("priority: %q", got)
	}
	i.Tracker = "nobody"
	if got := r.Native(i, kanban.FieldStatus); got != "" {
		t.Errorf("unknown tracker: %q", got)
	}
}

func TestApplyJira(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	status := func(to, name string) kanban.Change { return kanban.Change{Field: "status", To: to, ToName: name} }
	resolution := func(name string) kanban.Change { return kanban.Change{Field: "resolution", ToName: name} }
	for _, c := range []struct {
		name    string
		field   kanban.Field
		from    kanban.Native
		changes []kanban.Change
		want    kanban.Native
		touched bool
	}{
		{"transition", "status", "1", []kanban.Change{status("3", "In Arbeit")}, "3", true},
		{"with its resolution, in any order", "status", "1", []kanban.Change{resolution("Won't Fix"), status("6", "Closed")}, "6 + resolution:won't fix", true},
		{"reopened", "status", "6 + resolution:fixed", []kanban.Change{status("1", "Open"), resolution("")}, "1", true},
		{"resolution where it counts", "status", "6 + resolution:fixed", []kanban.Change{resolution("Won't Fix")}, "6 + resolution:won't fix", true},
		{"resolution where nobody asks", "status", "5", []kanban.Change{resolution("Won't Fix")}, "5", false},
		{"something else", "status", "5", []kanban.Change{{Field: "assignee", To: "3"}, {Field: "priority", To: "2"}}, "5", false},
		{"priority", "priority", "5", []kanban.Change{{Field: "priority", To: "2"}}, "2", true},
		{"priority taken away", "priority", "5", []kanban.Change{{Field: "priority", From: "5"}}, "", true},
	} {
		got, touched := l.Apply(kanban.Jira, c.field, c.from, c.changes)
		if got != c.want || touched != c.touched {
			t.Errorf("%s: got %q, %v, want %q, %v", c.name, got, touched, c.want, c.touched)
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	for _, c := range []struct {
		side  kanban.Side
		field kanban.Field
		n     kanban.Native
		want  string
	}{
		{kanban.Jira, "status", "3", "In Arbeit"},
		{kanban.Jira, "status", "6 + resolution:won't fix", "Closed, Won't Fix"},
		{kanban.Jira, "status", "99", "99"},
		{kanban.Jira, "priority", "1", "Highest"},
		{kanban.Jira, "priority", "", "no priority"},
		{kanban.GitHub, "status", "open + label:status:doing", "open, Status:Doing"},
		{kanban.GitHub, "status", "closed:not_planned", "closed as not planned"},
		{kanban.GitHub, "priority", "", "no label"},
		{kanban.GitHub, "priority", "label:p0", "P0"},
	} {
		if got := r.Describe(c.side, c.field, c.n); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.side, c.n, got, c.want)
		}
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	for _, c := range []struct {
		side     kanban.Side
		field    kanban.Field
		from, to kanban.Native
		want     []connectors.Write
	}{
		{kanban.GitHub, "status", "open + label:status:review", "closed:completed + label:accepted",
			[]connectors.Write{{AddLabel: "accepted"}, {RemoveLabel: "status:review"}, {State: "closed", Reason: "completed"}}},
		{kanban.GitHub, "status", "closed:duplicate", "open + label:status:doing", []connectors.Write{{AddLabel: "Status:Doing"}, {State: "open", Reason: "reopened"}}},
		{kanban.GitHub, "status", "closed:completed", "closed:not_planned", []connectors.Write{{State: "closed", Reason: "not_planned"}}},
		{kanban.GitHub, "status", "open", "open", nil},
		{kanban.GitHub, "priority", "label:p0 + label:p1", "label:p2", []connectors.Write{{AddLabel: "P2"}, {RemoveLabel: "P0"}, {RemoveLabel: "P1"}}},
		{kanban.Jira, "priority", "5", "1", []connectors.Write{{Priority: "1"}}},
		{kanban.Jira, "status", "5", "1", nil},
	} {
		if diff := cmp.Diff(c.want, r.Steps(c.side, c.field, c.from, c.to)); diff != "" {
			t.Errorf("%s to %s: %s", c.from, c.to, diff)
		}
	}
	if id, resolution := r.JiraTarget("6 + resolution:won't fix"); id != "6" || resolution != "Won't Fix" {
		t.Errorf("target %q, %q", id, resolution)
	}
	if id, resolution := r.JiraTarget("3"); id != "3" || resolution != "" {
		t.Errorf("target %q, %q", id, resolution)
	}
}

func TestExplains(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	for _, c := range []struct {
		side   kanban.Side
		field  kanban.Field
		to     kanban.Native
		change kanban.Change
		want   bool
	}{
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "label", To: "STATUS:doing"}, true},
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "label", To: "status:review"}, false},
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "label", From: "Status:Review"}, true},
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "label", From: "status:doing"}, false},
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "label", From: "bug"}, false},
		{kanban.GitHub, "status", "open + label:status:doing", kanban.Change{Field: "state", To: "open"}, true},
		{kanban.GitHub, "status", "closed:completed", kanban.Change{Field: "state", To: "closed:not_planned"}, false},
		{kanban.GitHub, "priority", "label:p0", kanban.Change{Field: "state", To: "open"}, false},
		{kanban.GitHub, "priority", "label:p0", kanban.Change{Field: "label", From: "P1"}, true},
		{kanban.Jira, "status", "3", kanban.Change{Field: "status", To: "3"}, true},
		{kanban.Jira, "status", "3", kanban.Change{Field: "status", To: "10007"}, false},
		{kanban.Jira, "status", "3", kanban.Change{Field: "resolution", ToName: ""}, true},
		{kanban.Jira, "status", "6 + resolution:won't fix", kanban.Change{Field: "resolution", ToName: "Won't fix"}, true},
		{kanban.Jira, "status", "6 + resolution:won't fix", kanban.Change{Field: "resolution", ToName: "Fixed"}, false},
		{kanban.Jira, "priority", "2", kanban.Change{Field: "priority", To: "2"}, true},
		{kanban.Jira, "priority", "2", kanban.Change{Field: "status", To: "2"}, false},
	} {
		if got := l.Explains(c.side, c.field, c.to, c.change); got != c.want {
			t.Errorf("%s %+v explained by %q: %v", c.side, c.change, c.to, got)
		}
	}
}

func TestEventKeepsNoProse(t *testing.T) {
	t.Parallel()
	e := connectors.Entry{ID: "7", Seq: 7, Actor: connectors.Person{ID: "ana", Name: "Ana"}, Op: "op", Own: true, Changes: []connectors.Change{
		{Field: "status", From: "1", To: "3", FromName: "Open", ToName: "In Progress"}, {Field: "description", FromName: "secret", ToName: "secrets"}}}
	want := kanban.Event{Tracker: "jira", SourceID: "7", Seq: 7, Issue: "100", Actor: "ana", Own: true, Op: "op", Changes: []kanban.Change{
		{Field: "status", From: "1", To: "3", FromName: "Open", ToName: "In Progress"}, {Field: "description"}}}
	if diff := cmp.Diff(want, companyRules(t).Event("jira", "100", e)); diff != "" {
		t.Error(diff)
	}
}
