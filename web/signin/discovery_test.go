package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/sync/view"
)

func TestAProviderThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	broken := true
	o.oidc.issuer.client = Client(sender(func(r *http.Request) (*http.Response, error) {
		if broken {
			return nil, fmt.Errorf("dial %s: refused", r.URL.Host)
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	b := newBrowser(t, o.h)
	res := b.do(http.MethodGet, "/signin/begin", "")
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	b.told("/signin/begin", http.StatusServiceUnavailable, "cannot be used at the moment; try again in a minute")
	if !strings.Contains(o.log.String(), "cannot be reached") || !strings.Contains(o.log.String(), o.provider.URL) {
		t.Errorf("the log does not say why: %s", o.log)
	}
	broken = false
	b.told("/signin/begin", http.StatusServiceUnavailable, "try again") // not asked again at once
	if len(o.provider.asked) != 0 {
		t.Errorf("asked %v", o.provider.asked)
	}
	o.pass(askAgain)
	b.signIn()
	b.sees(view.AudienceIT)
}

func TestTheProviderIsLookedForUntilItAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log, asked := &logged{}, 0
		doc := `{"issuer":"https://login.test","authorization_endpoint":"https://login.test/a","token_endpoint":"https://login.test/t","jwks_uri":"https://login.test/k"}`
		base := sender(func(r *http.Request) (*http.Response, error) {
			if asked++; asked < 4 {
				return nil, errors.New("no route")
			}
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(doc)), Request: r}, nil
		})
		o, err := NewOIDC(OIDCOptions{Issuer: "https://login.test", Base: base, Now: time.Now, Log: log.log()})
		if err != nil {
			t.Fatal(err)
		}
		o.Prepare(t.Context())
		if n := strings.Count(log.String(), "nobody can sign in"); asked != 4 || n != 1 || !strings.Contains(log.String(), "people can sign in now") || !strings.Contains(log.String(), "no route") {
			t.Errorf("asked %d times, log: %s", asked, log)
		}
		asked = 0
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if o, err = NewOIDC(OIDCOptions{Issuer: "https://login.test", Base: base, Now: time.Now, Log: log.log()}); err != nil {
			t.Fatal(err)
		}
		if o.Prepare(gone); asked != 1 {
			t.Errorf("asked %d times for nobody", asked)
		}
	})
}

// sender is a function that sends requests.
type sender func(*http.Request) (*http.Response, error)

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func TestDiscoverySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  func(doc map[string]any)
		want string
	}{
		"another issuer":  {func(d map[string]any) { d["issuer"] = "https://login.example/tenant" }, `the provider calls itself "https://login.example/tenant"; write it exactly so`},
		"tokens in clear": {func(d map[string]any) { d["token_endpoint"] = "http://login.example/token" }, "has no token_endpoint with https"},
		"keys in clear":   {func(d map[string]any) { d["jwks_uri"] = "http://login.example/keys" }, "has no jwks_uri with https"},
		"no sign-in page": {func(d map[string]any) { delete(d, "authorization_endpoint") }, "has no authorization_endpoint with https"},
		"fine":            {func(map[string]any) {}, ""},
	} {
		p := newProvider(t, time.Now)
		p.clash = c.set
		_, err := Discover(t.Context(), Client(nil), p.URL)
		if got := fmt.Sprint(err); (err == nil) != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"a page":    {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>sign in") }, "has no discovery document"},
		"not there": {http.NotFound, "has no discovery document at /.well-known/openid-configuration: 404"},
		"moved away": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://login.example/", http.StatusFound)
		}, "has no discovery document"},
		"no end": {func(w http.ResponseWriter, _ *http.Request) {
			for err := error(nil); err == nil; {
				_, err = w.Write(make([]byte, 16<<10))
			}
		}, "failed to decode"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t, time.Now)
			p.Config.Handler = c.answer
			_, err := Discover(t.Context(), Client(nil), p.URL)
			if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 400 {
				t.Errorf("%.500v", err)
			}
		})
	}
	if _, err := Discover(t.Context(), Client(nil), "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1 cannot be reached") {
		t.Error(err)
	}
}

// TestTheSecretGoesNowhereElse has the token endpoint send the board on to elsewhere.
func TestTheSecretGoesNowhereElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	reached := make(chan struct{}, 4)
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached <- struct{}{} }))
	t.Cleanup(thief.Close)
	b := newBrowser(t, o.h)
	done := b.begin("/")
	usual := o.provider.Config.Handler
	o.provider.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
			return
		}
		usual.ServeHTTP(w, r)
	})
	b.told(done, http.StatusForbidden, "did not prove who you are")
	select {
	case <-reached:
		t.Error("the board went along")
	default:
	}
}
