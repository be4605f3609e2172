package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// deleted is a pair of which GitHub has deleted its issue.
func deleted(t *testing.T) *desk {
	t.Helper()
	d := paired(t)
	d.step(Missing{Side: kanban.GitHub})
	d.ask(Read)
	d.step(Failed{Side: kanban.GitHub, Err: &connectors.Error{Kind: connectors.Gone}})
	return d
}

func TestDeletedIssueIsNotReadForEver(t *testing.T) {
	t.Parallel()
	d := deleted(t)
	d.now = d.now.Add(48 * time.Hour)
	if q := d.next(); q != nil {
		t.Errorf("asks to %s an issue that counts as deleted", q.Kind)
	}
	if d.step(Missing{Side: kanban.GitHub}); d.next() != nil {
		t.Error("a full reading without it is news of nothing")
	}
	d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
}

// TestAListHurriesNothingElse: that a list shows an issue again is worth a read by its id,
// and no reason to forget that a tracker asked for quiet or called the issue deleted.
func TestAListHurriesNothingElse(t *testing.T) {
	t.Parallel()
	for kind, c := range map[connectors.ErrorKind]struct {
		then connectors.ErrorKind // met by a later request
		asks bool
	}{
		connectors.NotFound:  {asks: true},
		connectors.Forbidden: {asks: true},
		connectors.Moved:     {then: connectors.RateLimit},
		connectors.Gone:      {},
	} {
		d := paired(t)
		d.step(Missing{Side: kanban.GitHub})
		d.ask(Read)
		d.step(Failed{Side: kanban.GitHub, Err: &connectors.Error{Kind: kind}})
		if c.then != "" {
			d.step(Failed{Side: kanban.GitHub, Err: &connectors.Error{Kind: c.then, RetryAt: d.now.Add(time.Hour)}})
		}
		if q := d.eng.Next(d.card, d.now).Ask; q != nil {
			t.Fatalf("%s: asks to %s at once", kind, q.Kind)
		}
		d.step(Reappeared{Side: kanban.GitHub})
		if q := d.eng.Next(d.card, d.now).Ask; (q != nil && q.Kind == Read) != c.asks {
			t.Errorf("%s: asks %+v, want a read %v", kind, q, c.asks)
		}
	}
}

func TestBoardMovesNoCardWithoutAnIssue(t *testing.T) {
	t.Parallel()
	d := deleted(t)
	in := Intent{Key: "k", Card: d.card.ID, Field: kanban.FieldStatus, To: "review", Actor: "olga", At: d.now}
	step, state, refusal := d.eng.Ask(d.card, in)
	if refusal != nil || state != IntentSent {
		t.Fatalf("one issue is left: %s, %v", state, refusal)
	}
	d.keep(step)
	d.work()
	if got := d.issue[kanban.Jira].Status.ID; got != "3" {
		t.Errorf("Jira's status is %s", got)
	}
	d.step(Failed{Side: kanban.Jira, Err: &connectors.Error{Kind: connectors.Gone}})
	in.Key, in.To = "l", "todo"
	if _, state, refusal = d.eng.Ask(d.card, in); refusal == nil {
		t.Errorf("both issues count as deleted, and the change is %s", state)
	}
}
