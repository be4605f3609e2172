package view_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// marked is a notary that keeps which cards are over a contract.
type marked struct {
	*notary

	text string
}

func (m *marked) Setting(_ context.Context, key string) (string, bool, error) {
	if key != view.SettingOver {
		return "", false, nil
	}
	return m.text, m.text != "", nil
}

// TestWhoIsToldThatACardIsOverItsContract holds the mark on a card to those who read the
// contract; a wall learns no more than that it is.
func TestWhoIsToldThatACardIsOverItsContract(t *testing.T) {
	t.Parallel()
	text, err := view.OverMarks([]contract.Account{{Unit: "risk", Over: []contract.Over{{Card: "card0001", Place: 3, Choice: contract.WaitFor}}}, {Unit: "gone", Over: []contract.Over{{Card: "card0002", Place: 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	for audience, want := range map[view.Audience]string{
		view.AudienceOps: `{"unit":"risk","place":3,"choice":"wait"}`, view.AudienceIT: `{"unit":"risk","place":3,"choice":"wait"}`, "unit:risk": `{"unit":"risk","place":3,"choice":"wait"}`,
		view.AudienceWall: `{}`, "unit:trading": `null`, "": `null`,
	} {
		m := &marked{newNotary(), text}
		v := m.views(t, view.DefaultPolicy())
		v.Source = m
		s := v.As(view.Viewer{Audience: audience})
		all, _, err := s.Cards(t.Context(), view.Query{})
		if err != nil || len(all) != 3 {
			t.Fatal(all, err)
		}
		for _, card := range all {
			want := map[kanban.CardID]string{"card0001": want, "card0000": "null", "card0002": "null"}[card.ID]
			if got, _ := json.Marshal(card.Over); string(got) != want {
				t.Errorf("%q is told %s of %s; want %s", audience, got, card.ID, want)
			}
		}
	}
}

// TestCardsWhoseMarkChangesAreToldAgain names those alone.
func TestCardsWhoseMarkChangesAreToldAgain(t *testing.T) {
	t.Parallel()
	marks := func(over ...contract.Over) string {
		text, err := view.OverMarks([]contract.Account{{Unit: "risk", Over: over}})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	a, b := contract.Over{Card: "a", Place: 1}, contract.Over{Card: "b", Place: 2}
	next, chosen := b, a
	next.Place, chosen.Choice = 1, contract.WaitFor
	for _, c := range []struct{ was, is, want string }{
		{"", marks(), ""}, {"", marks(a, b), "a b"}, {marks(a, b), marks(a, b), ""}, {marks(a, b), marks(next), "a b"}, {marks(a, b), marks(chosen, b), "a"}, {"{torn", marks(a), "a"}, {marks(a), "", "a"},
	} {
		var got []string
		for _, id := range view.OverChanged(c.was, c.is) {
			got = append(got, string(id))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s to %s: %v, want %q", c.was, c.is, got, c.want)
		}
	}
}
