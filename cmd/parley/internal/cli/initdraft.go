package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/propose"
	"parley/connectors"
	"parley/mapping"
)

// draft is as much of a configuration as is known so far. It is checked like any other, so
// that a wrong address or a missing variable is told in the usual words before a token
// travels.
type draft struct {
	jira, jiraUser, jiraEnv string
	projects                []string
	gitHub, gitHubEnv       string
	repos                   []string
	zone                    string
}

// The trackers, as tables of a configuration.
const (
	ofJira   = connectors.Jira
	ofGitHub = connectors.GitHub
)

func (d *draft) text() string {
	var b strings.Builder
	list := func(names []string) string {
		quoted := make([]string, 0, len(names))
		for _, n := range names {
			quoted = append(quoted, propose.Quote(n))
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	fmt.Fprintf(&b, "[calendar]\ntimezone = %s\n", propose.Quote(d.zone))
	if d.jira != "" {
		auth := "auth = \"bearer\""
		if d.jiraUser != "" {
			auth = "auth = \"basic\"\nuser = " + propose.Quote(d.jiraUser)
		}
		fmt.Fprintf(&b, "[[jira]]\nurl = %s\n%s\ntoken = %s\nprojects = %s\n", propose.Quote(d.jira), auth, propose.Quote("env:"+d.jiraEnv), list(d.projects))
	}
	if d.gitHub != "" {
		fmt.Fprintf(&b, "[[github]]\nurl = %s\ntoken = %s\nrepos = %s\n", propose.Quote(d.gitHub), propose.Quote("env:"+d.gitHubEnv), list(d.repos))
	}
	return b.String()
}

// config is the draft as far as it is whole: what is missing because nobody said it yet is
// no problem.
func (d *draft) config(s *session) (*config.Config, error) {
	cfg, problems := config.InspectText(s.path, d.text(), os.LookupEnv)
	for _, p := range problems {
		missing := p.Path == "column" || p.Path == "jira[0].projects" && len(d.projects) == 0 || p.Path == "github[0].repos" && len(d.repos) == 0
		if p.Severity == mapping.Error && !missing {
			return nil, asked(p.Path, p.Message, p.Fix)
		}
	}
	if cfg == nil {
		return nil, fmt.Errorf("the answers make no configuration: %v", problems)
	}
	return cfg, nil
}

// asked is what is wrong with an answer, by what was asked for.
func asked(path, message, fix string) error {
	for table, name := range map[string]string{"jira[0]": "Jira", "github[0]": "GitHub"} {
		if rest, ok := strings.CutPrefix(path, table); ok {
			path = strings.TrimSpace(name + " " + strings.TrimPrefix(rest, "."))
		}
	}
	said := path + ": " + message
	if fix != "" {
		said += "; " + fix
	}
	return errors.New(plain(said))
}

// choose settles which projects or repositories are read: those that were told, else those
// that a person takes from the list of all.
func (d *draft) choose(ctx context.Context, s *session, a *prompter, kind connectors.Kind, told []string) error {
	cfg, err := d.config(s)
	if err != nil {
		return err
	}
	chosen, flag, noun := &d.projects, "--projects", "projects"
	if kind == ofGitHub {
		chosen, flag, noun = &d.repos, "--repos", "repositories"
		cfg.Jira = nil
	} else {
		cfg.GitHub = nil
	}
	if *chosen = trimmed(told); len(*chosen) > 0 {
		_, err := d.config(s)
		return err
	}
	jira, gitHub, problems := app.Survey(ctx, app.Options{Config: cfg, Version: s.version})
	for _, p := range problems {
		return asked(p.Path, p.Message, p.Fix)
	}
	if kind == ofGitHub {
		jira = gitHub
	}
	if len(jira.Places) == 0 {
		return fmt.Errorf("%s: the account %s sees no %s; give it access, or name them by %s", nameOf(kind), plain(jira.Me.Name), noun, flag)
	}
	if *chosen, err = a.among(*jira, noun, flag); err != nil {
		return err
	}
	_, err = d.config(s)
	return err
}

func trimmed(list []string) []string {
	var out []string
	for _, x := range list {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// shown is how many projects or repositories are offered by name.
const shown = 30

// among has a person choose from what there is. A few are all taken where nothing is said.
func (a *prompter) among(s connectors.Survey, noun, flag string) ([]string, error) {
	var keys []string
	fmt.Fprintf(a.out, "%s offers these %s:\n", plain(s.Product), noun)
	for i, p := range s.Places {
		if i < shown {
			fmt.Fprintf(a.out, "  %-10s %s\n", plain(p.Key), plain(p.Name))
		}
		keys = append(keys, p.Key)
	}
	otherwise := strings.Join(keys[:min(len(keys), 5)], ",")
	if n := len(keys) - shown; n > 0 || s.More {
		fmt.Fprintln(a.out, "  and more; any can be named")
		otherwise = keys[0]
	}
	answer, err := a.unless("", flag, "Which, with commas between them", otherwise)
	return trimmed(strings.Split(answer, ",")), err
}

// found asks the trackers what is in the chosen projects and repositories.
func (d *draft) found(ctx context.Context, s *session) (out propose.Found, err error) {
	cfg, err := d.config(s)
	if err != nil {
		return out, err
	}
	o := app.Options{Config: cfg, Version: s.version}
	dirs, problems := app.CheckTrackers(ctx, o, func(string) bool { return false })
	jira, gitHub, more := app.Survey(ctx, o)
	if err := s.tellFound(slices.Concat(problems, more)); err != nil {
		return out, err
	}
	out.Zone = d.zone
	for _, dir := range dirs {
		if dir.Kind == ofJira {
			out.Jira = &propose.Jira{URL: d.jira, User: d.jiraUser, TokenEnv: d.jiraEnv, Directory: dir, Places: jira.Places}
		} else {
			out.GitHub = &propose.GitHub{URL: d.gitHub, TokenEnv: d.gitHubEnv, Directory: dir, Boards: gitHub.Boards}
		}
	}
	return out, nil
}

// tellFound prints what the trackers object to; an error ends it, as no board could be
// shown of what cannot be read.
func (s *session) tellFound(problems []mapping.Problem) error {
	failed := false
	for _, p := range problems {
		failed = failed || p.Severity == mapping.Error
		fmt.Fprintf(s.Err, "%-8s %v\n", p.Severity, asked(p.Path, p.Message, p.Fix))
	}
	if failed {
		return errTold
	}
	return nil
}
