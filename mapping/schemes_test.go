package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

// fewPriorities is the company whose project uses some of the site's priorities.
func fewPriorities(ids ...string) []connectors.Directory {
	dirs := directories()
	dirs[0].Containers[0].Priorities = ids
	return dirs
}

func TestWithin(t *testing.T) {
	t.Parallel()
	all := []kanban.Native{"2", "5", "1", "3"}
	for name, tc := range map[string]struct {
		uses    []string
		project string
		field   kanban.Field
		targets []kanban.Native
		want    []kanban.Native
		why     string
	}{
		"no scheme":            {nil, "OPS", kanban.FieldPriority, all, all, ""},
		"another project":      {[]string{"4"}, "FIN", kanban.FieldPriority, all, all, ""},
		"another field":        {[]string{"4"}, "OPS", kanban.FieldStatus, all, all, ""},
		"the first is there":   {[]string{"1", "2"}, "OPS", kanban.FieldPriority, all, []kanban.Native{"2", "1"}, ""},
		"the nearest is first": {[]string{"3", "5"}, "ops", kanban.FieldPriority, all, []kanban.Native{"3", "5"}, ""},
		"equally near":         {[]string{"1", "3"}, "OPS", kanban.FieldPriority, all, []kanban.Native{"1", "3"}, ""},
		"none":                 {[]string{"4"}, "OPS", kanban.FieldPriority, all, nil, "project OPS does not use the priority High, Lowest, Highest or Medium; its scheme has Low"},
		"nothing wanted":       {[]string{"4"}, "OPS", kanban.FieldPriority, nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, ps := Compile(company(), fewPriorities(tc.uses...))
			if Failed(ps) {
				t.Fatal(ps)
			}
			got, why := r.Within(connectors.Issue{Ref: connectors.Ref{Tracker: "jira", Container: tc.project}}, tc.field, tc.targets)
			if why != strings.Replace(tc.why, "OPS", tc.project, 1) || !cmp.Equal(got, tc.want) {
				t.Errorf("%v, %q; want %v, %q", got, why, tc.want, tc.why)
			}
		})
	}
}

// A board priority that a project can never show is told with the project, and with what
// could be listed instead; one of which it uses another of its class is not.
func TestPrioritiesThatAProjectDoesNotUseAreTold(t *testing.T) {
	t.Parallel()
	_, ps := Compile(company(), fewPriorities("2", "5"))
	var told []string
	for _, p := range ps {
		if strings.HasPrefix(p.Path, "jira[0].projects[0]") {
			told = append(told, p.String())
		}
	}
	want := []string{`jira[0].projects[0]: project OPS uses no priority of "high" (Highest), so that it is never written there; let it list one that the project uses (High, Lowest; "same:KEY" shares another's), or add it to the project's priority scheme`}
	if !cmp.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}

// What is written depends on the schemes, and so does what was refused because of them.
func TestSchemesMakeOtherRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, ids := range [][]string{nil, {"1"}, {"1", "2"}} {
		r, _ := Compile(company(), fewPriorities(ids...))
		seen[r.Fingerprint()] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d fingerprints of three choices of priorities", len(seen))
	}
}
