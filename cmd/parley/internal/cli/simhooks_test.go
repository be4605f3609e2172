package cli

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/demo"
	"parley/connectors/sim"
	"parley/sync/view"
)

// told is a running Parley that polls once an hour, and the simulators that it reads.
type told struct {
	*world

	t     *testing.T
	app   *app.App
	board string
}

func runTold(t *testing.T) *told {
	t.Helper()
	w := serve(t, worldOptions{trouble: &trouble{}})
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	text := demo.ConfigTOML(w.access, demo.Settings{JiraURL: w.jiraURL, GitHubURL: w.githubURL, Listen: "127.0.0.1:0", PublicURL: "http://127.0.0.1:8080", StoreURL: "sqlite:hooks.db", Hooks: true})
	if err := os.WriteFile(path, []byte(strings.Replace(text, `poll = "1s"`, `poll = "1h"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, w.access.LookupEnv)
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := app.New(t.Context(), app.Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := a.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = a.Close()
	})
	return &told{world: w, t: t, app: a, board: "http://" + l.Addr().String()}
}

// soon waits until something holds.
func (w *told) soon(what string, holds func() bool) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			w.t.Fatalf("it never comes to be: %s", what)
		}
	}
}

// counts are those of one tracker's webhooks.
func (w *told) counts(tracker int) view.Hooks {
	b, err := w.app.Sight().Board(w.t.Context(), view.Query{Limit: 1})
	if err != nil || b.Freshness[tracker].Hooks == nil {
		w.t.Fatalf("%v, %+v", err, b.Freshness)
	}
	return *b.Freshness[tracker].Hooks
}

// An hour is between two polls, and what people change is on the board at once.
func TestWebhooksOfTheSimulatorsReachTheBoard(t *testing.T) {
	t.Parallel()
	w := runTold(t)
	w.soon("both trackers are read", func() bool {
		ok, _ := w.app.Views.Ready(t.Context())
		return ok
	})
	if err := w.hookTo(w.board); err != nil {
		t.Fatal(err)
	}
	resp := w.ask(t, http.MethodPost, w.githubURL+sim.HooksPath+"/faults", `{"faults":[{"name":"wrong-signature","times":1}]}`)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the control answers %d", resp.StatusCode)
	}
	if _, err := w.hub.Comment("", "acme/payments", 6, "One more"); err != nil {
		t.Fatal(err)
	}
	w.soon("a forged one is rejected", func() bool { return w.counts(1).Rejected == 1 })
	if got := w.counts(1); got.Accepted > 0 || !strings.Contains(got.Problem, "the signature does not fit") {
		t.Errorf("counts: %+v", got)
	}
	for at, person := range []struct{ card, method, url, body string }{
		{"OPS-1", http.MethodPut, w.jiraURL + "/rest/api/2/issue/OPS-1", `{"update":{"labels":[{"add":"told"}]}}`},
		{"acme/infra#1", http.MethodPost, w.githubURL + "/repos/acme/infra/issues/1/labels", `{"labels":["told"]}`},
	} {
		w.do(person.method, person.url, person.body)
		w.soon(person.card+" is told", func() bool { return w.counts(at).Accepted > 0 })
		w.soon(person.card+" is read", func() bool { return w.labelled(person.card, "told") })
	}
}

// labelled reports whether the board knows a label of an issue.
func (w *told) labelled(key, label string) bool {
	card, err := w.app.Sight().Card(w.t.Context(), key)
	for _, s := range card.Sides {
		if s.Key == key && slices.Contains(s.Labels, label) {
			return err == nil
		}
	}
	return false
}

// do changes something as Ana in Jira, or as Ben at GitHub.
func (w *told) do(method, url, body string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if r.Header.Set("Authorization", "Bearer demo-github-ben-acme"); strings.HasPrefix(url, w.jiraURL) {
		r.SetBasicAuth("ana@acme.example", "demo-jira-ana-acme")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	if _ = resp.Body.Close(); resp.StatusCode >= 300 {
		w.t.Fatalf("%s %s: %d", method, url, resp.StatusCode)
	}
}

func TestWhereWebhooksCanBeSent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, "http://127.0.0.1:8080": true, "https://board.acme.example/": true, "127.0.0.1:8080": false, "board": false, "ftp://board": false} {
		if got := parleyAddress(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
