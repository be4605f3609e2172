package mapping

import (
	"strings"
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// audienceRules knows a public and two closed repositories.
func audienceRules(t *testing.T) *Rules {
	t.Helper()
	c := company()
	c.Trackers[1].Containers = []string{"acme/payments", "acme/open", "acme/wide"}
	c.Visibility = VisibilityConfig{RestrictedSecurity: []string{"any"}, RestrictedLabels: []string{"Security"}}
	dirs := directories()
	dirs[1].Containers = []connectors.Container{{Key: "acme/payments"}, {Key: "Acme/open", Public: true}, {Key: "acme/wide", Public: true}}
	return compiled(t, c, dirs)
}

func TestTextMayCross(t *testing.T) {
	t.Parallel()
	r := audienceRules(t)
	jira, closed, open := issue(connectors.Jira, "OPS", "OPS-12"), issue(connectors.GitHub, "acme/payments", "acme/payments#7"), issue(connectors.GitHub, "acme/open", "acme/open#3")
	secured, labelled := jira, closed
	secured.Security, labelled.Labels = "Board", []string{"bug", "SECURITY"}
	unknown := issue(connectors.GitHub, "acme/else", "acme/else#1")
	foreign := open
	foreign.Tracker = "other"
	project, repo, public := connectors.Container{Key: "OPS"}, connectors.Container{Key: "acme/payments"}, connectors.Container{Key: "acme/wide", Public: true}
	for _, c := range []struct {
		name   string
		from   connectors.Issue
		to     connectors.Container
		others []connectors.Issue
		why    string
	}{
		{"among those who work there", jira, repo, []connectors.Issue{closed}, ""},
		{"and back", closed, project, []connectors.Issue{jira}, ""},
		{"what anybody may read", open, project, nil, ""},
		{"from public to public", open, public, nil, ""},
		{"Jira to anybody", jira, public, nil, "anybody may read acme/wide and not OPS, so the text of OPS-12 stays where it is"},
		{"closed to anybody", closed, public, nil, "anybody may read acme/wide and not acme/payments, so the text of acme/payments#7 stays where it is"},
		{"nobody knows to anybody", unknown, public, nil, "anybody may read acme/wide and not acme/else, so the text of acme/else#1 stays where it is"},
		{"the same name elsewhere", foreign, public, nil, "anybody may read acme/wide and not acme/open, so the text of acme/open#3 stays where it is"},
		{"a public Jira is still Jira", jira, connectors.Container{Key: "PUB", Public: true}, nil, "anybody may read PUB and not OPS, so the text of OPS-12 stays where it is"},
		{"security level", secured, repo, nil, "OPS-12 is restricted, so the text of OPS-12 stays where it is"},
		{"label", labelled, project, nil, "acme/payments#7 is restricted, so the text of acme/payments#7 stays where it is"},
		{"label of the twin", jira, repo, []connectors.Issue{labelled}, "acme/payments#7 is restricted, so the text of OPS-12 stays where it is"},
		{"security level of the twin", closed, project, []connectors.Issue{secured}, "OPS-12 is restricted, so the text of acme/payments#7 stays where it is"},
	} {
		ok, why := r.TextMayCross(c.from, c.to, c.others...)
		if why != c.why || ok != (c.why == "") {
			t.Errorf("%s: %v, %q, want %q", c.name, ok, why, c.why)
		}
		if strings.Contains(why, "Board") || strings.Contains(why, "bug") {
			t.Errorf("%s: %q tells what it keeps", c.name, why)
		}
	}
}

func TestFingerprintKnowsWhoMayRead(t *testing.T) {
	t.Parallel()
	dirs, opened := directories(), directories()
	opened[0].Containers[0].Public = true
	if fingerprint(company(), dirs) == fingerprint(company(), opened) {
		t.Error("a place was opened to anybody, and the rules are taken for the same")
	}
	c := company()
	c.Pairs[0].Fields = map[kanban.Field]Direction{kanban.FieldTitle: DirectionBoth}
	if fingerprint(company(), dirs) == fingerprint(c, dirs) {
		t.Error("a field is carried, and the rules are taken for the same")
	}
}
