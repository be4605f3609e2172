package engine

import (
	"testing"

	"parley/kanban"
	"parley/sync/reconcile"
)

// TestWriteUnderWayIsNotJudgedByWhatWasReadBefore holds that a poll which comes in while
// a request is on its way, and shows what stood there before, says nothing about it: what
// becomes of the write is decided by a strong read that began later.
func TestWriteUnderWayIsNotJudgedByWhatWasReadBefore(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	for q := d.next(); q.Kind != Send; q = d.next() {
		d.step(d.perform(*q))
	}
	id := d.lastOp().ID
	d.poll(kanban.GitHub)
	if op := d.lastOp(); op.ID != id || op.State != reconcile.Sending {
		t.Errorf("the write under way is %s; the last one is %s, %s", id, op.ID, op.State)
	}
}
