package config

import (
	"fmt"
	"strings"
	"testing"
)

// digesting is minimal with a contract, whose digest goes to three places.
const digesting = minimal + `[smtp]
host = "smtp.acme.example"
user = "parley"
password = "env:SMTP_PASSWORD"
from = "Parley <parley@acme.example>"
[[unit]]
key = "trading"
match = { jira_project = "OPS" }
[[unit.contract]]
from = "2026-W47"
slots = 3
agreed = { business = "Mia", it = "Ana" }
[unit.digest]
jira_issue = "OPS-12"
email = ["mia@acme.example", "bo@acme.example"]
webhook = "https://hooks.acme.example/in?sig=hunter2"
secret = "env:DIGEST_SECRET"
`

func TestWhereDigestsGo(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(write(t, digesting), environment)
	if len(ps) > 0 {
		t.Fatal(lines(ps))
	}
	d := c.Unit[0].Digest
	if !d.On() || d.Host() != "hooks.acme.example" || d.Webhook.Reveal() != "https://hooks.acme.example/in?sig=hunter2" || d.Secret.Reveal() != "value of DIGEST_SECRET" || len(d.Email) != 2 {
		t.Errorf("%+v", d)
	}
	if c.SMTP.Port != 587 || c.SMTP.TLS != "starttls" || c.SMTP.Password.Reveal() != "value of SMTP_PASSWORD" {
		t.Errorf("%+v", c.SMTP)
	}
	if text := fmt.Sprintf("%+v %#v", c.Unit, c.SMTP); strings.Contains(text, "hunter2") || strings.Contains(text, "value of") {
		t.Errorf("printed as %s", text)
	}
	for text, want := range map[string]string{"port = 465": "implicit 465", `tls = "implicit"`: "implicit 465", "port = 2525": "starttls 2525", "": "starttls 587"} {
		c, ps := LoadEnv(write(t, strings.Replace(digesting, "[smtp]\n", "[smtp]\n"+text+"\n", 1)), environment)
		if len(ps) > 0 || fmt.Sprint(c.SMTP.TLS, " ", c.SMTP.Port) != want {
			t.Errorf("%s: %v, want %s", text, lines(ps), want)
		}
	}
	elsewhere := strings.Replace(digesting, `"https://hooks.acme.example/in?sig=hunter2"`, `"env:HOOK_URL"`, 1)
	c, ps = LoadEnv(write(t, elsewhere), func(name string) (string, bool) {
		return map[string]string{"HOOK_URL": "https://other.example/x"}[name] + strings.Repeat("sixteen letters!", 1-strings.Count(name, "HOOK_URL")), true
	})
	if len(ps) > 0 || c.Unit[0].Digest.Host() != "other.example" {
		t.Errorf("an address that is a secret: %v", lines(ps))
	}
}

func TestProblemsOfDigests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, text, want string }{
		{`jira_issue`, `jira_isue`, "unit[0].digest.jira_isue: unknown key; did you mean jira_issue?"},
		{`host =`, `hots =`, "smtp.hots: unknown key; did you mean host?"},
		{`"OPS-12"`, `"OPS"`, `unit[0].digest.jira_issue: "OPS" is no issue`},
		{`"OPS-12"`, `"OPA-12"`, "unit[0].digest.jira_issue: OPA is no project of the [[jira]] above; did you mean OPS?"},
		{`"bo@acme.example"`, `"Bo <bo@acme.example>"`, "unit[0].digest.email[1]: is no address of mail"},
		{`"bo@acme.example"`, `"Mia@acme.example"`, "unit[0].digest.email[1]: is listed twice"},
		{`"bo@acme.example"`, `"bo@acme.example\r\nBcc: x@y.z"`, "unit[0].digest.email[1]: is no address of mail"},
		{"[smtp]\nhost = \"smtp.acme.example\"\nuser = \"parley\"\npassword = \"env:SMTP_PASSWORD\"\nfrom = \"Parley <parley@acme.example>\"\n", "", "unit[0].digest.email: there is no server that takes mails"},
		{`"https://hooks.acme.example/in?sig=hunter2"`, `"http://hooks.acme.example/hunter2"`, "unit[0].digest.webhook: without encryption"},
		{`"https://hooks.acme.example/in?sig=hunter2"`, `"https://me:hunter2@hooks.acme.example"`, "unit[0].digest.webhook: an address must not hold credentials"},
		{`"https://hooks.acme.example/in?sig=hunter2"`, `"hooks.acme.example/hunter2"`, "unit[0].digest.webhook: a secret must not stand in the file itself"},
		{`"https://hooks.acme.example/in?sig=hunter2"`, `"https:hunter2"`, "unit[0].digest.webhook: is not a web address"},
		{"secret = \"env:DIGEST_SECRET\"\n", "", "unit[0].digest.secret: is missing"},
		{`"env:DIGEST_SECRET"`, `"hunter2"`, "unit[0].digest.secret: a secret must not stand in the file itself"},
		{`"env:SMTP_PASSWORD"`, `"hunter2"`, "smtp.password: a secret must not stand in the file itself"},
		{"user = \"parley\"\n", "", "smtp.user: a sign-in takes a user and a password"},
		{`"smtp.acme.example"`, `"smtp.acme.example:25"`, "smtp.host: is no name of a server"},
		{"user = \"parley\"", "tls = \"none\"\nuser = \"parley\"", "smtp.tls: without encryption only this machine"},
		{"user = \"parley\"", "tls = \"startls\"\nuser = \"parley\"", `smtp.tls: "startls" is not known here; did you mean starttls?`},
		{"user = \"parley\"", "port = 99999\nuser = \"parley\"", "smtp.port: is no port"},
		{`"Parley <parley@acme.example>"`, `"Parley"`, "smtp.from: is no address of mail"},
	} {
		if !strings.Contains(digesting, c.old) {
			t.Fatalf("%q is nowhere", c.old)
		}
		first, rest, _ := strings.Cut(digesting, "[smtp]")
		text := first + strings.Replace("[smtp]"+rest, c.old, c.text, 1)
		_, ps := LoadEnv(write(t, text), environment)
		all := strings.Join(lines(ps), "\n")
		if !strings.Contains(all, c.want) {
			t.Errorf("%s for %s: %s, want %s", c.text, c.old, all, c.want)
		}
		if !Failed(ps) || strings.Contains(all, "hunter2") {
			t.Errorf("%s for %s: %s", c.text, c.old, all)
		}
	}
	for text, want := range map[string]string{
		"[unit.digest]\n": "the digest is sent nowhere", "[unit.digest]\njira_issue = \"OPS-1\"\n": "there is no contract with this unit",
		"[unit.digest]\njira_issue = \"OPS-1\"\nsecret = \"env:X_SECRET\"\n": "signs nothing",
	} {
		_, ps := LoadEnv(write(t, minimal+"[[unit]]\nkey = \"trading\"\nmatch = { jira_project = \"OPS\" }\n"+text), environment)
		if Failed(ps) || !strings.Contains(strings.Join(lines(ps), "\n"), want) {
			t.Errorf("%s: %v", text, lines(ps))
		}
	}
}
