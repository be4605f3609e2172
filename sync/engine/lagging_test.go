package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// A read that lags behind shows an issue as it was before its newest entries, with a time
// of update that is no older than the one held: an answer that tells labels alone has
// moved none. No step of a write may be chosen by it.
func TestWriteWaitsForAPictureThatKeepsUpWithHistory(t *testing.T) {
	t.Parallel()
	for to, want := range map[kanban.Value]kanban.Native{"todo": "open", "review": "open + label:review"} {
		d := lagging(t, to)
		lags := 3
		for q := d.next(); q != nil; q = d.next() {
			ev := d.perform(*q)
			switch {
			case q.Side == kanban.Jira || lags == 0:
			case q.Kind == Read:
				lags--
				issue := d.issue[kanban.GitHub]
				issue.Labels, issue.Updated = nil, monday
				ev = Observed{Side: kanban.GitHub, Strong: true, Observation: connectors.Observation{Issue: issue, Since: connectors.NoHistory}}
			case q.Kind == Send:
				t.Errorf("%s: a write left by a picture from before its history\n%s", to, d.story())
			}
			d.step(ev)
		}
		d.expect(kanban.FieldStatus, to, map[kanban.Value]kanban.Native{"todo": "1", "review": "3"}[to], want)
	}
}

// lagging is a desk on which Ben has labelled the GitHub issue, which is held as of before,
// and on which somebody wants another status.
func lagging(t *testing.T, want kanban.Value) *desk {
	t.Helper()
	d := paired(t)
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
	d.card.Sides[kanban.GitHub].Issue.Updated = monday
	d.now = d.now.Add(time.Minute)
	step, _, refused := d.eng.Ask(d.card, Intent{Key: "k", Card: d.card.ID, Field: kanban.FieldStatus, To: want, Rev: d.card.Rev, Actor: "olga", At: d.now})
	if refused != nil {
		t.Fatal(refused)
	}
	d.keep(step)
	return d
}

func TestWriteOfWhatStandsThereIsNotSaidToBeSent(t *testing.T) {
	t.Parallel()
	d := lagging(t, "todo")
	d.card.Sides[kanban.GitHub].Issue.Labels = nil // shows the target, against its history
	d.card.Ops = d.card.Ops[len(d.card.Ops)-1:]
	d.card.Ops[0].Checked = d.now
	next := d.eng.Next(d.card, d.now)
	if op := next.Card.Ops[0]; next.Ask == nil || next.Ask.Kind != Read || op.State != reconcile.Planned || !op.Checked.IsZero() {
		t.Errorf("asks %+v, write %s is %s; want a read, and the write planned", next.Ask, op.ID, op.State)
	}
}
