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

// What our write went over is not lost where the history is behind the answer: the effect
// alone does not end a write as long as its entry may still come.
func TestHistoryThatLagsBehindAWriteIsReadAgain(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldTitle))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeTitle, "Pay faster"))
	d.poll(kanban.Jira)
	q := d.next()
	for ; q.Kind != Send; q = d.next() {
		d.step(d.perform(*q))
	}
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeTitle, "Pay less"))
	d.lag = 2 // Ben's entry and ours
	for hidden := 3; q != nil; q = d.next() {
		if q.Kind == Recount && hidden == 0 {
			d.lag = 0
		} else if q.Kind == Recount {
			hidden--
		}
		d.step(d.perform(*q))
	}
	d.expect(kanban.FieldTitle, "Pay less", "Pay less", "Pay less") // the newest of the two
	if n := len(d.record.Conflicts); n != 1 || d.record.Conflicts[0].Winner.Value != "Pay less" {
		t.Errorf("%d conflicts: %+v; want one between what Ana and Ben set\n%s", n, d.record.Conflicts, d.story())
	}
}

// Where the tracker had nothing to do there is no entry, and the write ends without one.
func TestWriteThatLeftNoTraceIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	d := paired(t, carrying(kanban.FieldTitle))
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeTitle, "Pay faster"))
	d.poll(kanban.Jira)
	for q := d.next(); q != nil; q = d.next() {
		ev := d.perform(*q)
		if q.Kind == Send {
			d.entries[kanban.GitHub] = nil
		}
		d.step(ev)
	}
	d.expect(kanban.FieldTitle, "Pay faster", "Pay faster", "Pay faster")
	if op := d.lastOp(); op.State != reconcile.Finished || op.Closed.Sub(op.SentAt) > time.Minute {
		t.Errorf("the write is %s after %s; want it done within a minute", op.State, op.Closed.Sub(op.SentAt))
	}
}

// An administrator's migration is told by the history and moves no time of update. A
// picture that stays as it is for minutes is no late one, whatever the history says.
func TestMigrationThatMovesNoTimeIsBelieved(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "", "", to(kanban.ChangeStatus, "2"))
	issue := d.issue[kanban.Jira]
	issue.Status, issue.Updated = statuses[2], monday
	d.step(Recounted{Side: kanban.Jira, Entries: d.entries[kanban.Jira]})
	d.card.Sides[kanban.Jira].Issue.Updated = monday
	d.step(Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Since: connectors.NoHistory}})
	reads, began := 0, d.now
	for range 100 {
		q := d.next()
		if q == nil {
			break
		}
		if q.Kind == Send && q.Write.AddLabel == "doing" {
			t.Error("what the history alone says was carried to GitHub")
		}
		ev := d.perform(*q)
		if q.Kind == Read && q.Side == kanban.Jira {
			reads++
			ev = Observed{Side: kanban.Jira, Strong: true, Observation: connectors.Observation{Issue: issue, Entries: d.entries[kanban.Jira]}}
		}
		d.step(ev)
	}
	if got := d.card.Status.Agreed; got != "review" || reads > 2*believedAfter || d.now.Sub(began) > 10*time.Minute {
		t.Errorf("agreed %q after %d reads and %s, want review\n%s", got, reads, d.now.Sub(began), d.story())
	}
}
