package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"parley/cmd/parley/internal/rig"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// botMail is the account that Parley uses. It opens nothing but the simulators.
const botMail = "parley@real.example"

// repo is the repository of the GitHub file.
const repo = "quicwg/base-drafts"

// trackers are the two simulators with the real input in them, being served.
type trackers struct {
	site                 *jirasim.Site
	hub                  *githubsim.Hub
	jiraURL, gitHubURL   string
	issues               int
	gitHub               repository
	jiraTook, gitHubTook time.Duration
	servers              rig.Servers
	ahead                ahead
}

func load(ctx context.Context, in input, by ahead) (*trackers, error) {
	w := &trackers{site: jirasim.New(jirasim.Options{}), hub: githubsim.New(githubsim.Options{}), ahead: by}
	begun := time.Now()
	if err := w.loadJira(in.jira); err != nil {
		return nil, fmt.Errorf("load Jira: %w", err)
	}
	w.jiraTook, begun = time.Since(begun), time.Now()
	if err := w.loadGitHub(in.polls); err != nil {
		return nil, fmt.Errorf("load GitHub: %w", err)
	}
	w.gitHubTook = time.Since(begun)
	var err error
	if w.jiraURL, err = w.servers.Serve(ctx, w.site.Handler()); err != nil {
		return nil, err
	}
	if w.gitHubURL, err = w.servers.Serve(ctx, w.hub.Handler()); err != nil {
		w.servers.Close()
		return nil, err
	}
	return w, nil
}

func (w *trackers) loadJira(path string) error {
	w.site.AddUser(jirasim.User{AccountID: "parley", DisplayName: "Parley", Email: botMail, Token: rig.Token})
	for _, p := range priorities() { // the order is that of the scale; a file does not tell it
		w.site.AddPriority(jirasim.Priority{Name: p})
	}
	err := rig.Stream(func(enc *json.Encoder) error { return jiraIssues(path, enc, w.ahead) }, func(r io.Reader) error { return w.site.LoadJSON(r) })
	w.issues = len(w.site.Issues(""))
	return err
}

func (w *trackers) loadGitHub(path string) error {
	if err := w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: rig.Token}); err != nil {
		return err
	}
	if err := w.hub.AddRepo(githubsim.Repo{Owner: "quicwg", Name: "base-drafts", NoLabels: true,
		Permissions: map[string]githubsim.Permission{"parley-bot": githubsim.Write}}); err != nil {
		return err
	}
	var err error
	if w.gitHub, err = fold(path); err != nil {
		return err
	}
	if by := w.ahead.gitHub; by > 0 {
		if err := w.gitHub.later(by); err != nil {
			return err
		}
	}
	return rig.Stream(w.gitHub.encode, func(r io.Reader) error { return w.hub.LoadJSON(repo, r) })
}

// logs are what the simulators were asked, by tracker.
func (w *trackers) logs() map[string]*sim.Log {
	return map[string]*sim.Log{"jira": w.site.Log(), "github": w.hub.Log()}
}

// neverWrote fails if a request was sent that could have changed something.
func (w *trackers) neverWrote() error {
	for name, log := range w.logs() {
		if m := log.Mutations(); len(m) > 0 {
			return fmt.Errorf("%d writes were sent to %s, the first is %s %s %s", len(m), name, m[0].Method, m[0].Path, m[0].Body)
		}
	}
	return nil
}
