package app

import (
	"slices"
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// TestAVerdictIsContestedByWhatItWasCalled: what earlier versions called a verdict stands in
// digests and ledgers that people keep. A decision by that is one about the verdict, and is
// recorded by the name that never moves.
func TestAVerdictIsContestedByWhatItWasCalled(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	accounts, err := a.Views.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(accounts[1].Verdicts, func(v contract.Verdict) bool { return v.Former != "" && v.Decided() })
	if at < 0 {
		t.Fatal("no duty is decided")
	}
	v := accounts[1].Verdicts[at]
	d := web.Deal{Unit: "trading", What: web.DealContest, Ref: v.Former, Op: "o", By: view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}}
	for range 2 { // it is the same decision
		if _, err := a.Deal(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	before := contract.Event{ID: view.DecisionID("before"), At: a.Now(), Kind: contract.Contested, Ref: v.Former, Who: "olu", By: kanban.IT, Unit: "trading"}
	all, err := a.Store.Decisions(t.Context())
	if err != nil || len(all) != 1 || all[0].Ref != v.ID {
		t.Errorf("recorded is %+v, %v; want it about %s", all, err, v.ID)
	}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Decisions: []contract.Event{before}}); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{v.Former, v.ID} { // an earlier version took it, and it is sent again
		d.Op, d.Ref = "before", ref
		if _, err := a.Deal(t.Context(), d); err != nil {
			t.Errorf("by %s: %v", ref, err)
		}
	}
}
