package view_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// raised is a request that nobody has taken on.
func raised(unit kanban.UnitKey, key string, created float64, priority kanban.PriorityKey) kanban.Card {
	c := request(unit, key, created)
	c.Priority = priority
	return c
}

func TestReplenishmentProposesWhatIsReady(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(raised("risk", "OPS-11", 15, "low"))
	n.put(raised("risk", "OPS-12", 16, "high"))
	n.put(raised("risk", "OPS-13", 14, "high"))
	n.put(raised("trading", "OPS-14", 14, "high"))
	internal := raised("risk", "OPS-15", 14, "high")
	internal.Sides[0].Side = "github"
	n.put(internal)
	unplanned := raised("risk", "OPS-16", 14, "high")
	unplanned.Planned = false
	n.put(unplanned)
	v := n.views(t, view.DefaultPolicy())
	v.Agreements[0].Versions[0].Ready = []string{"due"}
	ready := raised("risk", "OPS-17", 13, "low")
	ready.Due = "2026-12-24"
	n.put(ready)
	r, err := v.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, list := range [][]view.ReadyRequest{r.Ready, r.Unready} {
		for _, x := range list {
			got = append(got, fmt.Sprint(x.Called, x.Lacks, x.Days > 0))
		}
	}
	if diff := cmp.Diff([]string{"OPS-17[] true", "OPS-13[due] true", "OPS-12[due] true", "OPS-11[due] true"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !r.Began || r.Masked || r.Period.Slots != 3 || r.Forecast.Held != 1 || r.Forecast.More != 1 || r.Forecast.Refused == "" {
		t.Errorf("%+v", r)
	}
	if _, err := v.As(view.Somebody()).Replenishment(t.Context(), "nobody"); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("a unit without a contract: %v", err)
	}
}

// What asks for no slot is not proposed for one.
func TestReplenishmentKnowsWhichPrioritiesAskForSlots(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(raised("risk", "OPS-11", 15, "low"))
	n.put(raised("risk", "OPS-12", 16, "high"))
	v := n.views(t, view.DefaultPolicy())
	v.Agreements[0].Versions[0].Priorities = []kanban.PriorityKey{"high"}
	r, err := v.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil || len(r.Ready) != 1 || r.Ready[0].Called != "OPS-12" || len(r.Unready) != 1 || len(r.Unready[0].Lacks) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A request that has a slot by a swap is in work already, by what the forecast counts: it comes
// first, takes none of the free slots, and is counted once.
func TestReplenishmentCountsARequestWithASlotOnce(t *testing.T) {
	t.Parallel()
	x, v := newExchange(t)
	ids := x.faces()
	before, err := v.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil || len(before.Ready) != 1 || before.Asking() != 1 || before.Forecast.Held != 3 {
		t.Fatalf("%+v, %v", before, err)
	}
	x.decisions = []contract.Event{{ID: view.SwapID("s"), At: now.Add(-time.Minute), Kind: contract.Swapped, Card: ids[3], Other: ids[0], Unit: "risk", Who: "mia"}}
	again := x.scaled(t)
	again.Agreements = v.Agreements
	again.Agreements[0].Versions[0].Slots = 5 // OPS-1 is high as before, and takes the fourth
	r, err := again.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil || len(r.Ready) != 1 || r.Ready[0].Called != "OPS-4" || !r.Ready[0].Slotted || r.Asking() != 0 || r.Free != 1 || r.Forecast.Held != 4 || r.Forecast.More != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Of two that asked for the one free slot the first one has it on the sheet, as it has in the
// ledger once it is taken on.
func TestReplenishmentKeepsASlotForWhoAskedFirst(t *testing.T) {
	t.Parallel()
	x, v := newExchange(t)
	second := request("risk", "OPS-0", 14.1)
	second.Past.Ranks = []kanban.Ranking{{Priority: "low", At: second.Journey.Created}, {Priority: "high", At: now.Add(-time.Hour)}}
	x.put(second)
	v.Agreements[0].Versions[0].Slots = 4
	r, err := v.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil || len(r.Ready) != 2 || r.Free != 1 || r.Ready[0].Called != "OPS-4" || r.Ready[0].Kept != 1 || r.Ready[1].Called != "OPS-0" || r.Ready[1].Over != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// How likely the service level holds goes by how long IT's clock ran for the deliveries of the
// unit, and nobody's work but the unit's.
func TestReplenishmentForecast(t *testing.T) {
	t.Parallel()
	n := newNotary()
	for i := range 10 {
		at := float64(i) + 4.2
		n.put(request("risk", fmt.Sprint("OPS-5", i), at, "committed", at+0.1, "doing", at+0.2, "done", at+0.4))
		n.put(request("trading", fmt.Sprint("OPS-6", i), at, "committed", at+0.1, "doing", at+0.2))
	}
	n.put(raised("risk", "OPS-12", 16, "high"))
	v := n.views(t, view.DefaultPolicy())
	v.Agreements[0].Versions[0].SLEDays, v.Agreements[0].Versions[0].SLEShare = 14, 50
	r, err := v.As(view.Somebody()).Replenishment(t.Context(), "risk")
	if err != nil {
		t.Fatal(err)
	}
	k := r.Forecast
	if k.Refused != "" || k.Held != 1 || k.More != min(max(r.Free, 0), len(r.Ready)) || k.Of < 9 || k.Met != k.Of || k.Days != 14 || k.Share != 50 || k.Chance < 0.95 || k.Words != ">95 %" {
		t.Errorf("%+v", k)
	}
	if r.Proposed == nil || r.Proposed.Unit != "risk" || r.Proposed.Agreed != 3 || !r.Unsure || r.Carried == 0 {
		t.Errorf("%+v of %d, provisional %v", r.Proposed, r.Carried, r.Unsure)
	}
	trading, err := v.As(view.Somebody()).Replenishment(t.Context(), "trading")
	if err != nil || trading.Forecast.Held < 10 || trading.Forecast.Refused == "" {
		t.Errorf("%+v, %v", trading.Forecast, err)
	}
}

func TestReplenishmentIsForThoseWhoMadeTheContract(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(raised("risk", "OPS-12", 16, "high"))
	v := n.views(t, view.DefaultPolicy())
	for audience, whole := range map[view.Audience]bool{view.AudienceOps: true, view.AudienceIT: true, "unit:risk": true, "unit:trading": false, view.AudienceWall: false, "": false} {
		r, err := v.As(view.Viewer{Audience: audience}).Replenishment(t.Context(), "risk")
		text, _ := json.Marshal(r)
		if err != nil || r.Masked == whole || strings.Contains(string(text), "OPS-") != whole || r.Began != whole {
			t.Errorf("%q: %v, %s", audience, err, text)
		}
	}
}

func TestPartiesAreThoseOfWhomMoreThanTheNameIsTold(t *testing.T) {
	t.Parallel()
	open := view.DefaultPolicy()
	open.Other = []view.Facet{view.FacetTitle}
	for _, c := range []struct {
		audience view.Audience
		policy   view.Policy
		want     string
	}{
		{view.AudienceOps, view.DefaultPolicy(), "risk trading"}, {"unit:risk", view.DefaultPolicy(), "risk"}, {"unit:finance", view.DefaultPolicy(), ""},
		{"unit:risk", open, "risk trading"}, {view.AudienceWall, view.DefaultPolicy(), "risk trading"}, {"", view.DefaultPolicy(), ""},
	} {
		var keys []string
		for _, p := range newNotary().views(t, c.policy).As(view.Viewer{Audience: c.audience}).Parties() {
			keys = append(keys, p.Key)
		}
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.audience, got, c.want)
		}
	}
}

func TestAllVersionsOfTheTermsAreTold(t *testing.T) {
	t.Parallel()
	v := newNotary().views(t, view.DefaultPolicy())
	next := v.Agreements[0].Versions[0]
	next.From, next.Slots, next.Agreed = monday()+35, 4, contract.Agreed{Business: "Noor", IT: "Ben"}
	v.Agreements[0].Versions = append(v.Agreements[0].Versions, next)
	k, err := v.As(view.Somebody()).Contract(t.Context(), "risk")
	if err != nil || len(k.Versions) != 2 || k.Versions[0].Version != 2 || k.Versions[0].Business != "Noor" || k.Versions[1].Slots != 3 || k.Terms.Version != 1 {
		t.Errorf("%+v, %v", k.Versions, err)
	}
	for _, p := range k.Verdicts {
		if p.Card != "" && p.Title != "Secret of "+p.Called {
			t.Errorf("%s is titled %q", p.Called, p.Title)
		}
	}
}
