package view_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// burning is a planned card of a unit, and a fire of another one or the same, that were
// under way for ten days in the same team's hands. Texts of the fire are planted.
func burning(unit, of kanban.UnitKey, restricted, named bool) *vault {
	v := &vault{cards: map[kanban.CardID]engine.Card{}, keys: map[string]kanban.CardID{}}
	begun := now.AddDate(0, 0, -10)
	card := func(id kanban.CardID, unit kanban.UnitKey, planned bool) *kanban.Card {
		v.faces = append(v.faces, store.Face{Seq: int64(len(v.faces) + 1), Card: kanban.Card{ID: id, Rev: 1, Column: "doing", Unit: unit, Team: "core", Planned: planned, Turn: kanban.IT,
			Journey: kanban.Journey{Created: begun, Entered: begun}, Past: kanban.Past{Steps: []kanban.Step{{Column: "doing", At: begun}}}}})
		return &v.faces[len(v.faces)-1].Card
	}
	held := card("a", unit, true)
	held.Title, held.Due = "ours", "2027-05-12"
	held.Sides = []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: "OUR-1"}}
	fire := card("b", of, false)
	fire.Restricted, fire.Title = restricted, v.plant("b", "title", view.FacetTitle)
	if named {
		fire.Sides = []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: v.plant("b", "key", view.FacetJira) + "-1"}}
	}
	return v
}

// TestASentenceNamesWhatItsReadersMayKnow has everybody look at what held a card up, under
// any policy: the text is for those who read the card's ticket.
func TestASentenceNamesWhatItsReadersMayKnow(t *testing.T) {
	t.Parallel()
	rules := newBench(t).eng
	units := []kanban.UnitKey{"risk", "trading", kanban.UnitUnassigned, ""}
	spoken := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		unit, restricted := rapid.SampledFrom(units).Draw(t, "unit"), rapid.Bool().Draw(t, "restricted")
		of := rapid.SampledFrom(units).Draw(t, "of")
		v := burning(unit, of, restricted, rapid.Bool().Draw(t, "named"))
		people := view.FacetPeople
		policy := view.Policy{Own: subset(t, "own"), Other: subset(t, "other"), IT: append(subset(t, "it"), people), Ops: append(subset(t, "ops"), people)}
		who := view.Viewer{Audience: rapid.SampledFrom([]view.Audience{"ops", "it"}).Draw(t, "audience"), Proved: true}
		s := view.New(view.Options{Source: v, Engine: func() *engine.Engine { return rules }, Zone: time.UTC, Now: func() time.Time { return now }, Policy: policy}).As(who)
		w, err := s.Workload(t.Context(), view.FlowQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if len(w.Held) == 0 && restricted {
			return // who has the fire is not for whoever looks
		}
		if len(w.Held) != 1 {
			t.Fatalf("%+v", w.Held)
		}
		text := w.Held[0].Sentence
		granted := policy.Other
		if unit == of && (unit == "risk" || unit == "trading") {
			granted = policy.Own
		}
		if unit == "" {
			granted = nil
		}
		for _, p := range v.words {
			if strings.Contains(text, p.word) && (restricted || !slices.Contains(granted, p.facets[0])) {
				t.Fatalf("the people of %q read %q, with %v, restricted: %v", unit, text, granted, restricted)
			}
		}
		spoken[strings.Contains(text, "zq")]++
		if !strings.Contains(text, "zq") && !strings.Contains(text, "because of a piece of unplanned work.") {
			t.Fatal(text)
		}
	})
	if spoken[true] == 0 || spoken[false] == 0 {
		t.Errorf("the test proves nothing: %v", spoken)
	}
}
