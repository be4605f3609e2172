package world

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"parley/connectors"
	"parley/mapping"
)

// Options say what a world is like. Only Seed is needed.
type Options struct {
	Seed  uint64
	Swarm Swarm // what goes wrong, and how often
	// Hook is called before and after the effect of every request. It may panic or
	// never return. Nil: nobody is called.
	Hook func(Point)
	// Items is how many issues there are to begin with, those of pairs included, and
	// Pairs how many pairs: a Jira issue and a GitHub issue that names it.
	Items, Pairs int
	// Mapping says which statuses, labels and containers the trackers have. The zero
	// Config takes Board.
	Mapping mapping.Config
	// Only, where not nil, lets a fault hit just the requests with these numbers. It
	// serves to leave out faults of a known run.
	Only map[int64]bool
}

// Point is a moment before or after the effect of a request.
type Point struct {
	Tracker string
	Request string // "read", "send", "changes", …
	Issue   string // key, or the source of a list
	After   bool
	N       int64 // number of the request, from 1
}

// Tracker is one of the world's two trackers. It implements connectors.Mirrors as
// well.
type Tracker struct {
	Name string
	Kind connectors.Kind
	connectors.Tracker
}

// beginning is when every world begins: a Monday morning.
func beginning() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

// World is two trackers and the people at work in them. It is for one goroutine
// at a time.
type World struct {
	opts     Options
	mapping  mapping.Config
	now      time.Time // the true time
	pcg      rand.PCG
	rng      *rand.Rand
	later    agenda
	issues   []*issue // by creation
	byID     map[issueID]*issue
	jira     *jira
	github   *github
	truth    Truth
	fired    map[string]int
	script   []Deed
	subjects []subject
	calm     bool

	troubles  float64 // share of requests that some fault hits
	incidents []Incident

	requests, human int64 // counted
	edits, versions int64
	deeds           int64
	entryID         int64 // of the newest history entry
}

// issueID finds an issue on either tracker.
type issueID struct {
	kind connectors.Kind
	id   string
}

// New makes a world. It fails where the mapping names things that no tracker can have.
func New(o Options) (*World, error) {
	w := &World{opts: o, mapping: o.Mapping, now: beginning(), fired: map[string]int{}, byID: map[issueID]*issue{}}
	w.rng = rand.New(&w.pcg)
	w.troubles = o.Swarm.total()
	if len(w.mapping.Columns) == 0 {
		w.mapping = Board()
	}
	cat, err := newCatalog(w.mapping)
	if err != nil {
		return nil, fmt.Errorf("make the world: %w", err)
	}
	w.jira, w.github = newJira(w, cat), newGitHub(w, cat)
	w.populate()
	return w, nil
}

// Now is the true time. The clocks of the trackers may differ from it.
func (w *World) Now() time.Time { return w.now }

// Mapping is the configuration that fits the world.
func (w *World) Mapping() mapping.Config { return w.mapping }

// Trackers are the world's two trackers, Jira first.
func (w *World) Trackers() []Tracker {
	return []Tracker{
		{Name: w.jira.name, Kind: connectors.Jira, Tracker: w.jira},
		{Name: w.github.name, Kind: connectors.GitHub, Tracker: w.github},
	}
}

// Operations is how many requests were answered and things done by people so far.
func (w *World) Operations() int64 { return w.requests + w.human }

// Fired counts how often each kind of event of the world has happened.
func (w *World) Fired() map[string]int {
	return maps.Clone(w.fired)
}

// count notes that something happened.
func (w *World) count(what string) { w.fired[what]++ }
