package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestASecurityLevelRestricts: who gave an issue a security level in Jira meant it for few,
// whether or not somebody thought of saying so here.
func TestASecurityLevelRestricts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": {"any"},
		"[visibility]\nother_units = \"title\"\n":                               {"any"},
		"[visibility]\nrestricted = { labels = [\"secret\"] }\n":                {"any"},
		"[visibility]\nrestricted = { jira_security = [\"Board\"] }\n":          {"Board"},
		"[visibility]\nrestricted = { jira_security = [], labels = [\"x\"] }\n": nil,
	} {
		file := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, _ := Inspect(file, os.LookupEnv)
		if got := cfg.Mapping().Visibility.RestrictedSecurity; !slices.Equal(got, want) {
			t.Errorf("%q restricts %v, want %v", text, got, want)
		}
	}
}
