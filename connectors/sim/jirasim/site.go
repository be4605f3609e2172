package jirasim

import (
	"net/http"
	"sync"
	"time"

	"parley/connectors/sim"
)

// Options is what a site is made of. The zero value is usable: a Cloud site, wall
// clock, UTC, an index without lag and no limits.
type Options struct {
	Deployment Deployment

	Clock   sim.Clock      // nil: sim.Wall
	BaseURL string         // in self links; "": the address each request was sent to
	Zone    *time.Location // zone of the server and of users without their own; nil: UTC

	// IndexLag says how long a change of an issue stays invisible to searches.
	// Reads by id or key see it at once. It must not call the site.
	IndexLag func(issueKey string) time.Duration
	// IndexGap drops an indexed issue from one search, as the real index, which
	// is not monotonic, does now and then. It must not call the site.
	IndexGap func(issueKey string) bool
	// Conflict makes a write to an issue fail with 409. It must not call the site.
	Conflict func(issueKey string) bool

	WriteLimits bool // Cloud: 20 writes in 2 s and 100 in 30 s per issue, then 429
	BurstLimits bool // token bucket per method and endpoint, at Data Center per account, then 429
	// CloneProperties lets a clone keep the properties of its original.
	CloneProperties bool
	// SingleUseTokens refuses a page token that was answered before.
	SingleUseTokens bool
	// PageMost is the most rows on a page of Data Center's search; 0: 1,000.
	PageMost int
	// SearchWindow is how many rows deep Data Center's search goes; 0: 10,000.
	SearchWindow int
	// CaptchaAfter is how many wrong passwords make Data Center ask an account for a
	// CAPTCHA; 0: 3.
	CaptchaAfter int
	// NoBasic switches basic authentication off, as Data Center 11 comes.
	NoBasic bool
	// CloudID is the site's id under /ex/jira/; "": one that never changes.
	CloudID string
	// BulkTimes is the form of "created" in changelog/bulkfetch: "ms" (epoch
	// milliseconds, the default), "s" (epoch seconds) or "text".
	BulkTimes string
}

// Site is the state of one simulated Jira. It is safe for concurrent use.
type Site struct {
	clock sim.Clock
	log   sim.Log
	hooks *sim.Hooks

	mu      sync.RWMutex
	opts    Options
	faults  sim.Faults
	nextID  map[string]int64 // per kind of object
	catalog catalog
	issues  map[int64]*record
	keys    map[string]*record // present and former keys
	index   index
	fresh   index // the same without a lag
	denied  map[denial]bool
	levels  map[string]map[string]bool // security level → members, where restricted
	roles   map[role][]string          // → accounts
	limits  limits
	used    map[string]bool      // page tokens answered, with SingleUseTokens
	words   map[string]*wordbook // by locale
	failed  map[string]int       // wrong passwords in a row, by account
}

// catalog is what a site knows besides issues.
type catalog struct {
	users       map[string]*User
	statuses    []*Status
	priorities  []*Priority
	resolutions []*Resolution
	schemes     []*PriorityScheme
	workflows   map[string]*Workflow
	projects    []*Project
	types       []*IssueType
	fields      []*Field
}

// New makes an empty site: no users, projects or statuses, but the resolutions
// that every Jira comes with.
func New(o Options) *Site {
	if o.Clock == nil {
		o.Clock = sim.Wall{}
	}
	o = o.withDefaults()
	s := &Site{
		clock: o.Clock, opts: o, hooks: sim.NewHooks(o.Clock, hookStyle(o.Deployment == DataCenter), 1),
		nextID: map[string]int64{},
		issues: map[int64]*record{}, keys: map[string]*record{},
		denied: map[denial]bool{}, levels: map[string]map[string]bool{}, roles: map[role][]string{},
		limits: limits{writes: map[int64][]time.Time{}, buckets: map[string]*bucket{}},
		used:   map[string]bool{}, failed: map[string]int{}, words: map[string]*wordbook{},
	}
	s.catalog.users, s.catalog.workflows = map[string]*User{}, map[string]*Workflow{}
	s.AddResolution(Resolution{ID: "10000", Name: "Done"})
	s.AddResolution(Resolution{ID: "10001", Name: "Won't Do"})
	s.AddResolution(Resolution{ID: "10002", Name: "Duplicate"})
	s.AddResolution(Resolution{ID: "10003", Name: "Cannot Reproduce"})
	return s
}

// Handler is the HTTP face, with the request log and the faults around it.
func (s *Site) Handler() http.Handler {
	return sim.Wrap(newFace(s), s.clock, &s.log, s.currentFaults, mutates)
}

// Log is the record of every request the handler answered.
func (s *Site) Log() *sim.Log { return &s.log }

// SetFaults decides from now on what goes wrong with requests; nil ends it.
func (s *Site) SetFaults(f sim.Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

func (s *Site) currentFaults() sim.Faults {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.faults
}

// SetIndexLag replaces Options.IndexLag for changes made from now on.
func (s *Site) SetIndexLag(lag func(issueKey string) time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.IndexLag = lag
}

// SetIndexGap replaces Options.IndexGap.
func (s *Site) SetIndexGap(gap func(issueKey string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.IndexGap = gap
}

// SetConflict replaces Options.Conflict.
func (s *Site) SetConflict(conflict func(issueKey string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opts.Conflict = conflict
}

// now is the site's clock at the millisecond precision that Jira keeps.
func (s *Site) now() time.Time { return s.clock.Now().UTC().Truncate(time.Millisecond) }

// firstID is where every counter of ids starts, as on a real Cloud site.
const firstID = 10000

// takeID counts the ids of one kind of object.
func (s *Site) takeID(kind string) int64 {
	id := max(s.nextID[kind], firstID)
	s.nextID[kind] = id + 1
	return id
}

// reserveID keeps an id that came from outside from being given out again.
func (s *Site) reserveID(kind string, id int64) {
	s.nextID[kind] = max(s.nextID[kind], id+1, firstID)
}
