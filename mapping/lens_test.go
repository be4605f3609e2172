package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

func TestBack(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	paired, alone := r.Lens("jira", "github"), r.Lens("", "github")
	for _, c := range []struct {
		name    string
		lens    Lens
		side    kanban.Side
		field   kanban.Field
		n       kanban.Native
		at      kanban.Value
		want    kanban.Value
		opinion kanban.Opinion
	}{
		{"owner by default", paired, kanban.Jira, "status", "3", "requests", "doing", kanban.Says},
		{"sharer is kept", paired, kanban.Jira, "status", "3", "review", "review", kanban.Says},
		{"second status of a column", paired, kanban.Jira, "status", "10007", "", "doing", kanban.Says},
		{"resolution narrows", paired, kanban.Jira, "status", "6 + resolution:won't fix", "done", "withdrawn", kanban.Says},
		{"any other resolution", paired, kanban.Jira, "status", "6 + resolution:fixed", "verify", "done", kanban.Says},
		{"unknown status", paired, kanban.Jira, "status", "77", "doing", "doing", kanban.Unmapped},
		{"no priority", paired, kanban.Jira, "priority", "", "low", "low", kanban.Silent},
		{"priority in the class", paired, kanban.Jira, "priority", "3", "normal", "normal", kanban.Says},
		{"label", paired, kanban.GitHub, "status", "open + label:status:doing", "done", "doing", kanban.Says},
		{"two labels tie", paired, kanban.GitHub, "status", "open + label:status:doing + label:status:review", "done", "done", kanban.Ambiguous},
		{"open without label, paired", paired, kanban.GitHub, "status", "open", "doing", "doing", kanban.Silent},
		{"open without label, alone", alone, kanban.GitHub, "status", "open", "doing", "requests", kanban.Says},
		{"closed with a forgotten label", paired, kanban.GitHub, "status", "closed:completed + label:status:doing", "doing", "verify", kanban.Says},
		{"most labels win", paired, kanban.GitHub, "status", "closed:not_planned + label:accepted", "doing", "done", kanban.Says},
		{"no priority label", paired, kanban.GitHub, "priority", "", "high", "high", kanban.Silent},
		{"two priority labels", paired, kanban.GitHub, "priority", "label:p0 + label:p1", "high", "high", kanban.Ambiguous},
		{"side that the card lacks", alone, kanban.Jira, "status", "3", "done", "done", kanban.Silent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, opinion := c.lens.Back(c.side, c.field, c.n, c.at)
			if got != c.want || opinion != c.opinion {
				t.Errorf("got %q, %s, want %q, %s", got, opinion, c.want, c.opinion)
			}
		})
	}
}

func TestForward(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	paired := r.Lens("jira", "github")
	for _, c := range []struct {
		name  string
		side  kanban.Side
		field kanban.Field
		m     kanban.Value
		n     kanban.Native
		want  []kanban.Native
	}{
		{"in configured order", kanban.Jira, "status", "doing", "1", []kanban.Native{"3", "10007"}},
		{"stays where it fits", kanban.Jira, "status", "doing", "10007", []kanban.Native{"10007", "3"}},
		{"shared", kanban.Jira, "status", "review", "10007", []kanban.Native{"10007", "3"}},
		{"resolution to set", kanban.Jira, "status", "withdrawn", "3", []kanban.Native{"6 + resolution:won't fix"}},
		{"other resolution stays", kanban.Jira, "status", "done", "6 + resolution:fixed", []kanban.Native{"6 + resolution:fixed", "6"}},
		{"class, not name", kanban.Jira, "priority", "normal", "3", []kanban.Native{"3", "2"}},
		{"labels replace each other", kanban.GitHub, "status", "review", "open + label:status:doing", []kanban.Native{"open + label:status:review"}},
		{"close reason is kept", kanban.GitHub, "status", "done", "closed:not_planned", []kanban.Native{"closed:not_planned + label:accepted"}},
		{"close as completed", kanban.GitHub, "status", "done", "open", []kanban.Native{"closed:completed + label:accepted"}},
		{"duplicate stays", kanban.GitHub, "status", "withdrawn", "closed:duplicate", []kanban.Native{"closed:duplicate", "closed:not_planned"}},
		{"plain open is reached and left", kanban.GitHub, "status", "requests", "open", []kanban.Native{"open"}},
		{"nothing agreed", kanban.GitHub, "status", "", "open", nil},
		{"unknown value", kanban.GitHub, "status", "nowhere", "open", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, paired.Forward(c.side, c.field, c.m, c.n)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPlainClosedDoesNotKeepTheReasonOfAnother(t *testing.T) {
	t.Parallel()
	c := company()
	c.Columns[3].GitHub, c.Columns[4].GitHub = []string{"open + label:accept"}, []string{"closed"}
	l := compiled(t, c, nil).Lens("", "github")
	want := []kanban.Native{"closed:completed"}
	if diff := cmp.Diff(want, l.Forward(kanban.GitHub, "status", "done", "closed:not_planned")); diff != "" {
		t.Error(diff)
	}
}
