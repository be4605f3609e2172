package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// A status can be left and entered again to give it another resolution, by the way in
// that asks for one.
func TestAnotherResolutionIsGivenByLeavingAndComingBack(t *testing.T) {
	t.Parallel()
	d := paired(t)
	review, done := statuses[2], statuses[3]
	op := reconcile.Op{ID: "op", Side: kanban.Jira, Field: kanban.FieldStatus, Value: "done", From: "4", To: "4 + resolution:won't do", Trail: []string{"4"}, Via: "3"}
	r := Routed{Op: "op", From: review.ID, Offered: []connectors.Transition{
		{ID: "back", To: statuses[1]},
		{ID: "close", To: done},
		{ID: "close with", To: done, Screen: true, Required: []string{"resolution"}},
	}}
	turn := d.eng.turn(d.card, d.now)
	hop, reason := turn.choose(&op, r)
	if hop == nil || hop.Transition != "close with" || !hop.Last || hop.Resolution != "won't do" {
		t.Errorf("took %+v, %s", hop, reason)
	}
}
