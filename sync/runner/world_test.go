package runner

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/github"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/store/open"
)

// world is two simulated trackers and a runner on them, all on one clock that only
// moves when the test says so. Nothing goes over a socket.
type world struct {
	t      testing.TB
	clock  *sim.Manual
	site   *jirasim.Site
	hub    *githubsim.Hub
	at     jirasim.Company
	url    string // of the store
	write  bool
	prefix string                // of Jira's paths: its address behind the gateway
	bearer bool                  // Jira takes the token alone, as Data Center does
	change func(*mapping.Config) // of the board
	limits Limits
	repos  []string
	app    *github.App
	budget bool                      // requests are counted before they are sent
	places [2]github.Place           // where status and priority are held
	root   string                    // of GitHub's REST interface, below its address
	after  func(*http.Request) error // fails a request that has taken effect; one at a time
	store  *store.Store
	runner *Runner

	questions bool // comments are read for questions
	due       func(unit kanban.UnitKey, now time.Time) string

	ids   atomic.Int64
	ahead atomic.Int64 // nanoseconds by which Parley's own clock is ahead of the trackers'

	hearing sync.Mutex // held by after
}

const repo = "acme/payments"

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, change ...func(*world)) *world {
	t.Helper()
	w := &world{t: t, clock: sim.NewManual(monday), write: true}
	w.site = jirasim.New(jirasim.Options{Clock: w.clock, BaseURL: "http://127.0.0.1:1"})
	w.at = w.site.AddCompany()
	w.site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana", Email: "ana@acme.example", Token: "ana-token"})
	w.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
	w.gitHub(githubsim.Options{})
	for _, f := range change {
		f(w)
	}
	if w.url == "" {
		w.url = server.URL(t, filepath.Join(t.TempDir(), "parley.db"))
	}
	w.start()
	return w
}

// inAFile is the store of a world in virtual time, in which nothing can wait for a server.
func inAFile(w *world) { w.url = "sqlite:" + filepath.Join(w.t.TempDir(), "parley.db") }

// gitHub begins with a GitHub of its own kind, before the runner is made.
func (w *world) gitHub(o githubsim.Options) {
	w.t.Helper()
	o.Clock, o.HTMLURL = w.clock, "http://127.0.0.1:2"
	w.hub = githubsim.New(o)
	w.must(w.hub.AddUser(githubsim.User{Login: "parley-bot", Token: "bot-token"}))
	w.must(w.hub.AddUser(githubsim.User{Login: "ben"}))
	w.must(w.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "payments"}))
	w.must(w.hub.SetPermission(repo, "parley-bot", githubsim.Write))
	w.must(w.hub.SetPermission(repo, "ben", githubsim.Write))
}

// now is what Parley's own clock shows.
func (w *world) now() time.Time { return w.clock.Now().Add(time.Duration(w.ahead.Load())) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// start opens the store and makes a runner on it, as a process that begins does.
func (w *world) start() {
	w.t.Helper()
	db, err := open.Open(context.Background(), w.url)
	w.must(err)
	w.store = db
	w.t.Cleanup(func() {
		w.sound(db)
		_ = db.Close()
	})
	w.runner = New(Options{
		Store: db, Trackers: w.trackers(), Compile: func(d []connectors.Directory) (*mapping.Rules, []mapping.Problem) {
			return mapping.Compile(w.config(), d)
		},
		MarkKeys: [][]byte{[]byte("key")}, Limits: w.limits,
		Questions: w.questions, AnswerDue: w.due,
		Write: w.write, Poll: 30 * time.Second, Skew: 6 * time.Second, Now: w.now, Owner: "test",
		NewID: func() string { return fmt.Sprintf("op-%06d", w.ids.Add(1)) }, Log: slog.New(slog.DiscardHandler),
	})
	w.must(w.runner.Prepare(context.Background()))
}

func (w *world) config() mapping.Config {
	c := board()
	for _, repo := range w.repos {
		c.Pairs = append(c.Pairs, mapping.PairConfig{Jira: "OPS", GitHub: repo})
		c.Trackers[1].Containers = append(c.Trackers[1].Containers, repo)
	}
	if w.change != nil {
		w.change(&c)
	}
	return c
}

// sound checks that nothing in the store is what it cannot be (P30).
func (w *world) sound(db *store.Store) {
	w.t.Helper()
	ctx := context.Background()
	var found []string
	faces, err := db.Faces(ctx, store.FaceQuery{})
	if err != nil {
		return // closed by the test itself, as a process that ends does
	}
	for _, f := range faces {
		card, err := db.Card(ctx, f.Card.ID)
		if err == nil && card.Rev > 0 { // else a test made it up, by its id alone
			found = append(found, engine.Fsck(card)...)
		}
	}
	if len(found) > 0 {
		w.t.Errorf("%d findings in the store, the first %q", len(found), found[0])
	}
}

func (w *world) trackers() []Tracker {
	c := jira.Config{Name: "jira", URL: "http://127.0.0.1:1" + w.prefix, Auth: "basic", User: "bot@acme.example", Token: "bot-token",
		Projects: []string{"OPS"}, TransitionDefaults: map[string]string{"resolution": "Done"}, HTTP: w.client(direct{official.Hear(w.t, w.jiraIs(), w.site.Handler()), w}), Now: w.now}
	if w.bearer {
		c.Auth, c.User = "bearer", ""
	}
	j, err := jira.New(c)
	w.must(err)
	settings := github.Config{Name: "github", URL: "http://127.0.0.1:2" + w.root, Token: "bot-token", App: w.app, Repos: append([]string{repo}, w.repos...), Status: w.places[0], Priority: w.places[1],
		HTTP: w.client(direct{official.Hear(w.t, w.gitHubIs(), w.hub.Handler()), w}), Now: w.now}
	for _, p := range w.config().Persons {
		settings.People = append(settings.People, p.GitHub)
	}
	g, err := github.New(settings)
	w.must(err)
	return []Tracker{{Name: "jira", Kind: connectors.Jira, Tracker: j}, {Name: "github", Kind: connectors.GitHub, Tracker: g}}
}

// jiraIs is the product in Jira's place: Data Center takes the token alone.
func (w *world) jiraIs() official.Product {
	if w.bearer {
		return official.JiraDataCenter
	}
	return official.JiraCloud
}

// gitHubIs is the product in GitHub's place: below its address, GitHub.com has no root.
func (w *world) gitHubIs() official.Product {
	if w.root != "" {
		return official.GitHubEnterprise
	}
	return official.GitHub
}

// client sends requests straight into a handler. Its clock stands, so it never waits.
func (w *world) client(base http.RoundTripper) *http.Client {
	o := transport.Options{Base: base, Now: w.now, Wait: func(context.Context, time.Duration) error { return nil }}
	if w.budget {
		o.Budget = transport.NewBudget(transport.GitHubTerms())
	}
	return transport.New(o)
}

type direct struct {
	http.Handler

	world *world
}

// RoundTrip answers a request by calling the handler. A connection that the handler
// cuts is an error, as it is on a wire.
func (d direct) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = io.ErrUnexpectedEOF
		}
	}()
	rec := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = r.URL.RequestURI()
	d.ServeHTTP(rec, in)
	if err := d.world.answered(r); err != nil {
		return nil, err
	}
	return rec.Result(), nil
}

// answered lets after see one request at a time, whichever worker it is from.
func (w *world) answered(r *http.Request) error {
	w.hearing.Lock()
	defer w.hearing.Unlock()
	if w.after == nil {
		return nil
	}
	return w.after(r)
}

// board is the mapping of these tests: five columns, three priorities, one pair.
func board() mapping.Config {
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
			{Name: "jira", Kind: "jira", Containers: []string{"OPS"}, BaseURLs: []string{"http://127.0.0.1:1"}},
			{Name: "github", Kind: "github", Containers: []string{repo}, BaseURLs: []string{"http://127.0.0.1:2"}},
		},
	}
}

// poll reads every source once and works until nothing is due, without time passing.
func (w *world) poll() {
	w.t.Helper()
	ctx := context.Background()
	for _, t := range w.runner.Trackers {
		for _, s := range t.Sources() {
			w.must(w.runner.PollSource(ctx, t, s))
			st, err := w.store.Source(ctx, t.Name, s)
			w.must(err)
			if st.Error != "" {
				w.t.Logf("poll %s: %s", t.Name, st.Error)
			}
		}
		if t.Kind == connectors.Jira {
			w.must(w.runner.LinkRound(ctx, t))
		}
	}
	w.work()
}

// work lets the worker go on until nothing is due.
func (w *world) work() {
	w.t.Helper()
	for range 1000 {
		n, err := w.runner.WorkDue(context.Background())
		w.must(err)
		if n == 0 {
			return
		}
	}
	w.t.Fatal("the worker never comes to rest")
}

// writes counts what was asked of both trackers that could change something.
func (w *world) writes() int {
	return len(w.site.Log().Mutations()) + len(w.hub.Log().Mutations())
}

// settle polls with time passing until both trackers and the board are at rest.
func (w *world) settle(polls int) {
	w.t.Helper()
	for range polls {
		w.clock.Advance(30 * time.Second)
		w.poll()
	}
}

// pair makes a Jira issue and a GitHub issue that names it, and lets Parley see them.
func (w *world) pair(summary string) (key string, number int) {
	w.t.Helper()
	i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: summary})
	w.must(err)
	g, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: i.Key + " " + summary})
	w.must(err)
	w.settle(2)
	return i.Key, g.Number
}

func (w *world) card(ref string) engine.Card {
	w.t.Helper()
	id, err := w.store.Resolve(context.Background(), ref)
	w.must(err)
	c, err := w.store.Card(context.Background(), id)
	w.must(err)
	return c
}

func (w *world) face(ref string) kanban.Card {
	w.t.Helper()
	id, err := w.store.Resolve(context.Background(), ref)
	w.must(err)
	faces, err := w.store.Faces(context.Background(), store.FaceQuery{IDs: []kanban.CardID{id}})
	w.must(err)
	return faces[0].Card
}

// at checks where all three show the same card to be.
func (w *world) expect(key string, number int, status, gitHub, column string) {
	w.t.Helper()
	i, _ := w.site.Issue(key)
	g, err := w.hub.Issue(repo, number)
	w.must(err)
	labels := ""
	for _, l := range g.Labels {
		labels += " " + l
	}
	card := w.card(key)
	if i.StatusName != status || g.State+labels != gitHub || string(card.Status.Agreed) != column {
		w.t.Errorf("%s is %q, #%d is %q, the card in %q; want %q, %q, %q\n%s", key, i.StatusName, number, g.State+labels, card.Status.Agreed, status, gitHub, column, w.story(card))
	}
}

// story tells what is remembered of a card, for a failing test.
func (w *world) story(c engine.Card) string {
	s := fmt.Sprintf("status %+v\n", c.Status)
	for _, op := range c.Ops {
		s += fmt.Sprintf("op %s %s %s %q→%q v%d %s %s\n", op.ID, op.Side, op.Field, op.From, op.To, op.Version, op.State, op.Problem)
	}
	for i, side := range c.Sides {
		if side != nil {
			s += fmt.Sprintf("side %d need %q problem %+v\n", i, side.Need, side.Problem)
		}
	}
	lines, _ := w.store.Activity(context.Background(), store.ActivityQuery{Card: c.ID})
	for _, a := range lines {
		s += fmt.Sprintf("%s %s: %s\n", a.At.Format(time.TimeOnly), a.Kind, a.Text)
	}
	return s
}

var noEdit = jirasim.Edit{}

func conflictsOf(id kanban.CardID) store.ConflictQuery { return store.ConflictQuery{Card: id} }
