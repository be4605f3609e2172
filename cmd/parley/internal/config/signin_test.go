package config

import (
	"strings"
	"testing"

	"parley/mapping"
)

// proxied and connected are the shortest that each sign-in takes.
const (
	proxied   = "[server]\nauth = \"proxy\"\n[server.proxy]\ntrusted = [\"10.1.0.0/16\"]\ngroups = [{ group = \"ops\", audience = \"ops\", role = \"ops\" }]\n"
	connected = "[server]\nauth = \"oidc\"\n[server.oidc]\nissuer = \"https://login.acme.example\"\nclient_id = \"parley\"\ngroups = [{ group = \"ops\", audience = \"ops\", role = \"ops\" }]\n"
)

func TestSignInLoads(t *testing.T) {
	t.Parallel()
	for _, text := range []string{proxied, connected} {
		c, ps := LoadEnv(write(t, minimal+text), environment)
		if len(ps) > 0 {
			t.Fatal(lines(ps))
		}
		if p, o := c.Server.Proxy, c.Server.OIDC; p.UserHeader != "X-Forwarded-User" || p.GroupsHeader != "X-Forwarded-Groups" || o.GroupsClaim != "groups" || o.Idle.Hours() != 12 || o.Life.Hours() != 24 {
			t.Errorf("defaults are missing: %+v %+v", p, o)
		}
	}
}

func TestOnlyThisMachineWithoutSignIn(t *testing.T) {
	t.Parallel()
	for listen, here := range map[string]bool{
		"127.0.0.1:8080": true, "127.8.9.1:80": true, "[::1]:8080": true, "localhost:8080": true, "LOCALHOST:1": true, "[::ffff:127.0.0.1]:80": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "[::ffff:0.0.0.0]:80": false, "board.acme.example:80": false, "localhost.evil.example:80": false,
		"127.0.0.1.evil.example:80": false, "127.1:80": false, "0:80": false, "0x7f000001:80": false, "[fe80::1%eth0]:80": false, "10.0.0.1:80": false, "\u00a0127.0.0.1:80": false,
	} {
		text := strings.ReplaceAll(minimal+"[server]\nlisten = \"LISTEN\"", "LISTEN", listen)
		_, ps := LoadEnv(write(t, text), environment)
		if Failed(ps) == here {
			t.Errorf("%s: %q", listen, lines(ps))
		}
		public := "public_url = \"https://board.acme.example\"\nlisten = \"" + listen + "\"\nauth"
		for _, signIn := range []string{proxied, connected} {
			if _, ps := LoadEnv(write(t, minimal+strings.Replace(signIn, "auth", public, 1)), environment); len(ps) > 0 {
				t.Errorf("%s with sign-in: %q", listen, lines(ps))
			}
		}
	}
}

// TestSignInProblems changes one thing in a good sign-in and looks for one line.
func TestSignInProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ good, old, text, want string }{
		{proxied, "trusted = [\"10.1.0.0/16\"]", "", "server.proxy.trusted: nobody's headers are believed"},
		{proxied, "10.1.0.0/16", "10.1.0.0", `server.proxy.trusted[0]: "10.1.0.0" is not a range of addresses`},
		{proxied, "10.1.0.0/16", "0.0.0.0/0", "server.proxy.trusted[0]: with all addresses trusted, everybody says who they are"},
		{proxied, "10.1.0.0/16", "::/0", "server.proxy.trusted[0]: with all addresses trusted"},
		{proxied, "trusted", "user_header = \"X User\"\ntrusted", `server.proxy.user_header: "X User" is not the name of a header`},
		{proxied, "trusted", "groups_header = \"\"\ntrusted", `server.proxy.groups_header: "" is not the name of a header`},
		{proxied, "trusted", "groups_header = \"x-forwarded-USER\"\ntrusted", "server.proxy.groups_header: is the header of the user"},
		{proxied, "groups = [{ group = \"ops\", audience = \"ops\", role = \"ops\" }]", "", "server.proxy.groups: no group is let in"},
		{proxied, "trusted", "trustd", "server.proxy.trustd: unknown key; did you mean trusted?"},
		{proxied, "group = \"ops\"", "group = \"ops,it\"", "server.proxy.groups[0].group: a comma parts two groups"},
		{proxied, "group = \"ops\"", "group = \"\"", "server.proxy.groups[0]: has no group"},
		{proxied, "audience = \"ops\"", "audience = \"opps\"", `server.proxy.groups[0].audience: "opps" is not known here; did you mean ops?`},
		{proxied, "audience = \"ops\"", "audience = \"unit:trading\"", `server.proxy.groups[0].audience: "unit:trading" is not known here`},
		{proxied, "role = \"ops\" }", "role = \"ops\" }, { group = \"ops\", audience = \"it\", role = \"viewer\" }", `server.proxy.groups[1]: "ops" is listed above, and the first that matches decides`},
		{proxied, "\"proxy\"", "\"oidc\"", "server.proxy: is not used with auth = \"oidc\"; set server.auth = \"proxy\""},
		{proxied, "\"proxy\"", "\"none\"", "server.proxy: is not used with auth = \"none\""},
		{proxied, "\"proxy\"", "\"prox\"", `server.auth: "prox" is not known here; did you mean proxy?`},
		{proxied, "auth", "listen = \"10.0.0.1:80\"\nauth", "server.public_url: only this machine reaches the board by it"},
		{proxied, "auth", "metrics_token = \"hunter2\"\nauth", "server.metrics_token: a secret must not stand in the file itself"},
		{proxied, "auth", "metrics_token = \"env:SHORT_TOKEN\"\nauth", "server.metrics_token: is shorter than 16 characters"},
		{connected, "https://login", "http://login", "server.oidc.issuer: without encryption only this machine itself may be talked to"},
		{connected, "issuer = \"https://login.acme.example\"", "", "server.oidc.issuer: is missing"},
		{connected, "client_id = \"parley\"", "", "server.oidc.client_id: is missing"},
		{connected, "client_id", "groups_claim = \"\"\nclient_id", "server.oidc.groups_claim: is empty"},
		{connected, "client_id", "idle = \"soon\"\nclient_id", `server.oidc.idle: "soon" is not a duration`},
		{connected, "client_id", "life = \"1s\"\nclient_id", "server.oidc.life: 1s is not between 1m0s and 720h0m0s"},
		{connected, "client_id", "client_secret = \"hunter2\"\nclient_id", "server.oidc.client_secret: a secret must not stand in the file itself"},
	} {
		text := minimal + strings.Replace(c.good, c.old, c.text, 1)
		env := func(name string) (string, bool) {
			if name == "SHORT_TOKEN" {
				return "short", true
			}
			return environment(name)
		}
		_, ps := LoadEnv(write(t, text), env)
		if got := strings.Join(lines(ps), "\n"); !strings.Contains(got, c.want) || strings.Contains(got, "hunter2") {
			t.Errorf("%s → %s:\n%s\nwant %s", c.old, c.text, got, c.want)
		}
	}
}

func TestNothingOfSignInIsIgnored(t *testing.T) {
	t.Parallel()
	for _, text := range []string{proxied, connected} {
		_, ps := LoadEnv(write(t, minimal+text), environment)
		for _, p := range ps {
			if p.Severity == mapping.Warning {
				t.Error(p)
			}
		}
	}
}
