package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/tracing"
	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/jira"
	"parley/connectors/transport"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/runner"
)

// connect makes the clients of all configured trackers. It sends no request.
func connect(o Options) ([]runner.Tracker, error) {
	var out []runner.Tracker
	clients := clients{Options: o, made: map[string]*http.Client{}}
	fields := customFields(o.Config)
	for _, j := range o.Config.Jira {
		c := clients.jira(j)
		c.FieldNames = fields
		client, err := jira.New(c)
		if err != nil {
			return nil, err
		}
		out = append(out, runner.Tracker{Name: j.Name, Kind: connectors.Jira, Account: account(j.URL, j.User, j.Token.Reveal()), Canary: j.Canary, Tracker: client})
	}
	for _, h := range o.Config.GitHub {
		c := clients.gitHub(h)
		c.People = logins(o.Config)
		client, err := github.New(c)
		if err != nil {
			return nil, err
		}
		out = append(out, runner.Tracker{Name: h.Name, Kind: connectors.GitHub, Account: account(h.URL, signer(h), h.Token.Reveal()), Tracker: client})
	}
	return out, nil
}

// held is where a GitHub holds the status or the priority.
func held(h config.GitHub, f kanban.Field) github.Place {
	at, ok := h.Fields()[f]
	if !ok {
		return github.Place{}
	}
	return github.Place{Project: at.Project, Field: at.Name}
}

// logins are those of GitHub that the configuration names people by.
func logins(c *config.Config) []string {
	var out []string
	for _, p := range c.Person {
		if p.GitHub != "" {
			out = append(out, p.GitHub)
		}
	}
	return out
}

// asApp is the app that a GitHub is signed in to with, nil for a token.
func asApp(h config.GitHub) *github.App {
	if h.AppID == 0 {
		return nil
	}
	return &github.App{ID: h.AppID, Installation: h.InstallationID, PrivateKey: h.PrivateKey.Reveal()}
}

// signer names the app that signs in, for a token is then made anew each hour.
func signer(h config.GitHub) string {
	if h.AppID == 0 {
		return ""
	}
	return fmt.Sprintf("app %d of %d", h.AppID, h.InstallationID)
}

// account tells credentials apart without giving one away: two tables with one address
// and one token share what a tracker allows.
func account(address, user, token string) string {
	host := address
	if u, err := url.Parse(address); err == nil {
		host = strings.ToLower(u.Host)
	}
	sum := sha256.Sum256([]byte(host + "\n" + user + "\n" + token))
	return host + " " + hex.EncodeToString(sum[:8])
}

// customFields are the Jira fields that rules look at, by name.
func customFields(c *config.Config) []string {
	rules, problems := mapping.Compile(c.Mapping(), nil)
	if mapping.Failed(problems) {
		return nil // the start will fail and say why
	}
	fields := rules.CustomFields()
	if len(c.Contracts()) > 0 && !slices.ContainsFunc(fields, func(f string) bool { return strings.EqualFold(f, engine.PlaceField) }) {
		fields = append(fields, engine.PlaceField) // contracts go by the order of requests
	}
	return fields
}

// writeGap is the pause between two writes that GitHub asks for. Atlassian asks for none.
const writeGap = time.Second

// unheard is how long it may take until what sends requests knows of a refusal.
const unheard = time.Second

// clients make one HTTP client for each credential: what a tracker allows, it allows to
// the credential, however many tables name it.
type clients struct {
	Options

	made map[string]*http.Client
}

// jira is what a client of a Jira is made of, but for what rules look at.
func (c clients) jira(j config.Jira) jira.Config {
	token := j.Token.Reveal()
	return jira.Config{Name: j.Name, URL: j.URL, Auth: j.Auth, User: j.User, Token: token, Projects: j.Projects,
		TransitionDefaults: j.TransitionDefaults, HTTP: c.of(j.URL, account(j.URL, j.User, token), jiraLine), Now: c.Now}
}

// gitHub is what a client of a GitHub is made of, but for the people.
func (c clients) gitHub(h config.GitHub) github.Config {
	token := h.Token.Reveal()
	return github.Config{Name: h.Name, URL: h.URL, Token: token, App: asApp(h), Repos: h.Repos,
		Status: held(h, kanban.FieldStatus), Priority: held(h, kanban.FieldPriority),
		HTTP: c.of(h.URL, account(h.URL, signer(h), token), gitHubLine), Now: c.Now}
}

func (c clients) of(address, account string, line func() transport.Options) *http.Client {
	if c.made[account] == nil {
		c.made[account] = c.client(address, func() transport.Options {
			t := line()
			c.budgets.keep(account, t.Budget)
			return t
		})
	}
	return c.made[account]
}

func jiraLine() transport.Options {
	return transport.Options{Grace: unheard, Budget: transport.NewBudget(transport.JiraTerms())}
}

func gitHubLine() transport.Options {
	return transport.Options{Grace: unheard, WriteGap: writeGap, Budget: transport.NewBudget(transport.GitHubTerms())}
}

// client is a client that keeps to what a tracker allows. Trackers on this machine are
// simulated: they are asked as fast as they answer.
func (o Options) client(address string, line func() transport.Options) *http.Client {
	t := transport.Options{}
	if u, err := url.Parse(address); err != nil || !config.Loopback(u.Hostname()) {
		t = line()
	}
	t.Base, t.UserAgent, t.Now = o.Base, "parley/"+strings.TrimPrefix(o.Version, "v"), o.Now
	return tracing.Client(transport.New(tracing.Watch(t)))
}
