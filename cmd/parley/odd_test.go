package main

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
)

const oddConfig = `[server]
listen = %q
public_url = %q
[sync]
poll = "100ms"
write = "on"
[[jira]]
url = %q
user = "parley@acme.example"
token = "env:TOKEN"
projects = ["OPS"]
[[github]]
url = %q
token = "env:TOKEN"
repos = ["acme/payments"]
[[pair]]
jira = "OPS"
github = "acme/payments"
[[column]]
key = "todo"
category = "option"
jira = ["To Do"]
github = ["open"]
[[column]]
key = "doing"
category = "active"
jira = ["In Progress"]
github = ["open + label:doing"]
[[column]]
key = "done"
category = "done"
jira = ["Done"]
github = ["closed"]
[[priority]]
key = "high"
jira = ["High"]
github = ["label:high"]
`

// attack is a title that is a script where a page forgets to escape it.
const attack = `<script>alert("x")</script><img src=x onerror=alert(1)> & 'quotes'`

// vast is a title of 100 KB. No tracker lets people write one, and answers are foreign.
func vast() string { return "Vast " + strings.Repeat("é", 50<<10) }

// oddWorld is a Jira and a GitHub full of what nobody expects, a normal pair among it,
// and the whole of Parley on them.
type oddWorld struct {
	t    *testing.T
	site *jirasim.Site
	hub  *githubsim.Hub
	url  string // of the board
}

func startOddWorld(t *testing.T) *oddWorld {
	t.Helper()
	w := &oddWorld{t: t, site: jirasim.New(jirasim.Options{}), hub: githubsim.New(githubsim.Options{})}
	w.furnish()
	jira, hub := httptest.NewServer(official.Hear(t, official.JiraCloud, w.site.Handler())), httptest.NewServer(official.Hear(t, official.GitHub, w.hub.Handler()))
	t.Cleanup(jira.Close)
	t.Cleanup(hub.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.url = "http://" + l.Addr().String()
	file := filepath.Join(t.TempDir(), "config.toml")
	w.must(os.WriteFile(file, fmt.Appendf(nil, oddConfig, l.Addr(), w.url, jira.URL, hub.URL), 0o600))
	cfg, problems := config.LoadEnv(file, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	a, err := app.New(context.Background(), app.Options{Config: cfg})
	w.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Parley ended with %v", err)
		}
		w.must(a.Close())
	})
	return w
}

func (w *oddWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *oddWorld) furnish() {
	w.t.Helper()
	w.site.AddCompany()
	w.site.AddUser(jirasim.User{AccountID: "parley", DisplayName: "Parley", Email: "parley@acme.example", Token: "secret"})
	w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana"})
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.SimpleWorkflow)
	w.must(w.site.LoadJSON(strings.NewReader(w.jiraIssues())))
	w.must(w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "secret"}))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments", Permissions: map[string]githubsim.Permission{"parley-bot": githubsim.Write, "ben": githubsim.Write}}))
	w.must(w.hub.LoadJSON("acme/payments", strings.NewReader(w.hubIssues())))
}

// lines encodes objects one a line.
func (w *oddWorld) lines(objects ...object) string {
	w.t.Helper()
	var b strings.Builder
	for _, o := range objects {
		w.must(json.NewEncoder(&b).Encode(o))
	}
	return b.String()
}

func (w *oddWorld) jiraIssues() string {
	w.t.Helper()
	issue := func(n int, change object) object {
		fields := object{"summary": fmt.Sprintf("Issue %d", n), "issuetype": object{"name": "Task"}, "status": object{"name": "To Do"},
			"priority": object{"name": "High"}, "created": "2026-03-01T09:00:00.000+0000", "reporter": object{"accountId": "ana"}}
		maps.Copy(fields, change)
		return object{"key": fmt.Sprintf("OPS-%d", n), "fields": fields}
	}
	return w.lines(
		issue(1, nil),
		issue(2, object{"status": object{"id": "4711", "name": "Quarantäne", "statusCategory": object{"key": "indeterminate"}}}),
		issue(3, object{"priority": nil}),
		issue(4, object{"assignee": nil, "reporter": nil}),
		issue(5, object{"summary": vast()}),
		issue(6, object{"summary": attack, "labels": []string{attack}, "components": []object{{"name": attack}}}),
	)
}

func (w *oddWorld) hubIssues() string {
	w.t.Helper()
	issue := func(n int, title string, user any, labels ...string) object {
		return object{"number": n, "title": title, "state": "open", "user": user, "labels": labels, "created_at": "2026-03-01T09:00:00Z"}
	}
	ben := object{"login": "ben"}
	return w.lines(
		issue(1, "OPS-1 in code", ben, "doing-not", "very strange / label"),
		issue(2, "Nobody's", nil),
		issue(3, attack, ben, attack),
		issue(4, vast(), ben),
	)
}

// get reads a page or an answer of the board.
func (w *oddWorld) get(path string) (status int, body string) {
	w.t.Helper()
	resp, err := http.Get(w.url + path)
	w.must(err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	w.must(err)
	return resp.StatusCode, string(text)
}

func (w *oddWorld) card(ref string) (c boardCard) {
	w.t.Helper()
	status, body := w.get("/api/v1/cards/" + url.PathEscape(ref))
	if status != http.StatusOK {
		w.t.Fatalf("%s: HTTP %d %.300s", ref, status, body)
	}
	w.must(json.Unmarshal([]byte(body), &c))
	return c
}

// TestOddIssuesAreShownAndBreakNothing: whatever a tracker says is on the board, as text
// and in full view, and cards beside it go on being synchronised.
func TestOddIssuesAreShownAndBreakNothing(t *testing.T) {
	t.Parallel()
	w := startOddWorld(t)
	until(t, "both trackers to be read", 30*time.Second, func() bool {
		status, _ := w.get("/readyz")
		return status == http.StatusOK && len(w.card("OPS-1").Sides) == 2
	})
	none, high := "none", "high"
	for _, c := range []struct{ ref, column, priority string }{
		{"OPS-1", "todo", high},
		{"OPS-2", "unmapped", high},
		{"OPS-3", "todo", none},
		{"OPS-4", "todo", high},
		{"OPS-5", "todo", high},
		{"OPS-6", "todo", high},
		{"acme/payments#2", "todo", none},
		{"acme/payments#3", "todo", none},
		{"acme/payments#4", "todo", none},
	} {
		got := w.card(c.ref)
		priority := none
		if got.Priority != nil {
			priority = *got.Priority
		}
		if got.Column != c.column || priority != c.priority {
			t.Errorf("%s is in %q with priority %q, want %q and %q", c.ref, got.Column, priority, c.column, c.priority)
		}
		w.page("/card/"+url.PathEscape(got.ID), c.ref)
	}
	w.page("/", "OPS-1", "OPS-2", "OPS-3", "OPS-4", "OPS-5", "OPS-6", "acme/payments#2", "acme/payments#3", "acme/payments#4",
		"Quarantäne", html.EscapeString(`<script>alert`))
	w.carries()
}

// page fails unless a page shows the texts and holds no script but its own.
func (w *oddWorld) page(path string, texts ...string) {
	w.t.Helper()
	status, body := w.get(path)
	if status != http.StatusOK {
		w.t.Errorf("%s: HTTP %d", path, status)
		return
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			w.t.Errorf("%s does not show %q", path, text)
		}
	}
	for _, live := range []string{"<script>alert", "<img src=x"} {
		if strings.Contains(body, live) {
			w.t.Errorf("%s holds a tracker's text as markup: %s", path, live)
		}
	}
}

// carries changes the normal pair in Jira and waits to see it in GitHub.
func (w *oddWorld) carries() {
	w.t.Helper()
	w.must(w.site.Transition("ana", "OPS-1", "21", jirasim.Edit{}))
	until(w.t, "a change to be carried", 30*time.Second, func() bool {
		is, err := w.hub.Issue("acme/payments", 1)
		w.must(err)
		return slices.Contains(is.Labels, "doing") && w.card("OPS-1").Column == "doing"
	})
}
