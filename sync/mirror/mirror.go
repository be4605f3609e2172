// Package mirror creates the twin of an issue in another tracker, at most once.
//
// No tracker offers an idempotent create: a request that gets no answer may have
// made an issue, or may yet make one. So the twin carries a mark that names what it
// is the twin of, the moment of sending is stored before the request leaves, and
// without an answer the mark is looked for until no request can take effect or stay
// hidden any more. Only then is it sent again.
//
// The package is pure: a Saga and what happened in, a Saga out. Every step is to be
// stored before the next one is taken, the one of Send before its request leaves.
// The rules are those of docs/ARCHITECTURE.md, "The states of a create".
package mirror

import "time"

// State is where a create stands.
type State string

// States of a create. Planned to Unknown are open.
const (
	Planned   State = "planned"   // decided; no request can make an issue any more
	Held      State = "held"      // decided, waits for permission
	Sending   State = "sending"   // stored before the request leaves; it may have arrived
	Unknown   State = "unknown"   // no answer: the mark is looked for, nothing is sent
	Done      State = "done"      // the tracker answered with the issue
	Adopted   State = "adopted"   // the issue was found by its mark
	Rejected  State = "rejected"  // the tracker refused it for good
	Cancelled State = "cancelled" // not wanted any more; nothing was made
)

// Open reports whether the create may still make an issue.
func (s State) Open() bool {
	switch s {
	case Planned, Held, Sending, Unknown:
		return true
	}
	return false
}

// Unresolved reports whether an issue may exist of which nobody has heard.
func (s State) Unresolved() bool { return s == Sending || s == Unknown }

// Linked reports whether the issue is known.
func (s State) Linked() bool { return s == Done || s == Adopted }

// Suspended reports whether a person has to say first that none of the suspects is the
// mirror: they approve the create, or link the issue that is.
func (s Saga) Suspended() bool { return len(s.Suspects) > 0 && !s.Approved }

// Saga is one create: everything that has to be remembered of it. There is at most
// one for a source issue and a container.
type Saga struct {
	ID        string    `json:"id"`             // of the operation, UUIDv7
	Rule      string    `json:"rule,omitempty"` // the rule of the configuration that asks for it
	Source    string    `json:"source"`         // tracker of the issue to be mirrored
	SourceID  string    `json:"source_id"`      // its immutable id
	Tracker   string    `json:"tracker"`        // where the mirror is made
	Container string    `json:"container"`      // project key, "owner/repo"
	Mark      string    `json:"mark"`           // the line that the mirror carries
	State     State     `json:"state"`
	Approved  bool      `json:"approved,omitempty"` // a person let it be sent, whatever would hold it
	Reason    string    `json:"reason,omitempty"`   // why it is created, in plain words
	Problem   string    `json:"problem,omitempty"`  // what stands in the way
	Attempts  int       `json:"attempts,omitempty"` // requests sent
	Looks     int       `json:"looks,omitempty"`    // look-ups since the last request
	Epoch     int64     `json:"epoch,omitempty"`    // of the lease under which it was sent
	Created   time.Time `json:"created"`
	FirstSent time.Time `json:"first_sent,omitzero"` // the first request, by the store's clock, or earlier where that was in doubt
	SentAt    time.Time `json:"sent_at,omitzero"`    // the last request, by the store's clock
	NextAt    time.Time `json:"next_at,omitzero"`    // not before
	Closed    time.Time `json:"closed,omitzero"`
	Issue     string    `json:"issue,omitempty"`   // id of the mirror
	Doubles   []string  `json:"doubles,omitempty"` // ids of further mirrors: to be closed with a pointer, never deleted
	// Suspects are ids of issues made by Parley's account since the first request that
	// carry no proved mark: one may be the mirror, with its mark taken away by somebody.
	Suspects []string `json:"suspects,omitempty"`
}

// Item is an issue of the container, as far as its being a mirror goes.
type Item struct {
	Issue     string    // immutable id
	Container string    // where it was found
	Mark      string    // the line as it stands in the issue; "" where there is none
	Own       bool      // made with the account that Parley itself uses
	Created   time.Time // by the tracker's clock
}

// Machine holds what the rules are made with.
type Machine struct {
	Keys [][]byte // secrets of this installation; the first one signs, all of them verify
	// Late is H_w: how long after its sending a request may still take effect.
	Late time.Duration
	// Visible is Λ: how long after it was made an issue may be missing from a look-up.
	Visible time.Duration
	// Slack is how much earlier than its sending an issue may seem to have been made,
	// because the clock of the tracker is not the one of the store. See SlackOf.
	Slack time.Duration
}

// SlackOf is the Slack where so much doubt about the clocks was measured. Less than
// SlackDefault it never is.
func SlackOf(doubt time.Duration) time.Duration { return max(SlackDefault, doubt) }

// Limits that hold for the hosted products unless measured otherwise.
const (
	LateDefault   = 5 * time.Minute
	VisibleJira   = 10 * time.Minute
	VisibleGitHub = 2 * time.Minute
	SlackDefault  = time.Minute
)

// Horizon is the moment from which on a look-up that starts then is conclusive: what
// the last request made is visible, or it has made nothing and never will. Both
// limits may just be reached, so it lies a second behind them.
func (m Machine) Horizon(s Saga) time.Time { return s.SentAt.Add(m.Late + m.Visible + time.Second) }

// Mark is the line that marks the mirror of an issue in a container.
func (m Machine) Mark(source, sourceID, container string) string {
	if len(m.Keys) == 0 {
		return ""
	}
	return Mark(m.Keys[0], source, sourceID, container)
}
