package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	type holder struct {
		Token Secret
		Deep  map[string]*Secret
	}
	s := NewSecret("hunter2")
	h := holder{s, map[string]*Secret{"a": &s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", s, h)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "value", s, "holder", h)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "value", s, "holder", h)
	data, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(data)
	if err := toml.NewEncoder(&out).Encode(h); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "68756e74657232") {
		t.Error(out.String())
	}
	if s.Reveal() != "hunter2" {
		t.Error("the value is gone")
	}
}

func TestSecretFromFileIsRelativeToTheConfiguration(t *testing.T) {
	t.Parallel()
	path := write(t, strings.Replace(minimal, "env:JIRA_TOKEN", "file:token", 1))
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "token"), []byte("abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, ps := LoadEnv(path, environment)
	if len(ps) > 0 || c.Jira[0].Token.Reveal() != "abc" {
		t.Error(ps)
	}
}

// TestProblemsNeverQuoteSecrets puts a secret wherever somebody may put one by mistake.
func TestProblemsNeverQuoteSecrets(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		strings.Replace(minimal, `"env:JIRA_TOKEN"`, `"hunter2"`, 1),
		strings.Replace(minimal, `"env:JIRA_TOKEN"`, `hunter2`, 1),
		strings.Replace(minimal, `"env:JIRA_TOKEN"`, `"hunter2`, 1),
		strings.Replace(minimal, `"env:JIRA_TOKEN"`, `["hunter2"]`, 1),
		strings.Replace(minimal, `"env:JIRA_TOKEN"`, `"token:hunter2"`, 1),
		strings.Replace(minimal, `"https://acme.atlassian.net"`, `"https://me:hunter2@acme.atlassian.net"`, 1),
		strings.Replace(minimal, `"https://acme.atlassian.net"`, `"https://me:hunter2@acme.atlassian.net:port"`, 1),
		minimal + "[store]\nurl = \"postgres://me:hunter2@db/parley\"",
		minimal + "[store]\nurl = \"postgres://db/parley?password=hunter2\"",
		minimal + "[server.oidc]\nclient_secret = \"hunter2\"",
	} {
		_, ps := LoadEnv(write(t, text), environment)
		if !Failed(ps) {
			t.Errorf("nothing was found wrong with\n%s", text)
		}
		if strings.Contains(strings.Join(lines(ps), "\n"), "hunter2") {
			t.Error(lines(ps))
		}
	}
}

func TestMarkerKeyIsASecret(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(write(t, minimal+"[sync]\nmarker_key = \"env:PARLEY_MARKER_KEY\""), environment)
	if len(ps) > 0 || c.Sync.MarkerKey.Reveal() != "value of PARLEY_MARKER_KEY" {
		t.Fatal(lines(ps))
	}
	if text := fmt.Sprintf("%+v", c.Sync); strings.Contains(text, "value of") {
		t.Errorf("printed as %s", text)
	}
	if c, _ := LoadEnv(write(t, minimal), environment); c.Sync.MarkerKey.Set() || c.Sync.MarkerKey.Reveal() != "" {
		t.Error("a key was made up")
	}
}
