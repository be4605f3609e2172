package engine

import (
	"testing"

	"parley/kanban"
)

// TestAskAfterSomebodySetTheSameAgain: while a person has to choose, edits in a tracker
// make no version. Whoever decides on one of them has not seen the next, though that
// leaves the issue as it was.
func TestAskAfterSomebodySetTheSameAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"review"}
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.keep(step)
	d.edit(kanban.GitHub, "ana", "", off("review"), to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.work()
	saw, rev := d.card.Status.Sides[kanban.GitHub].Native, d.card.Rev
	choice := Intent{Key: "k", Field: kanban.FieldStatus, To: "done", Rev: rev, Actor: "lea", At: d.now}
	if _, _, refused := d.eng.Ask(d.card, choice); refused != nil {
		t.Fatalf("nothing happened since: %v", refused)
	}
	d.edit(kanban.GitHub, "ben", "", off("doing"))
	d.edit(kanban.GitHub, "ana", "", to(kanban.ChangeLabel, "doing"))
	d.poll(kanban.GitHub)
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	if got := d.card.Status.Sides[kanban.GitHub].Native; got != saw {
		t.Fatalf("GitHub shows %q, want %q again", got, saw)
	}
	if _, _, refused := d.eng.Ask(d.card, choice); refused == nil || !refused.Stale {
		t.Errorf("decided on revision %d of %d: %v, want it refused as stale", rev, d.card.Rev, refused)
	}
}
