package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/propose"
	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

type initCommand struct {
	Jira     string   `help:"Address of Jira, as https://acme.atlassian.net; none: there is no Jira." placeholder:"URL"`
	JiraUser string   `help:"E-mail address of the account on Jira Cloud; none for a personal access token." placeholder:"EMAIL"`
	JiraEnv  string   `help:"Environment variable that holds Jira's token." default:"JIRA_TOKEN" placeholder:"NAME" name:"jira-token-env"`
	Projects []string `help:"Jira projects to read." placeholder:"KEY,…"`

	GitHub    string   `help:"REST root of GitHub, https://api.github.com or https://HOST/api/v3; none: there is no GitHub." placeholder:"URL" name:"github"`
	GitHubEnv string   `help:"Environment variable that holds GitHub's token." default:"GITHUB_TOKEN" placeholder:"NAME" name:"github-token-env"`
	Repos     []string `help:"GitHub repositories to read." placeholder:"OWNER/NAME,…"`

	Timezone string `help:"In which days begin, as Europe/Paris; that of this machine where it is known." placeholder:"ZONE"`
}

// none says that there is no such tracker.
const none = "none"

// defaultConfig is the file that commands take where none is named.
const defaultConfig = "config.toml"

// gitHubCom is the REST root of most.
const gitHubCom = "https://api.github.com"

// Run asks for what no flag says, looks at the trackers and writes the proposal. It never
// overwrites a file and is never told a token.
func (c initCommand) Run(ctx context.Context, s *session) error {
	if _, err := os.Lstat(s.path); err == nil {
		return errThere(s.path)
	}
	if err := c.vet(); err != nil {
		return err
	}
	found, err := c.look(ctx, s)
	if err != nil {
		return err
	}
	p := propose.Make(found)
	text := p.Text()
	if err := s.holds(ctx, text); err != nil {
		return err
	}
	if err := writeNew(s.path, text); err != nil {
		return err
	}
	return initReport(s.Out, s.path, p)
}

// variable is the form of a variable's name. Tokens have small letters in them, and are
// not to be repeated.
var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// vet refuses what can never be right, without repeating what may be a secret.
func (c initCommand) vet() error {
	for flag, name := range map[string]string{"--jira-token-env": c.JiraEnv, "--github-token-env": c.GitHubEnv} {
		if !variable.MatchString(name) {
			return misused{flag + " takes the name of an environment variable, in capital letters; never the token itself"}
		}
	}
	return nil
}

// look asks the trackers, step by step: who, which containers, what is in them.
func (c initCommand) look(ctx context.Context, s *session) (found propose.Found, err error) {
	a := newPrompter(s)
	d := draft{zone: c.Timezone}
	if d.zone == "" {
		d.zone = machineZone()
	}
	if err := c.whoJira(a, &d); err != nil {
		return found, err
	}
	if d.jira != "" {
		if err := d.choose(ctx, s, a, ofJira, c.Projects); err != nil {
			return found, err
		}
	}
	if err := c.whoGitHub(a, &d); err != nil {
		return found, err
	}
	if d.gitHub != "" {
		if err := d.choose(ctx, s, a, ofGitHub, c.Repos); err != nil {
			return found, err
		}
	}
	if d.jira == "" && d.gitHub == "" {
		return found, misused{"there is no tracker to look at; name Jira, GitHub or both"}
	}
	return d.found(ctx, s)
}

func (c initCommand) whoJira(a *prompter, d *draft) (err error) {
	told := c.Jira != ""
	if d.jira, err = a.unless(c.Jira, "--jira", "Address of Jira, as https://acme.atlassian.net (none: no Jira)", none); err != nil || d.jira == none {
		d.jira = ""
		return err
	}
	d.jira, d.jiraEnv, d.jiraUser = withScheme(d.jira), c.JiraEnv, c.JiraUser
	if d.jiraUser == "" && (!told || onCloud(d.jira)) {
		d.jiraUser, err = a.unless("", "--jira-user", "E-mail address of Parley's account there (none: a personal access token of a Data Center)", none)
	}
	if d.jiraUser == none {
		d.jiraUser = ""
	}
	if err == nil && !told {
		d.jiraEnv, err = a.name("Environment variable that holds its token", c.JiraEnv)
	}
	return err
}

func (c initCommand) whoGitHub(a *prompter, d *draft) (err error) {
	told := c.GitHub != "" || len(c.Repos) > 0
	if told && c.GitHub == "" {
		c.GitHub = gitHubCom
	}
	if d.gitHub, err = a.unless(c.GitHub, "--github", "REST root of GitHub (none: no GitHub)", gitHubCom); err != nil || d.gitHub == none {
		d.gitHub = ""
		return err
	}
	d.gitHub, d.gitHubEnv = withScheme(d.gitHub), c.GitHubEnv
	if !told {
		d.gitHubEnv, err = a.name("Environment variable that holds its token", c.GitHubEnv)
	}
	return err
}

func withScheme(address string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	return strings.TrimRight(address, "/")
}

func onCloud(address string) bool { return strings.HasSuffix(address, ".atlassian.net") }

// holds checks the proposal as parley check would, before it is a file. What it finds here
// is a fault of the proposal, or has changed at the trackers meanwhile.
func (s *session) holds(ctx context.Context, text string) error {
	cfg, problems := config.InspectText(s.path, text, os.LookupEnv)
	if cfg != nil && !config.Failed(problems) {
		dirs, of := app.CheckTrackers(ctx, app.Options{Config: cfg, Version: s.version}, func(string) bool { return false })
		_, compiled := cfg.Compile(dirs)
		problems = append(append(problems, cfg.Locate(of)...), compiled...)
	}
	if !config.Failed(problems) {
		return nil
	}
	for _, p := range problems {
		if p.Severity == mapping.Error {
			fmt.Fprintln(s.Err, plain(p.String()))
		}
	}
	fmt.Fprintln(s.Err, "parley: the proposal does not hold, and nothing was written; please report it with the lines above")
	return errTold
}

func initReport(out io.Writer, path string, p propose.Proposal) error {
	fmt.Fprintf(out, "%s is written: %s, %s, %s, %s.\n\n", path, kanban.Count(len(p.Columns), "column", "columns"), kanban.Count(len(p.Priorities), "priority", "priorities"), kanban.Count(len(p.Pairs), "pair rule", "pair rules"), kanban.Count(len(p.Units), "unit", "units"))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "COLUMN\tJIRA\tGITHUB")
	for _, c := range p.Columns {
		fmt.Fprintf(t, "%s\t%s\t%s\n", c.Name, values(c.Jira), values(c.GitHub))
	}
	fmt.Fprintln(t, "\t\t\nPRIORITY\tJIRA\tGITHUB")
	for _, x := range p.Priorities {
		fmt.Fprintf(t, "%s\t%s\t%s\n", plain(x.Name), values(x.Jira), values(x.GitHub))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if n := len(p.Open); n > 0 {
		fmt.Fprintf(out, "\n%s left for you to decide, listed at the end of the file.\n", kanban.Count(n, "thing", "things"))
	}
	command := "parley"
	if path != defaultConfig {
		command += " --config " + path
	}
	_, err := fmt.Fprintf(out, "\nEach line of the file says why it is there. Nothing is written to a tracker before sync.write is on. Next:\n\n"+
		"  %[1]s check   what the trackers say to it\n  %[1]s plan    what would be written\n  %[1]s run     the board, at http://127.0.0.1:8080\n", command)
	return err
}

// values are the first entries of a list.
func values(items []propose.Item) string {
	const most = 3
	var out []string
	for i, item := range items {
		if i == most {
			out = append(out, fmt.Sprintf("%d more", len(items)-most))
			break
		}
		out = append(out, plain(item.Value))
	}
	if out == nil {
		return "-"
	}
	return strings.Join(out, ", ")
}

// nameOf names a tracker for people.
func nameOf(k connectors.Kind) string {
	if k == connectors.Jira {
		return "Jira"
	}
	return "GitHub"
}
