package app

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/connectors/transport"
	"parley/sync/view"
	"parley/web"
)

// silent fails the test where a request leaves.
type silent struct{ t *testing.T }

// RoundTrip fails.
func (s silent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.t.Errorf("it asks %s %s", r.Method, r.URL)
	return nil, http.ErrHandlerTimeout
}

func TestAPreviewAsksNobodyAndWritesNothing(t *testing.T) {
	t.Parallel()
	a, card := stored(t)
	b, err := New(t.Context(), Options{Config: a.Config, Base: silent{t}, Env: func(string) (string, bool) { return "secret", true }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if err := b.Remember(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "new.toml")
	other := strings.Replace(settings, `key = "todo"`, `key = "backlog"`, 1)
	if err := os.WriteFile(file, []byte(strings.Replace(other, `"acme/infra"`, `"acme/infra", "acme/more"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := b.Store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Preview(t.Context(), file, view.Somebody())
	if err != nil || !p.Usable || !p.Differs || p.Changed != 1 || p.Changes[0].Card != card.ID || len(p.Preview.Writes) != 0 || len(p.Unread) != 1 || p.Unread[0] != "acme/more" {
		t.Errorf("%+v, %v", p, err)
	}
	after, err := b.Store.Seq(t.Context())
	if err != nil || after != before {
		t.Errorf("the data sequence went from %d to %d, %v", before, after, err)
	}
	if now, err := b.Store.Card(t.Context(), card.ID); err != nil || now.Status.Agreed != card.Status.Agreed || now.Mapping != card.Mapping {
		t.Errorf("the card is another one: %+v, %v", now, err)
	}
	if p, err := b.Preview(t.Context(), b.Config.File(), view.Somebody()); err != nil || p.Differs || p.Changed != 0 {
		t.Errorf("what runs differs from itself: %+v, %v", p, err)
	}
}

func TestAFileThatCannotBeUsedIsNotCompared(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	a.Env = func(string) (string, bool) { return "secret", true }
	for name, text := range map[string]string{"no TOML": "[[", "unlawful": strings.Replace(settings, `["open + label:doing"]`, `["open"]`, 1)} {
		file := filepath.Join(t.TempDir(), "new.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := a.Preview(t.Context(), file, view.Somebody())
		if err != nil || p.Usable || len(p.Problems) == 0 || p.Cards != 0 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if p, err := a.Preview(t.Context(), filepath.Join(t.TempDir(), "none.toml"), view.Somebody()); err != nil || p.Usable || len(p.Problems) != 1 {
		t.Errorf("no file: %+v, %v", p, err)
	}
}

func TestTheMappingPageFollowsTheFile(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	a.Env = func(string) (string, bool) { return "secret", true }
	m, err := mapper{a}.Mapping(t.Context(), view.Somebody())
	if err != nil || m.Differs || m.Preview != nil || !m.Usable || len(m.Rows) == 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if err := os.WriteFile(a.Config.File(), []byte(strings.Replace(settings, `key = "doing"`, `key = "busy"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err = (mapper{a}).Mapping(t.Context(), view.Somebody()); err != nil || !m.Differs || m.Preview == nil || m.Preview.Cards != 1 {
		t.Errorf("after an edit: %+v, %v", m, err)
	}
}

func TestRetryIsForOps(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	for who, want := range map[view.Viewer]int{
		view.Somebody(): 0, {Audience: view.AudienceIT, Role: "developer"}: http.StatusForbidden, {}: http.StatusForbidden,
	} {
		_, err := intents{a}.Retry(t.Context(), web.Retry{Card: "acme/infra#7", Op: "o" + string(who.Role), By: who})
		got := 0
		if refused, ok := errors.AsType[*web.Refusal](err); ok {
			got = refused.Status
		} else if err != nil {
			t.Error(err)
		}
		if got != want {
			t.Errorf("%+v: %d, want %d", who, got, want)
		}
	}
	_, err := intents{a}.Retry(t.Context(), web.Retry{Card: "OPS-404", Op: "x", By: view.Somebody()})
	if refused, ok := errors.AsType[*web.Refusal](err); !ok || refused.Status != http.StatusNotFound {
		t.Errorf("an unknown card: %v", err)
	}
}

func TestBudgetsAreToldByAccount(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	b := &budgets{}
	budget := transport.NewBudget(transport.GitHubTerms())
	b.keep("one", budget)
	now := a.Now()
	budget.Done(now, transport.Request{Path: "/repos/acme/infra/issues", Read: true}, http.Header{
		"X-Ratelimit-Limit": {"5000"}, "X-Ratelimit-Remaining": {"4212"}, "X-Ratelimit-Resource": {"core"}, "X-Ratelimit-Reset": {strconv.FormatInt(now.Add(time.Hour).Unix(), 10)}, "Date": {now.UTC().Format(http.TimeFormat)},
	})
	if q := b.of("one", now); len(q) != 1 || q[0].Left != 4212 || q[0].Limit != 5000 || q[0].Reserve != 500 {
		t.Errorf("told %+v", q)
	}
	if b.of("two", now) != nil {
		t.Error("another account has a budget")
	}
	(*budgets)(nil).keep("one", budget)
}
