package app

import (
	"fmt"
	"testing"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// liaisonOf is the liaison of a unit, who reads the words of other units' cards here.
func liaisonOf(a *App, unit string) view.Viewer {
	a.Views.Policy.Other = []view.Facet{view.FacetTitle}
	return view.Viewer{Audience: view.Audience("unit:" + unit), Role: kanban.Liaison, Name: unit, Proved: true}
}

// TestWhoPaysTakesBothUnits holds that no unit takes another one's request, or approves of
// its expedite, by its own word.
func TestWhoPaysTakesBothUnits(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	risk, trading := liaisonOf(a, "risk"), liaisonOf(a, "trading")
	pays, agrees := web.Deal{Unit: "risk", What: web.DealSponsor, Card: ref("cardC"), By: risk}, web.Deal{Unit: "trading", What: web.DealSponsor, Card: ref("cardC"), With: "risk", By: trading}
	for n, x := range []struct {
		deal web.Deal
		want int
		over [2]int // of risk, of trading
	}{
		{web.Deal{Unit: "risk", What: web.DealApprove, Card: ref("cardE"), By: risk}, 422, [2]int{0, 1}},
		{pays, 202, [2]int{0, 1}},
		{pays, 409, [2]int{0, 1}},
		{agrees, 202, [2]int{0, 0}},
		{agrees, 422, [2]int{0, 0}},
		{pays, 422, [2]int{0, 0}},
	} {
		x.deal.Op = fmt.Sprint("op", n)
		if _, err := a.Deal(t.Context(), x.deal); status(t, err) != x.want {
			t.Errorf("%d: %v, want %d", n, err, x.want)
		}
		accounts, err := a.Views.Standing(t.Context())
		if err != nil || [2]int{len(accounts[0].Over), len(accounts[1].Over)} != x.over {
			t.Errorf("%d: over are %+v and %+v, %v", n, accounts[0].Over, accounts[1].Over, err)
		}
	}
}

// TestALoanComesAboutOrIsRefused holds the second word on a loan to the first one, and to
// what the lender has free by then.
func TestALoanComesAboutOrIsRefused(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	risk, trading := liaisonOf(a, "risk"), liaisonOf(a, "trading")
	lend := func(unit, with string, slots int, ref string) web.Deal {
		by := risk
		if unit == "trading" {
			by = trading
		}
		return web.Deal{Unit: unit, What: web.DealLend, With: with, Slots: slots, Ref: ref, By: by}
	}
	loan := func(d web.Deal) web.Deal { d.What = web.DealLoan; return d }
	for n, x := range []struct {
		deal web.Deal
		want int
	}{
		{lend("trading", "risk", 1, "none"), 422},
		{loan(lend("risk", "trading", 1, "none")), 202},
		{lend("risk", "trading", 2, "spring"), 202},
		{lend("risk", "trading", 1, "summer"), 202},
		{loan(lend("trading", "risk", 1, "spring")), 422},
		{loan(lend("trading", "risk", 2, "spring")), 202},
		{loan(lend("trading", "risk", 1, "summer")), 422}, // risk has lent what it had
		{loan(lend("trading", "risk", 1, "autumn")), 202},
		{lend("risk", "trading", 1, "autumn"), 422},
	} {
		x.deal.Op = fmt.Sprint("op", n)
		if _, err := a.Deal(t.Context(), x.deal); status(t, err) != x.want {
			t.Errorf("%d: %s %s of %s: %v, want %d", n, x.deal.What, x.deal.Ref, x.deal.Unit, err, x.want)
		}
	}
	accounts, err := a.Views.Standing(t.Context())
	if err != nil || accounts[0].Free != 0 || accounts[1].Free != 2 {
		t.Errorf("free are %d and %d, %v", accounts[0].Free, accounts[1].Free, err)
	}
}
