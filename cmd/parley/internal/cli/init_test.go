package cli

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// TestMain gives all tests the tokens of the firms, as the environment is the process's.
func TestMain(m *testing.M) {
	for _, name := range []string{"JIRA_TOKEN", "GITHUB_TOKEN"} {
		if err := os.Setenv(name, "t0ken"); err != nil {
			panic(err)
		}
	}
	m.Run()
}

// firm is a company that Parley has never seen.
type firm struct {
	t         *testing.T
	site      *jirasim.Site
	hub       *githubsim.Hub
	jira, git string // addresses
	file      string // of the configuration that is to be written
}

// newFirm serves an empty Jira and an empty GitHub with Parley's account in both.
func newFirm(t *testing.T, o jirasim.Options) *firm {
	t.Helper()
	f := &firm{t: t, site: jirasim.New(o), hub: githubsim.New(githubsim.Options{}), file: filepath.Join(t.TempDir(), "config.toml")}
	f.site.AddUser(jirasim.User{AccountID: "bot", Name: "parley", DisplayName: "Parley", Email: "bot@firm.test", Token: "t0ken"})
	f.must(f.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "t0ken", Push: true}))
	for at, h := range map[*string]*httptest.Server{&f.jira: httptest.NewServer(f.site.Handler()), &f.git: httptest.NewServer(f.hub.Handler())} {
		t.Cleanup(h.Close)
		*at = h.URL
	}
	return f
}

func (f *firm) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// workflow gives a project the statuses, "Name/category" each, in a workflow that goes from
// each to each, and an issue in each.
func (f *firm) workflow(project jirasim.Project, statuses ...string) {
	f.t.Helper()
	w := jirasim.Workflow{Name: "flow of " + project.Key, Permissive: true}
	for _, s := range statuses {
		name, category, _ := strings.Cut(s, "/")
		w.Statuses = append(w.Statuses, f.site.AddStatus(jirasim.Status{Name: name, Category: category}).ID)
	}
	f.site.AddWorkflow(w)
	project.Workflows = map[string]string{"": w.Name}
	f.site.AddProject(project)
	for i := range w.Statuses {
		made, err := f.site.Create("bot", jirasim.NewIssue{Project: project.Key, Type: project.Types[0], Summary: "Something"})
		f.must(err)
		if i > 0 {
			f.must(f.site.Transition("bot", made.Key, statusName(statuses[i]), jirasim.Edit{}))
		}
	}
}

func statusName(s string) string { name, _, _ := strings.Cut(s, "/"); return name }

// priorities adds Jira's, highest first.
func (f *firm) priorities(names ...string) {
	for _, n := range names {
		f.site.AddPriority(jirasim.Priority{Name: n})
	}
}

// repo adds a repository with GitHub's own labels, these, and an issue for each of these.
func (f *firm) repo(name string, labels ...string) {
	f.t.Helper()
	r := githubsim.Repo{Owner: "acme", Name: name}
	for _, l := range labels {
		r.Labels = append(r.Labels, githubsim.Label{Name: l})
	}
	f.must(f.hub.AddRepo(r))
	_, err := f.hub.CreateIssue("parley-bot", "acme/"+name, githubsim.NewIssue{Title: "Plain"})
	f.must(err)
	for _, l := range labels[:min(len(labels), 20)] {
		_, err := f.hub.CreateIssue("parley-bot", "acme/"+name, githubsim.NewIssue{Title: "One", Labels: []string{l}})
		f.must(err)
	}
}

// parley runs a command over the firm's configuration and gives what it says.
func (f *firm) parley(want int, args ...string) string {
	f.t.Helper()
	var out bytes.Buffer
	if code := Main(f.t.Context(), append([]string{"-c", f.file}, args...), IO{In: strings.NewReader(""), Out: &out, Err: &out}, "test"); code != want {
		f.t.Fatalf("parley %s ends with %d, want %d:\n%s\n%s", strings.Join(args, " "), code, want, &out, f.text())
	}
	return out.String()
}

func (f *firm) text() string {
	text, _ := os.ReadFile(f.file)
	return string(text)
}

// init has a configuration written and holds it to what every first one must do: it loads,
// the check finds no error, a plan and a preview can be made of it, and there is a board.
func (f *firm) init(args ...string) string {
	f.t.Helper()
	f.parley(0, append([]string{"init", "--jira", f.jira, "--github", f.git, "--timezone", "Europe/Berlin"}, args...)...)
	if check := f.parley(0, "check"); strings.Contains(check, "error") && !strings.Contains(check, "0 errors") {
		f.t.Errorf("check: %s", check)
	}
	f.parley(0, "plan")
	if preview := f.parley(0, "preview", f.file); !strings.Contains(preview, "0 of ") {
		f.t.Errorf("preview: %s", preview)
	}
	return f.parley(0, "see", "--as", "ops")
}

// unplaced are the warnings of check about what no column or priority lists.
func (f *firm) unplaced() string {
	f.t.Helper()
	var out []string
	for line := range strings.SplitSeq(f.parley(0, "check"), "\n") {
		if strings.Contains(line, "shown as unmapped") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func (f *firm) says(parts ...string) {
	f.t.Helper()
	for _, p := range parts {
		if !strings.Contains(f.text(), p) {
			f.t.Errorf("the configuration does not say %q:\n%s", p, f.text())
		}
	}
}

var software = jirasim.Project{Key: "SHOP", Name: "Web shop", Types: []string{"Story", "Bug"}}

// bearer is how the flags are of a Data Center; basic of Jira Cloud.
func cloud(args ...string) []string {
	return append([]string{"--jira-user", "bot@firm.test"}, args...)
}

func TestInitOfTheDefaultWorkflow(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("Highest", "High", "Medium", "Low", "Lowest")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "In Review/indeterminate", "Done/done")
	f.repo("shop", "P1", "P2", "in progress", "status: review")
	board := f.init(cloud("--projects", "SHOP", "--repos", "acme/shop")...)
	if left := f.unplaced(); left != "" {
		t.Errorf("without an edit this has no place:\n%s", left)
	}
	f.says(`write = "plan"`, `"To Do", # sure: by its name`, `"open + label:in progress", # likely`, `"open + label:status: review", # sure`,
		`"label:P1", # likely: by its number among the others`, `type = "bug"`, `github_label = ["bug"]`)
	for _, column := range []string{"Requests", "In progress", "In review", "Done"} {
		if !strings.Contains(board, column) {
			t.Errorf("the board has no %s:\n%s", column, board)
		}
	}
	if strings.Contains(f.text(), "t0ken") {
		t.Error("the token stands in the file")
	}
}

func TestInitOfTheKanbanWorkflow(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("Highest", "High", "Medium", "Low", "Lowest")
	f.workflow(software, "Backlog/new", "Selected for Development/new", "In Progress/indeterminate", "Done/done")
	f.workflow(jirasim.Project{Key: "APP", Name: "App", Types: []string{"Task"}}, "Backlog/new", "To Do/new", "In Progress/indeterminate", "Done/done")
	f.repo("shop")
	f.init(cloud("--projects", "SHOP,APP", "--repos", "acme/shop")...)
	if left := f.unplaced(); left != "" {
		t.Error(left)
	}
	f.says(`"Selected for Development", # sure`, `"To Do", # likely: there is a backlog beside it`, `"open + label:status:committed", # likely: no repository has such a label`,
		`match = { jira_project = "APP" }`, `match = { jira_project = "SHOP" }`)
}

func TestInitOfADataCenter(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{Deployment: jirasim.DataCenter})
	f.priorities("Blocker", "Critical", "Major", "Minor", "Trivial")
	f.workflow(software, "Open/new", "In Progress/indeterminate", "Reopened/new", "Resolved/done", "Closed/done")
	f.repo("shop", "priority/high", "priority/low", "status/in progress")
	f.init("--projects", "SHOP", "--repos", "acme/shop")
	if left := f.unplaced(); left != "" {
		t.Error(left)
	}
	f.says(`auth = "bearer"`, `"Open", # sure`, `"Closed", # sure`, `"label:priority/high", # sure`, `"label:priority/urgent", # likely: no repository has such a label`)
}

func TestInitOfAServiceProject(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("Highest", "High", "Medium", "Low", "Lowest")
	f.workflow(jirasim.Project{Key: "HELP", Name: "Help desk", ServiceDesk: true, Types: []string{"Incident", "Service request"}, Components: []string{"Trading", "Risk"}},
		"Open/new", "Waiting for support/indeterminate", "Waiting for customer/indeterminate", "Pending/indeterminate", "Escalated/indeterminate", "In progress/indeterminate", "Resolved/done", "Closed/done", "Canceled/done")
	f.repo("help", "bu:trading")
	f.init(cloud("--projects", "HELP", "--repos", "acme/help")...)
	if left := f.unplaced(); left != "" {
		t.Error(left)
	}
	f.says(`"Waiting for support", # sure`, `"Waiting for customer", # sure`, `"Canceled", # sure`, `planned = false`,
		`match = { jira_component = "Trading", github_label = "bu:trading" }`, `match = { jira_component = "Risk" }`)
}

// Names in German, some of which only Jira's category tells anything of.
func TestInitOfALocalizedJira(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("Höchste", "Hoch", "Mittel", "Niedrig", "Niedrigste")
	f.workflow(software, "Zu erledigen/new", "In Arbeit/indeterminate", "Beim Fachbereich/indeterminate", "In Überprüfung/indeterminate", "Fertig/done", "Abgenommen/done")
	f.repo("shop")
	f.init(cloud("--projects", "SHOP", "--repos", "acme/shop")...)
	if left := f.unplaced(); left != "" {
		t.Error(left)
	}
	f.says(`"Zu erledigen", # sure`, `"Beim Fachbereich", # likely: by Jira's category In Progress alone`, `"In Überprüfung", # sure`,
		`"Abgenommen", # likely: by Jira's category Done alone`, `"Höchste", # sure`)
}

// Two projects mean different things by one name, names that are ids, no names at all and
// such as would end a text or a comment: what can be placed is, and the rest is listed.
func TestInitOfOddStatuses(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("Red", "Amber", "Green")
	f.workflow(software, "Ready/new", "42/indeterminate", "Sea + Sand/indeterminate", "same:doing/indeterminate", "It's \"quoted\"\n'''/done", "Limbo/undefined", "\u202eodd/indeterminate")
	f.workflow(jirasim.Project{Key: "APP", Name: "Ap\"p'''\nx", Types: []string{"Task"}, Components: []string{"any", "a\nb"}}, "Ready/done", "Start/new")
	f.repo("shop", "status:red", "priority:weird", "status:done", `status:"in progress"`, "urgent priority")
	f.init(cloud("--projects", "SHOP,APP", "--repos", "acme/shop")...)
	f.says(`"Ready" of APP`, `"42" of SHOP`, `# To decide.`, `the status "Limbo"`, `the label "status:red" sounds like a column`, `a step of its own`)
	if left := f.unplaced(); strings.Count(left, "id ") != 1 || !strings.Contains(left, "Limbo") {
		t.Errorf("unplaced: %s", left)
	}
}

// Where no label says the status, a project that the repository is linked to may.
func TestInitOfAProjectBoard(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("High", "Medium", "Low")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "Done/done")
	f.repo("shop")
	f.must(f.hub.AddProject(githubsim.Project{Owner: "acme", Number: 3, Title: "Delivery", Repos: []string{"acme/shop"}, Fields: []githubsim.ProjectField{
		{Name: "Status", Options: []string{"Todo", "In Progress", "Done", "Lunch"}}, {Name: "Priority", Options: []string{"P0", "P1", "P2"}}}}))
	f.init(cloud("--projects", "SHOP", "--repos", "acme/shop")...)
	f.says(`status = "project"`, `project = "acme/3"`, `"open + option:In Progress"`, `priority = "project"`, `"option:P0"`, `the option "Lunch"`)
}

// Ten thousand labels with names made to break a file leave one that a person can read.
func TestInitOfTenThousandLabels(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("High")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "Done/done")
	labels := make([]string, 0, 10_000)
	for i := range 10_000 {
		labels = append(labels, []string{"status:x", "priority:y", "p", `"""`, "team:", "status: in progress "}[i%6]+strings.Repeat("z", i%20)+string(rune('a'+i%26))+strings.Repeat("'", i/6%5)+string(rune(0x4e00+i)))
	}
	f.repo("shop", labels...)
	f.init(cloud("--projects", "SHOP", "--repos", "acme/shop")...)
	if n := strings.Count(f.text(), "\n"); n > 400 {
		t.Errorf("%d lines", n)
	}
	f.says("more labels that sound like a column", "more labels that sound like a priority", "To decide")
}

// One tracker alone makes a board, too.
func TestInitOfOneTracker(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.repo("shop", "priority:high", "in progress")
	f.init("--jira", "none", "--repos", "acme/shop")
	f = newFirm(t, jirasim.Options{})
	f.priorities("High", "Low")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "Done/done")
	f.init(cloud("--projects", "SHOP", "--github", "none")...)
}

// What goes wrong is said in terms of what was asked for, no token is repeated, and no
// file is left or touched.
func TestInitRefuses(t *testing.T) {
	f := newFirm(t, jirasim.Options{})
	f.workflow(software, "To Do/new", "Done/done")
	f.repo("shop")
	whole := append([]string{"init", "--jira", f.jira, "--github", f.git}, cloud("--projects", "SHOP", "--repos", "acme/shop")...)
	for name, tc := range map[string]struct {
		code int
		args []string
		env  map[string]string
		says string
	}{
		"a wrong token":                {1, whole, map[string]string{"JIRA_TOKEN": "wr0ng"}, "Jira token: "},
		"a wrong token of GitHub":      {1, whole, map[string]string{"GITHUB_TOKEN": "wr0ng"}, "GitHub token: "},
		"no token":                     {1, whole, map[string]string{"JIRA_TOKEN": ""}, "JIRA_TOKEN is not set"},
		"a token instead of its name":  {2, append(whole, "--jira-token-env", "ghp_wr0ng"), nil, "never the token itself"},
		"nobody there":                 {1, append(whole, "--jira", "http://127.0.0.1:1"), nil, "Jira url: "},
		"no encryption":                {1, append(whole, "--jira", "http://jira.firm.test"), nil, "without encryption"},
		"no such project":              {1, append(whole, "--projects", "NIL"), nil, "NIL cannot be read"},
		"no such repository":           {1, append(whole, "--repos", "acme/nil"), nil, "acme/nil cannot be read"},
		"no repository's name":         {1, append(whole, "--repos", "shop"), nil, `"shop" is not a repository`},
		"no such zone":                 {1, append(whole, "--timezone", "Mars/Base"), nil, "there is no time zone"},
		"no tracker":                   {2, []string{"init", "--jira", "none", "--github", "none"}, nil, "there is no tracker"},
		"nobody to answer":             {2, []string{"init"}, nil, "say it by --jira"},
		"nobody to choose a project":   {2, append([]string{"init", "--jira", f.jira}, cloud()...), nil, "say it by --projects"},
		"nobody to say who is signing": {2, []string{"init", "--jira", "acme.atlassian.net"}, nil, "say it by --jira-user"},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range tc.env {
				t.Setenv(k, v)
			}
			said := f.parley(tc.code, tc.args...)
			if !strings.Contains(said, tc.says) || strings.Contains(said, "wr0ng") {
				t.Errorf("%s", said)
			}
			if f.text() != "" {
				t.Error("a file was written")
			}
		})
	}
	f.must(os.WriteFile(f.file, []byte("mine"), 0o600))
	if said := f.parley(1, whole...); !strings.Contains(said, "not overwritten") || f.text() != "mine" {
		t.Error(said)
	}
}

// An account that may look and not write makes a board to look at, and is told.
func TestInitReadOnly(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "t-look")
	f := newFirm(t, jirasim.Options{})
	f.priorities("High")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "Done/done")
	f.repo("shop")
	f.must(f.hub.AddUser(githubsim.User{Login: "looker", Token: "t-look"}))
	said := f.parley(0, append([]string{"init", "--jira", f.jira, "--github", f.git}, cloud("--projects", "SHOP", "--repos", "acme/shop")...)...)
	if !strings.Contains(said, "acme/shop can be read and not written") {
		t.Error(said)
	}
}

// A person answers what no flag says; an empty answer takes what is offered.
func TestInitAsks(t *testing.T) {
	t.Parallel()
	f := newFirm(t, jirasim.Options{})
	f.priorities("High")
	f.workflow(software, "To Do/new", "In Progress/indeterminate", "Done/done")
	f.repo("shop")
	var out, asked bytes.Buffer
	answers := f.jira + "\nbot@firm.test\n\n\n" + f.git + "\n\nacme/shop\n"
	if code := Main(t.Context(), []string{"-c", f.file, "init"}, IO{In: strings.NewReader(answers), Out: &out, Err: &asked}, "test"); code != 0 {
		t.Fatal(out.String(), asked.String())
	}
	f.says(`projects = ["SHOP"]`, `repos = ["acme/shop"]`, `token = "env:JIRA_TOKEN"`)
	if !strings.Contains(asked.String(), "SHOP       Web shop") || !strings.Contains(out.String(), "is written") {
		t.Error(out.String(), asked.String())
	}
}
