package githubsim_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// jwt is a JSON web token signed by a key.
func jwt(t *testing.T, key *rsa.PrivateKey, header string, claims map[string]any) string {
	t.Helper()
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString(raw)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + enc.EncodeToString(signature)
}

// ask sends one request without a body and gives status, headers and body.
func ask(h http.Handler, method, path, token string) (int, http.Header, string) {
	r := httptest.NewRequest(method, path, http.NoBody)
	r.Header.Set("User-Agent", "test")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Code, rec.Header(), rec.Body.String()
}

const rs256 = `{"alg":"RS256","typ":"JWT"}`

func TestAppsAndTheirTokens(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	clock := sim.NewManual(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	hub := githubsim.New(githubsim.Options{Clock: clock})
	h := hub.Handler()
	for _, err := range []error{
		hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "infra", Private: true}),
		hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "hidden", Private: true}),
		hub.AddApp(githubsim.App{ID: 9, Slug: "parley", Key: &key.PublicKey}),
		hub.AddApp(githubsim.App{ID: 10, Slug: "rival", Key: &other.PublicKey}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	id, err := hub.Install("parley", "acme/infra")
	if err != nil {
		t.Fatal(err)
	}
	now := clock.Now().Unix()
	claims := func(iss any, iat, exp int64) map[string]any {
		return map[string]any{"iss": iss, "iat": now + iat, "exp": now + exp}
	}
	path := fmt.Sprintf("/app/installations/%d/access_tokens", id)
	for name, tc := range map[string]struct {
		path, token string
		status      int
		words       string
	}{
		"good":                 {path, jwt(t, key, rs256, claims("9", -60, 600)), 201, `"token":"ghs_`},
		"a number as issuer":   {path, jwt(t, key, rs256, claims(9, -60, 600)), 201, `"expires_at":"2026-03-01T13:00:00Z"`},
		"another key":          {path, jwt(t, other, rs256, claims("9", -60, 600)), 401, "could not be decoded"},
		"no algorithm":         {path, jwt(t, key, `{"alg":"none"}`, claims("9", -60, 600)), 401, "could not be decoded"},
		"issued in the future": {path, jwt(t, key, rs256, claims("9", 5, 300)), 401, "('iat')"},
		"too long":             {path, jwt(t, key, rs256, claims("9", -60, 601)), 401, "too far in the future"},
		"over":                 {path, jwt(t, key, rs256, claims("9", -600, 0)), 401, "('exp')"},
		"an unknown app":       {path, jwt(t, key, rs256, claims("8", -60, 600)), 404, "Integration not found"},
		"another's":            {path, jwt(t, other, rs256, claims("10", -60, 600)), 404, "Not Found"},
		"nobody":               {path, "", 401, "Requires authentication"},
		"an app in a repo":     {"/repos/acme/infra/issues", jwt(t, key, rs256, claims("9", -60, 600)), 404, "Not Found"},
		"rubbish":              {path, "a.b.c", 401, "could not be decoded"},
	} {
		method := http.MethodPost
		if !strings.HasPrefix(tc.path, "/app") {
			method = http.MethodGet
		}
		if status, _, body := ask(h, method, tc.path, tc.token); status != tc.status || !strings.Contains(body, tc.words) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, _, body := ask(h, "GET", "/app", jwt(t, key, rs256, claims("9", -60, 600))); status != 200 || !strings.Contains(body, `"slug":"parley"`) || !strings.Contains(body, `"installations_count":1`) {
		t.Errorf("GET /app: %d %s", status, body)
	}

	_, _, body := ask(h, "POST", path, jwt(t, key, rs256, claims("9", -60, 600)))
	var got struct{ Token string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	see := func(path string, want int) {
		t.Helper()
		if status, _, body := ask(h, "GET", path, got.Token); status != want {
			t.Errorf("GET %s: %d %s, want %d", path, status, body, want)
		}
	}
	see("/repos/acme/infra/issues", 200)
	see("/repos/acme/hidden/issues", 404)
	see("/user", 403)
	see("/app", 401)
	hub.Suspend(id, true)
	see("/repos/acme/infra/issues", 403)
	hub.Suspend(id, false)
	clock.Advance(59 * time.Minute)
	see("/repos/acme/infra/issues", 200)
	clock.Advance(time.Minute)
	see("/repos/acme/infra/issues", 401)
}

func TestTokenThatEnds(t *testing.T) {
	t.Parallel()
	clock := sim.NewManual(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	hub := githubsim.New(githubsim.Options{Clock: clock})
	if err := hub.AddUser(githubsim.User{Login: "ana", Token: "t"}); err != nil {
		t.Fatal(err)
	}
	if _, h, _ := ask(hub.Handler(), "GET", "/user", "t"); h.Get("GitHub-Authentication-Token-Expiration") != "" {
		t.Error("a token without an end says that it has one")
	}
	if err := hub.ExpireToken("t", clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, h, _ := ask(hub.Handler(), "GET", "/user", "t"); h.Get("GitHub-Authentication-Token-Expiration") != "2026-03-01 13:00:00 UTC" {
		t.Errorf("headers %v", h)
	}
	clock.Advance(time.Hour)
	if status, _, _ := ask(hub.Handler(), "GET", "/user", "t"); status != 401 {
		t.Errorf("an expired token gets %d", status)
	}
}
