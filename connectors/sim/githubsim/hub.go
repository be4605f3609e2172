package githubsim

import (
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"parley/connectors/sim"
)

// Options set up a Hub. The zero value is a GitHub on the wall clock whose lists
// are never late.
type Options struct {
	// Clock is the hub's time; nil is the machine's clock.
	Clock sim.Clock
	// BaseURL is the REST root that answers name, without a slash at the end, as
	// "https://api.github.com". Empty: the address that each request came to, so
	// that links can be followed whatever port the hub listens on.
	BaseURL string
	// HTMLURL is where people read issues; empty is "https://github.com".
	HTMLURL string
	// ListLag says how long lists go on showing an issue as it was before a
	// change. Nil: no lag.
	ListLag func(repo string, number int) time.Duration
	// ReadLag is the same for reads of a single issue, its history or a comment, as where a
	// copy of the database answers that lags behind. Nil: they show the present state.
	ReadLag func(repo string, number int) time.Duration
	// FeedLag is how long a repository's feed does not show an event. Nil: no lag.
	FeedLag func(repo string, number int) time.Duration
	// WeakETags marks every entity tag as weak, as GitHub does where an answer was
	// compressed on its way.
	WeakETags bool
	// UpdatedBump says how long after a change updated_at moves once more, with
	// nothing else to see. Nil: it moves once, with the change.
	UpdatedBump func(repo string, number int) time.Duration
	// FieldsMoveIssues has a change of an Issue Field move updated_at, and FieldsInFeed has
	// the history tell of it, as field_added and field_removed. Whether GitHub does either
	// is not known.
	FieldsMoveIssues, FieldsInFeed bool
	// NoIssueFields makes it a GitHub, as an Enterprise Server is, without Issue Fields.
	NoIssueFields bool
	// Links is how lists of issues link their pages.
	Links LinkStyle
	// Enterprise makes it an Enterprise Server; nil: GitHub.com.
	Enterprise *Enterprise
	// Limits are the rate limits.
	Limits Limits
	// QuietLabels makes the endpoints for the labels of an issue drop silently what
	// the caller may not do, as creating and editing an issue do; GitHub itself
	// refuses there with 403.
	QuietLabels bool
}

// Hub is the simulated GitHub. It is safe for concurrent use.
type Hub struct {
	w  *world
	at time.Time // zero: the clock
}

// world is what all views of one hub share. mu guards everything below it.
type world struct {
	opts   Options
	routes []route
	schema *ast.Schema // of GraphQL, nil before it is asked for
	log    sim.Log

	mu            sync.Mutex
	faults        sim.Faults
	users         map[string]*user // by lower-case login
	tokens        map[string]*token
	apps          map[int64]*app
	installations map[int64]*installation
	repos         map[string]*repo // by lower-case owner/name
	byID          map[int64]*repo
	moved         map[string]*repo // by the lower-case name it had
	fields        map[*user][]*issueField
	projects      []*project
	ids           ids
	version       int64 // moves with changes that show in every repository
	etags         map[string]etagEntry
	limits        limiter
	serial        int64 // of requests
	hooks         *sim.Hooks
	news          []news // for the webhooks, from the act that is being done
}

// New makes a hub without people or repositories.
func New(o Options) *Hub {
	if o.Clock == nil {
		o.Clock = sim.Wall{}
	}
	if o.HTMLURL == "" {
		o.HTMLURL = "https://github.com"
	}
	w := &world{
		opts: o, routes: routes(),
		users: map[string]*user{}, tokens: map[string]*token{}, apps: map[int64]*app{}, installations: map[int64]*installation{},
		repos: map[string]*repo{}, byID: map[int64]*repo{}, moved: map[string]*repo{},
		fields: map[*user][]*issueField{},
		ids:    newIDs(), etags: map[string]etagEntry{}, limits: newLimiter(o.Limits),
		hooks: sim.NewHooks(o.Clock, hookStyle(o.Enterprise != nil), 2),
	}
	return &Hub{w: w}
}

// At is the same hub for actions of people at the moment t, mostly in the past:
// hub.At(t).AddLabels(…). It shares all state and does not touch the clock that
// the HTTP face runs on.
func (h *Hub) At(t time.Time) *Hub { return &Hub{w: h.w, at: t.UTC()} }

// Log is the record of every request the HTTP face answered.
func (h *Hub) Log() *sim.Log { return &h.w.log }

// SetFaults sets what goes wrong with requests from now on; nil: nothing.
func (h *Hub) SetFaults(f sim.Faults) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.faults = f
}

// SetLimits replaces the rate limits and forgets what was used up.
func (h *Hub) SetLimits(l Limits) {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	h.w.limits = newLimiter(l)
}

// Handler is the REST face. It serves api.github.com's paths at the root and
// GitHub Enterprise Server's under /api/v3/, with the log and the faults around.
func (h *Hub) Handler() http.Handler {
	faults := func() sim.Faults {
		h.w.mu.Lock()
		defer h.w.mu.Unlock()
		return h.w.faults
	}
	return sim.Wrap(http.HandlerFunc(h.w.serve), h.w.opts.Clock, &h.w.log, faults, changesSomething)
}

// now is the moment at which this view acts, to the second as GitHub keeps it.
func (h *Hub) now() time.Time {
	if !h.at.IsZero() {
		return h.at.Truncate(time.Second)
	}
	return h.w.opts.Clock.Now().UTC().Truncate(time.Second)
}
