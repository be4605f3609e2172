package engine

import (
	"strings"
	"testing"

	"parley/kanban"
)

// TestLateStepOverTwoLabelsIsOnRecord: two labels say two things at once and are left
// alone. A write of ours that lands minutes late and takes one of them away tells of it.
func TestLateStepOverTwoLabelsIsOnRecord(t *testing.T) {
	t.Parallel()
	d := paired(t)
	for _, priority := range []string{"22", "24"} { // high, then low: p-high is taken off again
		d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, priority))
		d.poll(kanban.Jira)
		d.work()
	}
	d.expect(kanban.FieldPriority, "low", "24", "label:p-low")
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-high"), to(kanban.ChangeLabel, "p-medium"))
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	if n := len(d.record.Conflicts); n > 0 {
		t.Fatalf("%d conflicts before", n)
	}
	d.edit(kanban.GitHub, "bot", "", off("p-high"))
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	if n := len(d.record.Conflicts); n != 1 || !strings.Contains(string(d.record.Conflicts[0].Loser.Native), "p-high") || d.record.Conflicts[0].Loser.Actor != "ben" {
		t.Errorf("on record: %+v\n%s\n%+v", d.record.Conflicts, d.story(), d.card.Priority.Sides[1].Alone)
	}
}
