package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// Life is how the colleagues work.
type Life struct {
	Clock sim.Clock     // that the trackers run on; nil: the machine's
	Seed  uint64        // decides who does what
	Every time.Duration // between two deeds, on average; 0: four seconds
	Log   *slog.Logger  // of what they do, at debug level; nil: none
	Told  func(Deed)    // called after each deed; nil: nobody listens
}

// Deed is something that a colleague did in a tracker. The zero Deed is nothing.
type Deed struct {
	Who  string // name
	Did  string // "started", "answered": a verb in the past
	What string // key of the Jira issue, or owner/repo#n
	In   string // jira, github
}

// String is a sentence: "Ana Duarte started acme/payments#12 in github".
func (d Deed) String() string { return fmt.Sprintf("%s %s %s in %s", d.Who, d.Did, d.What, d.In) }

// Colleagues are five people of the company who go on with its work: two developers
// in GitHub, a requester and a liaison in Jira, and the lead of operations.
type Colleagues struct {
	jira   *jirasim.Site
	hub    *githubsim.Hub
	life   Life
	rng    *rand.Rand
	mu     sync.Mutex
	hands  map[string]bool // Jira keys and GitHub URLs that are not theirs to touch
	limit  int             // most issues there may ever be
	fresh  map[string][]idea
	people []Person
}

// growth is how many issues may join those that the company starts with. After that
// old work comes back instead of new work coming in.
const growth = 30

// rest is how long an issue is left alone after a change: nobody edits what a
// colleague is just editing in the other tracker.
const rest = 15 * time.Second

// NewColleagues brings the colleagues of a company in.
func NewColleagues(jira *jirasim.Site, hub *githubsim.Hub, a Access, life Life) *Colleagues {
	if life.Clock == nil {
		life.Clock = sim.Wall{}
	}
	if life.Every <= 0 {
		life.Every = 4 * time.Second
	}
	if life.Log == nil {
		life.Log = slog.New(slog.DiscardHandler)
	}
	c := &Colleagues{jira: jira, hub: hub, life: life, rng: rand.New(rand.NewPCG(life.Seed, 0x776f726b)), hands: map[string]bool{}}
	for _, t := range []twins{a.tryJira, a.tryGitHub} {
		c.hands[t.key] = true
	}
	everything := c.look()
	for _, i := range everything {
		if i.jira != nil && c.hands[i.jira.Key] && i.hub != nil {
			c.hands[i.hub.URL] = true
		}
	}
	c.limit = everything.issues() + growth
	c.fresh = freshIdeas(c.rng)
	for _, p := range cast() {
		switch p.GitHub {
		case "ana-acme", "farah-acme", "julia-acme", "ibrahim-acme", "priya-acme":
			c.people = append(c.people, p)
		}
	}
	return c
}

// Run lets the colleagues work until ctx ends. What a tracker refuses, because
// somebody else was faster, they leave.
func (c *Colleagues) Run(ctx context.Context) {
	for {
		pause := time.Duration((0.5 + c.rng.Float64()) * float64(c.life.Every))
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		deed, err := c.Step()
		if err != nil {
			c.life.Log.DebugContext(ctx, "a colleague was refused", "deed", deed.String(), "err", err)
		}
	}
}

// Step lets one of the colleagues do one thing. It can be called beside Take and Raise. The Deed is zero where nobody has
// anything to do; on an error it says what was refused.
func (c *Colleagues) Step() (Deed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.look()
	order := c.rng.Perm(len(c.people))
	for _, n := range order {
		p := c.people[n]
		todo := c.possible(p, all)
		if len(todo) == 0 {
			continue
		}
		return c.perform(pick(c.rng, todo))
	}
	return Deed{}, nil
}

// perform does what somebody has chosen to do.
func (c *Colleagues) perform(t task) (Deed, error) {
	if err := t.do(); err != nil {
		return t.deed, fmt.Errorf("%s: %w", t.deed, err)
	}
	if c.life.Told != nil {
		c.life.Told(t.deed)
	}
	return t.deed, nil
}

// look takes in what stands in the trackers now.
func (c *Colleagues) look() work {
	jira := append(c.jira.Issues(opsProject), c.jira.Issues(finProject)...)
	return census(jira, append(c.hub.Issues(paymentsRepo), c.hub.Issues(infraRepo)...))
}

// present is Jira as it is written to now.
func (c *Colleagues) present() jirasim.Moment { return c.jira.At(time.Time{}) }

// issues counts the issues of both trackers.
func (w work) issues() int {
	n := 0
	for _, i := range w {
		if i.jira != nil {
			n++
		}
		if i.hub != nil {
			n++
		}
	}
	return n
}
