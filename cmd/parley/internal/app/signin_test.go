package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/cmd/parley/internal/config"
	"parley/sync/view"
	"parley/web"
)

// listening is a listener at an address, for asking where it listens.
type listening struct {
	net.Listener
	at net.IP
}

func (l listening) Addr() net.Addr { return &net.TCPAddr{IP: l.at, Port: 8080} }

func TestNobodyElseReachesABoardWithoutSignIn(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	for at, here := range map[string]bool{"127.0.0.1": true, "127.3.2.1": true, "::1": true, "0.0.0.0": false, "::": false, "10.0.0.1": false, "fe80::1": false} {
		for _, auth := range []string{"none", "proxy", "oidc"} {
			a.Config.Server.Auth = auth
			if err := a.onlyHere(listening{at: net.ParseIP(at)}); (err == nil) != (here || auth != "none") {
				t.Errorf("%s with %s: %v", at, auth, err)
			}
		}
	}
	a.Config.Server.Auth = "none"
	// A name may stand for another address than the configuration knew.
	a.Config.Server.Listen = "0.0.0.0:0"
	if l, err := a.Listen(t.Context()); !errors.Is(err, errOpen) {
		t.Errorf("listens at %v", l.Addr())
	}
	if err := a.Run(t.Context(), listening{at: net.ParseIP("0.0.0.0")}); !errors.Is(err, errOpen) {
		t.Errorf("serves: %v", err)
	}
}

func TestWhereAProxyMayAskForOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server config.Server
		passes bool
	}{
		"nobody signs in":               {config.Server{Auth: "none", Listen: "127.0.0.1:80", PublicURL: "http://127.0.0.1"}, false},
		"a proxy here":                  {config.Server{Auth: "proxy", Listen: "127.0.0.1:80", PublicURL: "https://b.test", Proxy: config.Proxy{Trusted: []string{"127.0.0.1/32"}}}, true},
		"a proxy here, by IPv6":         {config.Server{Auth: "proxy", Listen: "[::1]:80", PublicURL: "https://b.test", Proxy: config.Proxy{Trusted: []string{"::1/128"}}}, true},
		"a wide range":                  {config.Server{Auth: "proxy", Listen: "0.0.0.0:80", PublicURL: "https://b.test", Proxy: config.Proxy{Trusted: []string{"0.0.0.0/1"}}}, true},
		"a proxy elsewhere":             {config.Server{Auth: "proxy", Listen: "0.0.0.0:80", PublicURL: "https://b.test", Proxy: config.Proxy{Trusted: []string{"10.0.0.0/8"}}}, false},
		"OpenID Connect behind one":     {config.Server{Auth: "oidc", Listen: "127.0.0.1:80", PublicURL: "https://b.test"}, true},
		"OpenID Connect in a container": {config.Server{Auth: "oidc", Listen: "0.0.0.0:80", PublicURL: "https://b.test"}, false},
		"a proxy that is not used":      {config.Server{Auth: "oidc", Listen: "0.0.0.0:80", PublicURL: "https://b.test", Proxy: config.Proxy{Trusted: []string{"127.0.0.1/32"}}}, false},
		"OpenID Connect, tried here":    {config.Server{Auth: "oidc", Listen: "127.0.0.1:80", PublicURL: "http://localhost"}, false},
	} {
		if got := passesOn(c.server); got != c.passes {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// proxied has a board behind a proxy at 10.0.0.1, with one group.
func proxied(t *testing.T) (*App, http.Handler) {
	t.Helper()
	a, _ := stored(t)
	a.Config.Unit = []config.Unit{{Key: "trading", Name: "Trading"}}
	a.Config.Server.Auth, a.Config.Server.PublicURL = "proxy", "https://board.test"
	a.Config.Server.Proxy = config.Proxy{UserHeader: "X-User", GroupsHeader: "X-Groups", Trusted: []string{"10.0.0.1/32"}, Groups: []config.Group{{Group: "leads", Audience: "ops", Role: "ops"}}}
	in, err := a.entrance()
	if err != nil {
		t.Fatal(err)
	}
	return a, a.handler(t.Context(), in)
}

// from sends a GET from somewhere with cookies.
func from(h http.Handler, target, peer string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "https://board.test"+target, http.NoBody)
	r.RemoteAddr, r.Header = peer, header
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestSignInAsConfigured(t *testing.T) {
	t.Parallel()
	_, h := proxied(t)
	lead := http.Header{"X-User": {"ana"}, "X-Groups": {"leads"}}
	if rec := from(h, "/api/v1/cards", "10.0.0.1:5", lead); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "Rotate keys") {
		t.Errorf("by the proxy: %d %s", rec.Code, rec.Body)
	}
	for _, target := range []string{"/", "/sync", "/api/v1/cards", "/api/v1/board", "/api/v1/events", "/metrics", "/card/acme%2Finfra%237", "/api/v1/activity", "/api/v1/plan"} {
		rec := from(h, target, "10.0.0.2:5", lead)
		if body := rec.Body.String(); rec.Code != http.StatusUnauthorized && rec.Code != http.StatusForbidden || strings.Contains(body, "Rotate") || strings.Contains(body, "infra") {
			t.Errorf("%s past the proxy: %d %s", target, rec.Code, body)
		}
	}
}

// TestALinkOverTheStore makes and takes back a link as the command line does, beside the
// running board.
func TestALinkOverTheStore(t *testing.T) {
	t.Parallel()
	a, h := proxied(t)
	cli := a.Links() // of another process
	link, address, err := cli.Share(t.Context(), "unit:trading", "Desk", a.Now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	target := strings.TrimPrefix(address, "https://board.test")
	rec := from(h, target, "203.0.113.7:5", http.Header{})
	if rec.Code != http.StatusSeeOther || len(rec.Result().Cookies()) != 1 {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	c := rec.Result().Cookies()[0]
	with := http.Header{"Cookie": {c.Name + "=" + c.Value}}
	body := from(h, "/api/v1/cards", "203.0.113.7:5", with)
	if body.Code != http.StatusOK || strings.Contains(body.Body.String(), "Rotate keys") || !strings.Contains(body.Body.String(), `"masked":true`) {
		t.Errorf("the unit's link shows another's card: %d %s", body.Code, body.Body)
	}
	forged := http.Header{"Cookie": with["Cookie"], "X-User": {"ana"}, "X-Groups": {"leads"}}
	if rec := from(h, "/api/v1/cards", "203.0.113.7:5", forged); strings.Contains(rec.Body.String(), "Rotate keys") {
		t.Error("headers beside a link are believed")
	}
	if _, ok, err := cli.Revoke(t.Context(), link.ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if rec := from(h, "/api/v1/cards", "203.0.113.7:5", with); rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), "this link was taken back") {
		t.Errorf("taken back: %d %s", rec.Code, rec.Body)
	}
}

func TestCheckAsksTheProvider(t *testing.T) {
	t.Parallel()
	doc := `{"issuer":"%[1]s","authorization_endpoint":"%[1]s/a","token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/k"}`
	var srv *httptest.Server
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, doc, srv.URL)
	}))
	defer srv.Close()
	check := func(auth, issuer string) string {
		found := CheckSignIn(t.Context(), Options{Config: &config.Config{Server: config.Server{Auth: auth, OIDC: config.OIDC{Issuer: issuer}}}})
		if len(found) == 0 {
			return ""
		}
		return found[0].Path + ": " + found[0].Message
	}
	for issuer, want := range map[string]string{
		srv.URL: "", srv.URL + "/": "server.oidc.issuer: the provider calls itself", "http://127.0.0.1:1": "server.oidc.issuer: 127.0.0.1:1 cannot be reached",
	} {
		if got := check("oidc", issuer); (got == "") != (want == "") || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", issuer, got, want)
		}
	}
	if got := check("none", "http://127.0.0.1:1"); got != "" {
		t.Errorf("asked without need: %s", got)
	}
}

func TestEntrances(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	a.Log = slog.New(slog.DiscardHandler)
	a.Config.Server.OIDC = config.OIDC{Issuer: "https://login.test", ClientID: "parley"}
	for auth, door := range map[string]bool{"none": false, "proxy": false, "oidc": true} {
		a.Config.Server.Auth = auth
		in, err := a.entrance()
		var o web.Options
		if in.let(&o); err != nil || o.Identity == nil || (o.Door != nil) != door {
			t.Errorf("%s: %+v, %v", auth, o, err)
		}
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", http.NoBody)
	a.Config.Server.Auth = "none"
	in, _ := a.entrance()
	if who, err := in.identity.Viewer(r); err != nil || who != view.Somebody() {
		t.Errorf("%+v, %v", who, err)
	}
	a.Config.Server.Auth = "other"
	if _, err := a.entrance(); err == nil {
		t.Error("an unknown one lets in")
	}
}
