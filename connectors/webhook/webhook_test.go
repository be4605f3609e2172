package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/webhook"
)

func now() time.Time { return time.Date(2026, 11, 16, 0, 0, 5, 0, time.UTC) }

func hook(url string) webhook.Hook {
	return webhook.Hook{URL: url + "/in/hunter2?sig=hunter2", Secret: "sixteen letters!", Agent: "parley/test", Now: now}
}

// TestAReceiverCanTellWhoSentIt checks the signature as receivers do, by their own means.
func TestAReceiverCanTellWhoSentIt(t *testing.T) {
	t.Parallel()
	const document = `{"version":1,"name":"Tr\u003cading ü"}`
	var mu sync.Mutex
	var seen []*http.Request
	var bodies []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		seen, bodies = append(seen, r), append(bodies, string(body))
		w.WriteHeader(http.StatusAccepted)
	}))
	defer s.Close()
	for range 2 {
		if err := hook(s.URL).Send(t.Context(), "digest", "digest/trading/2026-W46", document); err != nil {
			t.Fatal(err)
		}
	}
	err := hook(s.URL).Check(t.Context())
	mu.Lock()
	defer mu.Unlock()
	mac := hmac.New(sha256.New, []byte("sixteen letters!"))
	mac.Write([]byte(document))
	for i, r := range seen[:2] {
		for key, want := range map[string]string{"X-Hub-Signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil)), "Idempotency-Key": "digest/trading/2026-W46",
			"X-Parley-Event": "digest", "Content-Type": "application/json", "User-Agent": "parley/test"} {
			if got := r.Header.Get(key); got != want {
				t.Errorf("%s is %q, want %q", key, got, want)
			}
		}
		if r.Method != http.MethodPost || r.URL.RequestURI() != "/in/hunter2?sig=hunter2" || bodies[i] != document {
			t.Errorf("%s %s: %s", r.Method, r.URL, bodies[i])
		}
	}
	if err != nil || seen[2].Method != http.MethodHead || strings.Contains(seen[2].URL.String(), "hunter2") || bodies[2] != "" {
		t.Errorf("%v, %v", err, seen[2])
	}
}

// TestWhatAnAnswerMeans has a row for each answer.
func TestWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]connectors.ErrorKind{
		"200": "", "204": "", "410": connectors.Invalid, "404": connectors.Transient, "401": connectors.Transient, "500": connectors.Transient,
		"429 90": connectors.RateLimit, "503 Mon, 16 Nov 2026 00:01:35 GMT": connectors.RateLimit, "503": connectors.RateLimit, "307": connectors.Transient, "cut": connectors.Unknown,
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				var status int
				if n, _ := fmt.Sscan(answer, &status); n == 0 {
					panic(http.ErrAbortHandler)
				}
				w.Header().Set("Retry-After", strings.TrimSpace(answer[3:]))
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, "words of the receiver")
			}))
			defer s.Close()
			err := hook(s.URL).Send(t.Context(), "digest", "k", "{}")
			if want == "" && err == nil {
				return
			}
			e, ok := err.(*connectors.Error) //nolint:errorlint // it is the outermost
			if !ok || e.Kind != want || calls.Load() != 1 || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "words of the receiver") {
				t.Errorf("%v after %d calls, want %s", err, calls.Load(), want)
			}
			if later := len(answer) > 3 && answer != "cut"; later && !e.RetryAt.Equal(now().Add(90*time.Second)) || !later && !e.RetryAt.IsZero() {
				t.Errorf("again at %s", e.RetryAt)
			}
		})
	}
}

// TestAddressesAreNotTold fails in every way that names an address.
func TestAddressesAreNotTold(t *testing.T) {
	t.Parallel()
	if err := hook("http://127.0.0.1:1").Send(t.Context(), "digest", "k", "{}"); connectors.KindOf(err) != connectors.Transient {
		t.Errorf("nobody was there, and it may have arrived: %v", err)
	}
	for _, address := range []string{"http://127.0.0.1:1", "http://hunter2.invalid.:99999", "::", "http://127.0.0.1:1/\x7f"} {
		for _, err := range []error{hook(address).Send(t.Context(), "digest", "k", "{}"), hook(address).Check(t.Context())} {
			if err == nil || strings.Contains(err.Error(), "sig=hunter2") || strings.Contains(err.Error(), "/in/") {
				t.Errorf("%s: %v", address, err)
			}
		}
	}
	if text := hook("https://hooks.acme.example").String(); text != "hooks.acme.example" {
		t.Error(text)
	}
}
