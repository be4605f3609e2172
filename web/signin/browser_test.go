package signin

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/web"
	"parley/web/webtest"
)

// TestSignInInABrowser signs in, is signed out from elsewhere, signs in again and out, in
// a real browser: its rules for cookies, redirects and forms are not ours.
func TestSignInInABrowser(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	ctx, cancel := context.WithTimeout(browser, time.Minute)
	t.Cleanup(cancel)
	var h http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	clock, log := newClock(), &logged{}
	p := newProvider(t, clock.now)
	p.board = srv.URL
	oidc, err := NewOIDC(OIDCOptions{
		Issuer: p.URL, ClientID: "parley", ClientSecret: clientSecret, GroupsClaim: "groups", Groups: teams(), PublicURL: srv.URL, Idle: time.Hour, Life: time.Hour, Now: clock.now, Log: log.log(),
	})
	if err != nil {
		t.Fatal(err)
	}
	h = serve(&board{}, clock, log, func(o *web.Options) { o.Identity, o.Door, o.PublicURL = oidc, oidc, srv.URL })
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	until := func(expression string) {
		t.Helper()
		tick := time.NewTicker(30 * time.Millisecond)
		defer tick.Stop()
		for {
			if is, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && is { // a page that is left fails
				return
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				t.Fatalf("waiting for %s; log: %s", expression, log)
			}
		}
	}
	click := func(selector string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(document.querySelector("`+selector+`").click(), true)`)); err != nil {
			t.Fatal(err)
		}
	}
	const out, in = `location.pathname === "/signin" && document.querySelector(".go")`, `document.querySelector(".guest-name")?.textContent === "ana"`
	do(chromedp.Navigate(srv.URL + "/?unit=trading"))
	until(out)
	click(".go")
	until(in)
	until(`location.search === "?unit=trading" && document.querySelector(".stream")?.dataset.stream === "live"`)

	clock.pass(2 * time.Hour) // the sign-in is over; the stream breaks and comes back
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(dispatchEvent(new Event("offline")), dispatchEvent(new Event("online")), true)`)); err != nil {
		t.Fatal(err)
	}
	until(out)
	click(".go")
	until(in)
	click(".guest button")
	until(`document.querySelector("h1")?.textContent === "Signed out"`)
	do(chromedp.Navigate(srv.URL + "/"))
	until(out)
}
