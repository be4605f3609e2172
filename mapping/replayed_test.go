package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func TestReplayed(t *testing.T) {
	t.Parallel()
	before := connectors.Issue{Labels: []string{"a", "B"}, Custom: map[string]string{"Flagged": "Impediment"}}
	for name, c := range map[string]struct {
		change kanban.Change
		labels []string
		custom map[string]string
	}{
		"a label off":   {kanban.Change{Field: "label", From: "b"}, []string{"a"}, before.Custom},
		"a label on":    {kanban.Change{Field: "label", To: "c"}, []string{"a", "B", "c"}, before.Custom},
		"on twice":      {kanban.Change{Field: "label", To: "A"}, []string{"B", "A"}, before.Custom},
		"a field away":  {kanban.Change{Field: "flagged", FromName: "Impediment"}, before.Labels, map[string]string{}},
		"another field": {kanban.Change{Field: "Team", ToName: "web"}, before.Labels, map[string]string{"Flagged": "Impediment", "Team": "web"}},
	} {
		got := Replayed(before, c.change)
		if diff := cmp.Diff(c.labels, got.Labels); diff != "" {
			t.Errorf("%s: labels %s", name, diff)
		}
		if diff := cmp.Diff(c.custom, got.Custom); diff != "" {
			t.Errorf("%s: fields %s", name, diff)
		}
	}
	if len(before.Labels) != 2 || len(before.Custom) != 1 {
		t.Errorf("what was given has changed: %+v", before)
	}
}

func TestWhatMayHaveBlocked(t *testing.T) {
	t.Parallel()
	rule := func(p Property, name string) RuleConfig {
		return RuleConfig{When: Condition{Jira: []Test{{Property: p, Name: name, Any: []string{"any"}}}}, Set: Setting{Blocked: kanban.IT}}
	}
	for name, c := range map[string]struct {
		rules              []RuleConfig
		some, told, label  bool
		flagged, milestone bool
	}{
		"no rule":     {nil, false, true, false, false, false},
		"a label":     {[]RuleConfig{rule(PropertyLabel, "")}, true, true, true, false, false},
		"a field":     {[]RuleConfig{rule(PropertyField, "Flagged")}, true, true, false, true, false},
		"a milestone": {[]RuleConfig{rule(PropertyMilestone, "")}, true, false, false, false, false},
		"a class":     {[]RuleConfig{{When: Condition{Jira: []Test{{Property: PropertyLabel}}}, Set: Setting{Class: "expedite"}}}, false, true, false, false, false},
	} {
		r := &Rules{rules: c.rules}
		some, told := r.Hindering()
		got := []bool{some, told, r.Hinders(kanban.Change{Field: "label"}), r.Hinders(kanban.Change{Field: "flagged"}), r.Hinders(kanban.Change{Field: "milestone"})}
		if diff := cmp.Diff([]bool{c.some, c.told, c.label, c.flagged, c.milestone}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
