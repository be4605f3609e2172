package transport_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors/transport"
)

// bundle is a tracker that answers by script, and a client whose pauses are
// recorded instead of made.
type bundle struct {
	client *http.Client
	url    string
	calls  *atomic.Int32
	mu     sync.Mutex
	waits  []time.Duration
}

func setup(t *testing.T, o transport.Options, answer func(n int, w http.ResponseWriter, r *http.Request)) *bundle {
	t.Helper()
	b := &bundle{calls: &atomic.Int32{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(int(b.calls.Add(1)), w, r)
	}))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	o.Wait = func(ctx context.Context, d time.Duration) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.waits = append(b.waits, d)
		return ctx.Err()
	}
	b.client = transport.New(o)
	t.Cleanup(b.client.CloseIdleConnections)
	return b
}

func (b *bundle) send(ctx context.Context, t *testing.T, method string) (transport.Answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, b.url+"/x", strings.NewReader(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return transport.Answer{}, err
	}
	return transport.Read(resp)
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func abort(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	reading := transport.Reading(context.Background())
	plain := context.Background()
	for name, tc := range map[string]struct {
		ctx        context.Context
		method     string
		first      func(http.ResponseWriter)
		wantCalls  int32
		wantStatus int // 0: an error
	}{
		"get 502":                    {plain, "GET", status(502), 2, 200},
		"get 503":                    {plain, "GET", status(503), 2, 200},
		"get 500":                    {plain, "GET", status(500), 2, 200},
		"get 504":                    {plain, "GET", status(504), 2, 200},
		"get reset":                  {plain, "GET", abort, 2, 200},
		"search by post 503":         {reading, "POST", status(503), 2, 200},
		"search by post reset":       {reading, "POST", abort, 2, 200},
		"get 501":                    {plain, "GET", status(501), 1, 501},
		"get 429":                    {plain, "GET", status(429, "Retry-After", "1"), 1, 429},
		"get 403":                    {plain, "GET", status(403), 1, 403},
		"get 503 that says when":     {plain, "GET", status(503, "Retry-After", "1800"), 1, 503},
		"search by post 429":         {reading, "POST", status(429), 1, 429},
		"post 429":                   {plain, "POST", status(429), 1, 429},
		"post 502":                   {plain, "POST", status(502), 1, 502},
		"post 503":                   {plain, "POST", status(503), 1, 503},
		"put 500":                    {plain, "PUT", status(500), 1, 500},
		"patch 504":                  {plain, "PATCH", status(504), 1, 504},
		"delete 503 that says when":  {plain, "DELETE", status(503, "Retry-After", "1"), 1, 503},
		"post reset":                 {plain, "POST", abort, 1, 0},
		"put reset":                  {plain, "PUT", abort, 1, 0},
		"get redirect":               {plain, "GET", status(302, "Location", "/login"), 1, 302},
		"post redirect":              {plain, "POST", status(302, "Location", "/login"), 1, 302},
		"put redirect kept method":   {plain, "PUT", status(307, "Location", "/other"), 1, 307},
		"post redirect without host": {plain, "POST", status(301), 1, 301},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, transport.Options{}, func(n int, w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if string(body) != `{"a":1}` {
					t.Errorf("attempt %d carried %q", n, body)
				}
				if n == 1 {
					tc.first(w)
				}
			})
			a, err := b.send(tc.ctx, t, tc.method)
			if got := b.calls.Load(); got != tc.wantCalls {
				t.Errorf("requests = %d, want %d", got, tc.wantCalls)
			}
			if a.Status != tc.wantStatus || (err != nil) != (tc.wantStatus == 0) {
				t.Errorf("status %d, error %v; want status %d", a.Status, err, tc.wantStatus)
			}
			if err != nil && transport.NotSent(err) {
				t.Errorf("NotSent(%v) although the tracker had the request", err)
			}
		})
	}
}

func TestGivesUpWithTheLastAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, transport.Options{Retries: 3}, func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Why", "down")
		w.WriteHeader(503)
		_, _ = io.WriteString(w, "busy")
	})
	a, err := b.send(context.Background(), t, "GET")
	if err != nil || a.Status != 503 || a.Header.Get("X-Why") != "down" || string(a.Body) != "busy" {
		t.Fatalf("answer %+v, error %v", a, err)
	}
	if b.calls.Load() != 4 || len(b.waits) != 3 {
		t.Fatalf("%d requests, pauses %v; want 4 and 3", b.calls.Load(), b.waits)
	}
	for i, d := range b.waits {
		if lo, hi := 175*time.Millisecond<<i, 325*time.Millisecond<<i; d < lo || d > hi {
			t.Errorf("pause %d = %v, want %v to %v", i, d, lo, hi)
		}
	}
}

func TestNegativeRetriesMeansNone(t *testing.T) {
	t.Parallel()
	b := setup(t, transport.Options{Retries: -1}, func(_ int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	if a, err := b.send(context.Background(), t, "GET"); err != nil || a.Status != 503 || b.calls.Load() != 1 {
		t.Fatalf("status %d, error %v, %d requests", a.Status, err, b.calls.Load())
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNotSent(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	read := &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	for name, tc := range map[string]struct {
		errs      []error // of each attempt, then 200
		wantCalls int
		wantErr   bool
		notSent   bool
	}{
		"refused once":            {[]error{dial}, 2, false, false},
		"name does not resolve":   {[]error{&net.DNSError{Err: "no such host"}}, 2, false, false},
		"refused for ever":        {[]error{dial, dial, dial}, 3, true, true},
		"reset":                   {[]error{read}, 1, true, false},
		"refused, then reset":     {[]error{dial, read}, 2, true, false},
		"unknown kind of failure": {[]error{errors.New("http: server closed idle connection")}, 1, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			client := transport.New(transport.Options{
				Wait: func(context.Context, time.Duration) error { return nil },
				Base: roundTrip(func(*http.Request) (*http.Response, error) {
					calls++
					if calls <= len(tc.errs) {
						return nil, tc.errs[calls-1]
					}
					return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
				}),
			})
			resp, err := client.Post("http://tracker.test/x", "application/json", strings.NewReader("{}"))
			if err == nil {
				_ = resp.Body.Close()
			}
			if calls != tc.wantCalls || (err != nil) != tc.wantErr {
				t.Fatalf("%d attempts, error %v; want %d, error %v", calls, err, tc.wantCalls, tc.wantErr)
			}
			if got := transport.NotSent(err); got != tc.notSent {
				t.Errorf("NotSent(%v) = %v", err, got)
			}
		})
	}
}

func TestNotSentOverRealSockets(t *testing.T) {
	t.Parallel()
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	waits := 0
	client := transport.New(transport.Options{Wait: func(context.Context, time.Duration) error { waits++; return nil }})
	t.Cleanup(client.CloseIdleConnections)
	for url, wantWaits := range map[string]int{dead.URL: transport.DefaultRetries, secure.URL: 0} {
		waits = 0
		resp, err := client.Post(url, "application/json", strings.NewReader("{}"))
		if err == nil {
			_ = resp.Body.Close()
			t.Fatalf("%s answered", url)
		}
		if !transport.NotSent(err) {
			t.Errorf("NotSent(%v) = false", err)
		}
		if waits != wantWaits {
			t.Errorf("%v: repeated %d times, want %d: a certificate does not mend itself", err, waits, wantWaits)
		}
	}
}

func TestTimeoutWhileConnectingIsNotSent(t *testing.T) {
	t.Parallel()
	client := transport.New(transport.Options{Timeout: 20 * time.Millisecond, Retries: -1, Base: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() },
	}})
	resp, err := client.Post("http://tracker.test/x", "application/json", strings.NewReader("{}"))
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) || !transport.NotSent(err) {
		t.Errorf("error %v, NotSent %v", err, transport.NotSent(err))
	}
}

func TestContextEndedBeforeSending(t *testing.T) {
	t.Parallel()
	b := setup(t, transport.Options{WriteGap: time.Second}, func(int, http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, method := range []string{"POST", "GET"} {
		_, err := b.send(ctx, t, method)
		if !errors.Is(err, context.Canceled) || !transport.NotSent(err) || b.calls.Load() != 0 {
			t.Errorf("%s: error %v, NotSent %v, %d requests", method, err, transport.NotSent(err), b.calls.Load())
		}
	}
}

func TestTimeoutOfAWriteIsNotNotSent(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	b := setup(t, transport.Options{Timeout: 30 * time.Millisecond}, func(_ int, _ http.ResponseWriter, r *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	for _, method := range []string{"POST", "GET"} {
		_, err := b.send(context.Background(), t, method)
		if !errors.Is(err, context.DeadlineExceeded) || transport.NotSent(err) {
			t.Errorf("%s: error %v, NotSent %v", method, err, transport.NotSent(err))
		}
	}
	if b.calls.Load() != 2 {
		t.Errorf("%d requests, want one each: a timed out attempt is not repeated", b.calls.Load())
	}
}

func TestWriteGap(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	b := setup(t, transport.Options{WriteGap: time.Second, Now: func() time.Time { return now }}, func(int, http.ResponseWriter, *http.Request) {})
	for _, m := range []string{"POST", "GET", "PATCH", "DELETE"} {
		if _, err := b.send(context.Background(), t, m); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.send(transport.Reading(context.Background()), t, "POST"); err != nil {
		t.Fatal(err)
	}
	if len(b.waits) != 2 || b.waits[0] != time.Second || b.waits[1] != 2*time.Second {
		t.Fatalf("pauses %v, want 1s before the second write and 2s before the third", b.waits)
	}
}

func TestConcurrencyIsHeldUntilTheBodyIsDone(t *testing.T) {
	t.Parallel()
	b := setup(t, transport.Options{Concurrency: 1}, func(int, http.ResponseWriter, *http.Request) {})
	first, err := b.client.Get(b.url)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := b.send(ctx, t, "POST"); !transport.NotSent(err) {
		t.Fatalf("second request beside an open one: %v", err)
	}
	_ = first.Body.Close()
	if a, err := b.send(context.Background(), t, "POST"); err != nil || a.Status != 200 {
		t.Fatalf("after the first was closed: %+v, %v", a, err)
	}
}

func TestNoCookiesAndUserAgent(t *testing.T) {
	t.Parallel()
	b := setup(t, transport.Options{UserAgent: "parley/1"}, func(n int, w http.ResponseWriter, r *http.Request) {
		if c := r.Header.Get("Cookie"); c != "" {
			t.Errorf("request %d brought back the cookie %q", n, c)
		}
		if ua := r.Header.Get("User-Agent"); ua != "parley/1" {
			t.Errorf("User-Agent = %q", ua)
		}
		http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: "s"})
	})
	for range 2 {
		if _, err := b.send(context.Background(), t, "GET"); err != nil {
			t.Fatal(err)
		}
	}
}
