package view_test

import (
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// TestTheReasonOfABlockIsForThoseWhoReadReasons: on the card, in what happened and in what
// is explained.
func TestTheReasonOfABlockIsForThoseWhoReadReasons(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, time.Hour, "one", "open", "bu:risk")
	card, err := b.store.Card(t.Context(), card.ID)
	if err != nil {
		t.Fatal(err)
	}
	step, _, refused := b.eng.Ask(card, engine.Intent{Key: "k", Card: card.ID, Field: kanban.FieldBlocked, To: "third", Reason: "the vendor owes us a SECRET", Actor: "lea", At: now})
	if refused != nil {
		t.Fatal(refused)
	}
	_, err = b.store.Commit(t.Context(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: step.Card, Face: b.eng.Face(&step.Card)}}, Record: step.Record})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		audience view.Audience
		lines    bool // told of at all
		reads    bool
		named    bool
	}{
		{view.AudienceOps, true, true, true}, {view.AudienceIT, true, true, true}, {"unit:risk", false, true, false}, // in GitHub only: its title is not for units

		{view.AudienceWall, true, true, false}, {"unit:trading", false, false, false}, {"", false, false, false},
	} {
		sight := b.views.As(view.Viewer{Audience: c.audience, Proved: true})
		shown, err := sight.Card(t.Context(), string(card.ID))
		if err != nil {
			t.Fatal(err)
		}
		if shown.Blocked == nil || shown.Blocked.Party != kanban.Third || !shown.Blocked.Here || strings.Contains(shown.Blocked.Reason, "SECRET") != c.reads {
			t.Errorf("%q: blocked %+v", c.audience, shown.Blocked)
		}
		lines, err := sight.Activity(t.Context(), 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) > 0 != c.lines || c.lines && (strings.Contains(lines[0].Text, "SECRET") != c.reads || (lines[0].Who == "lea") != c.named) {
			t.Errorf("%q is told %+v", c.audience, lines)
		}
		if ex, err := sight.Explain(t.Context(), string(card.ID)); err != nil || len(ex.Log) > 0 != c.lines || c.lines && strings.Contains(ex.Log[0].Text, "SECRET") != c.reads {
			t.Errorf("%q is explained %+v, %v", c.audience, ex.Log, err)
		}
	}
	policy := view.DefaultPolicy()
	policy.IT = []view.Facet{view.FacetTitle, view.FacetJira, view.FacetGitHub, view.FacetDetail, view.FacetPeople, view.FacetRequester}
	b.views.Policy = policy
	lines, err := b.views.As(view.Viewer{Audience: view.AudienceIT}).Activity(t.Context(), 0, 10)
	if err != nil || lines[0].Text != "This card was blocked" {
		t.Errorf("without the facet: %+v, %v", lines, err)
	}
}
