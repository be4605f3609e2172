package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// fight lets an automation undo what Parley writes to GitHub, n times.
func fight(d *desk, n int) {
	for i := range n {
		d.edit(kanban.Jira, "robot", "", to(kanban.ChangeStatus, []string{"2", "3"}[i%2]))
		d.poll(kanban.Jira)
		for q := d.eng.Next(d.card, d.now); q.Ask != nil; q = d.eng.Next(d.card, d.now) {
			d.keep(q.Step)
			d.step(d.perform(*q.Ask))
		}
	}
}

func TestFieldWrittenTooOftenIsBraked(t *testing.T) {
	t.Parallel()
	d := paired(t)
	fight(d, 9)
	sent := 0
	for _, op := range d.card.Ops {
		if !op.SentAt.IsZero() {
			sent++
		}
	}
	last := d.lastOp()
	if sent != brakeWrites || last.State != reconcile.Held || last.Hold != reconcile.HoldBrake {
		t.Fatalf("%d writes were sent, the last is %s (%s)", sent, last.State, last.Hold)
	}
	d.now = last.NextAt
	d.step(Resumed{})
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
	if waited := d.now.Sub(d.card.Ops[0].SentAt); waited < brakeFor {
		t.Errorf("went on after %s", waited)
	}
}

func TestPersonOnTheBoardIsNotBraked(t *testing.T) {
	t.Parallel()
	d := paired(t)
	fight(d, 10)
	step, state, refusal := d.eng.Ask(d.card, Intent{Key: "k", Card: d.card.ID, Field: kanban.FieldStatus, To: "todo", Actor: "olga", At: d.now})
	if refusal != nil || state != IntentSent {
		t.Fatalf("%s, %v", state, refusal)
	}
	d.keep(step)
	d.work()
	d.expect(kanban.FieldStatus, "todo", "1", "open")
}

func TestTrippedRuleHoldsWhatNobodyAskedFor(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.eng.Tripped = map[string]bool{"OPS ⇄ acme/pay": true}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.work()
	op := d.lastOp()
	if d.sent != 0 || op.Hold != reconcile.HoldBreaker {
		t.Fatalf("%d writes, the write is held as %q", d.sent, op.Hold)
	}
	d.step(Approved{Ops: []string{op.ID}, By: "olga"})
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
}

func TestApprovalIsForThatWriteOnly(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.eng.Write = false
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	first := d.lastOp()
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
	d.poll(kanban.Jira)
	d.step(Approved{Ops: []string{first.ID}, By: "olga"})
	d.work()
	if d.sent != 0 || d.lastOp().State != reconcile.Held {
		t.Errorf("%d writes; the write to review, which nobody approved, is %s", d.sent, d.lastOp().State)
	}
}

func TestConflictIsRestoredOrDismissed(t *testing.T) {
	t.Parallel()
	for _, policy := range []mapping.Policy{mapping.PolicyGitHub, mapping.PolicyJira, mapping.PolicyAsk} {
		for _, end := range []string{reconcile.ConflictRestored, reconcile.ConflictDismissed} {
			d := paired(t, func(p *mapping.PairConfig) { p.Conflict = map[kanban.Field]mapping.Policy{kanban.FieldStatus: policy} })
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "review"))
			d.poll(kanban.Jira)
			d.poll(kanban.GitHub)
			d.work()
			if len(d.record.Conflicts) != 1 {
				t.Fatalf("%s: %d conflicts", policy, len(d.record.Conflicts))
			}
			lost := d.record.Conflicts[0]
			before := d.card.Status.Agreed
			do, want := d.eng.Restore, lost.Loser.Value
			if end == reconcile.ConflictDismissed {
				do, want = d.eng.Dismiss, before
			}
			step, refusal := do(d.card, lost, "olga", d.now)
			if refusal != nil {
				t.Fatalf("%s, %s: %v", policy, end, refusal)
			}
			d.keep(step)
			d.work()
			d.expect(kanban.FieldStatus, want, map[kanban.Value]kanban.Native{"doing": "2", "review": "3"}[want], "open + label:"+kanban.Native(want))
			last := d.record.Conflicts[len(d.record.Conflicts)-1]
			if last.ID != lost.ID || last.State != end || last.Loser != lost.Loser || len(d.card.Asking) > 0 {
				t.Errorf("%s: the conflict is %+v, asking %v", policy, last, d.card.Asking)
			}
			if _, again := do(d.card, last, "olga", d.now); again == nil {
				t.Errorf("%s: %s twice", policy, end)
			}
		}
	}
}

func TestWhatCannotBeReadIsNotTakenForDeleted(t *testing.T) {
	t.Parallel()
	gone := &connectors.Error{Kind: connectors.Gone}
	missing := &connectors.Error{Kind: connectors.NotFound}
	hour := time.Hour
	for name, c := range map[string]struct {
		reads []Failed
		apart time.Duration
		want  bool
	}{
		"the tracker says so":                 {[]Failed{{Err: gone}}, 0, true},
		"not found once":                      {[]Failed{{Err: missing, Witness: true}}, 0, false},
		"not found often within the day":      {[]Failed{{Err: missing, Witness: true}, {Err: missing, Witness: true}, {Err: missing, Witness: true}}, hour, false},
		"not found over a day":                {[]Failed{{Err: missing, Witness: true}, {Err: missing, Witness: true}, {Err: missing, Witness: true}}, 13 * hour, true},
		"not found, and nothing else there":   {[]Failed{{Err: missing}, {Err: missing}, {Err: missing}}, 13 * hour, false},
		"a day without answers proves little": {[]Failed{{Err: missing, Witness: true}, {Err: missing, Witness: true}}, 30 * hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			for _, f := range c.reads {
				f.Side = kanban.GitHub
				d.step(f)
				d.now = d.now.Add(c.apart)
			}
			if got := d.card.Sides[kanban.GitHub].Away.Gone; got != c.want {
				t.Fatalf("counts as deleted: %t, want %t", got, c.want)
			}
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
			d.poll(kanban.Jira)
			if open := d.card.openOp(kanban.FieldStatus, kanban.GitHub); (open == nil) != c.want {
				t.Errorf("a write to it: %+v", open)
			}
			if d.card.Status.Agreed != "doing" {
				t.Errorf("the card is in %s", d.card.Status.Agreed)
			}
			d.step(Observed{Side: kanban.GitHub, Strong: true, Observation: connectors.Observation{Issue: d.issue[kanban.GitHub], Since: connectors.NoHistory}})
			d.work()
			d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
		})
	}
}

// A label is on, the old one is not off yet: to stop there would leave the issue with
// both, which says nothing.
func TestWriteOnItsWayIsNotHeldHalfway(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.work()
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
	d.poll(kanban.Jira)
	d.fail = func(q Request) error {
		if q.Kind == Send {
			d.eng.Tripped = map[string]bool{"OPS ⇄ acme/pay": true}
		}
		return nil
	}
	d.work()
	d.expect(kanban.FieldStatus, "review", "3", "open + label:review")
}
