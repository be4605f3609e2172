package github_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/recordings"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
)

// recordedIssues are all issues in what GitHub really sent: by webhooks and as answers.
func recordedIssues(t *testing.T) []json.RawMessage {
	t.Helper()
	all := recordings.Load(t, "github/webhooks/issues-and-related.json", "examples", "issue")
	files, err := filepath.Glob(filepath.Join(os.Getenv("PARLEY_DATA"), "github", "recorded", "*", "raw-fixture.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, f := range files {
		path, err := filepath.Rel(os.Getenv("PARLEY_DATA"), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range recordings.Load(t, path, "response") {
			var i struct {
				Number int
				Title  string
			}
			if json.Unmarshal(raw, &i) == nil && i.Number > 0 && i.Title != "" {
				all = append(all, raw)
			}
		}
	}
	return all
}

// TestRecordedIssuesOverTheSimulator: an issue that GitHub really showed is the same to
// Parley when the simulator has it and shows it.
func TestRecordedIssuesOverTheSimulator(t *testing.T) {
	t.Parallel()
	issues := recordedIssues(t)
	if len(issues) < 50 {
		t.Errorf("only %d issues in the recordings", len(issues))
	}
	for n, raw := range issues {
		var head struct {
			ID     int64
			Number int
		}
		if err := json.Unmarshal(raw, &head); err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("%d", n), func(t *testing.T) {
			t.Parallel()
			hub := githubsim.New(githubsim.Options{})
			for _, err := range []error{
				hub.AddUser(githubsim.User{Login: "parley-bot", Token: "t-bot", Push: true}), hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "infra"}),
				hub.LoadJSON("acme/infra", bytes.NewReader(raw)),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			ref := connectors.Ref{Tracker: "gh", ID: fmt.Sprint(head.ID), Key: fmt.Sprintf("acme/infra#%d", head.Number), Container: "acme/infra", Number: head.Number}
			want, wantErr := readAt(t, showing(raw), ref)
			got, err := readAt(t, official.Hear(t, official.GitHub, hub.Handler()), ref)
			if want.State == "" {
				want.State = got.State // some webhooks leave it out, which lists never do
			}
			if diff := cmp.Diff(want, got); diff != "" || connectors.KindOf(err) != connectors.KindOf(wantErr) {
				t.Errorf("%v, %v\n%s", err, wantErr, diff)
			}
		})
	}
}

// showing is a GitHub that shows one issue as it was recorded.
func showing(issue json.RawMessage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if r.URL.Path == "/user" {
			issue = []byte(`{"login":"parley-bot","id":1}`)
		}
		_, _ = w.Write(issue)
	})
}

func readAt(t *testing.T, h http.Handler, ref connectors.Ref) (connectors.Issue, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	c, err := github.New(github.Config{Name: "gh", URL: server.URL, Token: "t-bot", Login: "parley-bot", Repos: []string{"acme/infra"},
		HTTP: transport.New(transport.Options{Retries: -1})})
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Read(t.Context(), ref)
	o.Issue.URL = ""
	return o.Issue, err
}

// TestRecordedMembers: what is read of GitHub's answers is in what it really sends. The
// recordings are from before there were reasons for closing, and none was made by an App.
func TestRecordedMembers(t *testing.T) {
	t.Parallel()
	hooks := "github/webhooks/issues-and-related.json"
	for name, tc := range map[string]struct {
		from    []json.RawMessage
		members []string
	}{
		"issue": {recordedIssues(t), []string{
			"id", "node_id", "number", "title", "body", "state", "html_url", "repository_url", "created_at", "updated_at", "closed_at",
			"user.login", "user.id", "user.type", "labels.name", "assignees.login", "milestone.title", "pull_request.url",
		}},
		"label":      {recordings.Load(t, hooks, "examples", "label"), []string{"id", "name", "color"}},
		"user":       {recordings.Load(t, hooks, "examples", "sender"), []string{"login", "id", "type"}},
		"repository": {recordings.Load(t, "github/recorded/get-repository/raw-fixture.json", "response"), []string{"id", "full_name", "private", "has_issues", "archived"}},
		"comment":    {recordings.Load(t, hooks, "examples", "comment"), []string{"id", "body", "user.login", "created_at", "updated_at", "html_url"}},
		"refusal":    {recordings.Load(t, "github/recorded/errors/raw-fixture.json", "response"), []string{"message", "documentation_url", "errors.field", "errors.code", "errors.resource"}},
	} {
		if absent := recordings.Absent(tc.from, tc.members); len(absent) > 0 {
			t.Errorf("%s: no recording has %v", name, absent)
		}
	}
}
