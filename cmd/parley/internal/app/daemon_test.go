package app

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
)

// TestAnEarlyReloadWaitsForTheStart: whoever reloads looks at what runs. On PostgreSQL that
// is made with a few questions to the database, and a signal may come before they are answered.
func TestAnEarlyReloadWaitsForTheStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(strings.Replace(settings, "sqlite:parley.db", server.Address(t), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := New(t.Context(), Options{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := make(chan struct{}, 1)
	again <- struct{}{} // before anything runs
	var told Reload
	d := Daemon{
		Load: func() (*config.Config, []config.Problem) {
			if a.Runner.Crew == nil {
				t.Error("a reload looks at the runner before it is there")
			}
			return nil, []config.Problem{{Message: "no matter"}}
		},
		Tell: func(r Reload) { told = r; cancel() },
	}
	if err := d.Run(ctx, a, l, again); err != nil {
		t.Error(err)
	}
	if told.Refused() == "" {
		t.Errorf("the reload came to %+v", told)
	}
}
