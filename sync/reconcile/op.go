package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// OpState is where a write stands in the journal.
type OpState string

// States of a write. Open ones are up to Unknown; the others are final.
const (
	Planned   OpState = "planned"   // decided, nothing sent
	Held      OpState = "held"      // decided, waits for permission to be sent
	Sending   OpState = "sending"   // recorded before the request leaves; may have arrived
	Acked     OpState = "acked"     // the tracker said yes, its history does not show it yet
	Uncertain OpState = "unknown"   // no answer: it is looked up, never guessed
	Finished  OpState = "done"      // seen in the tracker
	Cancelled OpState = "cancelled" // nothing was sent and nothing needs to be
	Dead      OpState = "dead"      // sent, seen to have had no effect, replaced; may still arrive late
	Rejected  OpState = "rejected"  // the tracker refused it for good
)

// Hold is the reason for which a write is computed and not sent.
type Hold string

// Reasons to hold a write.
const (
	HoldNothing Hold = ""
	HoldPlan    Hold = "plan"    // sync.write = "plan"
	HoldBreaker Hold = "breaker" // more is to be written at once than the configuration allows
	HoldArchive Hold = "archive" // the issue is archived and can only be read
	HoldBrake   Hold = "brake"   // the field was written too often within the hour: something undoes our writes
)

// Open reports whether the write still occupies its field and side.
func (s OpState) Open() bool {
	switch s {
	case Planned, Held, Sending, Acked, Uncertain:
		return true
	}
	return false
}

// Sent reports whether a request may have left for the tracker.
func (s OpState) Sent() bool {
	switch s {
	case Sending, Acked, Uncertain, Finished, Dead:
		return true
	}
	return false
}

// Op is one intended write: side X's field shall go from one native value to
// another, because the agreed value has a version that X has not seen.
type Op struct {
	ID       string        `json:"id"` // UUIDv7
	Card     kanban.CardID `json:"card"`
	Field    kanban.Field  `json:"field"`
	Side     kanban.Side   `json:"side"`
	Tracker  string        `json:"tracker"`
	Issue    string        `json:"issue"` // immutable id
	Value    kanban.Value  `json:"value"`
	From     kanban.Native `json:"from"`
	To       kanban.Native `json:"to"`
	Version  int64         `json:"ver"`
	Rule     string        `json:"rule,omitempty"` // the rule of the configuration that pairs the issues
	State    OpState       `json:"state"`
	Hold     Hold          `json:"hold,omitempty"`     // why it is held
	Approved bool          `json:"approved,omitempty"` // a person let it be sent, whatever would hold it
	Asked    bool          `json:"asked,omitempty"`    // a person on the board asked for it
	Told     bool          `json:"told,omitempty"`     // it tells a twin just created what was agreed before
	Reason   string        `json:"reason"`             // why it is written, in plain words
	Problem  string        `json:"problem,omitempty"`
	Epoch    int64         `json:"epoch,omitempty"`    // of the lease under which it was sent
	Attempts int           `json:"attempts,omitempty"` // pauses after requests that changed nothing: each is longer than the last
	Refusals int           `json:"refusals,omitempty"` // answers that said no, and may say yes another time
	Looks    int           `json:"looks,omitempty"`    // reads after a yes that did not show its effect
	Untold   int           `json:"untold,omitempty"`   // histories that did not tell of it where its effect was there
	Lost     int           `json:"lost,omitempty"`     // writes of the same before it that vanished, and reads that did not show them
	Hops     int           `json:"hops,omitempty"`     // requests sent on the way to To
	Created  time.Time     `json:"created"`
	Checked  time.Time     `json:"checked,omitzero"` // last strong read before sending
	SentAt   time.Time     `json:"sent_at,omitzero"`
	Reads    int64         `json:"reads,omitempty"`  // strong reads of the side before the request left
	Route    *Hop          `json:"route,omitempty"`  // Jira: the transition to take next
	Via      string        `json:"via,omitempty"`    // Jira: the status a way of several hops has got to
	Led      []string      `json:"led,omitempty"`    // Jira: statuses that requests were sent to lead the issue to
	Trail    []string      `json:"trail,omitempty"`  // Jira: statuses that the issue has left on the way
	NextAt   time.Time     `json:"next_at,omitzero"` // not before, after a failure
	Closed   time.Time     `json:"closed,omitzero"`
	Proved   bool          `json:"proved,omitempty"` // its own entry was read: it cannot arrive any more
}

// left reports whether a request of the write may have reached the tracker: also of
// one that waits for its next step, or was given up between two.
func (o *Op) left() bool { return o.State.Sent() || !o.SentAt.IsZero() }

// hopped reports whether a change is one of the hops that the write has taken on its
// way through a workflow.
func (o *Op) hopped(c kanban.Change) bool {
	return c.Field == kanban.ChangeStatus && c.To != "" && slices.Contains(o.Led, c.To)
}

// Follows reports whether a write that waits to be sent, or for its next step, is still
// the one that is wanted. One that was on its way stays the same write from wherever it
// has come to, so that its hops count on and it is not led back to where it was.
func (o *Op) Follows(w Want) bool {
	if o.Version != w.Version || !slices.Contains(w.Targets, o.To) || o.From != w.From && !o.left() {
		return false
	}
	o.From = w.From
	return true
}

// Hop is one transition on the way to a Jira status.
type Hop struct {
	Transition string `json:"transition"` // id
	To         string `json:"to"`         // id of the status it leads to
	Last       bool   `json:"last"`       // that is the one wanted
	Resolution string `json:"resolution,omitempty"`
}

// Conflict is an edit that lost against another. It is recorded before anything
// is overwritten and never deleted.
type Conflict struct {
	ID        string        `json:"id"`
	Card      kanban.CardID `json:"card"`
	Field     kanban.Field  `json:"field"`
	At        time.Time     `json:"at"`
	Base      kanban.Value  `json:"base"`   // agreed before both edits
	Winner    Edit          `json:"winner"` // zero Side while a person has to choose
	Loser     Edit          `json:"loser"`
	Support   []Edit        `json:"support,omitempty"` // everything that stood behind the agreed side
	Policy    Verdict       `json:"policy"`
	Ambiguous bool          `json:"ambiguous,omitempty"` // the clocks were too close to tell
	State     string        `json:"state"`               // open, auto, dismissed, restored
}

// States of a Conflict.
const (
	ConflictOpen      = "open" // a person has to choose
	ConflictAuto      = "auto" // the policy chose; the loser can be restored
	ConflictDismissed = "dismissed"
	ConflictRestored  = "restored"
)
