package demo

import (
	"fmt"
	"strings"
)

// Settings are the addresses that a demo runs on.
type Settings struct {
	JiraURL   string
	GitHubURL string // must also be githubsim.Options.HTMLURL, or texts point to other issues
	Listen    string // "127.0.0.1:8080"
	PublicURL string
	StoreURL  string // "sqlite:FILE"
	Hooks     bool   // the trackers send webhooks, signed with HookSecret
}

// Names of the environment variables that ConfigTOML refers to.
const (
	envJira   = "PARLEY_DEMO_JIRA_TOKEN"
	envGitHub = "PARLEY_DEMO_GITHUB_TOKEN"
)

// HookVariable is the environment variable that holds HookSecret.
const HookVariable = "PARLEY_DEMO_HOOK_SECRET"

// HookSecret signs the webhooks of the simulated trackers.
const HookSecret = "demo-webhooks-parley-acme"

// hookLine is where a tracker's secret of webhooks is found, "" where it sends none.
func (s Settings) hookLine() string {
	if !s.Hooks {
		return ""
	}
	return fmt.Sprintf("webhook_secret = \"env:%s\"\n", HookVariable)
}

// LookupEnv knows the tokens that ConfigTOML refers to, in the way of os.LookupEnv.
func (a Access) LookupEnv(name string) (value string, ok bool) {
	switch name {
	case envJira:
		return a.JiraToken, true
	case envGitHub:
		return a.GitHubToken, true
	case HookVariable:
		return HookSecret, true
	}
	return "", false
}

// column is one column of the demo's board.
type column struct {
	stage          stage
	name, category string
	turn           string
	wip            int
}

// columns are the board's, from left to right.
func columns() []column {
	return []column{
		{requests, "Requests", "option", "business", 0},
		{committed, "Committed", "queue", "it", 10},
		{doing, "In progress", "active", "it", 12},
		{review, "Review", "active", "it", 6},
		{waiting, "Waiting for requester", "wait", "business", 6},
		{verify, "To accept", "active", "business", 6},
		{done, "Done", "done", "none", 0},
		{withdrawn, "Withdrawn", "cancelled", "none", 0},
	}
}

// ConfigTOML is the company's config.toml. It can be kept and changed: but for the
// tokens, which LookupEnv knows, it is an ordinary configuration.
func ConfigTOML(a Access, s Settings) string {
	var b strings.Builder
	fmt.Fprintf(&b, head, s.Listen, s.PublicURL, s.StoreURL, s.JiraURL, a.signIn(), envJira, s.hookLine(), s.GitHubURL, envGitHub, s.hookLine())
	for _, c := range columns() {
		writeColumn(&b, c)
	}
	b.WriteString(priorityTables)
	for _, project := range []string{opsProject, finProject} {
		for _, repo := range []string{paymentsRepo, infraRepo} {
			fmt.Fprintf(&b, pairTable, project, repo)
		}
	}
	year, week := a.began.ISOWeek()
	for _, c := range agreements() {
		fmt.Fprintf(&b, unitTable(c), fmt.Sprintf("%d-W%02d", year, week), c.slots)
	}
	b.WriteString(ruleTables)
	for _, p := range a.People {
		fmt.Fprintf(&b, "\n[[person]]\nname = %q\njira = %q\ngithub = %q\nteam = %q\n", p.Name, p.Jira, p.GitHub, p.Team)
	}
	return b.String()
}

// signIn says how Parley's account signs in to Jira.
func (a Access) signIn() string {
	if a.JiraUser == "" {
		return `auth = "bearer"`
	}
	return fmt.Sprintf("auth = \"basic\"\nuser = %q", a.JiraUser)
}

func writeColumn(b *strings.Builder, c column) {
	l := c.stage.look()
	fmt.Fprintf(b, "\n[[column]]\nkey = %q\nname = %q\ncategory = %q\nturn = %q\n", c.stage, c.name, c.category, c.turn)
	if c.wip > 0 {
		fmt.Fprintf(b, "wip = %d\n", c.wip)
	}
	fmt.Fprintf(b, "jira = [%q]\ngithub = [%q%s]\n", l.status, selector(l), alsoShows(c.stage))
}

// selector is how a stage looks in GitHub.
func selector(l look) string {
	switch {
	case l.reason != "":
		return "closed:" + l.reason
	case l.label != "":
		return "open + label:" + l.label
	}
	return "open"
}

func alsoShows(s stage) string {
	if s == withdrawn {
		return `, "closed:duplicate"`
	}
	return ""
}

// TokenVariables are the environment variables of the tokens that ConfigTOML refers to.
func TokenVariables() []string { return []string{envJira, envGitHub} }
