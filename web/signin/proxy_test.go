package signin

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"parley/sync/view"
	"parley/web"
)

// behind is a board behind a proxy at 10.1.0.0/16 and fd00::/64.
func behind(t *testing.T) (*browser, *board, *logged) {
	t.Helper()
	b, log, clock := &board{}, &logged{}, newClock()
	proxy := NewProxy(ProxyOptions{
		UserHeader: "X-Forwarded-User", GroupsHeader: "X-Forwarded-Groups", Groups: teams(), Contact: "Ana in room 12", Now: clock.now, Log: log.log(),
		Trusted: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/64")},
	})
	return newBrowser(t, serve(b, clock, log, func(o *web.Options) { o.Identity = proxy })), b, log
}

func TestWhatTheProxySays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		peer   string
		users  []string
		groups []string
		as     view.Audience
		status int
		words  string
	}{
		"a developer":               {"10.1.2.3:9", []string{"ana"}, []string{"developers"}, "it", 200, ""},
		"of several groups":         {"10.1.2.3:9", []string{"ana"}, []string{"staff, trading ,developers"}, "it", 200, ""},
		"order of the config":       {"10.1.2.3:9", []string{"ana"}, []string{"trading,ops-leads"}, "ops", 200, ""},
		"a unit":                    {"10.1.2.3:9", []string{"mia"}, []string{"trading"}, "unit:trading", 200, ""},
		"by IPv6":                   {"[fd00::7]:9", []string{"mia"}, []string{"trading"}, "unit:trading", 200, ""},
		"IPv4 in IPv6":              {"[::ffff:10.1.2.3]:9", []string{"mia"}, []string{"trading"}, "unit:trading", 200, ""},
		"no group of ours":          {"10.1.2.3:9", []string{"ana"}, []string{"kitchen,Developers,developers x"}, "", 403, "none of your groups opens this board; ask Ana in room 12"},
		"no groups":                 {"10.1.2.3:9", []string{"ana"}, nil, "", 403, "none of your groups opens this board"},
		"nobody":                    {"10.1.2.3:9", nil, []string{"ops-leads"}, "", 401, "say once who you are"},
		"an empty name":             {"10.1.2.3:9", []string{""}, []string{"ops-leads"}, "", 401, "sign in there first"},
		"a blank name":              {"10.1.2.3:9", []string{" \u200b"}, []string{"ops-leads"}, "", 401, "sign in there first"},
		"two names":                 {"10.1.2.3:9", []string{"ana", "root"}, []string{"ops-leads"}, "", 401, "say once who you are"},
		"groups from two hands":     {"10.1.2.3:9", []string{"ana"}, []string{"kitchen", "ops-leads"}, "", 401, "say once who you are"},
		"from outside":              {"203.0.113.7:9", []string{"root"}, []string{"ops-leads"}, "", 401, "open the board by the address that signs you in"},
		"from outside, no headers":  {"203.0.113.7:9", nil, nil, "", 401, "open the board by the address that signs you in"},
		"next to the range":         {"10.2.0.1:9", []string{"root"}, []string{"ops-leads"}, "", 401, "open the board"},
		"another IPv6 network":      {"[fd00:0:0:1::7]:9", []string{"root"}, []string{"ops-leads"}, "", 401, "open the board"},
		"an address without a port": {"10.1.2.3", []string{"root"}, []string{"ops-leads"}, "", 401, "open the board"},
		"a peer that is no address": {"@", []string{"root"}, []string{"ops-leads"}, "", 401, "open the board"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, taken, _ := behind(t)
			b.peer, b.header["X-Forwarded-User"], b.header["X-Forwarded-Groups"] = c.peer, c.users, c.groups
			b.header["X-Forwarded-For"], b.header["X-Real-Ip"], b.header["Forwarded"] = []string{"10.1.2.3"}, []string{"10.1.2.3"}, []string{"for=10.1.2.3"}
			if c.status == http.StatusOK {
				b.sees(c.as)
				return
			}
			b.told("/", c.status, c.words)
			b.told("/api/v1/board", c.status, "error")
			if res := b.do(http.MethodPost, "/api/v1/cards/c/move", `{"to":"done","rev":1}`); res.StatusCode != c.status || len(taken.asked) != 0 {
				t.Errorf("a move is answered %d, %d taken", res.StatusCode, len(taken.asked))
			}
		})
	}
}

func TestForgedHeadersAreLoggedWithoutWhatTheySay(t *testing.T) {
	t.Parallel()
	b, _, log := behind(t)
	b.header.Set("X-Forwarded-User", "SECRET-USER")
	b.header.Set("X-Forwarded-Groups", "SECRET-GROUP")
	for range 50 {
		b.told("/", http.StatusUnauthorized, "here nobody says who you are")
	}
	text := log.String()
	if n := strings.Count(text, "do not come from the proxy"); n < 1 || n > 10 || !strings.Contains(text, "203.0.113.7") {
		t.Errorf("logged %d times:\n%s", n, text)
	}
	if strings.Contains(text, "SECRET") {
		t.Error("the log repeats what was forged")
	}
	b.header = http.Header{}
	before := log.String()
	if b.told("/", http.StatusUnauthorized, "nobody says"); log.String() != before {
		t.Error("a stranger without headers is logged")
	}
}

func TestOtherSitesCannotUseAProxysSignIn(t *testing.T) {
	t.Parallel()
	b, taken, _ := behind(t)
	b.peer = "10.1.2.3:9"
	b.header.Set("X-Forwarded-User", "ana")
	b.header.Set("X-Forwarded-Groups", "ops-leads")
	for key, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		b.header.Set(key, value)
		if res := b.do(http.MethodPost, "/api/v1/cards/c/move", `{"to":"done","rev":1}`); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", key, res.StatusCode)
		}
		b.header.Del(key)
	}
	if len(taken.asked) != 0 {
		t.Errorf("%d intents were taken", len(taken.asked))
	}
	if res := b.do(http.MethodPost, "/api/v1/cards/c/move", `{"to":"done","rev":1}`); res.StatusCode != http.StatusAccepted || taken.asked[0].By.Name != "ana" {
		t.Errorf("the board itself: %d", res.StatusCode)
	}
}

func TestReadinessTellsOutsidersNothing(t *testing.T) {
	t.Parallel()
	b, _, _ := behind(t)
	b.told("/healthz", http.StatusOK, `{"ok":true}`)
	b.told("/readyz", http.StatusServiceUnavailable, `{"ready":false,"reasons":[]}`)
	b.peer = "10.1.2.3:9"
	b.header.Set("X-Forwarded-User", "mia")
	b.header.Set("X-Forwarded-Groups", "trading")
	b.told("/readyz", http.StatusServiceUnavailable, `{"ready":false,"reasons":[]}`)
	b.header.Set("X-Forwarded-Groups", "developers")
	b.told("/readyz", http.StatusServiceUnavailable, "acme/vault was not read")
}
