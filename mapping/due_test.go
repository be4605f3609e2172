package mapping

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
)

func TestDueNative(t *testing.T) {
	t.Parallel()
	c := company()
	c.Priorities[2].GitHub = []string{"label:Due:whenever"}
	r := compiled(t, c, nil)
	for _, c := range []struct {
		issue   connectors.Issue
		n       kanban.Native
		want    kanban.Value
		opinion kanban.Opinion
	}{
		{connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Due: "2026-12-24"}, "2026-12-24", "2026-12-24", kanban.Says},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}}, "", "", kanban.Silent},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Due: "24.12."}, "24.12.", "", kanban.Unmapped},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"bug", "Due:2026-12-24"}}, "due:2026-12-24", "2026-12-24", kanban.Says},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"due:2027-01-01", "due:2026-12-24"}}, "due:2026-12-24\ndue:2027-01-01", "", kanban.Ambiguous},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"due:2026-02-30"}}, "due:2026-02-30", "", kanban.Unmapped},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"due:"}}, "due:", "", kanban.Unmapped},
		{connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Labels: []string{"due:whenever"}}, "", "", kanban.Silent},
	} {
		n := r.Native(c.issue, kanban.FieldDue)
		side := bySide(kanban.Jira, kanban.Jira, kanban.GitHub)
		if c.issue.Tracker == "github" {
			side = kanban.GitHub
		}
		got, opinion := r.Lens("jira", "github").Back(side, kanban.FieldDue, n, "")
		if n != c.n || got != c.want || opinion != c.opinion {
			t.Errorf("%+v is %q, says %q, %s", c.issue, n, got, opinion)
		}
	}
}

func TestDueIsWrittenAndFolded(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	l, f := r.Lens("jira", "github"), kanban.FieldDue
	to := l.Forward(kanban.GitHub, f, "2026-12-24", "due:2026-11-30\ndue:soon")
	if diff := cmp.Diff([]kanban.Native{"due:2026-12-24"}, to); diff != "" {
		t.Fatal(diff)
	}
	want := []connectors.Write{{AddLabel: "due:2026-12-24"}, {RemoveLabel: "due:2026-11-30"}, {RemoveLabel: "due:soon"}}
	if diff := cmp.Diff(want, r.Steps(kanban.GitHub, f, "due:2026-11-30\ndue:soon", to[0])); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]connectors.Write{{Due: "2026-12-24"}}, r.Steps(kanban.Jira, f, "", "2026-12-24")); diff != "" {
		t.Error(diff)
	}
	if got := l.Forward(kanban.Jira, f, "soon", ""); got != nil {
		t.Errorf("%q is no date and would be written", got)
	}
	n := kanban.Native("due:2026-11-30")
	for i, c := range []struct {
		change kanban.Change
		want   kanban.Native
		ours   bool
	}{
		{kanban.Change{Field: "label", To: "Due:2026-12-24"}, "due:2026-11-30\ndue:2026-12-24", true},
		{kanban.Change{Field: "label", From: "due:2026-11-30"}, "due:2026-12-24", true},
		{kanban.Change{Field: "label", From: "due:2026-12-24"}, "", false},
		{kanban.Change{Field: "label", To: "bug"}, "", false},
	} {
		before := n
		n, _ = l.Apply(kanban.GitHub, f, n, []kanban.Change{c.change})
		if n != c.want || l.Explains(kanban.GitHub, f, to[0], c.change) != c.ours {
			t.Errorf("%d: from %q to %q, want %q", i, before, n, c.want)
		}
	}
	n, touched := l.Apply(kanban.Jira, f, "", []kanban.Change{{Field: "due", To: "2026-12-24 00:00:00.0"}})
	if n != "2026-12-24" || !touched || !l.Explains(kanban.Jira, f, n, kanban.Change{Field: "due", To: "2026-12-24"}) {
		t.Errorf("Jira's is folded to %q, %v", n, touched)
	}
}

// TestDueLaws tries every combination of what can stand on each side.
func TestDueLaws(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	ms := []kanban.Value{"2026-12-24", "2027-02-28", "2028-02-29", "2027-02-30", "soon"}
	for _, side := range kanban.Sides {
		for _, v := range CheckLaws(l, side, kanban.FieldDue, ms, l.scale(side, kanban.FieldDue).natives()) {
			if v.Law != LawTotal {
				t.Errorf("%s: %+v", side, v)
			}
		}
	}
}
