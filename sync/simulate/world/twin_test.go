package world

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	hubapi "parley/connectors/github"
	siteapi "parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/sim/official"
	"parley/connectors/transport"
)

// twin is a world without faults beside the strict simulators with the same issues,
// workflow and people, read through the real connectors.
type twin struct {
	t     *testing.T
	w     *World
	clock *sim.Manual
	site  *jirasim.Site
	hub   *githubsim.Hub
	jira  *siteapi.Client
	hubC  *hubapi.Client
	ids   map[issueID]connectors.Ref // of the world's issues, as the simulators call them
}

func newTwin(t *testing.T, seed uint64) *twin {
	t.Helper()
	w, err := New(Options{Seed: seed, Swarm: Swarm{Fields: true, Parting: true, Copies: true, Unmapped: true, Schema: true, LongLag: true}})
	if err != nil {
		t.Fatal(err)
	}
	w.jira.skew, w.github.skew = 0, 0
	f := w.jira.flow
	f.ways = slices.DeleteFunc(f.ways, func(x way) bool { return len(x.Required) > 0 })
	tw := &twin{t: t, w: w, clock: sim.NewManual(w.now), ids: map[issueID]connectors.Ref{}}
	tw.makeSite()
	tw.makeHub()
	return tw
}

func (tw *twin) must(err error) {
	tw.t.Helper()
	if err != nil {
		tw.t.Fatal(err)
	}
}

func (tw *twin) makeSite() {
	s := jirasim.New(jirasim.Options{Clock: tw.clock, BaseURL: "http://127.0.0.1:1"})
	s.RestrictLevel("secret", "ana", "ben", "cleo", "dora", "emil")
	var ids []string
	for _, st := range tw.w.jira.cat.statuses {
		s.AddStatus(jirasim.Status{ID: st.ID, Name: st.Name, Category: st.Category})
		ids = append(ids, st.ID)
	}
	flow := jirasim.Workflow{Name: "flow", Statuses: ids}
	for _, x := range tw.w.jira.flow.ways {
		flow.Transitions = append(flow.Transitions, transitionOf(x))
	}
	s.AddWorkflow(flow)
	var priorities []string
	for _, p := range tw.w.jira.cat.priorities {
		s.AddPriority(jirasim.Priority{ID: p.ID, Name: p.Name})
		priorities = append(priorities, p.ID)
	}
	s.AddPriorityScheme(jirasim.PriorityScheme{ID: "1", Name: "scheme", Priorities: priorities, Default: tw.w.jira.usual()})
	s.AddUser(jirasim.User{AccountID: ownAccount, DisplayName: ownAccount, Email: "parley@acme.example", Token: "secret-token"})
	for _, p := range tw.w.jira.cat.people {
		s.AddUser(jirasim.User{AccountID: p.jira, DisplayName: p.name})
	}
	for _, b := range tw.w.jira.boxes {
		s.AddProject(jirasim.Project{Key: b.key, Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}, PriorityScheme: "scheme"})
	}
	c, err := siteapi.New(siteapi.Config{Name: JiraName, URL: "http://127.0.0.1:1", Auth: "basic", User: "parley@acme.example", Token: "secret-token",
		Projects: tw.w.jira.cat.jira.Containers, TransitionDefaults: map[string]string{"resolution": usualResolution},
		HTTP: tw.client(official.Hear(tw.t, official.JiraCloud, s.Handler())), Now: tw.clock.Now})
	tw.must(err)
	tw.site, tw.jira = s, c
}

func transitionOf(x way) jirasim.Transition {
	t := jirasim.Transition{ID: x.ID, Name: x.Name, To: x.To.ID, Screen: x.Screen}
	if x.from != "" {
		t.From = []string{x.from}
	}
	switch {
	case x.quiet:
		t.PostFunctions = []jirasim.PostFunction{{Field: "resolution", Value: usualResolution}}
	case x.closes:
		t.Required = []string{"resolution"}
	default:
		t.PostFunctions = []jirasim.PostFunction{{Field: "resolution"}}
	}
	return t
}

func (tw *twin) makeHub() {
	h := githubsim.New(githubsim.Options{Clock: tw.clock, HTMLURL: "https://github.example"})
	tw.must(h.AddUser(githubsim.User{Login: ownLogin, Token: "secret-token"}))
	var labels []githubsim.Label
	for _, l := range slices.Concat(tw.w.github.cat.family, tw.w.github.cat.weights) {
		labels = append(labels, githubsim.Label{Name: l})
	}
	for _, b := range tw.w.github.boxes {
		owner, name, _ := strings.Cut(b.key, "/")
		tw.must(h.AddRepo(githubsim.Repo{Owner: owner, Name: name, Labels: labels, NoLabels: true}))
		tw.must(h.SetPermission(b.key, ownLogin, githubsim.Write))
		for _, p := range tw.w.github.cat.people {
			tw.must(h.AddUser(githubsim.User{Login: p.github}))
			tw.must(h.SetPermission(b.key, p.github, githubsim.Admin))
		}
	}
	c, err := hubapi.New(hubapi.Config{Name: GitHubName, URL: "http://127.0.0.1:2", Token: "secret-token", Repos: tw.w.github.cat.github.Containers,
		HTTP: tw.client(official.Hear(tw.t, official.GitHub, h.Handler())), Now: tw.clock.Now})
	tw.must(err)
	_, err = c.Check(tw.t.Context())
	tw.must(err)
	tw.hub, tw.hubC = h, c
}

// client sends requests straight into a handler.
func (tw *twin) client(h http.Handler) *http.Client {
	return transport.New(transport.Options{Base: straight{h}, Now: tw.clock.Now, Wait: func(context.Context, time.Duration) error { return nil }})
}

type straight struct{ http.Handler }

func (d straight) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.RequestURI = r.URL.RequestURI()
	d.ServeHTTP(rec, in)
	return rec.Result(), nil
}

// The world and the strict simulators are told the same things, by people and by
// Parley, and must show the same issues and the same histories.
func TestWorldIsWhatTheSimulatorsAre(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tw := newTwin(t, seed)
			for n := range 150 {
				tw.step(n)
				tw.w.Advance(time.Duration(1+n%7) * 700 * time.Millisecond)
				tw.clock.Set(tw.w.now)
			}
			tw.compare()
		})
	}
}
