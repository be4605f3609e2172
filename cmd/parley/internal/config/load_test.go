package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const example = "../../../../config.example.toml"

// environment holds a value for every variable that ends as a secret's does.
func environment(name string) (string, bool) {
	return "value of " + name, strings.HasSuffix(name, "_TOKEN") || strings.HasSuffix(name, "_HOOK") || strings.HasSuffix(name, "_KEY") || strings.HasSuffix(name, "_SECRET") || strings.HasSuffix(name, "_PASSWORD")
}

func write(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func lines(ps []Problem) []string {
	var out []string
	for _, p := range ps {
		p.File = filepath.Base(p.File)
		out = append(out, p.String())
	}
	return out
}

func TestExampleLoads(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(example, environment)
	for _, p := range ps {
		t.Error(p)
	}
	if got := c.Jira[0].Token.Reveal(); got != "value of JIRA_TOKEN" {
		t.Errorf("token is %q", got)
	}
}
