package l3_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/jira"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/transport"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/oracle"
	"parley/sync/reconcile"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/store/sqlite"
)

// world is the real thing inside a bubble of virtual time: the runner with all its
// goroutines, both connectors, net/http on both ends and a SQLite file.
type world struct {
	site      *jirasim.Site
	hub       *githubsim.Hub
	jira, git *front
	servers   []*served
	store     *store.Store
	runner    *runner.Runner
	pairs     []pair
	alone     []string                 // keys of Jira issues that were made without a twin
	board     map[string][]oracle.Drag // by key and field
}

type pair struct {
	key    string
	number int
}

const (
	repo      = "acme/payments"
	jiraURL   = "http://jira.test"
	gitHubURL = "http://github.test"
)

func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

func newWorld(ctx context.Context, path string, s script, c court) (*world, error) {
	w := &world{board: map[string][]oracle.Drag{}}
	w.site = jirasim.New(jirasim.Options{BaseURL: jiraURL, BurstLimits: s.Limits, WriteLimits: s.Limits})
	w.site.AddCompany()
	w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana", Email: "ana@acme.example", Token: "ana-token"})
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
	w.hub = githubsim.New(githubsim.Options{HTMLURL: gitHubURL})
	err := errors.Join(
		w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "bot-token"}), w.hub.AddUser(githubsim.User{Login: "ben"}),
		w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}),
		w.hub.SetPermission(repo, "parley-bot", githubsim.Write), w.hub.SetPermission(repo, "ben", githubsim.Write),
	)
	if s.Limits {
		w.hub.SetLimits(githubsim.PublishedLimits())
	}
	for i := range s.Pairs {
		err = errors.Join(err, w.pair(fmt.Sprintf("Work number %d", i+1)))
		time.Sleep(s.Apart)
	}
	for i := range s.Lone {
		err = errors.Join(err, w.lone(fmt.Sprintf("Work of Jira's own, number %d", i+1)))
		time.Sleep(s.Apart)
	}
	if err != nil {
		return nil, err
	}
	if w.store, err = sqlite.Open(ctx, path); err != nil {
		return nil, err
	}
	w.jira = &front{name: "jira", rates: s.Jira, rng: rand.New(rand.NewPCG(s.Seed, 1)), sending: w.sending}
	w.git = &front{name: "github", rates: s.GitHub, rng: rand.New(rand.NewPCG(s.Seed, 2)), sending: w.sending}
	w.jira.inner = c.jira.Wrap(w.site.Handler(), func(objection error) { w.jira.wrongf("%v", objection) })
	w.git.inner = c.git.Wrap(w.hub.Handler(), func(objection error) { w.git.wrongf("%v", objection) })
	w.jira.latency, w.git.latency = s.Latency, s.Latency
	trackers, err := w.connect(s.Limits)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	config := rules()
	if s.Lone > 0 {
		config.Pairs[0].Mirror = mapping.MirrorJiraToGitHub
	}
	w.runner = runner.New(runner.Options{
		Store: w.store, Trackers: trackers, Compile: func(d []connectors.Directory) (*mapping.Rules, []mapping.Problem) { return mapping.Compile(config, d) },
		MarkKeys: [][]byte{[]byte("key")}, Limits: runner.Limits{Change: 1, Close: 1},
		Write: true, Poll: max(s.Poll, 10*time.Second), Skew: 6 * time.Second, Now: time.Now, Owner: "l3", NewID: counter(), Log: slog.New(slog.DiscardHandler),
	})
	return w, nil
}

// pair makes a Jira issue and a GitHub issue that names it.
func (w *world) pair(summary string) error {
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: summary})
	if err != nil {
		return err
	}
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: i.Key + " " + summary})
	w.pairs = append(w.pairs, pair{i.Key, g.Number})
	return err
}

// lone makes a Jira issue that has no twin.
func (w *world) lone(summary string) error {
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: summary})
	w.alone = append(w.alone, i.Key)
	return err
}

// connect serves both trackers and makes clients of them, wired as the program does.
func (w *world) connect(limits bool) ([]runner.Tracker, error) {
	a, b := serve(w.jira), serve(w.git)
	w.servers = []*served{a, b}
	client := func(s *served, terms func() transport.Terms) *http.Client {
		o := transport.Options{Base: s.base, WriteGap: time.Second, Grace: time.Second}
		if limits {
			o.Budget = transport.NewBudget(terms())
		}
		if limits && s == a { // Atlassian asks for no pause between two writes
			o.WriteGap = 0
		}
		return transport.New(o)
	}
	j, err := jira.New(jira.Config{
		Name: "jira", URL: jiraURL, Auth: "basic", User: "bot@acme.example", Token: "bot-token", Projects: []string{"OPS"},
		TransitionDefaults: map[string]string{"resolution": "Done"}, HTTP: client(a, transport.JiraTerms), Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	g, err := github.New(github.Config{Name: "github", URL: gitHubURL, Token: "bot-token", Repos: []string{repo}, HTTP: client(b, transport.GitHubTerms), Now: time.Now})
	if err != nil {
		return nil, err
	}
	return []runner.Tracker{{Name: "jira", Kind: connectors.Jira, Tracker: j}, {Name: "github", Kind: connectors.GitHub, Tracker: g}}, nil
}

// sending is P6: when a write arrives, the journal has it as sent under this lease.
func (w *world) sending(ctx context.Context, issue string) error {
	ops, err := w.store.OpenOps(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	for _, op := range ops {
		if op.State == reconcile.Sending && op.Epoch == w.runner.Engine().Epoch && (op.Issue == issue || w.names(op, issue)) {
			return nil
		}
	}
	return fmt.Errorf("no write to %s is marked as sent: %+v", issue, ops)
}

// names reports whether an operation is on the issue of this key.
func (w *world) names(op reconcile.Op, key string) bool {
	if i, ok := w.site.Issue(key); ok {
		return i.ID == op.Issue
	}
	for _, p := range w.pairs {
		if key == fmt.Sprintf("%s#%d", repo, p.number) {
			g, err := w.hub.Issue(repo, p.number)
			return err == nil && (fmt.Sprint(g.ID) == op.Issue || g.NodeID == op.Issue || strings.EqualFold(op.Issue, key))
		}
	}
	return false
}

func (w *world) close() error {
	var err error
	for _, s := range w.servers {
		err = errors.Join(err, s.close())
	}
	return errors.Join(err, w.store.Close())
}

// counter makes ids that sort by age.
func counter() func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("op-%08d", n.Add(1)) }
}

// rules are four columns, three priorities and one pair rule.
func rules() mapping.Config {
	col := func(key string, c kanban.Category, jira, github []string) mapping.ColumnConfig {
		return mapping.ColumnConfig{Key: key, Name: key, Category: c, Jira: jira, GitHub: github}
	}
	return mapping.Config{
		Columns: []mapping.ColumnConfig{
			col("todo", kanban.Option, []string{"To Do"}, []string{"open"}),
			col("doing", kanban.Active, []string{"In Progress"}, []string{"open + label:status:in-progress"}),
			col("review", kanban.Active, []string{"In Review"}, []string{"open + label:status:review"}),
			col("done", kanban.Done, []string{"Done"}, []string{"closed"}),
		},
		Priorities: []mapping.PriorityConfig{
			{Key: "high", Jira: []string{"High", "Highest"}, GitHub: []string{"label:priority:high"}},
			{Key: "medium", Jira: []string{"Medium"}, GitHub: []string{"label:priority:medium"}},
			{Key: "low", Jira: []string{"Low", "Lowest"}, GitHub: []string{"label:priority:low"}},
		},
		Pairs: []mapping.PairConfig{{Jira: "OPS", GitHub: repo}},
		Trackers: []mapping.TrackerConfig{
			{Name: "jira", Kind: "jira", Containers: []string{"OPS"}, BaseURLs: []string{jiraURL}},
			{Name: "github", Kind: "github", Containers: []string{repo}, BaseURLs: []string{gitHubURL}},
		},
	}
}
