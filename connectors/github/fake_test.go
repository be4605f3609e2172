package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

const secret = "ghp_secretsecretsecret"

// fake answers requests from a table "METHOD /path" (path with query as sent) or
// "METHOD /path?" for any query, and notes what it was asked.
type fake struct {
	*httptest.Server
	mu   sync.Mutex
	asks []string
	body []string
	head []http.Header
}

type reply struct {
	status int
	header map[string]string
	body   string
}

func newFake(t *testing.T, replies map[string]reply) *fake {
	t.Helper()
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.asks = append(f.asks, r.Method+" "+r.URL.RequestURI())
		f.body = append(f.body, string(b))
		f.head = append(f.head, r.Header.Clone())
		f.mu.Unlock()
		re, ok := replies[r.Method+" "+r.URL.RequestURI()]
		if !ok {
			re, ok = replies[r.Method+" "+r.URL.EscapedPath()+"?"]
		}
		if !ok {
			re = reply{status: 404, body: `{"message":"Not Found"}`}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Date", testStart().Format(http.TimeFormat))
		for k, v := range re.header {
			w.Header().Set(k, strings.ReplaceAll(v, "{root}", f.URL))
		}
		if re.status == 0 {
			re.status = 200
		}
		w.WriteHeader(re.status)
		_, _ = io.WriteString(w, strings.ReplaceAll(re.body, "{root}", f.URL))
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asks...)
}

// client talks to the fake as parley-bot.
func (f *fake) client(t *testing.T, path string) *Client {
	t.Helper()
	hc := transport.New(transport.Options{Retries: -1, Timeout: 5 * time.Second})
	c, err := New(Config{Name: "gh", URL: f.URL + path, Token: secret, Login: "parley-bot", Repos: []string{"Acme/infra"},
		HTTP: hc, Now: testStart})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ref(n int, id string) connectors.Ref {
	return connectors.Ref{Tracker: "gh", ID: id, Key: fmt.Sprintf("Acme/infra#%d", n), Container: "Acme/infra", Number: n}
}

// wantError fails unless err is an *Error of the kind, and gives it.
func wantError(t *testing.T, err error, kind connectors.ErrorKind) *connectors.Error {
	t.Helper()
	var e *connectors.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an error of kind %s", err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("got %v, want kind %s", e, kind)
	}
	if strings.Contains(fmt.Sprintf("%v %+v", e, *e), secret) {
		t.Fatalf("the token is in the error: %+v", *e)
	}
	if e.Tracker != "gh" || e.Doing == "" || len([]rune(e.Message)) > maxMessage {
		t.Fatalf("incomplete error %+v", *e)
	}
	return e
}

func issueRow(number int, updated time.Time, extra string) string {
	return fmt.Sprintf(`{"id":%d,"number":%d,"title":"t%d","state":"open","updated_at":%q,"created_at":"2026-01-01T00:00:00Z","labels":[]%s}`,
		5_000_000_000+number, number, number, updated.Format(time.RFC3339), extra)
}

func bg() context.Context { return context.Background() }
