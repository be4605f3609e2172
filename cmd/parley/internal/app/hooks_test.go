package app

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/cmd/parley/internal/config"
	"parley/sync/view"
	"parley/web"
)

const hookSecret = "sixteen letters or more"

// hooked is an App that takes webhooks, and what it logs.
func hooked(t *testing.T) (*App, *bytes.Buffer) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	text := strings.Replace(onStore(t, settings), "repos =", "webhook_secret = \"env:HOOK\"\nrepos =", 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(string) (string, bool) { return hookSecret, true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	log := &bytes.Buffer{}
	a, err := New(t.Context(), Options{Config: cfg, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, log
}

// send has the board's server answer a webhook that is signed with a secret.
func send(t *testing.T, h http.Handler, with string) int {
	t.Helper()
	const body = `{"action":"opened","issue":{"number":7},"repository":{"full_name":"acme/infra"}}`
	mac := hmac.New(sha256.New, []byte(with))
	mac.Write([]byte(body))
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/hooks/github/github", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "issues")
	r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestWebhooksAreCountedWhereEverybodyLooks(t *testing.T) {
	t.Parallel()
	a, log := hooked(t)
	h := a.handler(t.Context(), entrance{identity: web.Everybody(view.Somebody())})
	if got := send(t, h, "another secret"); got != http.StatusUnauthorized {
		t.Errorf("a wrong one is answered %d", got)
	}
	for range 2 {
		if got := send(t, h, hookSecret); got != http.StatusAccepted {
			t.Errorf("a right one is answered %d", got)
		}
	}
	for page, want := range map[string][]string{
		"/sync":         {"Webhooks: last ", ", 2 today", "1 rejected, the last at ", "the signature does not fit"},
		"/api/v1/board": {`"accepted":1,"duplicate":1,"ignored":0,"rejected":1`},
		"/metrics":      {`parley_hooks_total{result="accepted",tracker="github"} 1`, `parley_hooks_total{result="rejected",tracker="github"} 1`},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+page, http.NoBody)
		r.RemoteAddr = "127.0.0.1:50000"
		h.ServeHTTP(w, r)
		for _, word := range want {
			if !strings.Contains(w.Body.String(), word) {
				t.Errorf("%s lacks %q", page, word)
			}
		}
		if strings.Contains(w.Body.String(), hookSecret) {
			t.Errorf("%s tells the secret", page)
		}
	}
	if log.Len() == 0 || strings.Contains(log.String(), hookSecret) {
		t.Errorf("the log says %q", log)
	}
}

func TestWhereWebhooksAreToBeSent(t *testing.T) {
	t.Parallel()
	a, _ := hooked(t)
	want := []Hooked{{Tracker: "github", Kind: "github", On: true, URL: "https://board.acme.example/hooks/github/github", Events: []string{"issues", "issue_comment", "sub_issues"}}}
	a.Config.Server.PublicURL = "https://board.acme.example/"
	if diff := cmp.Diff(want, Hooks(a.Config)); diff != "" {
		t.Error(diff)
	}
	a.Config.GitHub[0].WebhookSecret = config.Secret{}
	if diff := cmp.Diff([]Hooked{{Tracker: "github", Kind: "github"}}, Hooks(a.Config)); diff != "" {
		t.Error(diff)
	}
}

// The guide names every event that is to be chosen.
func TestTheGuideToWebhooksIsWhole(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../../../docs/WEBHOOKS.md")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := hooked(t)
	a.Config.Jira = []config.Jira{{Name: "jira", WebhookSecret: config.NewSecret(hookSecret)}}
	for _, h := range Hooks(a.Config) {
		for _, word := range append(h.Events, "/hooks/"+h.Kind+"/NAME") {
			if !strings.Contains(string(guide), word) {
				t.Errorf("the guide lacks %s", word)
			}
		}
	}
}
