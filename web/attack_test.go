package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parley/sync/view"
)

// hostileDoor and hostileLinks attack with what a provider, a link and the configuration
// say.
type hostileDoor struct{}

func (hostileDoor) Provider() string { return attack }

func (hostileDoor) Begin(http.ResponseWriter, *http.Request, string) (string, error) {
	return "", &Refusal{Status: http.StatusServiceUnavailable, Reason: "x" + attack}
}

func (hostileDoor) Finish(http.ResponseWriter, *http.Request) (string, error) {
	return "https://evil.example/" + attack, nil
}

func (hostileDoor) Leave(http.ResponseWriter, *http.Request) error { return errors.New(attack) }

// hostileGuest is somebody whose name, audience and role are attacks.
func hostileGuest(link bool) view.Viewer {
	return view.Viewer{Name: attack, Audience: view.UnitAudience(attack), Role: attack, Proved: !link, Link: link}
}

// fort is a besieged board with a hostile reader.
func fort(link bool) http.Handler {
	w := newWorld()
	besiege(w)
	return New(Options{Readers: same(w), Identity: Everybody(hostileGuest(link)), Door: hostileDoor{}, Intents: w, Signal: w, Health: w, PublicURL: "http://example.com"})
}

// everyPage are addresses of all pages, with an attack in each of their parts that
// somebody else can choose.
func everyPage() map[string]int {
	q := url.Values{}
	for _, key := range []string{"unit", "turn", "priority", "search", "column", "after", "wall", "return", "group", "since", "cursor"} {
		q.Set(key, attack)
	}
	in := "?" + q.Encode()
	return map[string]int{
		"/" + in: 200, "/?limit=" + urlEscaped(attack): 400, "/card/PAY-1" + in: 404, "/card/" + string(cardN(1).ID) + in: 200, "/card/" + url.PathEscape(attack): 200, "/sync" + in: 200, "/" + url.PathEscape(attack): 404,
		"/signin" + in: 200, "/signin?out&return=" + urlEscaped(attack): 200, "/signin/begin" + in: 503, "/signout" + in: 405,
	}
}

func TestNoPageIsMadeOfWhatOthersSay(t *testing.T) {
	t.Parallel()
	for _, link := range []bool{false, true} {
		h := fort(link)
		for target, status := range everyPage() {
			rec := ask(h, http.MethodGet, target, "")
			if rec.Code != status {
				t.Errorf("%s: %d, want %d", target, rec.Code, status)
			}
			if kind := rec.Header().Get("Content-Type"); strings.HasPrefix(kind, "text/plain") && rec.Header().Get("X-Content-Type-Options") == "nosniff" {
				continue // browsers show it as it is
			} else if !strings.HasPrefix(kind, "text/html") {
				t.Errorf("%s is %q", target, kind)
			}
			if found := markup(rec.Body.String()); found != "" {
				t.Errorf("%s: an attack became markup: %q", target, found)
			}
		}
		html := page(t, h, "/", http.StatusOK)
		for _, class := range []string{`class="guest-name" title=`, `class="guest-role"`} {
			_, after, ok := strings.Cut(html, class)
			if shown, _, ends := strings.Cut(after, "</span>"); !ok || !ends || !strings.Contains(shown, "&lt;script&gt;alert(1)") {
				t.Errorf("%s does not show what this test thinks: %.300q", class, after)
			}
		}
	}
}

func TestNoJSONIsMarkup(t *testing.T) {
	t.Parallel()
	h := fort(false)
	a := urlEscaped(attack)
	for _, target := range []string{
		"/api/v1/board", "/api/v1/board?unit=" + a + "&search=" + a, "/api/v1/board?limit=" + a, "/api/v1/cards?after=" + a, "/api/v1/cards", "/api/v1/cards?limit=" + a, "/api/v1/cards/" + string(cardN(1).ID),
		"/api/v1/cards/" + string(cardN(1).ID) + "/explain", "/api/v1/cards/" + url.PathEscape(attack), "/api/v1/plan", "/api/v1/conflicts", "/api/v1/activity", "/api/v1/activity?before=" + a, "/api/v1/events?since=" + a,
		"/api/v1/" + url.PathEscape(attack), "/api/" + url.PathEscape(attack), "/api/v1/openapi.json", "/readyz", "/healthz",
	} {
		rec := ask(h, http.MethodGet, target, "")
		if kind := rec.Header().Get("Content-Type"); kind != "application/json" || rec.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is %q", target, kind)
		}
		if body := rec.Body.String(); !json.Valid([]byte(body)) || target != "/api/v1/openapi.json" && strings.ContainsAny(body, "<>") {
			t.Errorf("%s could be taken for markup: %.300s", target, body)
		}
	}
	for _, body := range []string{`{"to":"` + strings.ReplaceAll(attack, `"`, `\"`) + `","rev":1}`, `{"` + strings.ReplaceAll(attack, `"`, `\"`) + `":1}`, attack} {
		rec := ask(h, http.MethodPost, "/api/v1/cards/"+url.PathEscape(attack)+"/move", body)
		if strings.ContainsAny(rec.Body.String(), "<>") || rec.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s is answered %s", body, rec.Body)
		}
	}
}

func TestNoAddressLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	clashes := clash("x1", "open", cardN(1))
	w.clashes = []view.Clash{clashes}
	h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Door: hostileDoor{}, Links: anyLink{}, Intents: w, Signal: w, Health: w, PublicURL: "http://example.com"})
	var answers []*httptest.ResponseRecorder
	for _, target := range []string{
		"//evil.example/", "//evil.example/%2e%2e", "/%2Fevil.example/", `/\evil.example/`, "///evil.example", "/.//evil.example", "/signin/done", "//evil.example/?link=t", "/%2F/evil.example/?link=t", "/%5Cevil.example?link=t", "/?link=t&x=//evil.example",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.RequestURI = u, target
		answers = append(answers, serve(h, r))
	}
	for _, id := range []string{"PAY-1", "%2F%2Fevil.example", "%5C%5Cevil.example"} {
		answers = append(answers, form(h, "/card/"+id+"/move", "to=build&rev=1"))
	}
	answers = append(answers, form(h, "/conflict/x1/dismiss", "card=//evil.example"), form(h, "/conflict/x1/restore", `card=\\evil.example`), form(h, "/signout", ""))
	redirects := 0
	for _, rec := range answers {
		to := rec.Header().Get("Location")
		if to == "" {
			continue
		}
		redirects++
		if u, err := url.Parse(to); err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || !strings.HasPrefix(to, "/") {
			t.Errorf("leads to %q", to)
		}
	}
	if redirects < 10 {
		t.Errorf("only %d of %d lead anywhere: this test does not try what it thinks", redirects, len(answers))
	}
}

// anyLink takes every token.
type anyLink struct{}

func (anyLink) Open(http.ResponseWriter, *http.Request, string) error { return nil }
func (anyLink) Viewer(*http.Request) (view.Viewer, bool, error)       { return view.Viewer{}, false, nil }
func (anyLink) Close(http.ResponseWriter)                             {}

func TestPathsLeadToNoFile(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	for _, at := range []string{"/static/", "/card/", "/api/v1/cards/", "/", "/hooks/jira/"} {
		for _, up := range []string{"..%2f..%2fconfig.toml", "%2e%2e/%2e%2e/config.toml", "..%5c..%5cconfig.toml", "..;/config.toml", "%2fetc%2fpasswd", "....//config.toml", "%252e%252e%252fconfig.toml", "config.toml%00.svg", "parley.db"} {
			rec := ask(h, http.MethodGet, at+up, "")
			for hops := 0; rec.Code/100 == 3 && hops < 5; hops++ {
				rec = ask(h, http.MethodGet, rec.Header().Get("Location"), "")
			}
			if body := rec.Body.String(); rec.Code != http.StatusNotFound && rec.Code != http.StatusBadRequest || strings.Contains(body, "[server]") || strings.Contains(body, "root:") || strings.Contains(body, "SQLite") {
				t.Errorf("%s%s: %d %.80q", at, up, rec.Code, body)
			}
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := w.handler()
	long := strings.Repeat("x", maxBody)
	for _, target := range []string{"/api/v1/cards/PAY-1/move", "/api/v1/cards/PAY-1/priority", "/api/v1/conflicts/x/restore", "/api/v1/conflicts/x/dismiss"} {
		if rec := ask(h, http.MethodPost, target, `{"op":"`+long+`"}`); rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "longer than") {
			t.Errorf("%s: %d %.100s", target, rec.Code, rec.Body)
		}
	}
	for _, target := range []string{"/card/PAY-1/move", "/card/PAY-1/priority", "/conflict/x/restore", "/conflict/x/dismiss"} {
		if rec := form(h, target, "to=build&rev=1&op=a&x="+long); rec.Code == http.StatusSeeOther {
			t.Errorf("%s: taken with %d", target, rec.Code)
		}
	}
	if len(w.asked) != 0 || len(w.decided) != 0 {
		t.Errorf("taken: %v %v", w.asked, w.decided)
	}
}
