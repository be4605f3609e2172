package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/cmd/parley/internal/config"
)

// TestAUnitSeesItsContractByALink opens the page, the sheet and the files of a unit's
// contract without an account, changes nothing by it, and opens nothing of another unit's.
func TestAUnitSeesItsContractByALink(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	a.Config.Server.Auth, a.Config.Server.PublicURL = "proxy", "https://board.test"
	a.Config.Server.Proxy = config.Proxy{UserHeader: "X-User", GroupsHeader: "X-Groups", Trusted: []string{"10.0.0.1/32"}, Groups: []config.Group{{Group: "leads", Audience: "ops", Role: "ops"}}}
	in, err := a.entrance()
	if err != nil {
		t.Fatal(err)
	}
	h := a.handler(t.Context(), in)
	link, address, err := a.Links().Share(t.Context(), "unit:trading", "Desk", a.Now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	const peer = "203.0.113.7:5"
	first := from(h, "/contract/trading?"+strings.SplitN(address, "?", 2)[1], peer, http.Header{})
	if first.Code != http.StatusSeeOther || first.Header().Get("Location") != "/contract/trading" || len(first.Result().Cookies()) != 1 {
		t.Fatalf("%d to %q", first.Code, first.Header().Get("Location"))
	}
	c := first.Result().Cookies()[0]
	with := http.Header{"Cookie": {c.Name + "=" + c.Value}}
	targets := map[string]string{
		"/contract/trading": "OPS-1", "/contract/trading/replenish": "OPS-3", "/contract/trading/ledger.csv": `"unit","seq"`, "/contract/trading/verdicts.csv": `"id","unit"`,
		"/api/v1/contract/trading": `"holders"`, "/contract": "Trading",
	}
	for target, words := range targets {
		if rec := from(h, target, peer, with); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), words) || strings.Contains(rec.Body.String(), "OPS-5") {
			t.Errorf("%s: %d, without %q, or with another unit's card:\n%.2000s", target, rec.Code, words, rec.Body)
		}
		if rec := from(h, target, peer, http.Header{}); rec.Code == http.StatusOK {
			t.Errorf("%s opens without the link", target)
		}
	}
	for target := range targets {
		other := strings.Replace(target, "trading", "risk", 1)
		if rec := from(h, other, peer, with); other != target && strings.Contains(rec.Body.String(), "OPS-5") {
			t.Errorf("%s tells another unit's card: %d", other, rec.Code)
		}
	}
	for target, body := range map[string]string{
		"/api/v1/contract/trading/decisions": `{"what":"wait","card":"OPS-3","op":"one"}`, "/api/v1/contract/risk/decisions": `{"what":"wait","card":"OPS-5","op":"two"}`,
	} {
		r := httptest.NewRequest(http.MethodPost, "https://board.test"+target, strings.NewReader(body))
		r.RemoteAddr, r.Header = peer, with.Clone()
		r.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != http.StatusForbidden {
			t.Errorf("POST %s: %d %s", target, rec.Code, rec.Body)
		}
	}
	if all, err := a.Store.Decisions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("by a link was decided %+v, %v", all, err)
	}
	if _, ok, err := a.Links().Revoke(t.Context(), link.ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for target := range targets {
		if rec := from(h, target, peer, with); rec.Code != http.StatusForbidden || strings.Contains(rec.Body.String(), "OPS-") {
			t.Errorf("taken back, %s: %d", target, rec.Code)
		}
	}
}
