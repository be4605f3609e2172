package clients

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
)

// TestJiraJS: jira.js does a day's work on Jira Cloud.
func TestJiraJS(t *testing.T) {
	t.Parallel()
	modules := installed(t)
	site := jirasim.New(jirasim.Options{})
	company := site.AddCompany()
	site.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
	server := httptest.NewServer(official.HearAnswers(t, official.JiraCloud, site.Handler()))
	t.Cleanup(server.Close)
	run(t, modules, "jira.mjs", "TRACKER_URL="+server.URL, "TRACKER_USER="+company.Admin.Email, "TRACKER_TOKEN="+company.Admin.Token)
}

// TestOctokit: @octokit/rest does a day's work on GitHub.com, and the same on GitHub
// Enterprise Server.
func TestOctokit(t *testing.T) {
	t.Parallel()
	modules := installed(t)
	for _, tc := range []struct {
		product official.Product
		root    string
		options githubsim.Options
	}{
		{official.GitHub, "", githubsim.Options{}},
		{official.GitHub, "", githubsim.Options{Links: githubsim.CursorLinks}},
		{official.GitHubEnterprise, "/api/v3", githubsim.Options{Enterprise: &githubsim.Enterprise{}, Limits: githubsim.Limits{Hourly: 5000}}},
	} {
		t.Run(string(tc.product), func(t *testing.T) {
			t.Parallel()
			hub := githubsim.New(tc.options)
			for _, err := range []error{
				hub.AddUser(githubsim.User{Login: "ana", Token: "t-ana", Push: true}), hub.AddUser(githubsim.User{Login: "reader", Token: "t-reader"}),
				hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			server := httptest.NewServer(official.HearAnswers(t, tc.product, hub.Handler()))
			t.Cleanup(server.Close)
			run(t, modules, "octokit.mjs", "TRACKER_URL="+server.URL+tc.root, "TRACKER_TOKEN=t-ana", "READER_TOKEN=t-reader")
		})
	}
}

// run plays a script, which ends with the word done.
func run(t *testing.T, modules, script string, env ...string) {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("npm", script))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, script), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), append(env, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")...)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "done\n" {
		t.Errorf("%s: %v\n%s", script, err, out)
	}
}
