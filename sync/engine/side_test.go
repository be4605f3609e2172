package engine

import (
	"testing"
	"time"

	"parley/kanban"
)

// The event of a move on the board says for which side it was made, so does the card's step,
// and so does a past that is told anew from the record.
func TestAMoveOnTheBoardSaysForWhichSide(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	for n, side := range []kanban.Party{kanban.Business, kanban.IT, ""} {
		d.now = d.now.Add(time.Hour)
		to := []kanban.Value{"doing", "done", "doing"}[n]
		st, _, refused := d.eng.Ask(d.card, Intent{Key: string(side) + "key", Card: d.card.ID, Field: kanban.FieldStatus, To: to, Actor: "lea", Side: side, At: d.now})
		if refused != nil {
			t.Fatal(refused)
		}
		d.keep(st)
		event := d.record.Events[len(d.record.Events)-1]
		if got := kanban.BoardSide(event.SourceID); got != side {
			t.Errorf("%s is by %q, want %q", event.SourceID, got, side)
		}
		for what, steps := range map[string][]kanban.Step{"then": d.card.Steps, "told anew": d.eng.Retell(d.card, d.record.Events).Steps} {
			if last := steps[len(steps)-1]; last.Event != event.Name() {
				t.Errorf("%s: the step is told by %q, want %q", what, last.Event, event.Name())
			}
		}
	}
	st, _, refused := d.eng.Undo(d.card, Undo{Key: "key", Actor: "lea", Side: kanban.IT, At: d.now})
	if refused != nil {
		t.Fatal(refused)
	}
	d.keep(st)
	if last := d.record.Events[len(d.record.Events)-1]; kanban.BoardSide(last.SourceID) != kanban.IT {
		t.Errorf("taken back: %+v", last)
	}
}
