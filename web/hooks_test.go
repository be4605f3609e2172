package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"parley/sync/view"
)

// Webhooks come from programs that know nothing of the board. They need no sign-in of
// people, and whoever opens a page in a browser cannot be made to send one.
func TestWebhooksAreServedBehindTheGuard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, host string
		header       map[string]string
		status       int
	}{
		"a tracker":                    {http.MethodPost, "board.test", nil, 202},
		"by the address":               {http.MethodPost, "127.0.0.1:8080", nil, 202},
		"another method":               {http.MethodGet, "board.test", nil, 202}, // is the receiver's to refuse
		"a foreign name":               {http.MethodPost, "evil.test", nil, 421},
		"a page of another site":       {http.MethodPost, "board.test", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"a page, older browser":        {http.MethodPost, "board.test", map[string]string{"Origin": "https://evil.test"}, 403},
		"a page without an origin":     {http.MethodPost, "board.test", map[string]string{"Origin": "null"}, 403},
		"a page of the neighbourhood":  {http.MethodPost, "board.test", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"a stranger's cookie and auth": {http.MethodPost, "board.test", map[string]string{"Cookie": "session=x", "Authorization": "Bearer x"}, 202},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, called := newWorld(), false
			h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "https://board.test",
				Hooks: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { called = true; w.WriteHeader(202) })})
			r := httptest.NewRequest(c.method, "/hooks/jira/acme", http.NoBody)
			r.Host = c.host
			for k, v := range c.header {
				r.Header.Set(k, v)
			}
			got := httptest.NewRecorder()
			h.ServeHTTP(got, r)
			if got.Code != c.status || called != (c.status == 202) {
				t.Errorf("answered %d, taken: %t; want %d", got.Code, called, c.status)
			}
		})
	}
}
