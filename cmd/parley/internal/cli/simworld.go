package cli

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"parley/cmd/parley/internal/demo"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// world is the two simulators, being served.
type world struct {
	site               *jirasim.Site
	hub                *githubsim.Hub
	access             demo.Access
	jiraURL, githubURL string
	servers            []*servedSim
	stopHooks          func()
	hooks              sync.WaitGroup
}

type worldOptions struct {
	jira, github string
	seed         uint64
	asOf         time.Time // up to which the company has worked
	server       bool      // Jira is a Data Center
	trouble      *trouble  // nil: all goes well, and nobody can ask for anything else
}

// trouble is what the simulators make of their users.
type trouble struct {
	faults float64       // share of requests
	limits bool          // the published ones are enforced
	lag    time.Duration // the most that searches and lists are late
	hooks  string        // address of a Parley that webhooks are sent to, "": none is
}

func startWorld(ctx context.Context, o worldOptions) (*world, error) {
	w := &world{}
	jira, err := listenSim(ctx, o.jira)
	if err != nil {
		return nil, err
	}
	hub, err := listenSim(ctx, o.github)
	if err != nil {
		jira.close()
		return nil, err
	}
	w.servers = []*servedSim{jira, hub}
	w.jiraURL, w.githubURL = jira.url(), hub.url()
	t := o.trouble
	if t == nil {
		t = &trouble{}
	}
	late := &lateness{rng: rand.New(rand.NewPCG(o.seed, 0x6c6167))}
	w.make(o.server, t.limits, late)
	if w.access, err = demo.Company(w.site, w.hub, o.asOf, o.seed); err != nil {
		w.close()
		return nil, fmt.Errorf("make the demo's company: %w", err)
	}
	if o.trouble != nil {
		if err := addFields(w.hub); err != nil {
			w.close()
			return nil, fmt.Errorf("add fields of options: %w", err)
		}
	}
	if o.server {
		w.access.JiraUser = ""
	}
	late.upTo(t.lag) // what the company did in the past shows at once
	jiraFace, hubFace := w.site.Handler(), w.hub.Handler()
	if o.trouble != nil {
		jiraFaults, hubFaults := sim.NewScript(o.seed, w.site.Faults()), sim.NewScript(o.seed+1, w.hub.Faults())
		jiraFaults.ByChance(t.faults)
		hubFaults.ByChance(t.faults)
		w.site.SetFaults(jiraFaults.Fault)
		w.hub.SetFaults(hubFaults.Fault)
		jiraFace = sim.ControlHooks(sim.Control(jiraFace, jiraFaults), w.site.Hooks())
		hubFace = sim.ControlHooks(sim.Control(hubFace, hubFaults), w.hub.Hooks())
		if err := w.hookTo(t.hooks); err != nil {
			w.close()
			return nil, err
		}
		w.sendHooks(ctx)
	}
	jira.serve(jiraFace)
	hub.serve(hubFace)
	return w, nil
}

// make sets the two trackers up, without anything in them.
func (w *world) make(server, limits bool, late *lateness) {
	jira := jirasim.Options{BaseURL: w.jiraURL, WriteLimits: limits && !server, BurstLimits: limits, IndexLag: func(string) time.Duration { return late.next() }}
	if server {
		jira.Deployment = jirasim.DataCenter
	}
	hub := githubsim.Options{HTMLURL: w.githubURL, ListLag: func(string, int) time.Duration { return late.next() }}
	if limits {
		hub.Limits = githubsim.Limits{Hourly: 5000, Points: 900, Writes: 80, Concurrent: 100}
	}
	w.site, w.hub = jirasim.New(jira), githubsim.New(hub)
}

// auth is how Parley's account signs in to Jira.
func (w *world) auth() string {
	if w.access.JiraUser == "" {
		return "bearer"
	}
	return "basic"
}

// lateness draws how late each change shows.
type lateness struct {
	mu   sync.Mutex
	rng  *rand.Rand
	most time.Duration
}

func (l *lateness) upTo(most time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.most = most
}

func (l *lateness) next() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.most <= 0 {
		return 0
	}
	return time.Duration(l.rng.Int64N(int64(l.most) + 1))
}

func (w *world) close() {
	if w.stopHooks != nil {
		w.stopHooks()
		w.hooks.Wait()
	}
	for _, s := range w.servers {
		s.close()
	}
}
