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

// The picture that stands is older than history that was folded when the mapping changes.
// It is no state to begin anew from: the next edit would be taken for what it shows.
func TestANewMappingTakesNothingFromAPictureBehindItsHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"doing"}
	d.card = d.lone(kanban.GitHub)
	d.edit(kanban.GitHub, "ana", "", off("doing"), to(kanban.ChangeLabel, "review"))
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	d.renewed()
	d.step(Resumed{})
	if need := d.card.Sides[kanban.GitHub].Need; need != NeedRead {
		t.Errorf("the side needs %q, want what it shows now", need)
	}
	d.edit(kanban.GitHub, "ben", "", off("review"), to(kanban.ChangeLabel, "doing"))
	d.step(Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]})
	d.work()
	if s := d.card.Status; s.Agreed != "doing" || s.Sides[kanban.GitHub].Native != "open + label:doing" {
		t.Errorf("agreed %q, GitHub holds %q\n%s", s.Agreed, s.Sides[kanban.GitHub].Native, d.story())
	}
}

// A card is taken apart, and two are put together, by what their sides hold: history may
// be ahead of the pictures.
func TestSidesMeetByWhatTheirHistoryTells(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"doing"}
	jira, github := d.lone(kanban.Jira), d.lone(kanban.GitHub)
	d.edit(kanban.GitHub, "ana", "", off("doing"))
	github = d.eng.Step(github, Recounted{Side: kanban.GitHub, Entries: d.entries[kanban.GitHub]}, d.now).Card
	step, _, err := d.eng.Pair(jira, github, Pairing{How: "hand"}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.card = step.Card
	if s := d.card.Status; s.Agreed != "todo" || s.Sides[kanban.GitHub].Native != "open" {
		t.Errorf("together: agreed %q, GitHub holds %q", s.Agreed, s.Sides[kanban.GitHub].Native)
	}
	_, own, err := d.eng.Part(d.card, "olga", d.now)
	if err != nil {
		t.Fatal(err)
	}
	if s := own.Card.Status; s.Agreed != "todo" || s.Sides[kanban.GitHub].Native != "open" {
		t.Errorf("by itself: agreed %q, GitHub holds %q", s.Agreed, s.Sides[kanban.GitHub].Native)
	}
}

// A list may lag behind the history that comes with it. What happened after its picture
// goes on from there, at a first contact as at any other.
func TestFirstContactWithAPictureBehindItsHistory(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.issue[kanban.GitHub].Labels = []string{"doing"}
	d.edit(kanban.GitHub, "ana", "", to(kanban.ChangeLabel, "p-low"))
	old := d.issue[kanban.GitHub]
	d.card.ID = kanban.NewCardID(old.Tracker, old.ID)
	d.edit(kanban.GitHub, "ben", "", off("doing"), to(kanban.ChangeLabel, "review"))
	d.step(Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: old, Entries: d.entries[kanban.GitHub], Since: -1}})
	if s := d.card.Status; s.Agreed != "review" || s.Sides[kanban.GitHub].Seq != 2 {
		t.Errorf("agreed %q, read up to %d", s.Agreed, s.Sides[kanban.GitHub].Seq)
	}
	if n := len(d.card.Steps); n == 0 || d.card.Steps[n-1].Column != "review" {
		t.Errorf("went through %v", d.card.Steps)
	}
}
