package jira_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/recordings"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
)

// TestRecordedIssuesOverTheSimulator: an issue that Jira Cloud really showed is the same
// to Parley when the simulator has it and shows it.
func TestRecordedIssuesOverTheSimulator(t *testing.T) {
	t.Parallel()
	issues := recordings.Load(t, "jira/recorded/devlake-cloud-scrubbed/issues-with-changelog.json", "data")
	for _, raw := range issues {
		var head struct{ ID, Key string }
		if err := json.Unmarshal(raw, &head); err != nil {
			t.Fatal(err)
		}
		t.Run(head.Key, func(t *testing.T) {
			t.Parallel()
			// A site each: a status of the recordings is not always in the same category.
			site := jirasim.New(jirasim.Options{BaseURL: "https://jira.test"})
			site.AddUser(jirasim.User{AccountID: "bot", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Admin: true})
			if err := site.LoadJSON(bytes.NewReader(raw)); err != nil {
				t.Fatal(err)
			}
			ref := connectors.Ref{Tracker: "jira", ID: head.ID, Key: head.Key}
			want := read(t, answering(raw), ref)
			got := read(t, official.Hear(t, official.JiraCloud, site.Handler()), ref)
			want.Issue.Parent, want.Issue.ReleaseDay = "", "" // the simulator shows no parent that it does not have, and no dates of versions
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// answering is a Jira that shows one issue as it was recorded, and the bot's account.
func answering(issue json.RawMessage) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-AAccountId", "bot")
		body := issue
		switch r.URL.Path {
		case "/rest/api/2/serverInfo":
			body = []byte(`{"deploymentType":"Cloud"}`)
		case "/rest/api/2/myself":
			body = []byte(`{"accountId":"bot"}`)
		}
		_, _ = w.Write(body)
	})
}

// read gives an issue as Parley sees it at a handler. What is in the order of the labels
// counts for nothing.
func read(t *testing.T, h http.Handler, ref connectors.Ref) connectors.Observation {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	c, err := jira.New(jira.Config{Name: "jira", URL: server.URL, Auth: "basic", User: "bot@acme.test", Token: "t0ken", Projects: []string{"OPS"},
		HTTP: transport.New(transport.Options{Retries: -1})})
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Read(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	o.Issue.URL = ""
	o.Issue.Resolution.ID = "" // the simulator has resolutions of its own, some by the same ids
	slices.Sort(o.Issue.Labels)
	return o
}
