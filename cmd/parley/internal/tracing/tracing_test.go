package tracing_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/cmd/parley/internal/tracing"
	"parley/cmd/parley/internal/tracing/tracetest"
	"parley/connectors/transport"
	"parley/internal/trace"
)

// environ is an environment of the test's own.
func environ(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestWhatTurnsTracesOn(t *testing.T) {
	t.Parallel()
	const there = "http://127.0.0.1:4318"
	for name, tc := range map[string]struct {
		endpoint string
		env      []string
		want     bool
	}{
		"nothing":                  {"", nil, false},
		"the file":                 {there, nil, true},
		"a variable":               {"", []string{"OTEL_EXPORTER_OTLP_ENDPOINT", there}, true},
		"the other variable":       {"", []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", there}, true},
		"an empty variable":        {"", []string{"OTEL_EXPORTER_OTLP_ENDPOINT", " "}, false},
		"another exporter":         {"", []string{"OTEL_EXPORTER_OTLP_ENDPOINT", there, "OTEL_TRACES_EXPORTER", "none"}, false},
		"the exporter by its name": {"", []string{"OTEL_EXPORTER_OTLP_ENDPOINT", there, "OTEL_TRACES_EXPORTER", "otlp"}, true},
		"switched off":             {there, []string{"OTEL_SDK_DISABLED", "TRUE"}, false},
	} {
		if got := (tracing.Options{Endpoint: tc.endpoint, Env: environ(tc.env...)}).On(); got != tc.want {
			t.Errorf("%s: on is %v", name, got)
		}
	}
}

// opened sends spans to an address, and gives what is logged.
func opened(t *testing.T, url string, sample float64) (*tracing.Tracing, *lines) {
	t.Helper()
	log := &lines{}
	o := tracing.Options{Endpoint: url + "/v1/traces", Headers: map[string]string{"x-api-key": "zqxkeyxqz"}, Sample: sample, Version: "1.2.3", Instance: "here", Log: slog.New(slog.NewTextHandler(log, nil)), Env: environ()}
	tr, err := tracing.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return tr, log
}

// lines are what was logged.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestSpansArriveWithWhatWasToldOfThem(t *testing.T) {
	t.Parallel()
	c := tracetest.New(t)
	tr, log := opened(t, c.URL, 1)
	ctx, outer := trace.Begin(trace.With(t.Context(), tr), "card")
	outer.Text("parley.card", "c1")
	_, inner := trace.Begin(ctx, "commit")
	inner.Number("parley.cards", 2)
	inner.Fail("stale")
	inner.End()
	outer.End()
	if err := tr.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	spans := c.Spans() // all of them: Close has sent what was left
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	in, out := spans[0], spans[1]
	if in.Name != "commit" || in.Has["parley.cards"] != "2" || in.Failed != "stale" || in.Has["error.type"] != "stale" || in.Parent != out.ID || in.Trace != out.Trace {
		t.Errorf("inner span %+v", in)
	}
	if out.Name != "card" || out.Has["parley.card"] != "c1" || out.Failed != "" || out.Parent != "" {
		t.Errorf("outer span %+v", out)
	}
	if r := out.Resource; r["service.name"] != "parley" || r["service.version"] != "1.2.3" || r["service.instance.id"] != "here" {
		t.Errorf("resource %v", r)
	}
	if _, headers := c.Sent(); headers[0].Get("X-Api-Key") != "zqxkeyxqz" {
		t.Errorf("headers %v", headers)
	}
	if log.String() != "" {
		t.Error(log)
	}
}

func TestASampleOfNoneSendsNothing(t *testing.T) {
	t.Parallel()
	c := tracetest.New(t)
	tr, _ := opened(t, c.URL, 0)
	if _, s := trace.Begin(trace.With(t.Context(), tr), "card"); s.On() {
		t.Error("a span that is not kept wants to know more")
	}
	if err := tr.Close(t.Context()); err != nil || len(c.Spans()) != 0 {
		t.Errorf("%v, %d spans", err, len(c.Spans()))
	}
}

// TestABadCollectorCostsSpansAlone has many more spans than the queue takes made while the
// collector is down, slow, broken, or floods whoever asks it: making them never waits, the
// end is soon, and the log says it once and never in the collector's words.
func TestABadCollectorCostsSpansAlone(t *testing.T) {
	t.Parallel()
	closed, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	down := "http://" + closed.Addr().String()
	_ = closed.Close()
	elsewhere := tracetest.New(t)
	for name, tc := range map[string]struct {
		answer http.HandlerFunc // nil: nobody listens
		says   string
	}{
		"down": {nil, "it cannot be reached"},
		"slow": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // a server notices that its client has gone once it has read all
			<-r.Context().Done()
		}, ""},
		"broken": {func(w http.ResponseWriter, r *http.Request) { http.Error(w, "zqx"+r.Header.Get("X-Api-Key"), 500) }, "it refuses them"},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1000")
			w.WriteHeader(503)
		}, "it refuses them"},
		"huge": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/x-protobuf")
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("zqx"), 1<<16)); err != nil {
					return
				}
			}
		}, "it refuses them"},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/v1/traces", http.StatusTemporaryRedirect)
		}, "it refuses them"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := down
			if tc.answer != nil {
				s := httptest.NewServer(tc.answer)
				t.Cleanup(s.Close)
				t.Cleanup(s.CloseClientConnections)
				url = s.URL
			}
			tr, log := opened(t, url, 1)
			ctx, began := trace.With(t.Context(), tr), time.Now()
			for range 20_000 {
				_, s := trace.Begin(ctx, "card")
				s.Text("parley.card", "c1")
				s.End()
			}
			if made := time.Since(began); made > 5*time.Second {
				t.Errorf("making spans took %s", made)
			}
			began = time.Now()
			_ = tr.Close(t.Context()) // that spans are lost is not the matter here
			if ended := time.Since(began); ended > 4*time.Second {
				t.Errorf("the end took %s", ended)
			}
			if tc.says != "" && (strings.Count(log.String(), "traces cannot be sent") != 1 || !strings.Contains(log.String(), tc.says)) {
				t.Errorf("the log says:\n%s", log)
			}
			if strings.Contains(log.String(), "zqx") || strings.Count(log.String(), "\n") > 1 {
				t.Errorf("the log repeats the collector:\n%s", log)
			}
		})
	}
	t.Cleanup(func() {
		if body, _ := elsewhere.Sent(); body != "" {
			t.Error("spans went to where an answer had pointed")
		}
	})
}

func TestRoutesHoldWordsOfTheTrackersAlone(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/rest/api/3/search/jql":                       "/rest/api/3/search/jql",
		"/rest/api/2/issue/OPS-12/transitions":         "/rest/api/2/issue/{}/transitions",
		"/rest/api/2/issue/10012/properties/parley":    "/rest/api/2/issue/{}/properties/{}",
		"/jira/rest/api/2/myself":                      "/{}/rest/api/2/myself",
		"/repos/acme/payments/issues/7":                "/repos/{}/{}/issues/{}",
		"/repos/labels/issues/issues/7/labels/comment": "/repos/{}/{}/issues/{}/labels/{}",
		"/repositories/9/issues/7/events":              "/repositories/{}/issues/{}/events",
		"/api/v3/repos/acme/payments/issues/events":    "/api/v3/repos/{}/{}/issues/events",
		"/graphql": "/graphql",
		"":         "/{}",
	} {
		if got := tracing.Route(path); got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
}

// TestARequestIsToldWithItsTriesAndWaits: what an operator wants to know of a request is how
// often it was sent and how long it was kept waiting, and never its path or query.
func TestARequestIsToldWithItsTriesAndWaits(t *testing.T) {
	t.Parallel()
	c := tracetest.New(t)
	tr, _ := opened(t, c.URL, 1)
	ctx := trace.With(t.Context(), tr)
	n := 0
	tracker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n++; n < 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
		if n == 4 {
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	t.Cleanup(tracker.Close)
	client := tracing.Client(transport.New(tracing.Watch(transport.Options{Wait: func(context.Context, time.Duration) error { return nil }})))
	for range 2 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, tracker.URL+"/repos/acme/zqxrepo/issues/7?token=zqxtoken", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer zqxbearer")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	if err := tr.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	spans := c.Spans()
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	for i, want := range []map[string]string{
		{"http.request.resend_count": "2", "http.response.status_code": "200", "http.request.method": "GET", "server.address": "127.0.0.1", "url.template": "/repos/{}/{}/issues/{}"},
		{"http.request.resend_count": "", "http.response.status_code": "429", "error.type": "rate-limit"},
	} {
		for key, value := range want {
			if spans[i].Has[key] != value {
				t.Errorf("request %d: %s is %q, want %q", i, key, spans[i].Has[key], value)
			}
		}
	}
	if spans[0].Name != "GET /repos/{}/{}/issues/{}" || spans[0].Has["parley.wait_ms"] == "" || spans[1].Has["parley.wait_ms"] != "" {
		t.Errorf("%+v", spans)
	}
	if body, _ := c.Sent(); strings.Contains(body, "zqx") || strings.Contains(body, "acme") {
		t.Error("a name or a secret was sent")
	}
}
