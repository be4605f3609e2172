package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// Ben changes an issue, our write goes over that unseen, and Ana transfers the issue
// before either was read. What Ben did is on record although its place is gone.
func TestHistoryIsReadOnAfterATransfer(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-low"))
	d.poll(kanban.GitHub)
	d.work()
	d.expect(kanban.FieldPriority, "low", "24", "label:p-low")
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangePriority, "22"))
	d.poll(kanban.Jira)
	q := d.next()
	for ; q.Kind != Send; q = d.next() {
		d.step(d.perform(*q))
	}
	read := d.card.Status.Sides[kanban.GitHub].Seq
	d.edit(kanban.GitHub, "ben", "", off("p-low"))
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-medium"))
	d.edit(kanban.GitHub, "bot", "", off("p-medium"))
	d.edit(kanban.GitHub, "bot", "", to(kanban.ChangeLabel, "p-high"))

	issue := &d.issue[kanban.GitHub]
	issue.ID, issue.Key, issue.Number, issue.Updated = "78", "acme/pay#9", 9, d.now.Add(time.Second)
	arrived := d.eng.Step(Card{ID: "new"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: *issue, Since: connectors.NoHistory}}, d.now).Card
	step, _, err := d.eng.Resettle(d.card, arrived, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.keep(step)
	if side := d.card.Sides[kanban.GitHub]; side.Need != NeedHistory || d.card.Status.Sides[kanban.GitHub].Seq != read {
		t.Errorf("needs %q from entry %d on; want the history from %d on", side.Need, d.card.Status.Sides[kanban.GitHub].Seq, read)
	}
	d.work()
	d.expect(kanban.FieldPriority, "high", "22", "label:p-high")
	if n := len(d.record.Conflicts); n != 1 || d.record.Conflicts[0].Loser.Value != "medium" || d.record.Conflicts[0].Loser.Actor == "" {
		t.Errorf("%d conflicts: %+v; want one that keeps what Ben set", n, d.record.Conflicts)
	}
}
