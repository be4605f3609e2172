package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
)

// A card waits for an answer from when the question was put to when the answer was given,
// whenever that is seen; a person's word for why it is blocked counts first.
func TestACardWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	d := flagged(t)
	d.record = Record{}
	begin, rev := d.now, d.card.Rev
	ask := &Await{Question: "q1", Since: begin}
	d.now = d.now.Add(time.Minute)
	d.keep(d.eng.Await(d.card, ask, time.Time{}, d.now))
	face := d.eng.Face(&d.card)
	want := &kanban.Block{Party: kanban.Business, Reason: kanban.AwaitsAnswer, Since: begin, Asked: true}
	if diff := cmp.Diff(want, face.Blocked); diff != "" || face.Turn != kanban.Business || d.card.Rev != rev+1 {
		t.Errorf("turn %s, revision %d after %d, blocked (-want +got):\n%s", face.Turn, d.card.Rev, rev, diff)
	}
	events := len(d.record.Events)
	d.keep(d.eng.Await(d.card, ask, time.Time{}, d.now))
	if len(d.record.Events) != events || d.card.Rev != rev+1 {
		t.Error("the same question puts the card off anew")
	}
	d.now = begin.Add(time.Hour)
	_, _ = d.block("third", "the bank", "one")
	d.now = begin.Add(2 * time.Hour)
	_, _ = d.block("", "", "two")
	d.now = begin.Add(5 * time.Hour)
	d.keep(d.eng.Await(d.card, nil, begin.Add(3*time.Hour), d.now))
	at := func(hours int) time.Time { return begin.Add(time.Duration(hours) * time.Hour) }
	spans := []kanban.Hindrance{
		{Party: kanban.Business, Reason: kanban.AwaitsAnswer, From: at(0), To: at(1), Asked: true}, {Party: kanban.Third, Reason: "the bank", From: at(1), To: at(2)},
		{Party: kanban.Business, Reason: kanban.AwaitsAnswer, From: at(2), To: at(3), Asked: true},
	}
	if diff := cmp.Diff(spans, d.card.Blocks); diff != "" {
		t.Errorf("as it happened (-want +got):\n%s", diff)
	}
	if got := d.eng.Face(&d.card); got.Blocked != nil {
		t.Errorf("answered, it is blocked by %+v", got.Blocked)
	}
	again := d.eng.turn(d.card, d.now)
	if diff := cmp.Diff(spans, again.hindered(d.record.Events)); diff != "" {
		t.Errorf("told anew (-want +got):\n%s", diff)
	}
}
