package engine

import (
	"testing"

	"parley/kanban"
	"parley/sync/reconcile"
)

// TestApprovedWriteLetsNoLaterOneGo holds that a person who let one write go has said
// nothing about the next one of the same field.
func TestApprovedWriteLetsNoLaterOneGo(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.eng.Write = false
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.step(Approved{Ops: []string{d.lastOp().ID}, By: "olga"})
	d.work()
	sent := d.sent
	if sent == 0 {
		t.Fatal("what was approved was not sent")
	}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
	d.poll(kanban.Jira)
	d.work()
	if d.sent != sent || d.lastOp().State != reconcile.Held {
		t.Errorf("%d more writes; the later one is %s", d.sent-sent, d.lastOp().State)
	}
}
