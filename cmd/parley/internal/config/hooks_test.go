package config

import (
	"strings"
	"testing"
)

func TestSecretsOfWebhooks(t *testing.T) {
	t.Parallel()
	const cloud, here = "https://acme.atlassian.net", "http://127.0.0.1:9"
	for name, c := range map[string]struct {
		tracker, public, secret string
		want                    string // of the warning; "" none
	}{
		"well":        {cloud, "https://board.acme.example", "sixteen letters!", ""},
		"off":         {cloud, "http://127.0.0.1:8080", "", ""},
		"short":       {cloud, "https://board.acme.example", "fifteen letters", "shorter than 16"},
		"unreachable": {cloud, "http://127.0.0.1:8080", "sixteen letters!", "acme.atlassian.net cannot reach http://127.0.0.1:8080"},
		"simulated":   {here, "http://127.0.0.1:8080", "sixteen letters!", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := "webhook_secret = \"env:HOOK\"\n"
			if c.secret == "" {
				key = ""
			}
			text := "[server]\npublic_url = \"" + c.public + "\"\n[[jira]]\nname = \"jira\"\nurl = \"" + c.tracker + "\"\nauth = \"bearer\"\ntoken = \"env:TOKEN\"\nprojects = [\"OPS\"]\n" + key +
				"[[column]]\nkey = \"todo\"\nname = \"To do\"\ncategory = \"queue\"\njira = [\"Open\"]\n"
			cfg, problems := LoadEnv(write(t, text), func(name string) (string, bool) {
				if name == "HOOK" {
					return c.secret, true
				}
				return "token", true
			})
			var told []string
			for _, p := range problems {
				told = append(told, p.String())
			}
			all := strings.Join(told, "\n")
			if cfg == nil || (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("told %q, want %q", all, c.want)
			}
			if c.secret != "" && strings.Contains(all, c.secret) {
				t.Errorf("the secret is told: %q", all)
			}
			if cfg != nil && cfg.Jira[0].WebhookSecret.Reveal() != c.secret {
				t.Error("the secret is another one")
			}
		})
	}
}
