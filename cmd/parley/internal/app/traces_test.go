package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/cmd/parley/internal/tracing/tracetest"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

const tracedSettings = `
[server]
listen = "127.0.0.1:0"
[store]
url = %q
[sync]
write = "on"
poll = "100ms"
max_change = "100%%"
[[jira]]
name = "jira"
url = %q
auth = "basic"
user = "bot@acme.example"
token = "env:JIRA"
projects = ["OPS"]
[[github]]
name = "github"
url = %q
token = "env:GITHUB"
repos = ["acme/payments"]
[[column]]
key = "todo"
name = "To do"
category = "option"
jira = ["To Do"]
github = ["open"]
[[column]]
key = "doing"
name = "In progress"
category = "active"
jira = ["In Progress"]
github = ["open + label:doing"]
[[column]]
key = "done"
name = "Done"
category = "done"
jira = ["Done"]
github = ["closed"]
[[pair]]
jira = "OPS"
github = "acme/payments"
match = ["key-in-title"]
[tracing]
endpoint = %q
header = "X-API-Key"
token = "env:TRACING"
`

// tracedWorld is a Parley that runs between a Jira and a GitHub and tells of it.
type tracedWorld struct {
	*App

	site   *jirasim.Site
	hub    *githubsim.Hub
	number int // of the issue at GitHub, whose twin is OPS-1
	board  string
	log    bytes.Buffer // read it after stop
	stop   func()
}

// traceWorld runs one on a store, with a collector at an address.
func traceWorld(t *testing.T, store, collector string) *tracedWorld {
	t.Helper()
	w := &tracedWorld{site: jirasim.New(jirasim.Options{}), hub: githubsim.New(githubsim.Options{})}
	w.site.AddCompany()
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
	_, err := w.site.Create("admin-1", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "zqxtitle"})
	err = errors.Join(err,
		w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "zqxgithub", Push: true}), w.hub.AddUser(githubsim.User{Login: "zqxben", Push: true}),
		w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}))
	if err != nil {
		t.Fatal(err)
	}
	i, err := w.hub.CreateIssue("zqxben", "acme/payments", githubsim.NewIssue{Title: "OPS-1 zqxtitle", Body: "zqxbody"})
	if err != nil {
		t.Fatal(err)
	}
	w.number = i.Number
	jira, hub := httptest.NewServer(w.site.Handler()), httptest.NewServer(w.hub.Handler())
	t.Cleanup(jira.Close)
	t.Cleanup(hub.Close)
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, fmt.Appendf(nil, tracedSettings, store, jira.URL, hub.URL, collector), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"JIRA": "bot-token", "GITHUB": "zqxgithub", "TRACING": "zqxkey"}
	cfg, problems := config.LoadEnv(path, func(name string) (string, bool) { return env[name], true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	w.App, err = New(t.Context(), Options{Config: cfg, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Env: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.board = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx, l) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, w.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(w.stop)
	return w
}

// until waits for something.
func (w *tracedWorld) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			w.stop()
			t.Fatalf("it never came about that %s; the log says\n%s", what, &w.log)
		}
	}
}

// carry has one change go from Jira to GitHub.
func (w *tracedWorld) carry(t *testing.T) {
	t.Helper()
	w.until(t, "both issues are one card", func() bool {
		n, err := w.Store.Counts(t.Context())
		ok, _ := w.Views.Ready(t.Context())
		return err == nil && ok && n.Cards == 1 && n.Due == 0
	})
	if err := w.site.Edit("admin-1", "OPS-1", jirasim.Edit{AddLabels: []string{"zqxlabel"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.site.Transition("admin-1", "OPS-1", "Start work", jirasim.Edit{}); err != nil {
		t.Fatal(err)
	}
	w.until(t, "GitHub shows it", func() bool {
		i, missing := w.hub.Issue("acme/payments", w.number)
		n, err := w.Store.Counts(t.Context())
		return errors.Join(missing, err) == nil && slices.Contains(i.Labels, "doing") && n.Due == 0
	})
	resp, err := http.Get(w.board + "/api/v1/cards?q=zqxquery")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

// one finds the one span that meets all of this.
func one(t *testing.T, spans []tracetest.Span, name string, has ...string) tracetest.Span {
	t.Helper()
	for _, s := range spans {
		fits := s.Name == name
		for i := 0; i < len(has); i += 2 {
			fits = fits && s.Has[has[i]] == has[i+1]
		}
		if fits {
			return s
		}
	}
	t.Fatalf("no span %s with %q", name, has)
	return tracetest.Span{}
}

// TestOneChangeCanBeFollowedInItsTraces has a status go from Jira to GitHub, and reads in the
// traces alone what an operator has to know of it at night: that Jira was polled and had a
// change, what was decided about which card, which request went out for which write and
// what was answered. Nothing that people wrote stands in them, nor a secret.
func TestOneChangeCanBeFollowedInItsTraces(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]string{
		"a file":     "sqlite:" + filepath.Join(t.TempDir(), "parley.db"),
		"PostgreSQL": server.Address(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tracetest.New(t)
			w := traceWorld(t, store, c.URL)
			w.carry(t)
			w.stop() // sends what is left
			spans := c.Spans()
			w.follow(t, spans)
			if name == "PostgreSQL" {
				job := one(t, spans, "job", "parley.card", one(t, spans, "card").Has["parley.card"])
				if !slices.ContainsFunc(spans, func(s tracetest.Span) bool { return s.Name == "card" && s.Parent == job.ID }) {
					t.Error("the job leads to no card")
				}
			}
			body, headers := c.Sent()
			if strings.Contains(body, "zqx") || strings.Contains(body, "bot-token") {
				t.Error("what people wrote, or a secret, was sent")
			}
			if len(headers) == 0 || headers[0].Get("X-Api-Key") != "zqxkey" {
				t.Errorf("headers %v", headers)
			}
		})
	}
}

// follow reads the one change in the traces.
func (w *tracedWorld) follow(t *testing.T, spans []tracetest.Span) {
	t.Helper()
	byID := map[string]tracetest.Span{}
	for _, s := range spans {
		byID[s.ID] = s
	}
	poll := one(t, spans, "poll", "parley.tracker", "jira", "parley.changes", "1", "parley.pages", "1")
	if poll.Has["parley.requests"] == "" || poll.Failed != "" {
		t.Errorf("poll %+v", poll)
	}
	decided := one(t, spans, "step", "parley.decision", "send")
	card := byID[decided.Parent]
	if card.Name != "card" || card.Has["parley.card"] == "" || decided.Has["parley.op"] == "" {
		t.Errorf("decided %+v within %+v", decided, card)
	}
	ask := one(t, spans, "ask", "parley.decision", "send", "parley.op", decided.Has["parley.op"])
	if ask.Parent != card.ID || ask.Has["parley.tracker"] != "github" || ask.Has["parley.endpoint"] != "edit" || ask.Trace != card.Trace {
		t.Errorf("asked %+v", ask)
	}
	label := one(t, spans, "POST /repos/{}/{}/issues/{}/labels", "http.response.status_code", "200")
	for up := label; up.ID != ask.ID; up = byID[up.Parent] {
		if up.ID == "" {
			t.Fatal("the request belongs to nothing that was asked")
		}
	}
	if label.Has["server.address"] != "127.0.0.1" || label.Has["url.template"] != "/repos/{}/{}/issues/{}/labels" {
		t.Errorf("request %+v", label)
	}
	if !slices.ContainsFunc(spans, func(s tracetest.Span) bool { return s.Name == "commit" && s.Parent == decided.ID }) {
		t.Error("what was decided is stored nowhere")
	}
	one(t, spans, "GET /api/v1/cards", "http.route", "/api/v1/cards", "http.response.status_code", "200")
}

// TestWithoutACollectorAChangeIsCarriedAsEver: one that cannot be reached costs a line in
// the log.
func TestWithoutACollectorAChangeIsCarriedAsEver(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	w := traceWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "parley.db"), "http://"+l.Addr().String())
	w.carry(t)
	w.stop()
	if n := strings.Count(w.log.String(), "traces cannot be sent"); n != 1 || strings.Contains(w.log.String(), "zqxkey") {
		t.Errorf("%d lines:\n%s", n, &w.log)
	}
}
