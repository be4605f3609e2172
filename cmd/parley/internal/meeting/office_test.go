package meeting_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/demo"
	"parley/cmd/parley/internal/meeting"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/kanban/contract"
)

// movedClock is a clock that was set to a moment and goes on from there.
type movedClock struct{ by time.Duration }

func (c movedClock) Now() time.Time { return time.Now().Add(c.by) }

// office is a running Parley and its company.
type office struct {
	*app.App

	site   *jirasim.Site
	hub    *githubsim.Hub
	access demo.Access
	clock  movedClock
}

// present is Parley run on the company as it is at a moment, once its ledgers are written.
func present(t *testing.T, at time.Time, seed uint64) office {
	t.Helper()
	clock := movedClock{time.Until(at)}
	site := jirasim.New(jirasim.Options{Clock: clock})
	jira := httptest.NewServer(site.Handler())
	t.Cleanup(jira.Close)
	front := httptest.NewUnstartedServer(nil)
	hubURL := "http://" + front.Listener.Addr().String()
	hub := githubsim.New(githubsim.Options{HTMLURL: hubURL, Clock: clock})
	front.Config.Handler = hub.Handler()
	front.Start()
	t.Cleanup(front.Close)
	access, err := demo.Company(site, hub, at, seed)
	if err != nil {
		t.Fatal(err)
	}
	board := httptest.NewUnstartedServer(nil).Listener
	path := filepath.Join(t.TempDir(), "config.toml")
	text := demo.ConfigTOML(access, demo.Settings{JiraURL: jira.URL, GitHubURL: hubURL, Listen: board.Addr().String(), PublicURL: "http://" + board.Addr().String(), StoreURL: server.URL(t, filepath.Join(t.TempDir(), "parley.db"))})
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, access.LookupEnv)
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := app.New(t.Context(), app.Options{Config: cfg, Now: clock.Now, Env: access.LookupEnv,
		Decided: func(find func(string) (kanban.CardID, error)) ([]contract.Event, error) {
			return meeting.Decided(access.Decided, find)
		}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, board) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	o := office{a, site, hub, access, clock}
	o.settle(t, ended)
	return o
}

// settle waits until the ledgers are written and nothing has changed for two seconds: pairs
// are joined and histories imported one after the other, and each may tell the past anew.
func (o office) settle(t *testing.T, ended <-chan error) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for last, quiet := int64(0), 0; quiet < 20; quiet++ {
		select {
		case <-tick.C:
		case err := <-ended:
			t.Fatalf("Parley ended: %v", err)
		case <-t.Context().Done():
			t.Fatal("nothing has settled")
		}
		all, err := o.Store.Ledger(t.Context(), "trading", 0)
		if err != nil {
			t.Fatal(err)
		}
		seq, err := o.Store.Seq(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 || seq != last {
			last, quiet = seq, 0
		}
	}
}
