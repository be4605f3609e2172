package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

func setRules(t *testing.T) *Rules {
	t.Helper()
	c := company()
	c.Persons = []PersonConfig{
		{Name: "Ana", Jira: "u-ana", GitHub: "ana-codes"},
		{Name: "Ben: the other", Jira: "u-ben", GitHub: "Ben"},
		{Name: "Mia", Jira: "u-mia"},
	}
	c.Visibility.RestrictedLabels = []string{"Security"}
	return compiled(t, c, directories())
}

func TestElements(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	git := connectors.Issue{Ref: connectors.Ref{Tracker: "github"},
		Labels:    []string{"Q3 Audit", "bug", "BUG", "status:doing", "P0", "due:2026-12-24", "due:soon", "SECURITY", "bu:trading", " "},
		Assignees: []connectors.Person{{ID: "ben"}, {ID: "Ana-Codes"}, {ID: "stranger"}, {ID: ""}}}
	if diff := cmp.Diff([]kanban.Field{"labels:bu:trading", "labels:bug", "labels:q3 audit"}, r.Elements(kanban.FieldLabels, git)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]kanban.Field{"assignees:Ana", "assignees:Ben: the other"}, r.Elements(kanban.FieldAssignees, git)); diff != "" {
		t.Error(diff)
	}
	jira := connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Assignees: []connectors.Person{{ID: "u-mia"}}}
	if got := r.Elements(kanban.FieldAssignees, jira); got != nil {
		t.Errorf("somebody without a GitHub login is an element: %v", got)
	}
	if got := r.Elements(kanban.FieldTitle, git); got != nil {
		t.Errorf("a title has elements: %v", got)
	}
	c := company()
	c.Visibility.RestrictedLabels = []string{"any"}
	if got := compiled(t, c, nil).Elements(kanban.FieldLabels, git); got != nil {
		t.Errorf("every label restricts, and %v would be copied", got)
	}
}

func TestTouched(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	changes := []kanban.Change{{Field: "label", To: "Bug"}, {Field: "label", From: "bug"}, {Field: "label", To: "p0"}, {Field: "label", From: "old"},
		{Field: "assignee", From: "u-ana", To: "u-ben"}, {Field: "assignee", To: "ana-codes"}, {Field: "status", From: "1", To: "3"}}
	for _, c := range []struct {
		set     kanban.Field
		tracker string
		want    []kanban.Field
	}{
		{kanban.FieldLabels, "jira", []kanban.Field{"labels:bug", "labels:old"}},
		{kanban.FieldAssignees, "jira", []kanban.Field{"assignees:Ana", "assignees:Ben: the other"}},
		{kanban.FieldAssignees, "github", []kanban.Field{"assignees:Ana"}},
		{kanban.FieldDue, "github", nil},
	} {
		if diff := cmp.Diff(c.want, r.Touched(c.set, c.tracker, changes)); diff != "" {
			t.Errorf("%s of %s: %s", c.set, c.tracker, diff)
		}
	}
}

func TestElementIsFolded(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	l := r.Lens("jira", "github")
	for _, c := range []struct {
		side    kanban.Side
		field   kanban.Field
		from    kanban.Native
		change  kanban.Change
		want    kanban.Native
		touched bool
	}{
		{kanban.GitHub, "labels:bug", "absent", kanban.Change{Field: "label", To: "Bug"}, "present", true},
		{kanban.Jira, "labels:bug", "present", kanban.Change{Field: "label", From: "BUG"}, "absent", true},
		{kanban.Jira, "labels:bug", "present", kanban.Change{Field: "label", From: "bugs"}, "present", false},
		{kanban.Jira, "labels:bug", "absent", kanban.Change{Field: "status", To: "bug"}, "absent", false},
		{kanban.Jira, "assignees:Ana", "present", kanban.Change{Field: "assignee", From: "u-ana", To: "u-ben"}, "absent", true},
		{kanban.Jira, "assignees:Ben: the other", "absent", kanban.Change{Field: "assignee", From: "u-ana", To: "U-Ben"}, "present", true},
		{kanban.GitHub, "assignees:Ana", "absent", kanban.Change{Field: "assignee", To: "u-ana"}, "absent", false},
		{kanban.GitHub, "assignees:Nobody", "absent", kanban.Change{Field: "assignee", To: "nobody"}, "absent", false},
		{kanban.GitHub, "labels:p0", "absent", kanban.Change{Field: "label", To: "p0"}, "absent", false},
	} {
		n, touched := l.Apply(c.side, c.field, c.from, []kanban.Change{c.change})
		if n != c.want || touched != c.touched {
			t.Errorf("%s %s after %+v is %q, %v", c.side, c.field, c.change, n, touched)
		}
		if touched && (!l.Explains(c.side, c.field, n, c.change) || l.Explains(c.side, c.field, c.from, c.change)) {
			t.Errorf("%s %s: %+v is a step to %s and not to %s", c.side, c.field, c.change, n, c.from)
		}
	}
}

// TestElementLaws is exhaustive: an element has two values on each side.
func TestElementLaws(t *testing.T) {
	t.Parallel()
	l := setRules(t).Lens("jira", "github")
	for _, f := range []kanban.Field{"labels:bug", "labels:q3 audit", kanban.Field("labels:" + strings.Repeat("x", 60)), "assignees:Ana"} {
		for _, side := range kanban.Sides {
			s := l.scale(side, f)
			if vs := CheckLaws(l, side, f, []kanban.Value{kanban.Present, kanban.Absent}, s.natives()); len(vs) > 0 {
				t.Errorf("%s %s: %+v", side, f, vs)
			}
		}
	}
}

// TestWhatATrackerCannotHold: its lack of the element is no opinion, else the lack
// would take the element off the other side.
func TestWhatATrackerCannotHold(t *testing.T) {
	t.Parallel()
	l := setRules(t).Lens("jira", "github")
	long := kanban.Field("labels:" + strings.Repeat("é", 51))
	for f, side := range map[kanban.Field]kanban.Side{"labels:q3 audit": kanban.Jira, long: kanban.GitHub} {
		if v, opinion := l.Back(side, f, "absent", kanban.Present); v != kanban.Present || opinion != kanban.Silent {
			t.Errorf("%s: %s says %s, %s", f, side, v, opinion)
		}
		if to := l.Forward(side, f, kanban.Present, "absent"); to != nil {
			t.Errorf("%s: %s would be written %s", f, side, to)
		}
		if v, opinion := l.Back(side.Other(), f, "absent", kanban.Present); v != kanban.Absent || opinion != kanban.Says {
			t.Errorf("%s: %s says %s, %s", f, side.Other(), v, opinion)
		}
	}
}

func TestElementSteps(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	for _, c := range []struct {
		side     kanban.Side
		field    kanban.Field
		from, to kanban.Native
		want     []connectors.Write
	}{
		{kanban.Jira, "labels:bug", "absent", "present", []connectors.Write{{AddLabel: "bug"}}},
		{kanban.GitHub, "labels:bug", "present", "absent", []connectors.Write{{RemoveLabel: "bug"}}},
		{kanban.Jira, "assignees:Ana", "absent", "present", []connectors.Write{{Assign: "u-ana"}}},
		{kanban.GitHub, "assignees:Ana", "absent", "present", []connectors.Write{{Assign: "ana-codes"}}},
		{kanban.GitHub, "assignees:Ana", "present", "absent", []connectors.Write{{Unassign: "ana-codes"}}},
		{kanban.GitHub, "assignees:Mia", "absent", "present", nil},
		{kanban.GitHub, "labels:security", "absent", "present", nil},
		{kanban.GitHub, "labels:bug", "present", "present", nil},
	} {
		if diff := cmp.Diff(c.want, r.Steps(c.side, c.field, c.from, c.to)); diff != "" {
			t.Errorf("%s %s: %s", c.side, c.field, diff)
		}
	}
	for field, want := range map[kanban.Field]string{"labels:bug": "label bug", "assignees:Ana": "assigned to Ana", "labels:p0": "present"} {
		if got := r.Describe(kanban.Jira, field, "present"); got != want {
			t.Errorf("%s is %q", field, got)
		}
	}
}

func TestSpelled(t *testing.T) {
	t.Parallel()
	at, twin := connectors.Issue{Labels: []string{"x", "Old-Bug"}}, connectors.Issue{Labels: []string{"Q3-Audit"}}
	for _, c := range []struct {
		w    connectors.Write
		twin *connectors.Issue
		want connectors.Write
	}{
		{connectors.Write{AddLabel: "q3-audit"}, &twin, connectors.Write{AddLabel: "Q3-Audit"}},
		{connectors.Write{AddLabel: "q3-audit"}, nil, connectors.Write{AddLabel: "q3-audit"}},
		{connectors.Write{AddLabel: "gone"}, &twin, connectors.Write{AddLabel: "gone"}},
		{connectors.Write{RemoveLabel: "old-bug"}, &twin, connectors.Write{RemoveLabel: "Old-Bug"}},
		{connectors.Write{Title: "x"}, &twin, connectors.Write{Title: "x"}},
	} {
		if diff := cmp.Diff(c.want, Spelled(c.w, at, c.twin)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestSetsFollowHistory plays events on both sets and holds what is folded, element
// by element, against the issue; what an event touches is all that changes.
func TestSetsFollowHistory(t *testing.T) {
	t.Parallel()
	r := setRules(t)
	l := r.Lens("jira", "github")
	names := []string{"Bug", "bug", "Q3 Audit", "p0", "due:2026-12-24", "security"}
	rapid.Check(t, func(t *rapid.T) {
		i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Kind: connectors.GitHub, State: "open"}
		folded := map[kanban.Field]kanban.Native{}
		for range rapid.IntRange(1, 12).Draw(t, "events") {
			change := happen(t, &i, names)
			for _, f := range r.Touched(kanban.FieldLabels, "github", []kanban.Change{change}) {
				folded[f], _ = l.Apply(kanban.GitHub, f, folded[f], []kanban.Change{change})
			}
			var present []kanban.Field
			for f, n := range folded {
				if n == nativePresent {
					present = append(present, f)
				}
				if n != r.Native(i, f) {
					t.Fatalf("%s is folded to %q, the issue says %q", f, n, r.Native(i, f))
				}
			}
			if got := r.Elements(kanban.FieldLabels, i); len(got) != len(present) {
				t.Fatalf("the issue holds %v, folded were %v", got, present)
			}
		}
	})
}
