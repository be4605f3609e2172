package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// renewed gives the desk other rules of the same meaning.
func (d *desk) renewed() {
	was := d.eng.Rules.Fingerprint()
	d.compile(false, carrying(kanban.FieldTitle))
	if d.eng.Rules.Fingerprint() == was {
		d.t.Fatalf("the rules are the same")
	}
}

// A picture was waiting to be read again when the mapping changed, and no history tells
// of what it shows. GitHub's read by id brings no history: it is asked for, and then the
// issue says what it says.
func TestAfterANewMappingAReadAsksForTheHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"doing"}
	d.card = d.lone(kanban.GitHub)
	d.edit(kanban.GitHub, "admin", "", off("doing"))
	d.entries[kanban.GitHub] = nil
	d.step(Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: d.issue[kanban.GitHub], Since: -1}})
	if need := d.card.Sides[kanban.GitHub].Need; need != NeedRead {
		t.Fatalf("the side needs %q", need)
	}
	d.renewed()
	d.step(Resumed{})
	d.work()
	if s := d.card.Status; s.Agreed != "todo" || s.Sides[kanban.GitHub].Native != "open" {
		t.Errorf("agreed %q, GitHub holds %q\n%s", s.Agreed, s.Sides[kanban.GitHub].Native, d.story())
	}
}
