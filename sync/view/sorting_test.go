package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// TestWhoSaidThatACardWasPlannedIsToldToThoseWhoKnowPeople: who it was and why, each to
// those who may know it; to those who know nothing of the card not even that.
func TestWhoSaidThatACardWasPlannedIsToldToThoseWhoKnowPeople(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open", "bu:risk")
	card, err := b.store.Card(t.Context(), card.ID)
	if err != nil {
		t.Fatal(err)
	}
	as := func(audience view.Audience) *view.SortStory {
		t.Helper()
		ex, err := b.views.As(view.Viewer{Audience: audience, Proved: true}).Explain(t.Context(), string(card.ID))
		if err != nil {
			t.Fatal(err)
		}
		return ex.Sort
	}
	if diff := cmp.Diff(&view.SortStory{Planned: true}, as(view.AudienceOps)); diff != "" {
		t.Errorf("nobody has said anything (-want +got):\n%s", diff)
	}
	step, _, refused := b.eng.Ask(card, engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldPlanned, To: kanban.SortUnplanned, Reason: "a SECRET fire", Actor: "lea", At: now})
	if refused != nil {
		t.Fatal(refused)
	}
	if _, err := b.store.Commit(t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}, Record: step.Record}); err != nil {
		t.Fatal(err)
	}
	whole := &view.SortStory{By: "lea", At: now, Reason: "a SECRET fire"}
	for audience, want := range map[view.Audience]*view.SortStory{
		view.AudienceOps: whole, view.AudienceIT: whole, "unit:trading": nil, view.AudienceWall: {By: "somebody", At: now, Reason: "a SECRET fire"}, "": nil,
	} {
		if diff := cmp.Diff(want, as(audience)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", audience, diff)
		}
	}
	b.views.Policy = view.DefaultPolicy()
	b.views.Policy.IT = []view.Facet{view.FacetTitle, view.FacetJira, view.FacetGitHub, view.FacetDetail}
	if diff := cmp.Diff(&view.SortStory{By: "somebody", At: now}, as(view.AudienceIT)); diff != "" {
		t.Errorf("without people and reasons (-want +got):\n%s", diff)
	}
}
