package app

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parley/sync/view"
	"parley/web"
)

// injections end a text, a pattern or a list in SQL, and do something else then.
func injections() []string {
	return []string{
		`'`, `"`, `' OR '1'='1`, `' OR 1=1 --`, `'; DROP TABLE card; --`, `"; DROP TABLE "card"; --`, `%`, `_`, `%' --`, `\`, `\'`, `') OR ('1'='1`, `1 UNION SELECT name, value FROM setting`, `$1`, `?`, `' || (SELECT value FROM setting) || '`,
		"x\x00y", "\xff\xfe", `x' AND pg_sleep(10) --`, `/*`, `OPS-1' --`, `acme/infra#1' OR ''='`, strings.Repeat("'", 5000),
	}
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+target, http.NoBody)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// TestQueriesAreNotSQL sends SQL in every place where a request names something, to a
// real store: it finds nothing by it, breaks nothing and tells nothing.
func TestQueriesAreNotSQL(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	if err := a.Store.SetSetting(t.Context(), "proof", "SECRET-SETTING"); err != nil {
		t.Fatal(err)
	}
	o := web.Options{
		Readers: func(w view.Viewer) web.Reader { return a.Views.As(w) }, Links: a.Links(), Identity: web.Everybody(view.Somebody()), Intents: intents{a}, Signal: newWatch(t.Context(), a.Store, a.rung), Health: a.Views,
		Limits: web.Limits{Reads: web.Pace{PerSecond: 1, Burst: 1e6}, SignIns: web.Pace{PerSecond: 1, Burst: 1e6}},
	}
	h := web.New(o)
	before := get(h, "/api/v1/cards").Body.String()
	if !strings.Contains(before, string(card.ID)) {
		t.Fatalf("the card is not on the board: %s", before)
	}
	for i, text := range injections() {
		q := url.QueryEscape(text)
		for _, target := range []string{
			"/?unit=" + q, "/?turn=" + q + "&priority=" + q, "/?search=" + q, "/?column=" + q, "/api/v1/board?unit=" + q + "&search=" + q, "/api/v1/cards?unit=" + q, "/api/v1/cards?turn=" + q,
			"/api/v1/cards?priority=" + q, "/api/v1/cards?search=" + q + "zz", "/api/v1/cards?column=" + q, "/api/v1/cards/" + url.PathEscape(text), "/api/v1/cards/" + url.PathEscape(text) + "/explain", "/card/" + url.PathEscape(text),
			"/api/v1/cards?after=" + q, "/api/v1/activity?before=" + q, "/api/v1/events?since=x" + q, "/?link=" + q,
		} {
			rec := get(h, target)
			body := rec.Body.String()
			if rec.Code >= http.StatusTooManyRequests || strings.Contains(body, "SECRET") || strings.Contains(strings.ToLower(body), "syntax error") {
				t.Errorf("%d: GET %.120s: %d %.200s", i, target, rec.Code, body)
			}
			if finds := strings.HasPrefix(target, "/api/v1/cards?") && !strings.Contains(target, "after="); finds && strings.Contains(body, string(card.ID)) {
				t.Errorf("%d: GET %.120s finds the card", i, target)
			}
		}
	}
	if after := get(h, "/api/v1/cards").Body.String(); after != before {
		t.Errorf("the board is another one now: %s", after)
	}
}
