package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

// A change forward and the same one backward lead to where the issue was.
func TestAnIssueIsRetracedBothWays(t *testing.T) {
	t.Parallel()
	issue := func(change func(*connectors.Issue)) connectors.Issue {
		i := connectors.Issue{Ref: connectors.Ref{Key: "OPS-7", Container: "OPS"}, Type: "Bug", Labels: []string{"a"}, Components: []string{"Risk"},
			Assignees: []connectors.Person{{ID: "ana"}}, Custom: map[string]string{}}
		change(&i)
		return i
	}
	for name, c := range map[string]struct {
		change kanban.Change
		after  func(*connectors.Issue)
	}{
		"a label comes":     {kanban.Change{Field: "label", To: "b"}, func(i *connectors.Issue) { i.Labels = []string{"a", "b"} }},
		"a component comes": {kanban.Change{Field: "components", To: "2", ToName: "Trading"}, func(i *connectors.Issue) { i.Components = []string{"Risk", "Trading"} }},
		"a due date":        {kanban.Change{Field: "due", To: "2026-12-01"}, func(i *connectors.Issue) { i.Due = "2026-12-01" }},
		"another type":      {kanban.Change{Field: "issuetype", From: "1", FromName: "Bug", To: "2", ToName: "Incident"}, func(i *connectors.Issue) { i.Type = "Incident" }},
		"another project":   {kanban.Change{Field: "key", From: "OPS-7", To: "FIN-9"}, func(i *connectors.Issue) { i.Key, i.Container = "FIN-9", "FIN" }},
		"somebody else":     {kanban.Change{Field: "assignee", From: "ana", To: "ben"}, func(i *connectors.Issue) { i.Assignees = []connectors.Person{{ID: "ben"}} }},
	} {
		before := issue(func(*connectors.Issue) {})
		after := Retraced(before, c.change)
		if diff := cmp.Diff(issue(c.after), after); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(issue(func(*connectors.Issue) {}), before); diff != "" {
			t.Errorf("%s changed the issue that it was given:\n%s", name, diff)
		}
		back := kanban.Change{Field: c.change.Field, From: c.change.To, To: c.change.From, FromName: c.change.ToName, ToName: c.change.FromName}
		if diff := cmp.Diff(before, Retraced(after, back)); diff != "" {
			t.Errorf("%s and back:\n%s", name, diff)
		}
		if !(&Rules{}).Profiles(c.change) {
			t.Errorf("%s says nothing of a profile", name)
		}
	}
	if (&Rules{}).Profiles(kanban.Change{Field: "status", To: "3"}) {
		t.Error("a status is taken for a part of the profile")
	}
}
