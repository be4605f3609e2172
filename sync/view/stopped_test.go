package view

import (
	"maps"
	"slices"
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// TestWhatADamagedDecisionStops: the units that it names for certain, and all where what is left
// of it names none that has a contract, or a card alone: another unit may pay for it.
func TestWhatADamagedDecisionStops(t *testing.T) {
	t.Parallel()
	s := &contractState{accounts: []contract.Account{{Unit: "risk"}, {Unit: "trading"}}, faces: map[kanban.CardID]*store.Face{"c1": {Card: kanban.Card{ID: "c1", Unit: "risk"}}}}
	for name, c := range map[string]struct {
		left contract.Event
		want []kanban.UnitKey
	}{
		"a unit":                     {contract.Event{Unit: "risk"}, []kanban.UnitKey{"risk"}},
		"two units":                  {contract.Event{Unit: "risk", With: "trading"}, []kanban.UnitKey{"risk", "trading"}},
		"nothing":                    {contract.Event{}, []kanban.UnitKey{""}},
		"a unit that there is not":   {contract.Event{Unit: "risq"}, []kanban.UnitKey{""}},
		"the other unit is not one":  {contract.Event{Unit: "risk", With: "tradin"}, []kanban.UnitKey{""}},
		"the other unit alone":       {contract.Event{With: "trading"}, []kanban.UnitKey{""}},
		"a card, for which who pays": {contract.Event{Card: "c1"}, []kanban.UnitKey{""}},
	} {
		stopped := s.stops([]store.DecisionRow{{Event: c.left, Odd: true}, {Event: contract.Event{Unit: "finance"}}})
		if got := slices.Sorted(maps.Keys(stopped)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q stopped, want %q", name, got, c.want)
		}
	}
}
