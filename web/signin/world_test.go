package signin

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// clock is one that a test turns.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// reader tells each viewer who they are, as the name of the only column.
type reader struct {
	web.Reader
	who view.Viewer
}

func (r reader) Board(context.Context, view.Query) (view.Board, error) {
	return view.Board{
		Write: "on", Units: []view.Named{{Key: "trading", Name: "Trading desk"}}, Priorities: []view.Named{}, Freshness: []view.Fresh{},
		Columns: []view.Column{{Key: "doing", Name: "seen by " + string(r.who.Audience), Cards: []view.Card{}}},
	}, nil
}

func (r reader) Since(context.Context, int64) (view.Delta, error) {
	return view.Delta{Counts: map[string]int{}}, nil
}

// Parties are nobody: no contract is named in the bar.
func (reader) Parties() []view.Named { return nil }

// board is the web server's other half: it takes every intent, and is never ready.
type board struct {
	mu    sync.Mutex
	asked []web.Intent
}

func (b *board) Intend(_ context.Context, in web.Intent) (web.Answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, in)
	return web.Answer{Op: in.Op, State: "sent"}, nil
}

func (b *board) Decide(context.Context, web.Decision) (web.Answer, error) { return web.Answer{}, nil }
func (b *board) Settle(context.Context, web.Settlement) (web.Settled, error) {
	return web.Settled{}, nil
}

func (b *board) Retry(context.Context, web.Retry) (web.Answer, error) { return web.Answer{}, nil }

func (b *board) Undo(context.Context, web.Undo) (web.Answer, error) { return web.Answer{}, nil }

// Deal does nothing.
func (b *board) Challenge(context.Context, web.Challenge) (web.Answer, error) {
	return web.Answer{}, nil
}

func (b *board) Deal(context.Context, web.Deal) (web.Answer, error) { return web.Answer{}, nil }

func (b *board) Ready(context.Context) (bool, []string) {
	return false, []string{"acme/vault was not read"}
}

func (b *board) Watch() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

// logged is a log that can be read.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logged) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// serve makes the board's server with an entrance.
func serve(b *board, clock *clock, log *logged, set func(*web.Options)) http.Handler {
	o := web.Options{
		Readers: func(w view.Viewer) web.Reader { return reader{who: w} }, Intents: b, Signal: b, Health: b,
		PublicURL: "https://board.test", Now: clock.now, Log: log.log(),
	}
	set(&o)
	return web.New(o)
}

// browser keeps cookies, and follows no redirect by itself.
type browser struct {
	t       *testing.T
	h       http.Handler
	peer    string
	header  http.Header
	cookies map[string]*http.Cookie
}

func newBrowser(t *testing.T, h http.Handler) *browser {
	t.Helper()
	return &browser{t: t, h: h, peer: "203.0.113.7:5000", header: http.Header{}, cookies: map[string]*http.Cookie{}}
}

// do sends one request.
func (b *browser) do(method, target, body string) *http.Response {
	b.t.Helper()
	r := httptest.NewRequest(method, "https://board.test/", strings.NewReader(body))
	u, err := r.URL.Parse(target)
	if err != nil {
		b.t.Fatal(err)
	}
	r.URL, r.RequestURI, r.RemoteAddr = u, u.RequestURI(), b.peer
	maps.Copy(r.Header, b.header)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	b.h.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return res
}

func (b *browser) get(target string) (status int, body string) {
	b.t.Helper()
	res := b.do(http.MethodGet, target, "")
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// sees fails unless the board is shown as to an audience.
func (b *browser) sees(as view.Audience) {
	b.t.Helper()
	if status, body := b.get("/"); status != http.StatusOK || !strings.Contains(body, "seen by "+string(as)+"<") {
		b.t.Errorf("GET / is %d, not the board of %s: %.200s", status, as, body)
	}
}

// told fails unless a request is refused with these words.
func (b *browser) told(target string, status int, words string) {
	b.t.Helper()
	if got, body := b.get(target); got != status || !strings.Contains(strings.ToLower(html.UnescapeString(body)), strings.ToLower(words)) {
		b.t.Errorf("GET %s is %d, want %d with %q:\n%s", target, got, status, words, body)
	}
}

// teams are the groups of the tests.
func teams() Groups {
	return Groups{
		{Name: "ops-leads", Audience: view.AudienceOps, Role: kanban.Ops},
		{Name: "developers", Audience: view.AudienceIT, Role: kanban.Developer},
		{Name: "trading", Audience: "unit:trading", Role: kanban.Liaison},
	}
}

// memory is a Memory.
type memory struct {
	mu sync.Mutex
	m  map[string]string
}

func newMemory() *memory { return &memory{m: map[string]string{}} }

func (m *memory) Setting(_ context.Context, key string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[key]
	return v, ok, nil
}

func (m *memory) SetSetting(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.m[key] = value
	return nil
}

func (m *memory) KeepSetting(_ context.Context, key, value string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.m[key]; !ok {
		m.m[key] = value
	}
	return m.m[key], nil
}

func (m *memory) Settings(_ context.Context, prefix string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]string{}
	for k, v := range m.m {
		if strings.HasPrefix(k, prefix) {
			out[k] = v
		}
	}
	return out, nil
}
