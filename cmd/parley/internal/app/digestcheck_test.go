package app

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/cmd/parley/internal/config"
	"parley/connectors/mail/mailtest"
)

// TestACheckSendsNoDigest says where digests go, and looks whether they would arrive
// without sending one.
func TestACheckSendsNoDigest(t *testing.T) {
	t.Parallel()
	mails, hook := mailtest.New(t, mailtest.SignIn("parley", "hunter2")), &receiver{status: 500}
	hook.Server = httptest.NewServer(hook)
	defer hook.Close()
	load := func(change ...string) *config.Config {
		t.Helper()
		path := filepath.Join(t.TempDir(), "config.toml")
		text := onStore(t, agreedSettings) + fmt.Sprintf(digestSettings, mails.Port, hook.URL+digestPath)
		text = strings.Replace(text, "[smtp]", "[smtp]\nuser = \"parley\"\npassword = \"env:PASSWORD\"", 1)
		if err := os.WriteFile(path, []byte(strings.NewReplacer(change...).Replace(text)), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, problems := config.LoadEnv(path, func(name string) (string, bool) {
			return map[string]string{"PASSWORD": "hunter2", "WRONG": "hunter3", "HOOK": digestSecret, "TOKEN": "x"}[name], true
		})
		if config.Failed(problems) {
			t.Fatal(problems)
		}
		return cfg
	}
	where := strings.Join(Digests(load()), "\n")
	if want := fmt.Sprintf("trading: a comment on OPS-1; a mail to mia@acme.example, Bo@acme.example by 127.0.0.1:%d; a webhook to %s", mails.Port, strings.TrimPrefix(hook.URL, "http://")); where != want {
		t.Errorf("%q, want %q", where, want)
	}
	if held := Digests(load(`write = "on"`, `write = "plan"`)); len(held) != 1 || !strings.HasSuffix(held[0], `held, as sync.write is "plan"`) {
		t.Errorf("%q", held)
	}
	none := func(string) bool { return false }
	check := func(skip func(string) bool, change ...string) string {
		t.Helper()
		var out []string
		for _, p := range CheckDigests(t.Context(), Options{Config: load(change...), Version: "test"}, skip) {
			out = append(out, p.Path+": "+p.Message)
		}
		return strings.Join(out, "\n")
	}
	if got := check(none); got != "" {
		t.Error(got)
	}
	if got := check(none, "env:PASSWORD", "env:WRONG"); !strings.HasPrefix(got, "smtp.password: ") || strings.Contains(got, "hunter") {
		t.Error(got)
	}
	away := []string{fmt.Sprintf("port = %d", mails.Port), "port = 1", hook.URL, "http://127.0.0.1:1"}
	if got := check(none, away...); !strings.Contains(got, "unit[0].digest.webhook: 127.0.0.1:1: cannot reach") || !strings.Contains(got, "smtp.host: 127.0.0.1:1: cannot reach") || strings.Contains(got, "unspoken") {
		t.Error(got)
	}
	if got := check(func(path string) bool { return true }, away...); got != "" {
		t.Errorf("what is wrong anyway is asked: %s", got)
	}
	if len(mails.Mails()) != 0 || strings.Contains(strings.Join(mails.Commands(), " "), "MAIL") || hook.seen() != 2 || hook.got[0].Method != "HEAD" {
		t.Errorf("%v, %d requests", mails.Commands(), hook.seen())
	}
}
