package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// person is somebody who is signed in.
func person(name string) view.Viewer {
	return view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: name, Proved: true}
}

// byHeader takes everybody for whom they say they are.
type byHeader struct{}

func (byHeader) Viewer(r *http.Request) (view.Viewer, error) {
	switch name := r.Header.Get("Who"); name {
	case "":
		return view.Somebody(), nil
	case "wall":
		return view.Viewer{Audience: view.AudienceWall, Name: "wall", Link: true}, nil
	default:
		return person(name), nil
	}
}

// strict is a board with small limits.
func strict(now func() time.Time) http.Handler {
	w := newWorld()
	w.put(cardN(1))
	return New(Options{Readers: same(w), Identity: byHeader{}, Intents: w, Signal: w, Health: w, Now: now, Limits: Limits{
		Reads: Pace{1, 5}, Intents: Pace{0.5, 2}, SignIns: Pace{1, 3}, Streams: 4, OwnStreams: 2, OneLink: 3,
	}})
}

// as sends a request in somebody's name, from somewhere.
func as(h http.Handler, who, peer, method, target, body string) *httptest.ResponseRecorder {
	r := request(method, target, body)
	r.Host, r.RemoteAddr = "localhost", peer
	r.Header.Set("Who", who)
	return serve(h, r)
}

func TestWhoAsksTooOftenWaits(t *testing.T) {
	t.Parallel()
	at := noon
	h := strict(func() time.Time { return at })
	const here, there = "203.0.113.1:1", "203.0.113.2:1"
	move := `{"to":"done","rev":3}`
	for i := range 5 {
		if rec := as(h, "ana", here, "GET", "/api/v1/board", ""); rec.Code != 200 {
			t.Fatalf("request %d: %d", i, rec.Code)
		}
	}
	rec := as(h, "ana", there, "GET", "/api/v1/board", "") // from wherever she asks
	if rec.Code != 429 || rec.Header().Get("Retry-After") != "1" || !strings.Contains(rec.Body.String(), `{"error":"too many requests at once; try again in 1 s"}`) {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if rec := as(h, "ana", here, "GET", "/", ""); rec.Code != 429 || !strings.Contains(rec.Body.String(), "Too many requests at once; try again in 1 s.") {
		t.Errorf("a page: %d %s", rec.Code, rec.Body)
	}
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"another person":         as(h, "bo", here, "GET", "/api/v1/board", ""),
		"nobody in particular":   as(h, "", here, "GET", "/api/v1/board", ""),
		"what pages are made of": as(h, "ana", here, "GET", "/static/mark.svg", ""),
		"whether it lives":       as(h, "ana", here, "GET", "/healthz", ""),
	} {
		if rec.Code != 200 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	for i, want := range []int{202, 202, 429} {
		if rec := as(h, "ana", here, "POST", "/api/v1/cards/PAY-1/move", move); rec.Code != want || want == 429 && rec.Header().Get("Retry-After") != "2" {
			t.Errorf("move %d: %d, want %d %v", i, rec.Code, want, rec.Header())
		}
	}
	at = at.Add(2 * time.Second)
	for i, want := range []int{200, 200, 429} {
		if rec := as(h, "ana", here, "GET", "/api/v1/board", ""); rec.Code != want {
			t.Errorf("later, %d: %d, want %d", i, rec.Code, want)
		}
	}
	if rec := as(h, "ana", here, "POST", "/card/PAY-1/move", ""); rec.Code == 429 {
		t.Error("the pace of moves does not recover")
	}
}

// ended is a link that opens nothing any more; it counts how often it is asked.
type ended struct {
	anyLink
	asked atomic.Int32
}

func (e *ended) Viewer(*http.Request) (view.Viewer, bool, error) {
	e.asked.Add(1)
	return view.Viewer{}, false, &Refusal{Status: http.StatusForbidden, Reason: "this link was taken back"}
}

// nobody knows no one.
type nobody struct{}

func (nobody) Viewer(*http.Request) (view.Viewer, error) {
	return view.Viewer{}, &Refusal{Status: http.StatusUnauthorized, Reason: "sign in"}
}

func TestWhoIsTurnedAwayWaitsToo(t *testing.T) {
	t.Parallel()
	w, gone := newWorld(), &ended{}
	options := Options{Readers: same(w), Identity: nobody{}, Intents: w, Signal: w, Health: w, Now: func() time.Time { return noon }, Limits: Limits{Reads: Pace{1, 3}, Intents: Pace{1, 2}}}
	unknown := New(options)
	options.Links = gone
	for name, c := range map[string]struct {
		h    http.Handler
		want int
	}{"nobody signed in": {unknown, http.StatusUnauthorized}, "a link that was taken back": {New(options), http.StatusForbidden}} {
		for n, x := range []struct{ method, target, from string }{
			{"GET", "/api/v1/board", "203.0.113.1:1"}, {"GET", "/", "203.0.113.1:2"}, {"GET", "/sync", "203.0.113.1:3"}, {"GET", "/api/v1/board", "203.0.113.1:4"}, {"GET", "/", "203.0.113.2:1"},
			{"POST", "/api/v1/cards/PAY-1/move", "203.0.113.1:1"}, {"POST", "/card/PAY-1/move", "203.0.113.1:1"}, {"POST", "/api/v1/cards/PAY-1/undo", "203.0.113.1:1"},
		} {
			want := c.want
			if n == 3 || n == 7 {
				want = http.StatusTooManyRequests
			}
			if rec := as(c.h, "", x.from, x.method, x.target, ""); rec.Code != want {
				t.Errorf("%s, request %d: %d, want %d", name, n, rec.Code, want)
			}
		}
	}
	if n := gone.asked.Load(); n != 8 {
		t.Errorf("the link was looked at %d times in 8 requests", n)
	}
}

func TestFiguresHaveAPaceOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/flow", "/flow.csv?table=types", "/flow/cards?list=work", "/flow/cards.csv?list=work", "/workload", "/workload.csv?table=fires", "/api/v1/flow", "/api/v1/flow/cards?list=work", "/api/v1/workload"} {
		w := flowWorld("TRD-1")
		h := New(Options{
			Readers: same(w), Identity: byHeader{}, Intents: w, Signal: w, Health: w, Now: func() time.Time { return noon },
			Limits: Limits{Reads: Pace{1, 100}, Figures: Pace{1, 3}},
		})
		for i := range 5 {
			rec := as(h, "ana", "203.0.113.1:1", "GET", target, "")
			if (rec.Code == http.StatusTooManyRequests) != (i > 2) {
				t.Errorf("%s, %d: %d", target, i, rec.Code)
			}
		}
		for name, rec := range map[string]*httptest.ResponseRecorder{"the board": as(h, "ana", "", "GET", "/", ""), "another person": as(h, "bo", "", "GET", target, "")} {
			if rec.Code != http.StatusOK {
				t.Errorf("%s, %s: %d", target, name, rec.Code)
			}
		}
	}
}

func TestSteppingThroughTheDoorHasAPaceOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/signin", "/signin/begin", "/signin/done", "/?link=x"} {
		w := newWorld()
		h := New(Options{
			Readers: same(w), Identity: byHeader{}, Door: hostileDoor{}, Links: anyLink{}, Intents: w, Signal: w, Health: w, Now: func() time.Time { return noon },
			Limits: Limits{Reads: Pace{1, 100}, SignIns: Pace{1, 3}},
		})
		for i := range 5 {
			rec := as(h, "ana", "203.0.113.1:1", "GET", target, "")
			if (rec.Code == http.StatusTooManyRequests) != (i > 2) {
				t.Errorf("%s, %d: %d", target, i, rec.Code)
			}
		}
		if rec := as(h, "ana", "203.0.113.2:1", "GET", target, ""); rec.Code == http.StatusTooManyRequests {
			t.Errorf("%s from elsewhere: %d", target, rec.Code)
		}
	}
}

func TestAddressesOfOneNetworkAreOne(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"203.0.113.1:9": "203.0.113.1", "[::ffff:203.0.113.1]:9": "203.0.113.1", "[2001:db8:1:2:3::4]:9": "2001:db8:1:2::/64", "[2001:db8:1:2:ffff::]:9": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:9": "fe80::/64", "[::1]:9": "::1", "127.0.0.1:9": "127.0.0.1", "@": "@", "": "",
	} {
		if got := peer(&http.Request{RemoteAddr: remote}); got != want {
			t.Errorf("%q is %q, want %q", remote, got, want)
		}
	}
}

func TestMemoryOfLimitsIsBounded(t *testing.T) {
	t.Parallel()
	p := newPaces(Pace{1, 1})
	if wait := p.take("first", noon); wait > 0 {
		t.Fatal(wait)
	}
	for i := range 3 * mostPaces {
		p.take(fmt.Sprint(i), noon)
		if wait := p.take("busy", noon); (wait > 0) != (i > 0) {
			t.Fatalf("after %d others: %v", i, wait)
		}
	}
	if len(p.all) != mostPaces || p.order.Len() != mostPaces {
		t.Errorf("%d are kept", len(p.all))
	}
	if wait := p.take("first", noon); wait > 0 {
		t.Error("the first was not forgotten")
	}
}

// streams opens event streams in a bubble, and tells what each is answered.
type streams struct {
	t  *testing.T
	h  http.Handler
	wg sync.WaitGroup
}

// open gives the status of a stream that was just opened; it stays open until leave.
func (s *streams) open(who string) (status int, leave func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	rec := &locked{header: http.Header{}}
	rec.status.Store(200)
	r := request(http.MethodGet, "/api/v1/events", "").WithContext(ctx)
	r.Host, r.RemoteAddr = "localhost", "203.0.113.1:1"
	r.Header.Set("Who", who)
	s.wg.Go(func() { s.h.ServeHTTP(rec, r) })
	synctest.Wait()
	return int(rec.status.Load()), func() { cancel(); synctest.Wait() }
}

// locked is a writer of which the status is read while it is written to.
type locked struct {
	header http.Header
	status atomic.Int64
}

func (l *locked) Header() http.Header         { return l.header }
func (l *locked) WriteHeader(status int)      { l.status.Store(int64(status)) }
func (l *locked) Write(p []byte) (int, error) { return len(p), nil }
func (l *locked) Flush()                      {}

func TestOpenStreamsAreCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &streams{t: t, h: strict(time.Now)}
		expect := func(who string, want int) func() {
			t.Helper()
			got, leave := s.open(who)
			if got != want {
				t.Errorf("a stream of %q is answered %d, want %d", who, got, want)
			}
			time.Sleep(10 * time.Second) // of the bubble: the pace of requests is not what is tested
			return leave
		}
		first := expect("ana", 200)
		expect("ana", 200)
		expect("ana", 429)
		first()
		again := expect("ana", 200)
		expect("wall", 200)
		last := expect("wall", 200)
		expect("", 503)
		expect("bo", 503)
		last()
		other := expect("bo", 200)
		expect("wall", 503)
		again()
		other()
		here := expect("", 200) // who sits at this machine may have all there are
		expect("", 200)
		expect("", 503)
		here()
	})
}

func TestLinksHaveAShareOfTheStreams(t *testing.T) {
	t.Parallel()
	l := newLimits(Limits{Streams: 10, OwnStreams: 2, OneLink: 3})
	r := request(http.MethodGet, "/api/v1/events", "")
	r = r.WithContext(context.WithValue(r.Context(), viewerKey{}, view.Viewer{Audience: view.AudienceWall, Name: "hall", Link: true}))
	var leaves []func()
	for range 3 {
		leave, _, why := l.enter(r)
		if leave == nil {
			t.Fatal(why)
		}
		leaves = append(leaves, leave)
	}
	if leave, status, why := l.enter(r); leave != nil || status != http.StatusTooManyRequests || why == "" {
		t.Errorf("a fourth: %d %s", status, why)
	}
	for _, leave := range leaves {
		leave()
	}
	if l.open != 0 || len(l.owned) != 0 {
		t.Errorf("%d open, %v", l.open, l.owned)
	}
}

// changing is an Identity whose answer a test changes.
type changing struct {
	mu  sync.Mutex
	who view.Viewer
	err error
}

func (c *changing) Viewer(*http.Request) (view.Viewer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.who, c.err
}

func TestAStreamEndsWithTheSignIn(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*changing){
		"signed out":       func(c *changing) { c.err = &Refusal{Status: http.StatusUnauthorized, Reason: "sign in"} },
		"the store fails":  func(c *changing) { c.err = errors.New("disk") },
		"another audience": func(c *changing) { c.who.Audience = view.AudienceWall },
		"somebody else":    func(c *changing) { c.who.Name = "bo" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				who := &changing{who: person("ana")}
				h := New(Options{Readers: same(w), Identity: who, Intents: w, Signal: w, Health: w, PublicURL: "http://example.com"})
				l := listen(t, h, "/api/v1/events", "")
				for i := range 40 { // a busy board: there is no quiet between its changes
					w.put(cardN(i))
					time.Sleep(time.Second)
				}
				if l.ended() {
					t.Fatal("the stream ended by itself")
				}
				who.mu.Lock()
				change(who)
				who.mu.Unlock()
				for i := range 16 {
					w.put(cardN(i))
					time.Sleep(time.Second)
				}
				synctest.Wait()
				if !l.ended() {
					t.Error("the stream goes on")
				}
			})
		})
	}
}
