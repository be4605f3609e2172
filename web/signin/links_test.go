package signin

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// lobby is a board that hands out links; whoever comes without one is signed in as ops.
type lobby struct {
	*board
	*clock
	*memory
	links *Links
	log   *logged
	h     http.Handler
	known map[view.Audience]bool
}

func newLobby(t *testing.T) *lobby {
	t.Helper()
	l := &lobby{board: &board{}, clock: newClock(), memory: newMemory(), log: &logged{}, known: map[view.Audience]bool{"wall": true, "unit:trading": true}}
	l.links = l.anew()
	l.h = serve(l.board, l.clock, l.log, func(o *web.Options) {
		o.Links, o.Identity = l.links, web.Everybody(view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "ana", Proved: true})
	})
	return l
}

func (l *lobby) anew() *Links {
	return NewLinks(LinkOptions{Memory: l.memory, Known: func(a view.Audience) bool { return l.known[a] }, PublicURL: "https://board.test", Now: l.now})
}

// share makes a link of a day and gives its token.
func (l *lobby) share(t *testing.T, a view.Audience) (link Link, token string) {
	t.Helper()
	link, address, err := l.links.Share(t.Context(), a, "Hall", l.now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	token, ok := strings.CutPrefix(address, "https://board.test/?link=")
	if !ok {
		t.Fatal(address)
	}
	return link, token
}

func TestALinkOpensTheBoardToReadIt(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	link, token := l.share(t, "unit:trading")
	b := newBrowser(t, l.h)
	res := b.do(http.MethodGet, "/sync?unit=trading&link="+token, "")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/sync?unit=trading" {
		t.Fatalf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	c := b.cookies["__Host-parley-link"]
	checkCookie(t, c, "__Host-parley-link")
	if c.MaxAge != 24*60*60 {
		t.Errorf("kept for %d s", c.MaxAge)
	}
	b.sees("unit:trading")
	if _, page := b.get("/"); !strings.Contains(page, "Read-only link") || !strings.Contains(page, ">Trading desk<") || strings.Contains(page, token) || strings.Contains(page, "Sign out") {
		t.Errorf("the page does not say that it is a link's, or repeats it:\n%s", page)
	}
	for _, target := range []string{"/api/v1/cards/c/move", "/api/v1/cards/c/priority", "/card/c/move", "/conflict/c/restore", "/api/v1/conflicts/c/dismiss", "/nothing"} {
		if res := b.do(http.MethodPost, target, `{"to":"done","rev":1}`); res.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s: %d", target, res.StatusCode)
		}
	}
	if len(l.asked) != 0 {
		t.Errorf("%d intents were taken", len(l.asked))
	}
	for _, secret := range []string{token, strings.Split(token, ".")[1]} {
		if strings.Contains(l.log.String(), secret) {
			t.Error("the log holds the token")
		}
		for key, kept := range l.m {
			if strings.Contains(kept, secret) {
				t.Errorf("%s keeps the token", key)
			}
		}
	}
	if link.State(l.now()) != "good" {
		t.Error(link.State(l.now()))
	}
}

// TestALinkNarrows has somebody who is signed in as ops open a link: they see what it
// shows, until they close it.
func TestALinkNarrows(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	_, token := l.share(t, "wall")
	b, other := newBrowser(t, l.h), newBrowser(t, l.h)
	b.sees(view.AudienceOps)
	b.do(http.MethodGet, "/?link="+token, "")
	b.sees(view.AudienceWall)
	other.sees(view.AudienceOps)
	if res := b.do(http.MethodPost, "/signout", ""); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/" {
		t.Errorf("closing: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	b.sees(view.AudienceOps)
}

func TestLinksThatOpenNothing(t *testing.T) {
	t.Parallel()
	const never, ended, revoked, off = "was never made here", "This link ended on 23 November 2026", "This link was taken back", "is not on the board any more"
	sealed := func(key []byte, id, audience string, until time.Time) string {
		return sign(key, ticket{ID: id, Audience: audience, Until: until.Unix()})
	}
	for name, c := range map[string]struct {
		token func(l *lobby, link Link, token string) string
		words string
	}{
		"none":                 {func(*lobby, Link, string) string { return "x" }, never},
		"a dot":                {func(*lobby, Link, string) string { return "." }, never},
		"very long":            {func(_ *lobby, _ Link, tok string) string { return tok + strings.Repeat("A", 10000) }, never},
		"cut off":              {func(_ *lobby, _ Link, tok string) string { return tok[:len(tok)-1] }, never},
		"without a signature":  {func(_ *lobby, _ Link, tok string) string { return strings.Split(tok, ".")[0] + "." }, never},
		"something behind it":  {func(_ *lobby, _ Link, tok string) string { return tok + ".x" }, never},
		"another bit":          {func(_ *lobby, _ Link, tok string) string { return tok[:len(tok)-1] + string(tok[len(tok)-1]^1) }, never},
		"signed by another":    {func(l *lobby, k Link, _ string) string { return sealed(derive("guess"), k.ID, "unit:trading", k.Until) }, never},
		"signed with nothing":  {func(_ *lobby, k Link, _ string) string { return sealed(nil, k.ID, "unit:trading", k.Until) }, never},
		"for another audience": {func(l *lobby, _ Link, tok string) string { return altered(tok, "unit:trading", "wall") }, never},
		"for ops":              {func(l *lobby, _ Link, tok string) string { return altered(tok, "unit:trading", "ops") }, never},
		"prolonged":            {func(l *lobby, _ Link, tok string) string { return altered(tok, "\n1", "\n2") }, never},
		"of another version":   {func(l *lobby, _ Link, tok string) string { return altered(tok, "1\n", "0\n") }, never},
		"another version, ours": {func(l *lobby, k Link, _ string) string {
			t := "2\n" + k.ID + "\nwall\n9999999999"
			return encode([]byte(t)) + "." + encode(mac(l.links.key, t))
		}, never},
		"ended":                   {func(l *lobby, _ Link, tok string) string { l.pass(24 * time.Hour); return tok }, ended},
		"revoked":                 {func(l *lobby, k Link, tok string) string { _, _, _ = l.links.Revoke(t.Context(), k.ID); return tok }, revoked},
		"of a store that is gone": {func(l *lobby, _ Link, tok string) string { clear(l.m); return tok }, revoked},
		"of a unit that is gone":  {func(l *lobby, _ Link, tok string) string { delete(l.known, "unit:trading"); return tok }, off},
		"signed for an audience that was not asked for": {func(l *lobby, k Link, _ string) string { return sealed(l.links.key, k.ID, "wall", k.Until) }, off},
		"for whoever may do more":                       {func(l *lobby, k Link, _ string) string { return sealed(l.links.key, k.ID, "ops", k.Until) }, off},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLobby(t)
			link, good := l.share(t, "unit:trading")
			token := c.token(l, link, good)
			b := newBrowser(t, l.h)
			if res := b.do(http.MethodGet, "/?link="+token, ""); res.StatusCode != http.StatusForbidden || len(b.cookies) != 0 {
				t.Errorf("the address: %d, cookies %v", res.StatusCode, b.cookies)
			}
			b.told("/?link="+token, http.StatusForbidden, c.words)
			// The same as a cookie, which is then forgotten.
			b.cookies["__Host-parley-link"] = &http.Cookie{Name: "__Host-parley-link", Value: token}
			b.told("/api/v1/board", http.StatusForbidden, strings.ToLower(c.words[:1])+c.words[1:])
			if len(b.cookies) != 0 {
				t.Errorf("it is not forgotten: %v", b.cookies)
			}
			b.sees(view.AudienceOps)
			if strings.Contains(l.log.String(), token) && len(token) > 10 {
				t.Error("the log holds the token")
			}
		})
	}
}

// altered changes what a token says, and leaves its signature.
func altered(token, from, to string) string {
	first, proof, _ := strings.Cut(token, ".")
	text, _ := base64.RawURLEncoding.DecodeString(first)
	return encode([]byte(strings.Replace(string(text), from, to, 1))) + "." + proof
}

func TestWhereNoLinkWasMadeNoneOpens(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	b := newBrowser(t, l.h)
	b.told("/?link="+sign(nil, ticket{ID: "x", Audience: "wall", Until: l.now().Add(time.Hour).Unix()}), http.StatusForbidden, "was never made here")
}

func TestWhoComesByALink(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	link, token := l.share(t, "unit:trading")
	r, _ := http.NewRequest(http.MethodGet, "/", http.NoBody)
	r.AddCookie(cookie(linkCookie, token, true, time.Hour))
	want := view.Viewer{Audience: "unit:trading", Role: kanban.Viewer, Name: "Hall (link " + link.ID + ")", Link: true}
	if who, ok, err := l.links.Viewer(r); who != want || !ok || err != nil {
		t.Errorf("%+v %v %v", who, ok, err)
	}
}

// TestATokenIsWrittenOneWay: the last letter of a part has bits that mean nothing, and no
// second text is made of them.
func TestATokenIsWrittenOneWay(t *testing.T) {
	t.Parallel()
	key := derive("secret")
	token := sign(key, ticket{ID: "0123456789abcdef", Audience: "wall", Until: 1})
	first, proof, _ := strings.Cut(token, ".")
	for _, letter := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=\n" {
		for _, other := range []string{first + "." + proof[:len(proof)-1] + string(letter), first[:len(first)-1] + string(letter) + "." + proof, token + string(letter), string(letter) + token} {
			if _, ok := verify(key, other); ok != (other == token) {
				t.Errorf("%q is read: %v", other, ok)
			}
		}
	}
}

func TestTwoCookiesOfALinkAreNone(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	_, token := l.share(t, "wall")
	b := newBrowser(t, l.h)
	b.cookies["a"] = &http.Cookie{Name: "__Host-parley-link", Value: token}
	b.cookies["b"] = &http.Cookie{Name: "__Host-parley-link", Value: token}
	b.told("/api/v1/board", http.StatusForbidden, "was never made here")
}

func TestALostStoreVoidsAllLinks(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	_, token := l.share(t, "wall")
	clear(l.m)
	after := l.anew() // the daemon starts again
	r, _ := http.NewRequest(http.MethodGet, "/", http.NoBody)
	r.AddCookie(cookie(linkCookie, token, true, time.Hour))
	if _, ok, err := after.Viewer(r); ok || err == nil {
		t.Error("a link of the lost store opens the board")
	}
	if _, _, err := after.Share(t.Context(), "wall", "", l.now().AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := after.Viewer(r); ok || err == nil {
		t.Error("a link of the lost store opens the new one")
	}
}

// hasty lets nobody read the secret of links before two have asked for it.
type hasty struct {
	*memory
	both *sync.WaitGroup
}

func (h hasty) Setting(ctx context.Context, key string) (string, bool, error) {
	value, ok, err := h.memory.Setting(ctx, key)
	if key == settingSecret && !ok {
		h.both.Done()
		h.both.Wait()
	}
	return value, ok, err
}

// TestTwoFirstLinksAtOnce: two processes that make the first link at the same moment sign
// with one secret, so that both links open.
func TestTwoFirstLinksAtOnce(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	var both, all sync.WaitGroup
	both.Add(2)
	tokens := make([]string, 2)
	for i := range tokens {
		links := l.anew()
		links.Memory = hasty{l.memory, &both}
		all.Go(func() {
			_, address, err := links.Share(t.Context(), "wall", "", l.now().AddDate(0, 0, 1))
			if err != nil {
				t.Error(err)
			}
			_, tokens[i], _ = strings.Cut(address, "?link=")
		})
	}
	all.Wait()
	for _, token := range tokens {
		r, _ := http.NewRequest(http.MethodGet, "/", http.NoBody)
		r.AddCookie(cookie(linkCookie, token, true, time.Hour))
		if _, ok, err := l.anew().Viewer(r); !ok || err != nil {
			t.Errorf("a link does not open the board: %v", err)
		}
	}
}

func TestLinksAreListed(t *testing.T) {
	t.Parallel()
	l := newLobby(t)
	first, _ := l.share(t, "wall")
	l.pass(time.Hour)
	second, _ := l.share(t, "unit:trading")
	if _, ok, err := l.links.Revoke(t.Context(), first.ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	all, err := l.links.List(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != second.ID || all[1].State(l.now()) != "revoked" || all[0].State(l.now()) != "good" || all[0].State(l.now().AddDate(0, 0, 2)) != "ended" {
		t.Errorf("%+v, %v", all, err)
	}
	when := all[1].Revoked
	l.pass(time.Hour)
	if again, ok, err := l.links.Revoke(t.Context(), first.ID); !ok || err != nil || !again.Revoked.Equal(when) {
		t.Errorf("taken back again: %+v %v %v", again, ok, err)
	}
	if _, ok, err := l.links.Revoke(t.Context(), "none"); ok || err != nil {
		t.Error(ok, err)
	}
}

// TestNoOtherTokenIsRead: whatever is made of a token without the key is not one.
func TestNoOtherTokenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "key")
		made := ticket{ID: rapid.StringMatching(`[0-9a-f]{16}`).Draw(t, "id"), Audience: rapid.StringMatching(`wall|unit:[a-z-]{1,20}`).Draw(t, "audience"), Until: rapid.Int64().Draw(t, "until")}
		token := sign(key, made)
		if got, ok := verify(key, token); !ok || got != made {
			t.Fatalf("%+v is read as %+v, %v", made, got, ok)
		}
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		letter := rapid.StringMatching(`[A-Za-z0-9_.=-]`).Draw(t, "letter")
		changed := token[:at] + letter + token[at+1:]
		if got, ok := verify(key, changed); ok && changed != token {
			t.Fatalf("%q is read as %+v", changed, got)
		}
		other := append([]byte{key[0] ^ 1}, key[1:]...)
		if _, ok := verify(other, token); ok {
			t.Fatal("another key reads it")
		}
	})
}
