package engine

import (
	"slices"
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// carrying names fields that the pair rule carries both ways.
func carrying(fields ...kanban.Field) func(*mapping.PairConfig) {
	return func(p *mapping.PairConfig) {
		p.Fields = map[kanban.Field]mapping.Direction{}
		for _, f := range fields {
			p.Fields[f] = mapping.DirectionBoth
		}
	}
}

func assign(who string) connectors.Change {
	return connectors.Change{Field: kanban.ChangeAssignee, To: who}
}

func TestTextsAreCarried(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldTitle, kanban.FieldDue))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeTitle, "Pay faster"))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeDue, "2026-12-01"))
	d.poll(kanban.Jira)
	d.work()
	d.expect(kanban.FieldTitle, "Pay faster", "Pay faster", "Pay faster")
	if labels := d.issue[kanban.GitHub].Labels; len(labels) != 1 || labels[0] != "due:2026-12-01" {
		t.Errorf("GitHub's labels are %q, want the date", labels)
	}
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeTitle, "Pay fastest"))
	d.poll(kanban.GitHub)
	d.work()
	d.expect(kanban.FieldTitle, "Pay fastest", "Pay fastest", "Pay fastest")
}

func TestFieldsThatNobodyNamedStay(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeTitle, "Pay faster"), to(kanban.ChangeLabel, "audit"))
	d.poll(kanban.Jira)
	d.work()
	if i := d.issue[kanban.GitHub]; i.Title != "Pay" || len(i.Labels) > 0 || len(d.card.More) > 0 {
		t.Errorf("GitHub has %q, %q; kept %v", i.Title, i.Labels, d.card.More)
	}
}

func TestPrivateTitleStaysWhereItIs(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldTitle))
	d.compile(true, carrying(kanban.FieldTitle))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeTitle, "Merger of Alpha and Beta"))
	d.poll(kanban.Jira)
	d.work()
	if got := d.issue[kanban.GitHub].Title; got != "Pay" || d.sent != 0 {
		t.Errorf("the public title is %q after %d writes", got, d.sent)
	}
	if r := d.card.Field(kanban.FieldTitle).Sides[kanban.GitHub].Refused; r == nil || r.Reason == "" {
		t.Error("nobody is told why")
	}
}

func TestSetsAreCarriedByElement(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carrying(kanban.FieldLabels, kanban.FieldAssignees))
	d.issue[kanban.Jira].Labels = []string{"old-at-jira"}
	d.issue[kanban.GitHub].Labels = []string{"old-at-github"}
	step, _, err := d.eng.Pair(d.lone(kanban.Jira), d.lone(kanban.GitHub), Pairing{How: "remote-link"}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.card = step.Card
	d.work()
	if d.sent != 0 || len(d.card.Asking) > 0 {
		t.Fatalf("first contact: %d writes, %v", d.sent, d.card.Asking)
	}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeLabel, "audit"))
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "bug"), to(kanban.ChangeLabel, "doing"))
	d.edit(kanban.GitHub, "ben", "", assign("ana"))
	d.poll(kanban.Jira)
	d.poll(kanban.GitHub)
	d.work()
	equal(t, "Jira's labels", d.issue[kanban.Jira].Labels, "old-at-jira", "audit", "bug")
	equal(t, "GitHub's labels", d.issue[kanban.GitHub].Labels, "old-at-github", "bug", "doing", "audit")
	if p := d.issue[kanban.Jira].Assignees; len(p) != 1 || p[0].ID != "ana-7" {
		t.Errorf("Jira's assignee is %v", p)
	}
	d.edit(kanban.Jira, "ana", "", off("bug"), off("old-at-jira"))
	d.poll(kanban.Jira)
	d.work()
	equal(t, "GitHub's labels", d.issue[kanban.GitHub].Labels, "old-at-github", "doing", "audit")
	for _, f := range []kanban.Field{"labels:bug", "labels:old-at-jira"} {
		d.step(Resumed{})
		if _, kept := d.card.More[f]; kept {
			t.Errorf("%s is on no side and still kept", f)
		}
	}
}

// equal compares sets, for their order is the trackers' business.
func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("%s are %q, want %q", what, got, want)
	}
}

func TestJiraHasRoomForOneAssignee(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldAssignees))
	d.edit(kanban.Jira, "ana", "", assign("ana-7"))
	d.poll(kanban.Jira)
	d.work()
	d.edit(kanban.GitHub, "ben", "", assign("ben"))
	d.poll(kanban.GitHub)
	d.work()
	ben := kanban.Element(kanban.FieldAssignees, "Ben")
	if p := d.issue[kanban.Jira].Assignees; len(p) != 1 || p[0].ID != "ana-7" {
		t.Fatalf("Jira's assignee is %v, want Ana still", p)
	}
	if state := d.card.Field(ben); state.Sides[kanban.Jira].Refused == nil {
		t.Fatalf("nobody is told: %+v\n%v", state, d.card.More)
	}
	d.edit(kanban.Jira, "ana", "", connectors.Change{Field: kanban.ChangeAssignee, From: "ana-7"})
	d.poll(kanban.Jira)
	d.work()
	if p := d.issue[kanban.Jira].Assignees; len(p) != 1 || p[0].ID != "ben-8" {
		t.Errorf("Jira's assignee is %v, want Ben once there is room", p)
	}
	if p := d.issue[kanban.GitHub].Assignees; len(p) != 1 || p[0].ID != "ben" {
		t.Errorf("GitHub's assignees are %v, want Ben alone", p)
	}
}

func TestFieldsCanBeTurnedOnAndOff(t *testing.T) {
	t.Parallel()
	d := paired(t)
	on := newDesk(t, carrying(kanban.FieldTitle)).eng.Rules
	off := d.eng.Rules
	d.eng.Rules = on
	d.step(Resumed{})
	if _, kept := d.card.More[kanban.FieldTitle]; !kept {
		t.Fatal("the title is carried now and not kept")
	}
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeTitle, "Pay later"))
	d.poll(kanban.GitHub)
	d.eng.Rules = off
	d.step(Resumed{})
	d.work()
	if len(d.card.More) > 0 || d.sent > 0 || d.issue[kanban.Jira].Title != "Pay" {
		t.Errorf("turned off: kept %v, %d writes, Jira has %q", d.card.More, d.sent, d.issue[kanban.Jira].Title)
	}
	for _, op := range d.card.Ops {
		if op.State != reconcile.Cancelled {
			t.Errorf("write %s is %s", op.ID, op.State)
		}
	}
}

// The answer to our own write shows what somebody added meanwhile, before any history
// does.
func TestLabelSeenInAnAnswerFirstIsCarried(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldStatus, kanban.FieldLabels))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	quick := false
	d.fail = func(q Request) error {
		if q.Kind == Send && !quick {
			quick = true
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "audit"))
		}
		return nil
	}
	d.work()
	if labels := d.issue[kanban.Jira].Labels; !quick || !slices.Contains(labels, "audit") {
		t.Errorf("Jira's labels are %q, Ben's audit is not among them\n%s", labels, d.story())
	}
}

func TestForgottenElementIsRestored(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldLabels))
	lost := reconcile.Conflict{ID: "c-1", Card: d.card.ID, Field: kanban.Element(kanban.FieldLabels, "audit"), State: reconcile.ConflictAuto,
		Loser: reconcile.Edit{Side: "jira", Value: kanban.Present}}
	step, refusal := d.eng.Restore(d.card, lost, "olga", d.now)
	if refusal != nil {
		t.Fatal(refusal)
	}
	d.keep(step)
	d.work()
	for _, s := range kanban.Sides {
		if !slices.Contains(d.issue[s].Labels, "audit") {
			t.Errorf("%s has %q", s, d.issue[s].Labels)
		}
	}
}
