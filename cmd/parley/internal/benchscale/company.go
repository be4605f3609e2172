package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"parley/cmd/parley/internal/rig"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// Where the issues are, and the account that Parley uses.
const (
	project = "OPS"
	repo    = "acme/work"
	botMail = "parley@scale.example"
)

// company is both trackers with n issues each. Every second issue of GitHub names its twin in
// Jira in its title, so that half of the issues are pairs.
type company struct {
	n                  int
	site               *jirasim.Site
	hub                *githubsim.Hub
	jiraURL, gitHubURL string
	servers            rig.Servers
	begun              time.Time
}

func found(ctx context.Context, n int) (*company, error) {
	c := &company{n: n, site: jirasim.New(jirasim.Options{}), hub: githubsim.New(githubsim.Options{}), begun: time.Now().AddDate(-3, 0, 0).Truncate(time.Second)}
	c.site.AddUser(jirasim.User{AccountID: "parley", DisplayName: "Parley", Email: botMail, Token: rig.Token})
	for _, p := range priorities() {
		c.site.AddPriority(jirasim.Priority{Name: p.jira})
	}
	if err := rig.Stream(c.jira, func(r io.Reader) error { return c.site.LoadJSON(r) }); err != nil {
		return nil, fmt.Errorf("fill Jira: %w", err)
	}
	if err := c.fillGitHub(); err != nil {
		return nil, fmt.Errorf("fill GitHub: %w", err)
	}
	var err error
	if c.jiraURL, err = c.servers.Serve(ctx, c.site.Handler()); err != nil {
		return nil, err
	}
	if c.gitHubURL, err = c.servers.Serve(ctx, c.hub.Handler()); err != nil {
		c.servers.Close()
		return nil, err
	}
	return c, nil
}

func (c *company) fillGitHub() error {
	for _, u := range []githubsim.User{{Login: "parley-bot", Token: rig.Token}, {Login: "ben"}} {
		if err := c.hub.AddUser(u); err != nil {
			return err
		}
	}
	err := c.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "work", NoLabels: true, Private: true,
		Permissions: map[string]githubsim.Permission{"parley-bot": githubsim.Write, "ben": githubsim.Write}})
	if err != nil {
		return err
	}
	for _, label := range labels() {
		if err := c.hub.CreateLabel("ben", repo, githubsim.Label{Name: label}); err != nil {
			return err
		}
	}
	return rig.Stream(c.gitHub, func(r io.Reader) error { return c.hub.LoadJSON(repo, r) })
}

// logs are what the simulators were asked, by tracker.
func (c *company) logs() map[string]*sim.Log {
	return map[string]*sim.Log{"jira": c.site.Log(), "github": c.hub.Log()}
}

// asked is how many requests both were asked.
func (c *company) asked() int { return c.site.Log().Len() + c.hub.Log().Len() }

// kinds counts the requests by what was asked of which tracker, with * for the numbers.
func (c *company) kinds() map[string]int {
	out := map[string]int{}
	for name, l := range c.logs() {
		for _, r := range l.Requests() {
			out[fmt.Sprint(name, " ", r.Method, " ", starred(r.Path), " ", r.Status)]++
		}
	}
	return out
}

// starred is a path with a star for the number or key of an issue.
func starred(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if number := strings.TrimPrefix(p, project+"-"); i > 4 && number != "" && strings.TrimFunc(number, unicode.IsDigit) == "" {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// forget begins to count anew.
func (c *company) forget() {
	for _, l := range c.logs() {
		l.Reset()
	}
}

// stage is a status of both trackers, and column of the board.
type stage struct {
	key, name, category, jiraCategory, label string
	id                                       int
}

func stages() []stage {
	return []stage{
		{"todo", "To Do", "option", "new", "", 1},
		{"doing", "In Progress", "active", "indeterminate", "status:in-progress", 2},
		{"review", "In Review", "active", "indeterminate", "status:review", 3},
		{"done", "Done", "done", "done", "", 4},
	}
}

type priority struct{ key, jira, label string }

func priorities() []priority {
	return []priority{{"high", "High", "priority:high"}, {"normal", "Medium", "priority:normal"}, {"low", "Low", "priority:low"}}
}

func labels() []string {
	var out []string
	for _, s := range stages() {
		if s.label != "" {
			out = append(out, s.label)
		}
	}
	for _, p := range priorities() {
		out = append(out, p.label)
	}
	return out
}

// of says how far the i-th issue has come: most of an old backlog is done.
func of(i int) stage {
	s := stages()
	switch {
	case i%10 < 7:
		return s[3]
	case i%10 < 8:
		return s[i/10%2+1]
	}
	return s[0]
}

// at is when the i-th issue was made: spread over three years, the last one some days ago.
func (c *company) at(i int) time.Time {
	return c.begun.Add(time.Duration(float64(i) / float64(c.n+1) * float64(3*365*24*time.Hour-20*24*time.Hour)))
}

type object map[string]any

// encodeAll writes the issues one after the other.
func (c *company) encodeAll(enc *json.Encoder, one func(i int) object) error {
	for i := 1; i <= c.n; i++ {
		if err := enc.Encode(one(i)); err != nil {
			return err
		}
	}
	return nil
}
