package signin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// office is a board with OpenID Connect, and its provider.
type office struct {
	*board
	*clock
	provider *provider
	log      *logged
	oidc     *OIDC
	h        http.Handler
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{board: &board{}, clock: newClock(), log: &logged{}}
	o.provider = newProvider(t, o.now)
	var err error
	if o.oidc, err = NewOIDC(OIDCOptions{
		Issuer: o.provider.URL, ClientID: "parley", ClientSecret: clientSecret, Scopes: []string{"profile"}, GroupsClaim: "groups", Groups: teams(), Contact: "Ana in room 12",
		PublicURL: "https://board.test", Idle: time.Hour, Life: 8 * time.Hour, Now: o.now, Log: o.log.log(),
	}); err != nil {
		t.Fatal(err)
	}
	o.h = serve(o.board, o.clock, o.log, func(w *web.Options) { w.Identity, w.Door = o.oidc, o.oidc })
	return o
}

// begin goes to the provider and back; the answer is where the provider sends the browser.
func (b *browser) begin(back string) (done string) {
	b.t.Helper()
	res := b.do(http.MethodGet, "/signin/begin?return="+url.QueryEscape(back), "")
	if res.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("begin: %d", res.StatusCode)
	}
	return b.provided(res.Header.Get("Location"))
}

func (b *browser) provided(address string) string {
	b.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusFound {
		b.t.Fatalf("the provider answers %d to %s", res.StatusCode, address)
	}
	u, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	return u.RequestURI()
}

// signIn goes all the way.
func (b *browser) signIn() *http.Response {
	b.t.Helper()
	return b.do(http.MethodGet, b.begin("/sync"), "")
}

func TestSignInWithAProvider(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := newBrowser(t, o.h)
	if res := b.do(http.MethodGet, "/card/x?a=1", ""); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/signin?return=%2Fcard%2Fx%3Fa%3D1" {
		t.Errorf("a stranger is sent with %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	status, page := b.get("/signin?return=%2Fcard%2Fx%3Fa%3D1")
	if status != http.StatusOK || !strings.Contains(page, `href="/signin/begin?return=%2fcard%2fx%3fa%3d1"`) || strings.Contains(page, "<script") {
		t.Errorf("the page before the door: %d\n%s", status, page)
	}
	for _, target := range []string{"/api/v1/board", "/api/v1/events", "/api/v1/openapi.json"} {
		b.told(target, http.StatusUnauthorized, `{"error":"sign in to see the board"}`)
	}
	done := b.begin("/sync?unit=trading")
	res := b.do(http.MethodGet, done, "")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/sync?unit=trading" {
		t.Fatalf("after signing in: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	b.sees(view.AudienceIT)
	if _, body := b.get("/"); !strings.Contains(body, ">ana<") || !strings.Contains(body, "IT, developer") || !strings.Contains(body, `action="/signout"`) {
		t.Errorf("the page does not name who is signed in:\n%s", body)
	}
	if res := b.do(http.MethodPost, "/api/v1/cards/c/move", `{"to":"done","rev":1}`); res.StatusCode != http.StatusAccepted {
		t.Errorf("a move is answered %d", res.StatusCode)
	}
	want := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "ana", Proved: true}
	if len(o.asked) != 1 || o.asked[0].By != want {
		t.Errorf("handed on: %+v", o.asked)
	}
	if log := o.log.String(); strings.Contains(log, "code-") || strings.Contains(log, "ACCESS") || strings.Contains(log, clientSecret) {
		t.Errorf("the log tells secrets: %s", log)
	}
}

func TestCookiesOfASignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := newBrowser(t, o.h)
	begun := b.begin("/")
	for _, c := range b.cookies {
		checkCookie(t, c, "__Host-parley-begun")
	}
	b.do(http.MethodGet, begun, "")
	if len(b.cookies) != 1 {
		t.Errorf("cookies %v", slices.Collect(maps.Keys(b.cookies)))
	}
	for _, c := range b.cookies {
		checkCookie(t, c, "__Host-parley-session")
		if c.MaxAge != 0 || !c.Expires.IsZero() {
			t.Errorf("the session outlives the browser: %v", c)
		}
		if strings.Contains(o.log.String(), c.Value) {
			t.Error("the log holds the session's token")
		}
		kept, _ := o.oidc.sessions.Store.(*sessions)
		for key := range kept.all {
			if key == c.Value {
				t.Error("the token itself is kept")
			}
		}
	}
	// In the clear there is no prefix and no Secure: a browser would throw the cookie away.
	for _, c := range []*http.Cookie{cookie("x", "v", false, time.Minute)} {
		if c.Name != "x" || c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 60 {
			t.Errorf("%v", c)
		}
	}
}

func checkCookie(t *testing.T, c *http.Cookie, name string) {
	t.Helper()
	if c.Name != name || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v, want %s with HttpOnly, Secure and SameSite=Lax for this host", c, name)
	}
}

// TestForgedTokens lets the provider answer with what it should not, each time with a
// whole sign-in before it.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	claim := func(key string, value any) func(*office) {
		return func(o *office) {
			o.provider.claim = func(c map[string]any) {
				if c[key] = value; value == nil {
					delete(c, key)
				}
			}
		}
	}
	token := func(change func(o *office, header, claims map[string]any, proof string) string) func(*office) {
		return func(o *office) {
			o.provider.token = func(jwt string) string {
				p := strings.Split(jwt, ".")
				return change(o, unpart(p[0]), unpart(p[1]), p[2])
			}
		}
	}
	noon := newClock().now()
	for name, c := range map[string]struct {
		lie func(*office)
		in  bool
	}{
		"nothing wrong":     {func(*office) {}, true},
		"another audience":  {claim("aud", "other"), false},
		"no audience":       {claim("aud", nil), false},
		"several audiences": {claim("aud", []string{"other", "parley"}), false},
		"issued to another": {claim("azp", "other"), false},
		"issued to us, among others": {func(o *office) {
			o.provider.claim = func(c map[string]any) { c["aud"], c["azp"] = []string{"x", "parley"}, "parley" }
		}, true},
		"another issuer":              {claim("iss", "https://evil.example"), false},
		"another nonce":               {claim("nonce", "xxxxxxxxxxxxxxxxxxxxxxxxxx"), false},
		"no nonce":                    {claim("nonce", nil), false},
		"expired":                     {claim("exp", noon.Add(-2*time.Minute).Unix()), false},
		"expired on a clock ahead":    {claim("exp", noon.Add(-30*time.Second).Unix()), true},
		"no expiry":                   {claim("exp", nil), false},
		"not yet good":                {claim("nbf", noon.Add(10*time.Minute).Unix()), false},
		"good soon, on a clock ahead": {claim("nbf", noon.Add(30*time.Second).Unix()), true},
		"alg none": {token(func(_ *office, _, claims map[string]any, _ string) string {
			return part(map[string]any{"alg": "none"}) + "." + part(claims) + "."
		}), false},
		"alg none with a signature": {token(func(_ *office, _, claims map[string]any, proof string) string {
			return part(map[string]any{"alg": "none"}) + "." + part(claims) + "." + proof
		}), false},
		"signed with the public key": {token(func(o *office, _, claims map[string]any, _ string) string {
			text := part(map[string]any{"alg": "HS256", "kid": "k1"}) + "." + part(claims)
			h := hmac.New(sha256.New, o.provider.key.N.Bytes())
			h.Write([]byte(text))
			return text + "." + encode(h.Sum(nil))
		}), false},
		"changed after signing": {token(func(_ *office, header, claims map[string]any, proof string) string {
			claims["groups"] = []string{"ops-leads"}
			return part(header) + "." + part(claims) + "." + proof
		}), false},
		"another key": {token(func(_ *office, header, claims map[string]any, proof string) string {
			header["kid"] = "k2"
			return part(header) + "." + part(claims) + "." + proof
		}), false},
		"not a token":  {func(o *office) { o.provider.token = func(string) string { return "SECRET-JUNK" } }, false},
		"no token":     {func(o *office) { o.provider.token = func(string) string { return "" } }, false},
		"odd groups":   {claim("groups", 7), false},
		"no group":     {claim("groups", nil), false},
		"other groups": {claim("groups", []string{"staff", "Developers", "developers2"}), false},
		"a text":       {claim("groups", "staff, developers"), true},
		"one text":     {claim("groups", "developers"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c.lie(o)
			b := newBrowser(t, o.h)
			res := b.signIn()
			if c.in {
				b.sees(view.AudienceIT)
				return
			}
			if _, ok := b.cookies["__Host-parley-session"]; ok || res.StatusCode != http.StatusForbidden {
				t.Errorf("let in with %d", res.StatusCode)
			}
			b.told("/api/v1/board", http.StatusUnauthorized, "sign in")
			if strings.Contains(o.log.String(), "SECRET") {
				t.Error(o.log)
			}
		})
	}
}

func TestNoGroupSaysWhomToAsk(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.provider.claim = func(c map[string]any) { c["groups"] = []string{"kitchen"} }
	b := newBrowser(t, o.h)
	b.told(b.begin("/"), http.StatusForbidden, "You are signed in as ana, and none of your groups opens this board; ask Ana in room 12 to add one of them.")
}

func TestTheFirstGroupOfTheConfigurationDecides(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.provider.claim = func(c map[string]any) { c["groups"] = []string{"trading", "developers", "ops-leads"} }
	b := newBrowser(t, o.h)
	b.signIn()
	b.sees(view.AudienceOps)
}

func TestAnswersThatFitNoSignIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	change := func(done, key string, values ...string) string {
		u, err := url.Parse(done)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if q.Del(key); len(values) > 0 {
			q[key] = values
		}
		return u.Path + "?" + q.Encode()
	}
	for name, c := range map[string]struct {
		done   func(b *browser) string
		status int
	}{
		"another state":        {func(b *browser) string { return change(b.begin("/"), "state", "x") }, 400},
		"no state":             {func(b *browser) string { return change(b.begin("/"), "state") }, 400},
		"two states":           {func(b *browser) string { d := b.begin("/"); return d + "&state=x" }, 400},
		"no code":              {func(b *browser) string { return change(b.begin("/"), "code") }, 400},
		"two codes":            {func(b *browser) string { return b.begin("/") + "&code=x" }, 400},
		"another code":         {func(b *browser) string { return change(b.begin("/"), "code", "x") }, 403},
		"another issuer":       {func(b *browser) string { return change(b.begin("/"), "iss", "https://evil.example") }, 400},
		"refused there":        {func(b *browser) string { return change(b.begin("/"), "error", "<script>access_denied") }, 403},
		"begun by another":     {func(b *browser) string { return newBrowser(t, o.h).begin("/") }, 400},
		"begun there and here": {func(b *browser) string { b.begin("/"); return newBrowser(t, o.h).begin("/") }, 400},
		"an older try":         {func(b *browser) string { d := b.begin("/"); b.begin("/"); return d }, 400},
		"too late":             {func(b *browser) string { d := b.begin("/"); expire(b, "__Host-parley-begun"); return d }, 400},
		"a cookie of one's own": {func(b *browser) string {
			d := b.begin("/")
			b.cookies["__Host-parley-begun"].Value = encode([]byte(`{"s":"x"}`))
			return change(d, "state", "x")
		}, 400},
	} {
		b := newBrowser(t, o.h)
		status, body := b.get(c.done(b))
		if strings.Contains(o.log.String(), "SECRET") {
			t.Errorf("%s: the log repeats the provider's answer: %s", name, o.log)
		}
		if status != c.status || len(b.cookies) != 0 || strings.Contains(body, "access_denied") || !strings.Contains(body, "Not this way") {
			t.Errorf("%s: %d, cookies %v\n%s", name, status, b.cookies, body)
		}
	}
	o.pass(time.Minute)
	b := newBrowser(t, o.h)
	done := b.begin("/")
	b.do(http.MethodGet, done, "")
	b.sees(view.AudienceIT)
	b.told(done, http.StatusBadRequest, "begun in another browser") // the same answer again
}

// expire seals again what a browser keeps, with an end that has passed.
func expire(b *browser, name string) {
	seal, _ := newSealer()
	b.cookies[name].Value = seal.seal(begun{})
}

func TestABegunSignInEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := newBrowser(t, o.h)
	done := b.begin("/")
	o.pass(begunAge)
	b.told(done, http.StatusBadRequest, "too long ago")
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for back, want := range map[string]string{
		"/sync?a=b": "/sync?a=b", "/card/acme%2Fshop%231": "/card/acme%2Fshop%231", "/?search=a%26b": "/?search=a%26b", "": "/",
		"//evil.example": "/", "//evil.example/x": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", `/\/evil.example`: "/", "https://evil.example": "/", "https:evil.example": "/", "javascript:alert(1)": "/",
		"/%2Fevil.example": "/", "/%5Cevil.example": "/", "%2F%2Fevil.example": "/", "/\tevil": "/", "/\n/evil.example": "/", "/%0d%0aSet-Cookie:x": "/", "evil.example": "/", "?x": "/", "@evil.example": "/", ".evil.example": "/",
		"/api/v1/board": "/", "/signin?return=/": "/", "/signout": "/", "/?link=TOKEN&unit=a": "/?unit=a", "http://[::1": "/", "/\x00": "/", "//user@evil.example/": "/", "/..//evil.example": "/..//evil.example",
	} {
		b := newBrowser(t, o.h)
		b.peer = fmt.Sprintf("203.0.113.%d:1", len(back)) // each from a place of its own, for the limits
		o.pass(time.Minute)
		res := b.do(http.MethodGet, b.begin(back), "")
		got := res.Header.Get("Location")
		if want == "/..//evil.example" {
			if u, err := url.Parse(got); err != nil || u.Host != "" || strings.HasPrefix(got, "//") {
				t.Errorf("%q leads to %q", back, got)
			}
			continue
		}
		if res.StatusCode != http.StatusSeeOther || got != want {
			t.Errorf("%q leads with %d to %q, want %q", back, res.StatusCode, got, want)
		}
	}
}

func TestASessionThatWasThereBeforeIsNotUsed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b, thief := newBrowser(t, o.h), newBrowser(t, o.h)
	planted := &http.Cookie{Name: "__Host-parley-session", Value: "planted"}
	b.cookies[planted.Name], thief.cookies[planted.Name] = planted, planted
	b.signIn()
	if b.cookies[planted.Name].Value == planted.Value {
		t.Error("the planted token became a session")
	}
	thief.told("/api/v1/board", http.StatusUnauthorized, "sign in")
	// Signing in again, as somebody else, ends what was before.
	old := *b.cookies[planted.Name]
	o.provider.claim = func(c map[string]any) { c["groups"], c["preferred_username"] = "trading", "mia" }
	b.signIn()
	b.sees("unit:trading")
	thief.cookies[planted.Name] = &old
	thief.told("/api/v1/board", http.StatusUnauthorized, "sign in")
}

func TestSigningOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := newBrowser(t, o.h)
	b.signIn()
	stolen := *b.cookies["__Host-parley-session"]
	if res := b.do(http.MethodGet, "/signout", ""); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("an address alone signs out: %d", res.StatusCode)
	}
	b.header.Set("Sec-Fetch-Site", "cross-site")
	if res := b.do(http.MethodPost, "/signout", ""); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site signs out: %d", res.StatusCode)
	}
	b.sees(view.AudienceIT)
	b.header.Del("Sec-Fetch-Site")
	if res := b.do(http.MethodPost, "/signout", ""); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/signin?out" || len(b.cookies) != 0 {
		t.Errorf("signing out: %d to %q, cookies %v", res.StatusCode, res.Header.Get("Location"), b.cookies)
	}
	b.told("/signin?out", http.StatusOK, "You are signed out of this board.")
	b.cookies[stolen.Name] = &stolen
	b.told("/api/v1/board", http.StatusUnauthorized, "sign in")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	b := newBrowser(t, o.h)
	b.signIn()
	for range 9 {
		o.pass(50 * time.Minute) // never idle for an hour
		b.sees(view.AudienceIT)
	}
	o.pass(31 * time.Minute) // 8 h and a minute after it began
	b.told("/api/v1/board", http.StatusUnauthorized, "sign in")

	b.signIn()
	o.pass(50 * time.Minute)
	b.do(http.MethodHead, "/api/v1/events", "") // a page asks by itself: nobody is there
	o.pass(11 * time.Minute)
	b.told("/api/v1/board", http.StatusUnauthorized, "sign in")

	b.signIn()
	o.pass(50 * time.Minute)
	b.header = http.Header{web.AutoHeader: {"1"}} // so does one that follows the board
	b.sees(view.AudienceIT)
	o.pass(11 * time.Minute)
	b.told("/api/v1/board", http.StatusUnauthorized, "sign in")
}

func TestNoMoreSessionsThanThereIsRoomFor(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := newSessions(time.Hour, time.Hour, c.now)
	for i := range mostSessions + 10 {
		if err := s.Commit(fmt.Sprint(i), nil, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, ok, _ := s.Find("0"); !ok {
			t.Fatalf("the session in use was dropped for the %dth", i)
		}
	}
	if _, ok, _ := s.Find("1"); ok || len(s.all) != mostSessions || s.order.Len() != mostSessions {
		t.Errorf("%d sessions", len(s.all))
	}
}

func TestNamesOfPeople(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"preferred_username":"ana","name":"Ana","email":"a@x","email_verified":true}`: "ana",
		`{"name":"Ana","email":"a@x.example","email_verified":true}`:                    "a@x.example",
		`{"name":"Ana","email":"a@x.example","email_verified":"true"}`:                  "a@x.example",
		`{"name":"Ana","email":"boss@x.example"}`:                                       "Ana",
		`{"name":"Ana","email":"boss@x.example","email_verified":false}`:                "Ana",
		`{}`: "u-1",
		`{"preferred_username":"a\u202en\u0000a\n"}`: "ana",
		`{"preferred_username":" \t"}`:               "u-1",
	} {
		var c claims
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if got := c.called("u-1"); got != want {
			t.Errorf("%s is called %q, want %q", text, got, want)
		}
	}
	if got := called(strings.Repeat("é", 500)); got != strings.Repeat("é", longestName) {
		t.Errorf("%d bytes", len(got))
	}
}
