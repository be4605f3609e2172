package store

import (
	"encoding/json"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/dispatch"
	"parley/sync/engine"
)

// Commit is everything that one step, or one page of a read, changes.
type Commit struct {
	// Epoch is that of the lease the writer holds; 0 where none is needed, as
	// in commands and tests.
	Epoch int64
	// Lease is the name of that lease; "" means LeaseRunner.
	Lease string
	Now   time.Time

	Cursor    *SourceState // stored together with what was read
	Cards     []CardWrite
	Unchosen  *Unchosen // about which card nobody may have decided anything meanwhile; else it is ErrStale
	Room      []Room    // what has to be free for Cards; else a *FullError, and nothing is written
	Record    engine.Record
	Issues    []IssueRow
	Relinked  []IssueID     // issues whose remote links have changed: they are to be read, again
	LinksRead []LinkReading // issues whose remote links have been read now; after Relinked
	Mentions  []MentionSet
	Redrawn   []kanban.CardID // cards that people see otherwise now, though nothing of them has changed
	Moved     []Alias
	Partings  []Parting
	Unpart    []Parting // partings that are lifted
	Answer    *Answer
	Edges     []Edge
	Forgotten []Edge // steps that are none any more, by all but what else is known of them; before Edges

	Swept      []Swept
	Histories  []HistoryMark     // how far histories were imported; after Issues
	Quarantine []Quarantined     // they replace what is known of the same issues
	Released   []IssueID         // they are in quarantine no more
	Settings   map[string]string // what Setting gives
	Remarks    []RemarkWrite     // comments of Parley's own

	Decisions  []contract.Event    // that people made about contracts; those whose ids are known are passed over
	Ledger     []LedgerEntry       // they follow the last one of their unit, else ErrStale
	Trades     []Trade             // swaps as they are from now on
	Questions  []QuestionWrite     // that IT put to the business, as they are from now on
	Dispatches []dispatch.Dispatch // digests on their way, as they are from now on
	Outages    []Outage            // known ones, by source and beginning, are passed over

	Notices []Notice // for the process that decides how much may be written
	Heard   []int64  // notices that are over; those that are not there any more are passed over
}

// CardWrite is a card as it is from now on. Its Lock is the one it was loaded
// with, 0 for a new card; its Ops are added to the journal or replace what the
// journal says of them.
type CardWrite struct {
	Card   engine.Card
	Face   kanban.Card
	Dirty  bool      // needs another step
	NextAt time.Time // of that step, not before; zero: now
	Fresh  bool      // of an issue that was on no card: ErrStale where it has gone into another one since
}

// IssueID names an issue for ever.
type IssueID struct {
	Tracker string // configured name
	ID      string // immutable
}

// LinkReading is an issue of which the remote links were read, while the index had it with
// this Token. Where the issue was read anew meanwhile its links may have changed, and do not
// count as read.
type LinkReading struct {
	IssueID
	Token time.Time // microseconds are compared
}

// IssueRow is one issue in the index of all issues.
type IssueRow struct {
	Tracker   string
	ID        string
	Key       string
	Container string
	Type      string
	StatusID  string
	Card      kanban.CardID
	Token     time.Time // its Updated as last read; microseconds are kept
	Hash      string    // of what was read, to notice changes that move no token
	LinksRead bool      // its remote links were read; a commit's row sets it, and only Relinked clears it
	History   int64     // how far its history from before Parley knew it was imported, see HistoryMark
}

// Mention is one issue that points at another one's key.
type Mention struct {
	Tracker string
	IssueID string
	Method  string // remote-link, key-in-title, url-in-description
	Target  string // a key
}

// MentionSet is everything that one issue points at by one method. It replaces
// what was known of that issue and method.
type MentionSet struct {
	Tracker string
	IssueID string
	Method  string
	Targets []string
}

// Alias says that a card lives on as another one. Committing it deletes the row
// of Old; its writes, conflicts, activity and issues become those of New.
type Alias struct {
	Old, New kanban.CardID
	// Lock is the lock Old was loaded with; another one means ErrStale. 0 skips
	// the check.
	Lock int64
	Seq  int64 // data sequence of the commit, set by the store
}

// Parting says that two issues were parted by hand: no rule pairs them again.
// Their order does not matter.
type Parting struct {
	A, B IssueID
	By   string
}

// Answer is what an intent was answered, so that the same intent asked again
// gets the same answer.
type Answer struct {
	Key  string
	JSON json.RawMessage
}

// Swept says which issues a full sweep has seen. Issues that are not in the index
// are passed over, and a mark is never replaced by an earlier one.
type Swept struct {
	Tracker string
	IDs     []string
	At      time.Time // zero: that of the commit
}

// Quarantined is an issue that could not be understood, or kept failing, and is
// left alone until its fingerprint changes or a person releases it.
type Quarantined struct {
	Tracker, Issue string // configured name, immutable id
	Key            string
	Fingerprint    string // of the input, and of the code and mapping that read it
	Reason         string // in plain words
	Tries          int
	At             time.Time
}

// Edge is one step of a Jira workflow that was seen to be offered.
type Edge struct {
	Tracker, Project, Type string
	From, To               string // status ids
	TransitionID           string
	Global                 bool
	Required               []string // keys of fields without a default
	SeenAt                 time.Time
}

// EdgeLife is how long a step of a workflow is believed in without being seen again.
const EdgeLife = 7 * 24 * time.Hour

// Way is the step as the engine knows it.
func (e Edge) Way() engine.Edge {
	way := engine.Edge{From: e.From, To: e.To, Offered: e.TransitionID != ""}
	if len(e.Required) > 0 {
		way.To = "" // an exit, but none that we can take
	}
	return way
}

// Tiers of reading a source, from the fastest to the most thorough.
const (
	TierFast  = ""      // what changed since the last poll
	TierDay   = "day"   // what changed within a day, for indexes that lag
	TierSweep = "sweep" // everything, for what never moves a date

	TierHistory = "history" // the feed of what happened before the first read
)

// SourceState is how far one source was read, and how that went.
type SourceState struct {
	Tracker  string
	Source   string // as in connectors.Tracker.Sources
	Tier     string // which of the reads of it: TierFast and so on
	Cursor   connectors.Cursor
	FeedHead int64 // newest entry of the feed that was read
	OKAt     time.Time
	TriedAt  time.Time
	Error    string    // of the last try, "" when it worked
	RetryAt  time.Time // not before
	Requests int64     // sent so far
	Imported bool      // the first read came to its end
}

// leastOutage is the shortest time without a reading that is kept as an outage, however
// often a source is polled.
const leastOutage = time.Minute

// OutageAfter is how long a source may go unread before that is an outage: two polls.
func OutageAfter(poll time.Duration) time.Duration { return max(2*poll, leastOutage) }

// Face is a card as the board shows it, with the data sequence of its last change.
type Face struct {
	Card kanban.Card
	Seq  int64
}
