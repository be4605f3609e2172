package app

import (
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// TestNothingIsAgreedOnWithAStoppedContract cuts a decision of risk's off: nothing is lent to
// it, borrowed from it or paid for instead of it, by whichever unit asks, and its own swaps
// rest. Once the decision can be read again all of that is possible.
func TestNothingIsAgreedOnWithAStoppedContract(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	said := contract.Event{ID: "decided/1", At: a.Now().Add(-time.Hour), Kind: contract.Noted, Ref: "2026-W46", Who: "ana", By: kanban.IT, Unit: "risk", Note: "the bank was down"}
	lent := contract.Event{ID: "decided/2", At: a.Now().Add(-time.Hour), Kind: contract.Lends, Unit: "risk", With: "trading", Amount: 1, Ref: "spring"}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Decisions: []contract.Event{said, lent}}); err != nil {
		t.Fatal(err)
	}
	swap := store.Trade{Unit: "risk", Who: "rita", Trade: contract.Trade{ID: view.SwapID("s"), Phase: contract.Lowering,
		Down: contract.Half{Card: idOf("cardR"), From: "low", To: "medium"}, Up: contract.Half{Card: idOf("cardE"), From: "low", To: "low"}}}
	if _, err := a.Runner.Swap(t.Context(), swap); err != nil {
		t.Fatal(err)
	}
	behind(t, a, `UPDATE decision SET doc = doc || '"' WHERE id = 'decided/1'`)
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	lia := view.Viewer{Audience: "unit:trading", Role: kanban.Liaison, Name: "lia", Proved: true}
	deals := map[string]web.Deal{
		"lends to it":               {Unit: "trading", What: web.DealLend, With: "risk", Slots: 1, Ref: "winter", By: ops},
		"takes the slot it lends":   {Unit: "trading", What: web.DealLoan, With: "risk", Slots: 1, Ref: "spring", By: lia},
		"pays for its request":      {Unit: "trading", What: web.DealSponsor, Card: ref("cardR"), By: ops},
		"lets it pay for a request": {Unit: "trading", What: web.DealSponsor, Card: ref("cardC"), With: "risk", By: lia},
		"lends itself":              {Unit: "risk", What: web.DealLend, With: "trading", Slots: 1, Ref: "autumn", By: ops},
	}
	for name, d := range deals {
		d.Op = "before " + name
		if _, err := a.Deal(t.Context(), d); status(t, err) != 409 || d.Unit == "trading" && (!strings.Contains(err.Error(), "the contract with Risk is stopped") || strings.Contains(err.Error(), "decided/")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.Runner.WorkTrades(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := a.Runner.TradeOf(t.Context(), swap.ID); err != nil || got.Trade != swap.Trade {
		t.Errorf("the swap went on: %+v, %v", got.Trade, err)
	}
	if d, err := a.Views.As(view.Somebody()).Deciding(t.Context(), "trading"); err != nil || d.Stopped || len(d.Others) != 0 || len(d.Loans) != 1 || !d.Loans[0].Rests {
		t.Errorf("trading is told %+v, %v", d, err)
	}
	d, err := a.Views.As(view.Somebody()).Deciding(t.Context(), "risk")
	if err != nil || !d.Stopped || len(d.Swaps) != 1 || !strings.Contains(d.Swaps[0].Steps[0].Detail, "waits until what was decided about this contract can be read again") {
		t.Errorf("risk is told %+v, %v", d, err)
	}
	behind(t, a, `UPDATE decision SET doc = substr(doc, 1, length(doc) - 1) WHERE id = 'decided/1'`)
	a.Views.Now = func() time.Time { return a.Now().Add(time.Minute) }
	for name, d := range deals {
		d.Op = "after " + name
		if _, err := a.Deal(t.Context(), d); status(t, err) == 409 {
			t.Errorf("it can be read again, %s: %v", name, err)
		}
	}
	if err := a.Runner.WorkTrades(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := a.Runner.TradeOf(t.Context(), swap.ID); err != nil || got.Trade == swap.Trade {
		t.Errorf("the swap does not go on: %+v, %v", got.Trade, err)
	}
}
