package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/mapping"
)

// TestWhereStatusAndPriorityAreHeld reads each choice, with the names of the fields as
// they usually are and as they are written.
func TestWhereStatusAndPriorityAreHeld(t *testing.T) {
	t.Parallel()
	type fields = map[kanban.Field]mapping.FieldConfig
	for keys, want := range map[string]fields{
		"": nil,
		"status = \"labels\"\npriority = \"labels\"":  nil,
		"status = \"project\"\nproject = \"acme/12\"": {kanban.FieldStatus: {Project: "acme/12", Name: "Status"}},
		"priority = \"field\"":                        {kanban.FieldPriority: {Name: "Priority"}},
		"status = \"project\"\npriority = \"field\"\nproject = \"acme/12\"\nstatus_field = \"Stage\"\npriority_field = \"Urgency\"": {
			kanban.FieldStatus: {Project: "acme/12", Name: "Stage"}, kanban.FieldPriority: {Name: "Urgency"}},
	} {
		text := strings.Replace(minimal, "[[github]]", "[[github]]\n"+keys, 1)
		if strings.Contains(keys, "status = \"project\"") {
			text = strings.Replace(text, "label:doing", "option:Doing", 1)
		}
		c, ps := LoadEnv(write(t, text), environment)
		if len(ps) > 0 {
			t.Errorf("%s: %q", keys, lines(ps))
			continue
		}
		if diff := cmp.Diff(want, c.Mapping().Trackers[1].Fields); diff != "" {
			t.Errorf("%s: %s", keys, diff)
		}
	}
}

func TestWhatHoldsNothingIsAWarning(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{
		"project = \"acme/12\"":    `config.toml:7: github[0].project: nothing is held in it; write status or priority = "project", or take it out`,
		"status_field = \"Stage\"": `config.toml:7: github[0].status_field: nothing is held in a field of that name; say by "project" or "field" where it is, or take it out`,
	} {
		c, ps := LoadEnv(write(t, strings.Replace(minimal, "[[github]]", "[[github]]\n"+keys, 1)), environment)
		if c == nil || len(ps) != 1 || ps[0].Severity != mapping.Warning || lines(ps)[0] != want {
			t.Errorf("%v, %q", c != nil, lines(ps))
		}
	}
}

func TestAUserBesideAPersonalAccessTokenIsAWarning(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(write(t, strings.Replace(minimal, "user =", "auth = \"bearer\"\nuser =", 1)), environment)
	const want = "config.toml:4: jira[0].user: is not used: a personal access token says itself whose it is; take it out"
	if c == nil || len(ps) != 1 || ps[0].Severity != mapping.Warning || lines(ps)[0] != want {
		t.Errorf("%v, %q", c != nil, lines(ps))
	}
}
