package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func test(p Property, values ...string) []Test { return []Test{{Property: p, Any: values}} }

func traitRules(t *testing.T) *Rules {
	t.Helper()
	no, yes := false, true
	c := company()
	c.Units = []UnitConfig{
		{Key: "trading", Match: Condition{
			Jira:   append(test(PropertyContainer, "OPS"), test(PropertyComponent, "Trading")...),
			GitHub: test(PropertyLabel, "bu:trading")}},
		{Key: "finance", Match: Condition{Jira: test(PropertyContainer, "FIN"), GitHub: test(PropertyLabel, "bu:finance")}},
		{Key: "platform", Match: Condition{GitHub: test(PropertyContainer, "acme/infra")}},
	}
	c.Rules = []RuleConfig{
		{When: Condition{GitHub: test(PropertyTitle, "outage")}, Set: Setting{Class: "expedite", Type: "incident"}},
		{When: Condition{Jira: test(PropertyType, "Incident", "Problem")}, Set: Setting{Type: "unplanned", Planned: &no}},
		{When: Condition{Jira: []Test{{Property: PropertyField, Name: "Flagged", Any: []string{"any"}}}}, Set: Setting{Blocked: kanban.IT, Reason: "flagged"}},
		{When: Condition{GitHub: test(PropertyLabel, "blocked")}, Set: Setting{Blocked: kanban.Third}},
		{When: Condition{Jira: test(PropertyLabel, "regulatory")}, Set: Setting{Class: "fixed-date", Planned: &yes}},
	}
	c.Persons = []PersonConfig{{Name: "Ana", Jira: "u1", GitHub: "Ana-Codes", Team: "payments"}}
	c.Visibility = VisibilityConfig{RestrictedSecurity: []string{"any"}, RestrictedLabels: []string{"Security"}}
	return compiled(t, c, nil)
}

func TestTraits(t *testing.T) {
	t.Parallel()
	r := traitRules(t)
	no, yes := false, true
	jira := func(change func(*connectors.Issue)) connectors.Issue {
		i := issue(connectors.Jira, "OPS", "OPS-1")
		i.Reporter.ID = "mia"
		change(&i)
		return i
	}
	git := func(change func(*connectors.Issue)) connectors.Issue {
		i := issue(connectors.GitHub, "acme/payments", "acme/payments#1")
		i.Reporter.ID = "ben"
		change(&i)
		return i
	}
	mia, ben := connectors.Person{ID: "mia"}, connectors.Person{ID: "ben"}
	nothing := func(*connectors.Issue) {}
	for _, c := range []struct {
		name  string
		sides []connectors.Issue
		want  Traits
	}{
		{"nothing known", nil, Traits{Unit: "unassigned", Class: "standard"}},
		{"all conditions of a side must hold", []connectors.Issue{jira(nothing)}, Traits{Unit: "unassigned", Class: "standard", Requester: mia}},
		{"unit by component", []connectors.Issue{jira(func(i *connectors.Issue) { i.Components = []string{"Feeds", "trading"} })},
			Traits{Unit: "trading", Class: "standard", Requester: mia}},
		{"unit by label where there is no Jira issue", []connectors.Issue{git(func(i *connectors.Issue) { i.Labels = []string{"BU:Trading"} })},
			Traits{Unit: "trading", Class: "standard", Requester: ben}},
		{"Jira decides the unit", []connectors.Issue{git(func(i *connectors.Issue) { i.Labels = []string{"bu:trading"} }), jira(func(i *connectors.Issue) { i.Container = "FIN" })},
			Traits{Unit: "finance", Class: "standard", Requester: mia}},
		{"a label cannot overrule what Jira denied", []connectors.Issue{git(func(i *connectors.Issue) { i.Labels = []string{"bu:trading"} }), jira(nothing)},
			Traits{Unit: "unassigned", Class: "standard", Requester: mia}},
		{"GitHub fills what Jira leaves open", []connectors.Issue{jira(nothing), git(func(i *connectors.Issue) { i.Container = "acme/infra" })},
			Traits{Unit: "platform", Class: "standard", Requester: mia}},
		{"Jira first, property by property", []connectors.Issue{
			jira(func(i *connectors.Issue) { i.Type = "incident" }), git(func(i *connectors.Issue) { i.Title = "Total OUTAGE!" })},
			Traits{Unit: "unassigned", Class: "expedite", Type: "unplanned", Planned: &no, PlannedBy: 2, Requester: mia}},
		{"whole words only", []connectors.Issue{git(func(i *connectors.Issue) { i.Title = "outages" })}, Traits{Unit: "unassigned", Class: "standard", Requester: ben}},
		{"blocked by flag before label", []connectors.Issue{
			jira(func(i *connectors.Issue) { i.Custom = map[string]string{"flagged": "Impediment"} }), git(func(i *connectors.Issue) { i.Labels = []string{"blocked"} })},
			Traits{Unit: "unassigned", Class: "standard", Blocked: kanban.IT, Reason: "flagged", Requester: mia}},
		{"an empty flag is none", []connectors.Issue{jira(func(i *connectors.Issue) { i.Custom = map[string]string{"Flagged": ""} })},
			Traits{Unit: "unassigned", Class: "standard", Requester: mia}},
		{"planned", []connectors.Issue{jira(func(i *connectors.Issue) { i.Labels = []string{"Regulatory"} })},
			Traits{Unit: "unassigned", Class: "fixed-date", Planned: &yes, PlannedBy: 5, Requester: mia}},
		{"restricted by security level", []connectors.Issue{jira(func(i *connectors.Issue) { i.Security = "Board" })},
			Traits{Unit: "unassigned", Class: "standard", Restricted: true, Requester: mia}},
		{"restricted by either side's label", []connectors.Issue{jira(nothing), git(func(i *connectors.Issue) { i.Labels = []string{"security"} })},
			Traits{Unit: "unassigned", Class: "standard", Restricted: true, Requester: mia}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, r.Traits(c.sides...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPeopleAndPolicy(t *testing.T) {
	t.Parallel()
	r := traitRules(t)
	if p, ok := r.Person(connectors.GitHub, connectors.Person{ID: "ana-codes"}); !ok || p.Name != "Ana" {
		t.Errorf("login: %v", p)
	}
	if _, ok := r.Person(connectors.Jira, connectors.Person{ID: "ana-codes"}); ok {
		t.Error("a login was taken for a Jira account")
	}
	if _, ok := r.Person(connectors.Jira, connectors.Person{}); ok {
		t.Error("a deleted account is somebody")
	}
	if diff := cmp.Diff([]string{"Flagged"}, r.CustomFields()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatUnitsAndRulesGoBy(t *testing.T) {
	t.Parallel()
	r := traitRules(t)
	for _, c := range []struct {
		property Property
		value    string
		want     bool
	}{
		{PropertyComponent, "Trading", true}, {PropertyComponent, "Feeds", false}, {PropertyLabel, " BU:trading", true}, {PropertyLabel, "regulatory", true}, {PropertyLabel, "Trading", false}, {PropertyMilestone, "x", false},
	} {
		if got := r.Decides(c.property, c.value); got != c.want {
			t.Errorf("%s %q: %v", c.property, c.value, got)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"pol": "poll", "Poll": "poll", "wirte": "write", "x": "", "maximum": "", "": ""} {
		if got := Nearest(word, []string{"poll", "write", "max_change"}); got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
}
