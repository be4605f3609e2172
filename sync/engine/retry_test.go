package engine

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// refusing has the board move a card, whose label no GitHub takes.
func refusing(t *testing.T) *desk {
	t.Helper()
	d := paired(t)
	d.fail = func(q Request) error {
		if q.Kind == Send && q.Side == kanban.GitHub {
			return &connectors.Error{Kind: connectors.Invalid, Tracker: "github", Doing: "add a label", Message: "the label cannot be made"}
		}
		return nil
	}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.work()
	if d.card.Status.Sides[kanban.GitHub].Refused == nil {
		t.Fatalf("nothing was refused: %s", d.story())
	}
	return d
}

func TestWhatWasRefusedIsTriedAgainWhenSomebodyAsks(t *testing.T) {
	t.Parallel()
	d := refusing(t)
	d.fail = nil
	d.step(Resumed{})
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open") // nobody has asked
	d.step(Retried{By: "lea"})
	if d.card.Status.Sides[kanban.GitHub].Refused != nil || d.card.Sides[kanban.GitHub].Need == NeedNothing {
		t.Errorf("nothing is tried: %+v", d.card.Status)
	}
	if n := len(d.record.Activity); n == 0 || d.record.Activity[n-1].Kind != DidRetry || d.record.Activity[n-1].Actor != "lea" {
		t.Errorf("nobody is told who asked: %+v", d.record.Activity)
	}
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
}

func TestWhatIsRefusedAgainIsRefusedAgain(t *testing.T) {
	t.Parallel()
	d := refusing(t)
	d.step(Retried{By: "lea"})
	d.work()
	if d.card.Status.Sides[kanban.GitHub].Refused == nil {
		t.Errorf("the refusal is forgotten: %s", d.story())
	}
	d.expect(kanban.FieldStatus, "doing", "2", "open")
}

func TestTryingAgainEndsTheWaitAfterAFailure(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.card.Sides[kanban.GitHub].Problem = &Problem{Kind: connectors.Transient, Text: "it broke", At: d.now, Until: d.now.Add(time.Hour), Retries: 3}
	d.card.Sides[kanban.GitHub].Need = NeedRead
	if n := d.eng.Next(d.card, d.now); n.Ask != nil {
		t.Fatalf("it asks %+v at once", n.Ask)
	}
	before := d.card.Sides[kanban.GitHub].Problem.Until
	step := d.eng.Step(d.card, Retried{}, d.now)
	if n := d.eng.Next(step.Card, d.now); n.Ask == nil || n.Ask.Kind != Read {
		t.Errorf("it asks %+v, want a read", n.Ask)
	}
	if !d.card.Sides[kanban.GitHub].Problem.Until.Equal(before) {
		t.Error("the step has changed the card it was given")
	}
}

func TestTryingAgainLetsNothingHeldGo(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.eng.Write = false
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.step(Retried{By: "lea"})
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open")
}
