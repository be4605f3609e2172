package app

import (
	"testing"

	"parley/cmd/parley/internal/config"
)

// TestRulesBeforeTheTrackersAreAskedAreCompiledOnce: a board asks for them with every card,
// and compiling them takes as long as drawing hundreds.
func TestRulesBeforeTheTrackersAreAskedAreCompiledOnce(t *testing.T) {
	t.Parallel()
	c, problems := config.LoadEnv("../../../../config.example.toml", func(string) (string, bool) { return "x", true })
	if c == nil {
		t.Fatal(problems)
	}
	c.Store.URL = server.URL(t, t.TempDir()+"/parley.db")
	a, err := New(t.Context(), Options{Config: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if first, second := a.engine().Rules, a.engine().Rules; first == nil || first != second {
		t.Error("the rules are compiled anew with every question")
	}
}
