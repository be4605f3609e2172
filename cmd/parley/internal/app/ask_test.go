package app

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/kanban"
)

// broken is a network that does not reach anybody.
type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &os.SyscallError{Syscall: "connect", Err: syscall.ECONNREFUSED}
}

func configured(t *testing.T) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(onStore(t, settings)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	return cfg
}

// A plan that cannot be made says itself why, also where the credential is not tried again.
func TestAReadingThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	hub, clock := newHub(t)
	a, err := New(t.Context(), Options{Config: configured(t), Base: through{hub.Handler()}, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(a.PollOnce(t.Context()), a.Close())
	if err == nil || !strings.HasPrefix(err.Error(), "github: ") || !strings.Contains(err.Error(), "sign-in refused (HTTP 401): Bad credentials; the token is wrong") {
		t.Errorf("got %v", err)
	}
}

func TestACheckOfWhatCannotBeReachedSaysWhereToLook(t *testing.T) {
	t.Parallel()
	_, clock := newHub(t)
	_, found := CheckTrackers(t.Context(), Options{Config: configured(t), Now: clock.Now, Base: broken{}}, func(string) bool { return false })
	if len(found) != 1 || found[0].Path != "github[0].url" || !strings.Contains(found[0].Message, "connection refused") || !strings.HasPrefix(found[0].Fix, "check the address") {
		t.Errorf("found %+v", found)
	}
}

// full is a tracker whose quota is used up for five minutes.
type full struct{}

func (full) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	rec.Header().Set("Content-Type", "application/json")
	rec.Header().Set("Retry-After", "300")
	rec.WriteHeader(http.StatusTooManyRequests)
	_, _ = rec.WriteString(`{"message":"API rate limit exceeded"}`)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

func TestAUsedUpQuotaIsToldWithItsEnd(t *testing.T) {
	t.Parallel()
	_, clock := newHub(t)
	until := kanban.Moment(clock.Now().Add(5*time.Minute), nil)
	cfg := configured(t)
	_, found := CheckTrackers(t.Context(), Options{Config: cfg, Now: clock.Now, Base: full{}}, func(string) bool { return false })
	if len(found) != 1 || found[0].Fix != "nothing is wrong with the configuration; check again after "+until {
		t.Errorf("found %+v, want %s", found, until)
	}
	a, err := New(t.Context(), Options{Config: cfg, Base: full{}, Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(a.PollOnce(t.Context()), a.Close())
	if err == nil || !strings.HasPrefix(err.Error(), "github: ") || !strings.HasSuffix(err.Error(), "asked again at "+until) {
		t.Errorf("got %v, want %s", err, until)
	}
}
