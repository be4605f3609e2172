package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"parley/cmd/parley/internal/demo"
	"parley/connectors/sim"
)

type simCommand struct {
	Jira   string `help:"Address of the simulated Jira." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
	GitHub string `help:"Address of the simulated GitHub." default:"127.0.0.1:0" placeholder:"HOST:PORT" name:"github"`
	Seed   uint64 `help:"Makes another company." default:"1"`
	AsOf   string `help:"The moment up to which the company has worked, as 2026-11-20T18:00:00Z; now where it is left out. The same seed and moment make the same one." name:"as-of" placeholder:"TIME"`
	People bool   `help:"Let simulated colleagues work."`

	DataCenter bool          `help:"Serve a Jira Data Center instead of Jira Cloud."`
	Faults     float64       `help:"Share of all requests that go wrong by chance, 0 to 1." placeholder:"SHARE"`
	Limits     bool          `help:"Enforce the rate limits that the trackers publish."`
	Lag        time.Duration `help:"How late searches and lists may show a change, as 90s." placeholder:"DURATION"`

	Hooks string `help:"Address of a Parley that is sent webhooks." placeholder:"URL"`

	Config string `help:"Write a configuration for this company here." placeholder:"FILE" name:"write-config" type:"path"`
	JSON   bool   `help:"Print one JSON document with addresses and tokens." name:"json"`
}

// Run serves the simulators until it is told to stop.
func (c simCommand) Run(ctx context.Context, s *session) error {
	if c.Faults < 0 || c.Faults > 1 {
		return misused{fmt.Sprintf("--faults %g is no share; write one between 0 and 1, as 0.05", c.Faults)}
	}
	if c.Lag < 0 {
		return misused{fmt.Sprintf("--lag %s is negative; write how late changes may show, as 90s", c.Lag)}
	}
	if !parleyAddress(c.Hooks) {
		return misused{fmt.Sprintf("--hooks %s is no address; write the board's, as http://127.0.0.1:8080", c.Hooks)}
	}
	asOf, err := c.asOf(time.Now())
	if err != nil {
		return err
	}
	w, err := startWorld(ctx, worldOptions{jira: c.Jira, github: c.GitHub, seed: c.Seed, asOf: asOf, server: c.DataCenter,
		trouble: &trouble{faults: c.Faults, limits: c.Limits, lag: c.Lag, hooks: c.Hooks}})
	if err != nil {
		return err
	}
	defer w.close()
	if err := c.writeConfig(w); err != nil {
		return err
	}
	if err := c.announce(s, w); err != nil {
		return err
	}
	if c.People {
		demo.NewColleagues(w.site, w.hub, w.access, demo.Life{Seed: c.Seed}).Run(ctx)
		return nil
	}
	<-ctx.Done()
	return nil
}

// asOf reads --as-of, which is now where it was left out.
func (c simCommand) asOf(now time.Time) (time.Time, error) {
	if c.AsOf == "" {
		return now, nil
	}
	at, err := time.Parse(time.RFC3339, c.AsOf)
	if err != nil || at.After(now) {
		return at, misused{fmt.Sprintf("--as-of: %.40q is no moment up to now; write it as 2026-11-20T18:00:00Z", c.AsOf)}
	}
	return at, nil
}

func (c simCommand) writeConfig(w *world) error {
	if c.Config == "" {
		return nil
	}
	text := demo.ConfigTOML(w.access, demo.Settings{
		JiraURL: w.jiraURL, GitHubURL: w.githubURL, Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", StoreURL: "sqlite:sim.db", Hooks: c.Hooks != "",
	})
	return writeNew(c.Config, text)
}

// writeNew writes a configuration, never over a file that is there.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return errThere(path)
	}
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}

func errThere(path string) error {
	return fmt.Errorf("%s is there already and is not overwritten; name another file", path)
}

func (c simCommand) announce(s *session, w *world) error {
	if c.JSON {
		return printJSON(s.Out, map[string]string{
			"jira": w.jiraURL, "github": w.githubURL,
			"jira_user": w.access.JiraUser, "jira_auth": w.auth(), "jira_token": w.access.JiraToken, "github_token": w.access.GitHubToken,
		})
	}
	who := "user " + w.access.JiraUser + ", token"
	if w.access.JiraUser == "" {
		who = "Data Center, token"
	}
	fmt.Fprintf(s.Out, "jira:   %s  (%s %s)\ngithub: %s  (token %s)\n", w.jiraURL, who, w.access.JiraToken, w.githubURL, w.access.GitHubToken)
	fmt.Fprintf(s.Out, "faults: POST to %s at either address; docs/SIMULATORS.md\n", sim.ControlPath)
	fmt.Fprintf(s.Out, "hooks:  POST to %s to have webhooks sent\n", sim.HooksPath)
	names := demo.TokenVariables()
	if c.Hooks != "" {
		names = append(names, demo.HookVariable)
	}
	for _, name := range names {
		value, _ := w.access.LookupEnv(name)
		fmt.Fprintf(s.Out, "export %s=%s\n", name, value)
	}
	return nil
}
