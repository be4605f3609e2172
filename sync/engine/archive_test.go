package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// An issue that is seen to be back from the archive is written to at once.
func TestAWriteToARestoredIssueDoesNotWait(t *testing.T) {
	t.Parallel()
	d := paired(t)
	shown := func(archived time.Time) {
		issue := d.card.Sides[kanban.Jira].Issue
		issue.Archived = archived
		d.step(Observed{Side: kanban.Jira, Strong: true, Observation: connectors.Observation{Issue: issue, Since: connectors.NoHistory}})
	}
	shown(d.now)
	scenes()[0].make(d)
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	op := d.lastOp()
	if op.Hold != reconcile.HoldArchive || !op.NextAt.After(d.now) {
		t.Fatalf("not held for the archive: %+v", op)
	}
	shown(time.Time{})
	if op := d.lastOp(); op.State != reconcile.Planned || op.NextAt.After(d.now) {
		t.Errorf("restored, and it waits: %+v", op)
	}
}
