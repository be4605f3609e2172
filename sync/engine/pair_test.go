package engine

import (
	"slices"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

func TestPairKeepsTheOlderCard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		later time.Duration // GitHub's issue after Jira's
		want  kanban.Side
	}{{"Jira first", time.Second, kanban.Jira}, {"GitHub first", -time.Second, kanban.GitHub}, {"the same second: Jira", 0, kanban.Jira}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.issue[kanban.GitHub].Created = d.issue[kanban.Jira].Created.Add(c.later)
			jira, github := d.lone(kanban.Jira), d.lone(kanban.GitHub)
			want := map[kanban.Side]kanban.CardID{kanban.Jira: jira.ID, kanban.GitHub: github.ID}[c.want]
			for _, order := range [][2]Card{{jira, github}, {github, jira}} {
				step, gone, err := d.eng.Pair(order[0], order[1], Pairing{How: "hand", By: "lea"}, d.now)
				if err != nil {
					t.Fatal(err)
				}
				if step.Card.ID != want || gone.ID == want || !step.Card.Paired() || step.Card.Pairing.By != "lea" {
					t.Errorf("kept %s, gone %s, want %s kept", step.Card.ID, gone.ID, want)
				}
				if len(step.Card.Ops) != 0 {
					t.Errorf("pairing writes: %+v", step.Card.Ops)
				}
			}
		})
	}
}

func TestPairRefuses(t *testing.T) {
	t.Parallel()
	d := paired(t)
	if _, _, err := d.eng.Pair(d.card, d.lone(kanban.Jira), Pairing{}, d.now); err == nil {
		t.Error("a paired card was paired again")
	}
	if _, _, err := d.eng.Pair(d.lone(kanban.Jira), d.lone(kanban.Jira), Pairing{}, d.now); err == nil {
		t.Error("two Jira issues became one card")
	}
	if _, _, err := d.eng.Part(d.lone(kanban.Jira), "lea", d.now); err == nil {
		t.Error("a one-sided card was parted")
	}
}

func TestPairCancelsWhatWasPlannedAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	github := d.lone(kanban.GitHub)
	step, _, refused := d.eng.Ask(github, Intent{Key: "k", Field: kanban.FieldStatus, To: "review", At: d.now})
	if refused != nil {
		t.Fatal(refused)
	}
	paired, _, err := d.eng.Pair(d.lone(kanban.Jira), step.Card, Pairing{}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	op := paired.Card.Ops[0]
	if op.State != reconcile.Cancelled || op.Card != paired.Card.ID {
		t.Errorf("the write planned before is %+v", op)
	}
}

// TestPartAndPairAgain: the ids are those of before, whichever way one goes.
func TestPartAndPairAgain(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	d.work()
	whole := d.card
	keep, own, err := d.eng.Part(whole, "lea", d.now)
	if err != nil {
		t.Fatal(err)
	}
	i := d.issue[kanban.GitHub]
	if keep.Card.ID != whole.ID || own.Card.ID != kanban.NewCardID(i.Tracker, i.ID) || keep.Card.Paired() || own.Card.Paired() {
		t.Fatalf("parted into %s and %s", keep.Card.ID, own.Card.ID)
	}
	if keep.Card.Sides[kanban.Jira] == nil || own.Card.Sides[kanban.GitHub] == nil || keep.Card.Status.Agreed != "doing" || own.Card.Status.Agreed != "doing" {
		t.Errorf("columns %q and %q", keep.Card.Status.Agreed, own.Card.Status.Agreed)
	}
	if n := keep.Card.Status.Sides[kanban.GitHub]; n.Known {
		t.Errorf("the card still knows its former twin: %+v", n)
	}
	late := d.eng.Step(keep.Card, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: i, Since: connectors.NoHistory}}, d.now)
	if late.Card.Paired() {
		t.Error("a picture read before the parting put the two together again")
	}
	again, gone, err := d.eng.Pair(own.Card, keep.Card, Pairing{How: "hand"}, d.now)
	if err != nil || again.Card.ID != whole.ID || gone.ID != own.Card.ID || again.Card.Status.Agreed != "doing" || len(again.Card.Status.Frozen) > 0 {
		t.Errorf("paired again: %s, %v, %+v", again.Card.ID, err, again.Card.Status)
	}
	d.card = again.Card
	if d.work(); slices.ContainsFunc(d.card.Ops, func(o reconcile.Op) bool { return o.State.Open() }) {
		t.Error("pairing again writes")
	}
}

func TestMeetThatDiffersAsks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"review"}
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	if c := step.Record.Conflicts; len(c) != 1 || c[0].State != reconcile.ConflictOpen || c[0].ID == "" || c[0].Card != step.Card.ID || c[0].Loser.Value != "review" {
		t.Errorf("conflicts %+v", c)
	}
	face := d.eng.Face(&step.Card)
	if face.Column != "todo" || face.Badges[0].Kind != kanban.BadgeConflict || len(face.Pending) != 0 {
		t.Errorf("column %q, badges %+v, pending %+v", face.Column, face.Badges, face.Pending)
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	todo, doing := kanban.Value("todo"), kanban.Value("doing")
	for _, c := range []struct {
		name    string
		in      Intent
		alter   func(*desk)
		state   IntentState
		stale   bool
		refused bool
	}{
		{name: "a move", in: Intent{Field: kanban.FieldStatus, To: "doing"}, state: IntentSent},
		{name: "held in plan mode", in: Intent{Field: kanban.FieldStatus, To: "doing"}, alter: func(d *desk) { d.eng.Write = false }, state: IntentHeld},
		{name: "where it is already", in: Intent{Field: kanban.FieldStatus, To: "todo"}, state: IntentDone},
		{name: "expected there", in: Intent{Field: kanban.FieldStatus, To: "doing", Expect: &todo}, state: IntentSent},
		{name: "expected elsewhere", in: Intent{Field: kanban.FieldStatus, To: "review", Expect: &doing}, stale: true, refused: true},
		{name: "an old revision", in: Intent{Field: kanban.FieldStatus, To: "doing", Rev: 99}, stale: true, refused: true},
		{name: "no such column", in: Intent{Field: kanban.FieldStatus, To: "nirvana"}, refused: true},
		{name: "no such priority", in: Intent{Field: kanban.FieldPriority, To: "todo"}, refused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			if c.alter != nil {
				c.alter(d)
			}
			c.in.At, c.in.Key = d.now, "k"
			step, state, refused := d.eng.Ask(d.card, c.in)
			if state != c.state || (refused != nil) != c.refused || refused != nil && refused.Stale != c.stale {
				t.Fatalf("%q, %+v", state, refused)
			}
			if refused != nil && !refused.Stale && len(refused.Allowed) == 0 {
				t.Error("it is not said what could be asked for")
			}
			if c.state == IntentSent && (step.Card.Rev != d.card.Rev+1 || string(step.Card.Status.Agreed) != string(c.in.To)) {
				t.Errorf("the card is %+v", step.Card)
			}
		})
	}
}

// TestRefusedDragReturns: a workflow without a way takes the card back and says so.
func TestRefusedDragReturns(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	d.ways = map[string][]string{"1": {"2"}, "2": {"1"}}
	step, _, refused := d.eng.Ask(d.card, Intent{Key: "k", Field: kanban.FieldStatus, To: "done", Actor: "lea", At: d.now})
	if refused != nil {
		t.Fatal(refused)
	}
	d.keep(step)
	d.work()
	face := d.eng.Face(&d.card)
	if face.Column != "todo" || len(face.Pending) != 0 || len(face.Badges) == 0 || face.Badges[0].Kind != kanban.BadgeRefused || d.sent != 0 {
		t.Errorf("column %q, badges %+v, pending %+v, sent %d", face.Column, face.Badges, face.Pending, d.sent)
	}
	d.ways["2"] = []string{"1", "4"}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.poll(kanban.Jira)
	if d.work(); d.card.Status.Agreed != "doing" || d.card.Status.Sides[kanban.Jira].Refused != nil {
		t.Errorf("after somebody moved it: %+v", d.card.Status)
	}
}

func TestOneFieldsTroubleIsNotTheOthers(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "9"), to(kanban.ChangePriority, "22"))
	d.poll(kanban.Jira)
	d.work()
	d.expect(kanban.FieldPriority, "high", "22", "label:p-high")
	if d.card.Status.Frozen != reconcile.FrozenUnmapped {
		t.Errorf("status %+v", d.card.Status)
	}
}
