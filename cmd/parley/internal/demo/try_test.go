package demo

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/mapping"
)

// serve puts the trackers of a company on the network.
func serve(t *testing.T, seed uint64) (*bundle, Settings) {
	t.Helper()
	b := &bundle{clock: sim.NewManual(tuesday())}
	s := Settings{Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", StoreURL: "sqlite:demo.db"}
	b.jira = jirasim.New(jirasim.Options{Clock: b.clock})
	web := httptest.NewServer(official.HearAnswers(t, official.JiraCloud, b.jira.Handler()))
	t.Cleanup(web.Close)
	s.JiraURL = web.URL
	var handler http.Handler
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(api.Close)
	s.GitHubURL = api.URL
	b.hub = githubsim.New(githubsim.Options{Clock: b.clock, HTMLURL: api.URL})
	handler = official.HearAnswers(t, official.GitHub, b.hub.Handler())
	var err error
	if b.access, err = Company(b.jira, b.hub, tuesday(), seed); err != nil {
		t.Fatal(err)
	}
	return b, s
}

// curl runs a command line as curl would, for the options that the demo prints.
func curl(t *testing.T, line string) int {
	t.Helper()
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		args = append(args, m[1]+m[2])
	}
	method, url, body := http.MethodGet, "", ""
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	user, password := "", ""
	for i := 1; i < len(args); i++ {
		value := func() string { i++; return args[i] }
		switch args[i] {
		case "-s":
		case "-o":
			value()
		case "-X":
			method = value()
		case "-d":
			body = value()
		case "-u":
			user, password, _ = strings.Cut(value(), ":")
		case "-H":
			k, v, _ := strings.Cut(value(), ": ")
			header.Set(k, v)
		default:
			url = args[i]
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestTheThreeThingsCanBeTried(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		b, s := serve(t, seed)
		var commands []string
		for _, line := range ThreeThings(b.access, s) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "curl ") {
				commands = append(commands, line)
			}
		}
		if len(commands) != 2 {
			t.Fatalf("seed %d: %d commands, want 2", seed, len(commands))
		}
		if status := curl(t, commands[0]); status != http.StatusNoContent {
			t.Errorf("seed %d: Jira answers %d to %s", seed, status, commands[0])
		}
		if is, _ := b.jira.Issue(b.access.tryJira.key); stageOfStatus(is.Status) != review {
			t.Errorf("seed %d: %s is in %s", seed, is.Key, is.StatusName)
		}
		if status := curl(t, commands[1]); status != http.StatusOK {
			t.Errorf("seed %d: GitHub answers %d to %s", seed, status, commands[1])
		}
		is, err := b.hub.Issue(b.access.tryGitHub.repo, b.access.tryGitHub.number)
		if err != nil || is.State != "closed" || is.StateReason != "completed" {
			t.Errorf("seed %d: %s#%d is %s (%s), %v", seed, is.Repo, is.Number, is.State, is.StateReason, err)
		}
		if b.access.tryJira.key == b.access.tryGitHub.key {
			t.Errorf("seed %d: both change %s", seed, b.access.tryJira.key)
		}
	}
}

// load reads the company's configuration as `parley run` would.
func load(t *testing.T, a Access, s Settings) *config.Config {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(ConfigTOML(a, s)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, problems := config.LoadEnv(file, a.LookupEnv)
	for _, p := range problems {
		if p.Severity == mapping.Error {
			t.Error(p)
		}
	}
	if c == nil {
		t.Fatal("the configuration does not load")
	}
	return c
}

func TestTheConfigurationLoads(t *testing.T) {
	t.Parallel()
	b, s := serve(t, 1)
	c := load(t, b.access, s)
	if got := c.Jira[0].Token.Reveal(); got != b.access.JiraToken {
		t.Error("the Jira token is not found")
	}
	if got := c.GitHub[0].Token.Reveal(); got != b.access.GitHubToken {
		t.Error("the GitHub token is not found")
	}
	if strings.Contains(ConfigTOML(b.access, s), b.access.JiraToken) {
		t.Error("a token stands in the configuration")
	}
	if c.Sync.Write != "on" || len(c.Column) != 8 || len(c.Priority) != 4 || len(c.Unit) != 3 || len(c.Person) != len(cast()) {
		t.Errorf("write %s, %d columns, %d priorities, %d units, %d people", c.Sync.Write, len(c.Column), len(c.Priority), len(c.Unit), len(c.Person))
	}
}

// directories say what the company's trackers would say of themselves.
func (b *bundle) directories() []connectors.Directory {
	jira := connectors.Directory{Tracker: "jira", Kind: connectors.Jira, Containers: []connectors.Container{{Key: opsProject}, {Key: finProject}}}
	for _, st := range b.jira.Statuses() {
		option := connectors.Option{ID: st.ID, Name: st.Name, Category: st.Category}
		jira.Statuses = append(jira.Statuses, connectors.Status{Option: option, Untranslated: st.Untranslated, Used: []string{opsProject, finProject}})
	}
	for _, p := range b.jira.Priorities() {
		jira.Priorities = append(jira.Priorities, connectors.Option{ID: p.ID, Name: p.Name})
	}
	hub := connectors.Directory{Tracker: "github", Kind: connectors.GitHub, Labels: map[string][]string{}}
	for _, repo := range []string{paymentsRepo, infraRepo} {
		hub.Containers = append(hub.Containers, connectors.Container{Key: repo})
		for _, l := range b.hub.Labels(repo) {
			hub.Labels[repo] = append(hub.Labels[repo], l.Name)
		}
	}
	return []connectors.Directory{jira, hub}
}

func TestTheRulesFitTheTrackers(t *testing.T) {
	t.Parallel()
	b, s := serve(t, 1)
	c := load(t, b.access, s)
	_, problems := c.Compile(b.directories())
	var warnings []string
	for _, p := range problems {
		if p.Severity == mapping.Error {
			t.Error(p)
		}
		warnings = append(warnings, p.String())
	}
	onHold := func(w string) bool { return strings.Contains(w, "On hold") }
	if !slices.ContainsFunc(warnings, onHold) || len(warnings) != 1 {
		t.Errorf("warnings %q, want one about the status On hold", warnings)
	}
}

func TestTheRulesFindThePairs(t *testing.T) {
	t.Parallel()
	b, s := serve(t, 1)
	c := load(t, b.access, s)
	rules, _ := c.Compile(b.directories())
	var mentions []mapping.Mention
	jira, hub := b.board()
	for _, is := range jira {
		var links []connectors.Link
		for _, l := range is.Links {
			links = append(links, connectors.Link{GlobalID: l.GlobalID, URL: l.URL, Title: l.Title})
		}
		ref := connectors.Ref{Tracker: "jira", ID: is.ID, Key: is.Key, Container: is.Project}
		mentions = append(mentions, rules.Mentions(connectors.Issue{Ref: ref, Kind: connectors.Jira, Title: is.Summary, Body: is.Description}, links)...)
	}
	for _, is := range hub {
		key := twins{repo: is.Repo, number: is.Number}.hubKey()
		ref := connectors.Ref{Tracker: "github", Key: key, Container: is.Repo, Number: is.Number}
		mentions = append(mentions, rules.Mentions(connectors.Issue{Ref: ref, Kind: connectors.GitHub, Title: is.Title, Body: is.Body}, nil)...)
	}
	found, clashes := rules.Match(mentions)
	by := map[mapping.Evidence]int{}
	for _, m := range found {
		by[m.By]++
	}
	if len(found) != 86 || len(clashes) != 0 {
		t.Errorf("%d pairs and %d clashes, want 86 and none", len(found), len(clashes))
	}
	for _, e := range []mapping.Evidence{mapping.RemoteLink, mapping.KeyInTitle, mapping.URLInDescription} {
		if by[e] < 10 {
			t.Errorf("%d pairs by %s, want at least ten", by[e], e)
		}
	}
}
