package engine

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// unitRules tell units by component, and the class by a label.
func unitRules(t *testing.T, risk string) *mapping.Rules {
	t.Helper()
	is := func(p mapping.Property, values ...string) mapping.Condition {
		return mapping.Condition{Jira: []mapping.Test{{Property: p, Any: values}}}
	}
	rules, problems := mapping.Compile(mapping.Config{
		Trackers: []mapping.TrackerConfig{{Name: "jira", Kind: "jira"}},
		Columns:  []mapping.ColumnConfig{{Key: "todo", Category: kanban.Option, Jira: []string{"To Do"}}},
		Units:    []mapping.UnitConfig{{Key: "risk", Match: is(mapping.PropertyComponent, risk)}, {Key: "trading", Match: is(mapping.PropertyComponent, "Trading")}},
		Rules:    []mapping.RuleConfig{{When: is(mapping.PropertyLabel, "incident"), Set: mapping.Setting{Class: kanban.ClassExpedite}}},
	}, nil)
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	return rules
}

// movedOver is a request of Risk that became Trading's, then an expedite, and whose due
// date was set first; with its history.
func movedOver() (connectors.Issue, []connectors.Entry) {
	at := func(minutes int) time.Time { return monday.Add(time.Duration(minutes) * time.Minute) }
	change := func(seq int64, minutes int, c ...connectors.Change) connectors.Entry {
		return connectors.Entry{ID: string(rune('a' + seq)), Seq: seq, IssueID: "7", At: at(minutes), Changes: c}
	}
	issue := connectors.Issue{Ref: connectors.Ref{Tracker: "jira", ID: "7", Key: "OPS-7", Container: "OPS"}, Kind: connectors.Jira, Created: monday, Updated: at(30),
		Status: connectors.Option{ID: "1", Name: "To Do"}, Components: []string{"Trading"}, Labels: []string{"incident"}, Due: "2026-12-01"}
	return issue, []connectors.Entry{
		change(1, 10, connectors.Change{Field: "due", To: "2026-12-01"}),
		change(2, 20, connectors.Change{Field: "components", From: "1", FromName: "Risk"}, connectors.Change{Field: "components", To: "2", ToName: "Trading"}),
		change(3, 30, connectors.Change{Field: "label", To: "incident"}),
	}
}

func movedProfiles() []kanban.Profile {
	return []kanban.Profile{
		{At: monday, Unit: "risk", Class: "standard", Has: "components"},
		{At: monday.Add(10 * time.Minute), Unit: "risk", Class: "standard", Due: "2026-12-01", Has: "components"},
		{At: monday.Add(20 * time.Minute), Unit: "trading", Class: "standard", Due: "2026-12-01", Has: "components"},
		{At: monday.Add(30 * time.Minute), Unit: "trading", Class: "expedite", Due: "2026-12-01", Has: "labels,components"},
	}
}

func TestAHistoryTellsWhoseACardWas(t *testing.T) {
	t.Parallel()
	eng := &Engine{Rules: unitRules(t, "Risk")}
	issue, entries := movedOver()
	met := eng.Step(Card{ID: "c"}, Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Entries: entries}}, issue.Updated).Card
	if diff := cmp.Diff(movedProfiles(), met.Profiles); diff != "" {
		t.Errorf("met with its history (-want +got):\n%s", diff)
	}
	bare := eng.Step(Card{ID: "c"}, Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Since: 3}}, issue.Updated).Card
	want := movedProfiles()[3:]
	want[0].At = monday
	if diff := cmp.Diff(want, bare.Profiles); diff != "" {
		t.Errorf("met without it (-want +got):\n%s", diff)
	}
	var events []kanban.Event
	for _, e := range entries {
		events = append(events, eng.Rules.Event("jira", "7", e))
	}
	if after, told := eng.Recollect(bare, kanban.Jira, "7", events); !told || !cmp.Equal(movedProfiles(), after.Profiles) {
		t.Errorf("after its history was read: %s", cmp.Diff(movedProfiles(), after.Profiles))
	}
	slices.Reverse(events)
	if after := eng.Retell(bare, events); !cmp.Equal(movedProfiles(), after.Profiles) {
		t.Errorf("in disorder: %s", cmp.Diff(movedProfiles(), after.Profiles))
	}
}

func TestWhatACardBecomesIsKept(t *testing.T) {
	t.Parallel()
	eng := &Engine{Rules: unitRules(t, "Risk")}
	issue, _ := movedOver()
	issue.Components, issue.Labels, issue.Updated = []string{"Risk"}, nil, monday
	issue.Custom = map[string]string{"rank": "0|i000a:"}
	card := Card{ID: "c"}
	see := func(minutes int, change func()) {
		change()
		issue.Updated = monday.Add(time.Duration(minutes) * time.Minute)
		card = eng.Step(card, Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Since: connectors.Onward}}, issue.Updated.Add(time.Minute)).Card
	}
	see(0, func() {})
	see(5, func() { issue.Title = "said better" })
	see(10, func() { issue.Components = []string{"Trading"} })
	see(20, func() { issue.Custom = map[string]string{"rank": "0|i0005:"} })
	see(25, func() { issue.Custom = map[string]string{"rank": "third of nine"} })
	want := []kanban.Profile{
		{At: monday, Unit: "risk", Class: "standard", Due: "2026-12-01", Has: "components", Place: "0|i000a:"},
		{At: monday.Add(10 * time.Minute), Unit: "trading", Class: "standard", Due: "2026-12-01", Has: "components", Place: "0|i000a:"},
		{At: monday.Add(20 * time.Minute), Unit: "trading", Class: "standard", Due: "2026-12-01", Has: "components", Place: "0|i0005:"},
		{At: monday.Add(25 * time.Minute), Unit: "trading", Class: "standard", Due: "2026-12-01", Has: "components"},
	}
	if diff := cmp.Diff(want, card.Profiles); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if face := eng.Face(&card); !cmp.Equal(want, face.Past.Profiles) {
		t.Errorf("the face tells %v", face.Past.Profiles)
	}
	eng.Rules = unitRules(t, "trading") // other rules: the component is Risk's now
	see(40, func() {})
	if last := card.Profiles[len(card.Profiles)-1]; len(card.Profiles) != len(want) || last.Unit != "risk" || !last.At.Equal(want[3].At) {
		t.Errorf("after the rules changed: %v", card.Profiles)
	}
}
