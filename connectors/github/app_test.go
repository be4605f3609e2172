package github

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
)

// A server that repeats what it was signed with gets none of it into an error.
func TestAppSecretsAreNotRepeated(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var sent atomic.Pointer[string]
	var generous atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		sent.Store(&bearer)
		w.Header().Set("Date", testStart().Format(http.TimeFormat))
		if strings.HasSuffix(r.URL.Path, "/access_tokens") && generous.Load() {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"token":"`+secret+`","expires_at":"2026-12-31T00:00:00Z"}`)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"message":"you came with %s"}`, bearer)
	}))
	t.Cleanup(srv.Close)
	c, err := New(Config{Name: "gh", URL: srv.URL, Login: "parley[bot]", Repos: []string{"a/b"}, Now: testStart,
		App:  &App{ID: 1, Installation: 2, PrivateKey: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))},
		HTTP: transport.New(transport.Options{Retries: -1, Timeout: 5 * time.Second})})
	if err != nil {
		t.Fatal(err)
	}
	for _, tokens := range []bool{false, true} {
		generous.Store(tokens)
		_, err := c.Read(bg(), ref(7, ""))
		want := connectors.Auth
		if tokens {
			want = connectors.Forbidden
		}
		e := wantError(t, err, want)
		if bearer := *sent.Load(); bearer == "" || (bearer == secret) != tokens || strings.Contains(fmt.Sprintf("%+v", *e), bearer) || !strings.Contains(e.Message, "[token]") {
			t.Errorf("tokens %v: %+v", tokens, *e)
		}
	}
}
