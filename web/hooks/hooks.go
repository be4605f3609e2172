package hooks

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Prefix is where the addresses of webhooks begin: Prefix + "jira/NAME" for the tracker
// of that name, or "github/NAME".
const Prefix = "/hooks/"

// Kinds of trackers, as they stand in addresses.
const (
	Jira   = "jira"
	GitHub = "github"
)

// Target is a tracker whose webhooks are taken.
type Target struct {
	Kind string // Jira, GitHub
	Name string // of the tracker in the configuration
	// Secret proves that a webhook is the tracker's. It is never "", and never told.
	Secret string
	// Containers are the keys of projects or the owner/name of repositories that are
	// read; a webhook about another one is ignored.
	Containers []string
}

// Hint says where something may have changed.
type Hint struct {
	Tracker   string
	Container string // as it is configured; "": somewhere in the tracker
	Issue     string // "OPS-12", "acme/payments#7"; "" where the webhook names none
}

// Options is what a Receiver is made of.
type Options struct {
	Targets []Target
	// Hint is called for each webhook that counts. It must not wait.
	Hint func(Hint)
	Now  func() time.Time
	Zone *time.Location // in which a day begins; nil: UTC
	Log  *slog.Logger
}

// Receiver answers webhooks. It is safe for concurrent use.
type Receiver struct {
	hint   func(Hint)
	now    func() time.Time
	log    *slog.Logger
	bodies chan struct{} // one for each body that is being held
	doors  map[string]*door
}

// door is one target with what is remembered of it.
type door struct {
	Target
	seen  *seen
	tally *tally
}

// New makes a receiver for the targets. One without a secret is left out: nobody could
// tell whose its webhooks are.
func New(o Options) *Receiver {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Receiver{hint: o.Hint, now: o.Now, log: o.Log, bodies: make(chan struct{}, bodiesAtOnce), doors: map[string]*door{}}
	for _, t := range o.Targets {
		if t.Secret != "" {
			t.Containers = slices.Clone(t.Containers)
			r.doors[Prefix+t.Kind+"/"+t.Name] = &door{Target: t, seen: newSeen(), tally: newTally(o.Zone)}
		}
	}
	return r
}

// Tally gives the counts of a tracker's webhooks; ok is false where none are taken.
func (rc *Receiver) Tally(kind, name string) (t Tally, ok bool) {
	d := rc.doors[Prefix+kind+"/"+name]
	if d == nil {
		return Tally{}, false
	}
	return d.tally.now(rc.now()), true
}

// ServeHTTP answers a webhook before anything follows from it.
func (rc *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d := rc.doors[r.URL.Path]
	if d == nil {
		reply(w, http.StatusNotFound, "error", "no webhooks are taken at this address; `parley check` tells the addresses, of trackers with a webhook_secret")
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		reply(w, http.StatusMethodNotAllowed, "error", "webhooks are sent by POST")
		return
	}
	h, refused := rc.receive(w, r, d)
	if refused != nil {
		rc.refuse(w, r, d, refused)
		return
	}
	rc.take(w, r, d, h)
}

// refuse answers a webhook that cannot be believed or read. Whoever sent it may be
// anybody: the log hears of it once a minute at most.
func (rc *Receiver) refuse(w http.ResponseWriter, r *http.Request, d *door, why *refusal) {
	if d.tally.rejected(rc.now(), why.reason) {
		rc.log.WarnContext(r.Context(), "a webhook was rejected", "tracker", d.Name, "status", why.status, "reason", why.reason)
	}
	if why.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	reply(w, why.status, "error", why.reason)
}

// take does what follows from a webhook that is the tracker's own.
func (rc *Receiver) take(w http.ResponseWriter, r *http.Request, d *door, h delivery) {
	if d.seen.before(h.keys()...) {
		d.tally.took(rc.now(), duplicate)
		reply(w, http.StatusAccepted, "state", "duplicate")
		return
	}
	container, why := d.place(h)
	if why != "" {
		d.tally.took(rc.now(), ignored)
		reply(w, http.StatusAccepted, "state", "ignored", "reason", why)
		return
	}
	d.tally.took(rc.now(), accepted)
	if h.ping {
		reply(w, http.StatusOK, "state", "pong")
		return
	}
	rc.log.DebugContext(r.Context(), "a webhook", "tracker", d.Name, "container", container, "event", h.event)
	reply(w, http.StatusAccepted, "state", "accepted")
	rc.hint(Hint{Tracker: d.Name, Container: container, Issue: h.issue})
}

// place is the configured container that a webhook is about, or why it is ignored.
func (d *door) place(h delivery) (container, why string) {
	if h.container == "" && h.anywhere {
		return "", ""
	}
	at := slices.IndexFunc(d.Containers, func(c string) bool { return strings.EqualFold(c, h.container) })
	if at < 0 {
		return "", "it is about a project or repository that the configuration does not name"
	}
	if !h.counts {
		return "", "nothing that is read follows from this event"
	}
	return d.Containers[at], ""
}
