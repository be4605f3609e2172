package signin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhoReadsTheMetrics(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		token  string
		direct bool
		peer   string
		host   string
		header [2]string
		status int
	}{
		"a program here":                 {"", true, "127.0.0.1:1", "127.0.0.1:8080", [2]string{}, 200},
		"by IPv6":                        {"", true, "[::1]:1", "[::1]:8080", [2]string{}, 200},
		"by name":                        {"", true, "127.0.0.1:1", "localhost:8080", [2]string{}, 200},
		"from elsewhere":                 {"", true, "10.0.0.1:1", "127.0.0.1:8080", [2]string{}, 403},
		"through a proxy here":           {"", true, "127.0.0.1:1", "127.0.0.1:8080", [2]string{"X-Forwarded-For", "127.0.0.1"}, 403},
		"through another":                {"", true, "127.0.0.1:1", "127.0.0.1:8080", [2]string{"Forwarded", "for=x"}, 403},
		"by the board's name":            {"", true, "127.0.0.1:1", "board.test", [2]string{}, 403},
		"here, where a proxy is":         {"", false, "127.0.0.1:1", "127.0.0.1:8080", [2]string{}, 403},
		"a token that is not asked":      {"", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Bearer "}, 403},
		"with the token":                 {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Bearer right"}, 200},
		"with another":                   {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Bearer wrong"}, 401},
		"with more":                      {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Bearer rightx"}, 401},
		"with less":                      {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Bearer righ"}, 401},
		"another kind":                   {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "Basic right"}, 401},
		"the bare token":                 {"right", false, "10.0.0.1:1", "board.test", [2]string{"Authorization", "right"}, 401},
		"here, without the token":        {"right", true, "127.0.0.1:1", "127.0.0.1:8080", [2]string{}, 401},
		"a peer that cannot be read":     {"", true, "@", "127.0.0.1:8080", [2]string{}, 403},
		"a name that begins like a host": {"", true, "127.0.0.1:1", "localhost.evil.example", [2]string{}, 403},
	} {
		m := Metrics{Next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "acme/vault 1") }), Token: c.token, Direct: c.direct}
		r := httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody)
		if r.RemoteAddr, r.Host = c.peer, c.host; c.header[0] != "" {
			r.Header.Set(c.header[0], c.header[1])
		}
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, r)
		if rec.Code != c.status || (rec.Body.String() == "acme/vault 1") != (c.status == 200) {
			t.Errorf("%s: %d, want %d: %s", name, rec.Code, c.status, rec.Body)
		}
	}
}
