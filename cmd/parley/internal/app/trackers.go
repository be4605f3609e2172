package app

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/jira"
	"parley/connectors/transport"
	"parley/mapping"
	"parley/sync/runner"
)

// connect makes the clients of all configured trackers. It sends no request.
func connect(o Options) ([]runner.Tracker, error) {
	var out []runner.Tracker
	fields := customFields(o.Config)
	for _, j := range o.Config.Jira {
		client, err := jira.New(jira.Config{
			Name: j.Name, URL: j.URL, Auth: j.Auth, User: j.User, Token: j.Token.Reveal(), Projects: j.Projects,
			FieldNames: fields, TransitionDefaults: j.TransitionDefaults, HTTP: o.client(j.URL), Now: o.Now,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, runner.Tracker{Name: j.Name, Kind: connectors.Jira, Canary: j.Canary, Tracker: client})
	}
	for _, h := range o.Config.GitHub {
		client, err := github.New(github.Config{
			Name: h.Name, URL: h.URL, Token: h.Token.Reveal(), App: asApp(h), Repos: h.Repos, HTTP: o.client(h.URL), Now: o.Now,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, runner.Tracker{Name: h.Name, Kind: connectors.GitHub, Tracker: client})
	}
	return out, nil
}

// asApp is the app that a GitHub is signed in to with, nil for a token.
func asApp(h config.GitHub) *github.App {
	if h.AppID == 0 {
		return nil
	}
	return &github.App{ID: h.AppID, Installation: h.InstallationID, PrivateKey: h.PrivateKey.Reveal()}
}

// customFields are the Jira fields that rules look at, by name.
func customFields(c *config.Config) []string {
	rules, problems := mapping.Compile(c.Mapping(), nil)
	if mapping.Failed(problems) {
		return nil // the start will fail and say why
	}
	return rules.CustomFields()
}

// writeGap is the pause between two writes to a tracker, as GitHub asks for;
// trackers on this machine are simulated and need none.
const writeGap = time.Second

func (o Options) client(address string) *http.Client {
	gap := writeGap
	if u, err := url.Parse(address); err == nil && config.Loopback(u.Hostname()) {
		gap = 0
	}
	return transport.New(transport.Options{
		Base: o.Base, UserAgent: "parley/" + strings.TrimPrefix(o.Version, "v"), Now: o.Now, WriteGap: gap,
	})
}
