package engine

import (
	"slices"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/mirror"
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

// Somebody drags the card that a transferred issue had of its own before it took its old
// place. Their word moves the card that both have become.
func TestDragOnATransferredIssueIsNotLost(t *testing.T) {
	t.Parallel()
	d := paired(t)
	issue := &d.issue[kanban.GitHub]
	issue.ID, issue.Key, issue.Number, issue.Updated = "78", "acme/pay#9", 9, d.now.Add(time.Second)
	d.now = d.now.Add(time.Minute)
	arrived := d.eng.Step(Card{ID: "new"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: *issue, Since: connectors.NoHistory}}, d.now).Card
	dragged, _, refused := d.eng.Ask(arrived, Intent{Key: "k", Card: "new", Field: kanban.FieldStatus, To: "doing", Actor: "olga", At: d.now})
	if refused != nil || len(dragged.Card.Ops) != 1 {
		t.Fatalf("refused: %v, %d writes", refused, len(dragged.Card.Ops))
	}
	step, _, err := d.eng.Resettle(d.card, dragged.Card, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.keep(step)
	d.work()
	d.expect(kanban.FieldStatus, "doing", "2", "open + label:doing")
	if len(d.record.Conflicts) > 0 {
		t.Errorf("conflicts: %+v", d.record.Conflicts)
	}
}

// Somebody drags a card without a twin, and its issue is transferred before the write has
// left. What they asked for goes along to the new issue.
func TestDragOnALoneCardGoesAlongWithATransfer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.GitHub)
	dragged, _, refused := d.eng.Ask(d.card, Intent{Key: "k", Field: kanban.FieldStatus, To: "doing", Actor: "olga", At: d.now})
	if refused != nil || len(dragged.Card.Ops) != 1 {
		t.Fatalf("refused: %v, %d writes", refused, len(dragged.Card.Ops))
	}
	d.keep(dragged)
	issue := &d.issue[kanban.GitHub]
	issue.ID, issue.Key, issue.Number, issue.Updated = "78", "acme/pay#9", 9, d.now.Add(time.Second)
	arrived := d.eng.Step(Card{ID: "new"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: *issue, Since: connectors.NoHistory}}, d.now).Card
	if !d.card.Settles(&arrived) {
		t.Fatal("the new issue is left on a card of its own")
	}
	step, _, err := d.eng.Resettle(d.card, arrived, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.keep(step)
	d.work()
	if got := d.issue[kanban.GitHub].Labels; !slices.Contains(got, "doing") {
		t.Errorf("the new issue has the labels %q; want doing among them", got)
	}
}

// A create names its source in a mark: once it may have left, the old card keeps it.
func TestACreateUnderWayKeepsATransferredIssueApart(t *testing.T) {
	t.Parallel()
	side := [2]*Side{kanban.GitHub: {}}
	old, arrived := Card{ID: "a", Sides: side}, Card{ID: "b", Sides: side}
	if !old.Settles(&arrived) {
		t.Error("two lone cards without a create stay apart")
	}
	for _, saga := range []mirror.Saga{{State: mirror.Sending, FirstSent: time.Unix(1, 0)}, {State: mirror.Adopted}} {
		with := Card{ID: "c", Sides: side, Mirror: &saga}
		if with.Settles(&arrived) || old.Settles(&with) {
			t.Errorf("a create that is %s is given up by a transfer", saga.State)
		}
	}
}

// transfer makes another issue of the GitHub one, with a card of its own.
func (d *desk) transfer(id, key, container string) Card {
	issue := &d.issue[kanban.GitHub]
	d.now = d.now.Add(20 * time.Second)
	issue.ID, issue.Key, issue.Container, issue.Updated = id, key, container, d.now
	return d.eng.Step(Card{ID: kanban.CardID("card-" + id)}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: *issue, Since: connectors.NoHistory}}, d.now).Card
}

func (d *desk) resettle(arrived Card) {
	d.t.Helper()
	step, _, err := d.eng.Resettle(d.card, arrived, d.now)
	if err != nil {
		d.t.Fatalf("resettle: %v", err)
	}
	d.keep(step)
}

// Ben changes an issue and transfers it before that was read. What the next poll brings of
// the new issue is no reason to leave the history of before unread.
func TestAPollDoesNotSkipWhatWasUnreadBeforeATransfer(t *testing.T) {
	t.Parallel()
	for name, later := range map[string]func(connectors.Issue, connectors.Entry) Event{
		"of a changed issue": func(i connectors.Issue, e connectors.Entry) Event {
			return Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: i, Entries: []connectors.Entry{e}, Since: connectors.Onward}}
		},
		"of one that the list leaves out": func(_ connectors.Issue, e connectors.Entry) Event {
			return Recounted{Side: kanban.GitHub, Entries: []connectors.Entry{e}, Onward: true}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
			d.edit(kanban.GitHub, "ben", "", off("doing")) // so that what comes later explains the picture by itself
			d.resettle(d.transfer("78", "acme/pay#9", "acme/pay"))
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-low"))
			d.step(later(d.issue[kanban.GitHub], d.entries[kanban.GitHub][2]))
			if side := d.card.Sides[kanban.GitHub]; side.Need != NeedHistory || d.card.Status.Sides[kanban.GitHub].Seq != 0 {
				t.Errorf("needs %q from entry %d on; want the history from the first one on", side.Need, d.card.Status.Sides[kanban.GitHub].Seq)
			}
			d.work()
			d.expect(kanban.FieldStatus, "doing", "2", "open") // without a label GitHub has no opinion
			d.expect(kanban.FieldPriority, "low", "24", "label:p-low")
		})
	}
}
