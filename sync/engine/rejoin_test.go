package engine

import (
	"testing"

	"parley/kanban"
	"parley/sync/reconcile"
)

// A Jira issue goes to a project that no rule joins with its twin's repository, and comes
// back. What was set in GitHub meanwhile is carried nowhere by that: a person is asked.
func TestAnIssueThatComesBackUnderItsRule(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: "key-in-title"}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.card = step.Card
	move := func(container string) {
		d.issue[kanban.Jira].Container = container
		d.edit(kanban.Jira, "ana", "", to("project", container))
		d.poll(kanban.Jira)
		d.work()
	}
	move("FIN")
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.work()
	d.expect(kanban.FieldStatus, "todo", "1", "open + label:doing")
	move("OPS")
	d.expect(kanban.FieldStatus, "todo", "1", "open + label:doing")
	if s := d.card.Status; s.Frozen != reconcile.FrozenAsk || len(d.record.Conflicts) != 1 || d.record.Conflicts[0].Loser.Actor != "ben" {
		t.Errorf("frozen %q, conflicts %+v", s.Frozen, d.record.Conflicts)
	}
	if d.sent != 0 {
		t.Errorf("%d writes were sent: %q", d.sent, d.asked)
	}
}

// The same with a GitHub issue, which is another issue wherever it is transferred to.
func TestATransferredIssueThatComesBackUnderItsRule(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: "key-in-title"}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.card = step.Card
	d.resettle(d.transfer("78", "acme/attic#1", "acme/attic"))
	d.work()
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.work()
	d.expect(kanban.FieldStatus, "todo", "1", "open + label:doing")
	d.resettle(d.transfer("79", "acme/pay#9", "acme/pay"))
	d.work()
	d.expect(kanban.FieldStatus, "todo", "1", "open + label:doing")
	if s := d.card.Status; s.Frozen != reconcile.FrozenAsk || len(d.record.Conflicts) != 1 || d.record.Conflicts[0].Loser.Actor != "ben" {
		t.Errorf("frozen %q, conflicts %+v", s.Frozen, d.record.Conflicts)
	}
	if d.sent != 0 {
		t.Errorf("%d writes were sent: %q", d.sent, d.asked)
	}
}
