package view

import (
	"net/url"
	"testing"

	"parley/kanban"
	"parley/kanban/flow"
)

func TestAMilestoneIsOneOfItsRepository(t *testing.T) {
	t.Parallel()
	sides := []kanban.CardSide{{Side: "jira", Key: "OPS-7"}, {Side: "github", Key: "acme/web#12"}}
	for name, c := range map[string]struct{ side, group, want string }{
		"a milestone":               {"github", "v1.0", "acme/web"},
		"a milestone with a number": {"github", "Release 2026-11", "acme/web"},
		"a parent issue":            {"github", "acme/all#3", ""},
		"a fix version":             {"jira", "v1.0", "OPS"},
		"a fix version with a date": {"jira", "2026.11-3", "OPS"},
		"an epic":                   {"jira", "PRG-2", ""},
		"no group":                  {"", "", ""},
		"a side that it has not":    {"", "v1.0", ""},
	} {
		if got := groupIn(&kanban.Card{Group: c.group, GroupSide: c.side, Sides: sides}); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestMilestonesOfTwoRepositoriesAreTwo gives both the same name.
func TestMilestonesOfTwoRepositoriesAreTwo(t *testing.T) {
	t.Parallel()
	m := newMade()
	for n := range 20 {
		done := -1
		if n < 9 {
			done = n
		}
		in := "acme/payments"
		if n >= 10 {
			in = "acme/infra"
		}
		m.add(flow.Traits{Group: "v1.0", GroupIn: in, Unit: "u"}, 30, done)
	}
	p := NewFlowPicture(m.FlowCards, FlowQuery{}).Projects
	if len(p) != 2 || p[0].In != "acme/infra" || p[0].Done != 0 || p[0].All.N != 10 || p[1].In != "acme/payments" || p[1].Done != 9 || p[1].All.N != 10 {
		t.Fatalf("%+v", p)
	}
	for _, x := range p {
		v, err := url.ParseQuery(x.All.Cards)
		if err != nil {
			t.Fatal(err)
		}
		if cards := CardsBehind(m.FlowCards, FlowQuery{}, FlowListOf(v)); len(cards) != 10 {
			t.Errorf("%d cards are of %s", len(cards), x.In)
		}
	}
}

// TestAProjectIsDueWithItsOpenCards: what is done has kept its date, or not.
func TestAProjectIsDueWithItsOpenCards(t *testing.T) {
	t.Parallel()
	m := newMade()
	m.add(flow.Traits{Group: "E", Due: "2026-12-24"}, 30, 2)
	m.add(flow.Traits{Group: "E", Due: "2026-11-25"}, 30, -1)
	m.add(flow.Traits{Group: "E"}, 30, -1)
	if p := m.project(t, FlowQuery{}); p.Due != "2026-11-25" {
		t.Errorf("%+v", p)
	}
	m.Items[1].Due = ""
	if p := m.project(t, FlowQuery{}); p.Due != "" || p.Late {
		t.Errorf("with no date of an open card: %+v", p)
	}
}
