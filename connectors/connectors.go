// Package connectors holds what the trackers have in common: an issue and its
// history entries in the tracker's own values, the cursor of an incremental
// read, the kinds of failure, and the single requests a tracker offers. A call
// here is one HTTP request; making something so in several requests is the
// engine's business.
package connectors

import (
	"context"
	"time"
)

// Kind says which product a tracker is.
type Kind string

// The products.
const (
	Jira   Kind = "jira"
	GitHub Kind = "github"
)

// Ref points at one issue. ID is immutable and identifies it; the other parts
// are how it is addressed today and may change with a move or a rename.
type Ref struct {
	Tracker   string // configured name
	ID        string // Jira: numeric id; GitHub: REST id
	Key       string // "OPS-12", "acme/payments#7"
	Container string // project key, "owner/repo"
	Number    int    // GitHub number, 0 at Jira
}

// Option is a status, priority or resolution of Jira: the id is what counts,
// names are translated and repeated.
type Option struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Category string `json:"category,omitempty"` // statuses: new, indeterminate, done, undefined
}

// Person is an account of a tracker. A deleted account has an empty ID.
type Person struct {
	ID   string `json:"id,omitempty"` // Jira account id or name, GitHub login
	Name string `json:"name,omitempty"`
}

// Issue is the state of one issue as a tracker showed it, in its own values.
// Fields a product lacks stay at their zero value.
type Issue struct {
	Ref
	Kind    Kind
	URL     string // for people
	Title   string
	Body    string
	Type    string // issue type
	Created time.Time
	Updated time.Time // the tracker's clock; also the freshness token, see Newer
	Closed  time.Time // zero while open

	Status     Option // Jira; GitHub where it is held in a field, by name alone
	Resolution Option // Jira
	Priority   Option // the same as Status; zero where the issue has none
	State      string // GitHub: open, closed
	Reason     string // GitHub: completed, not_planned, duplicate, reopened or ""

	Labels     []string
	Components []string // Jira
	Assignees  []Person
	Reporter   Person
	Creator    Person            // who made the issue; at Jira not always the reporter
	Own        bool              // made with the account Parley itself uses
	Marker     string            // Parley's mark as it stands in the issue, unverified; "" where there is none
	Milestone  string            // GitHub milestone or Jira fix version
	ReleaseDay string            `json:",omitempty"` // date by which that is due, YYYY-MM-DD
	Parent     string            // key of the epic or parent issue
	Due        string            // date, YYYY-MM-DD
	Security   string            // Jira security level
	Archived   time.Time         `json:",omitzero"` // Jira: since when it can only be read, as a read by id tells; searches leave it out
	Custom     map[string]string // Jira custom fields asked for by name

	// StatusAt and PriorityAt are when a GitHub project's field was last set; zero where
	// nothing tells.
	StatusAt   time.Time `json:",omitzero"`
	PriorityAt time.Time `json:",omitzero"`
}

// Newer reports whether the issue was read in a later state than old.
// Equal tokens with different content need a strong read to be told apart.
func (i Issue) Newer(old Issue) bool { return i.Updated.After(old.Updated) }

// Entry is one history entry: what one person changed at one moment.
type Entry struct {
	ID      string // unique within the tracker
	Seq     int64  // ascending within an issue
	IssueID string
	At      time.Time
	Actor   Person
	Own     bool   // made with the account Parley itself uses
	Op      string // id of the write that made it, where the tracker carries one
	Changes []Change
}

// Change is one field changed by an entry. Jira: Field is "status",
// "resolution", "priority", … with ids and names. GitHub: Field is "label" (To
// only: added; From only: removed) or "state" (values "open",
// "closed:completed", "closed:not_planned", "closed:duplicate"); the other
// events keep their own name and carry no values that matter to the mapping.
type Change struct {
	Field    string
	From, To string
	FromName string
	ToName   string
}

// Observation is an issue together with as much of its history as came with it.
type Observation struct {
	Issue   Issue
	Entries []Entry // ascending by Seq
	// Since is the Seq after which Entries is complete; -1 says that Entries is
	// the whole history, Onward that it goes on from an earlier reading, NoHistory
	// that none came along.
	Since int64
}

// NoHistory marks an observation that came without history entries.
const NoHistory int64 = 1<<63 - 1

// Onward marks entries that are complete after what the last poll of the source brought,
// and tell nothing of what that one had missed.
const Onward int64 = -2

// Link is a remote link of a Jira issue.
type Link struct {
	GlobalID string
	URL      string
	Title    string
}

// Transition is a way out of an issue's present status that Jira offers now.
type Transition struct {
	ID       string
	Name     string
	To       Option
	Global   bool     // offered from every status, so it proves nothing about the present one
	Screen   bool     // shows a screen
	Required []string // keys of required fields without a default
}

// Cursor is where the incremental read of one source stands. It is stored
// between polls and read only by the connector that made it.
type Cursor struct {
	Source    string    // a GitHub "owner/repo"; "" for a Jira site
	Watermark time.Time // everything up to here was read; the tracker's clock
	Since     time.Time // lower bound of the request that ETag belongs to
	ETag      string    // of the first page at Since
	Scan      Scan      // of a read that spans several pages
	// Lag is how late the source was seen to show changes. The watermark stays as far
	// behind, or as far as the connector holds usual where that is further.
	Lag time.Duration
}

// Scan is the part of a cursor that lives while one read walks its pages.
type Scan struct {
	Started time.Time // tracker's clock at the first page, zero between reads
	Token   string    // where the next page starts
	Pages   int
}

// Page is the answer to one Changes request.
type Page struct {
	Observations []Observation
	Next         Cursor    // to be stored together with the observations
	More         bool      // another page of the same read is waiting
	Broken       []Broken  // rows that could not be understood; the rest of the page is whole
	LeftOut      []string  // configured projects that cannot be read just now; the others go on without
	Unchanged    bool      // the tracker said that nothing changed (304)
	ServerTime   time.Time // Date header of the answer
}

// Broken is a row of an answer that could not be understood.
type Broken struct {
	ID  string // as far as it could be read
	Key string
	Err error // what is wrong with it, without its texts
}

// FeedPage is one page of a source's feed of history entries, newest first.
type FeedPage struct {
	Entries []Entry
	Next    string   // token of the following, older page; "" at the end
	Broken  []Broken // issues with an entry here that could not be understood
}

// Write is one mutating request. Exactly one of the actions is set.
type Write struct {
	Issue Ref
	Op    string // id of the operation it belongs to, carried along where the tracker can

	Transition  string            // Jira: id of the transition to take
	Fields      map[string]string // Jira: fields by name that go with the transition
	Priority    string            // Jira: id of the priority to set
	Title       string            // title or summary to set
	Due         string            // Jira: date to set, YYYY-MM-DD
	Assign      string            // Jira account id or name, GitHub login: to add; at Jira it replaces
	Unassign    string            // the same, to take off
	AddLabel    string            // one label; others stay as they are
	RemoveLabel string            // one label; that it is gone already is no failure
	State       string            // GitHub: open, closed
	Reason      string            // GitHub: completed, not_planned, duplicate, reopened
	Choose      *Choice           // GitHub: an option of a field
	Link        *Link             // Jira: remote link to create or update, by GlobalID
}

// Choice sets the field of a GitHub that holds the status or the priority, or empties it.
type Choice struct {
	Of     string // "status", "priority"
	Option string // by its name; "" takes off what is set
}

// Draft is an issue to be created. The marker is part of the creating request, so
// that there is no moment in which the issue exists without it.
type Draft struct {
	Op        string // id of the operation it belongs to
	Container string // project key, "owner/repo"
	Title     string
	Body      string   // plain text; mentions in it reach nobody
	Type      string   // Jira issue type by name; "" is the project's usual one
	Labels    []string // GitHub
	Marker    string
}

// Search asks for the issues that Parley itself has created in a container.
type Search struct {
	Container string
	Since     time.Time // created at or after this moment of the tracker's clock
	// After is the newest key known of the container. Jira is asked for the keys that
	// follow as well, which a lagging search index cannot hide.
	After string
}

// Receipt is what a tracker answered to a write.
type Receipt struct {
	Issue   *Issue   // the state after it, where the answer carries one
	Labels  []string // GitHub label writes answer only with the labels left
	Chosen  *Choice  // GitHub: what a field is set to now, where only that is known
	Entries []Entry  // history that came with the answer
	Since   int64    // what Entries is complete after, as in Observation
}

// Directory is what can be known of a tracker before any issue is read.
type Directory struct {
	Tracker    string
	Kind       Kind
	Product    string // "Jira Cloud 1001.0.0", "GitHub", "GitHub Enterprise 3.17"
	Web        string // where people look at issues; "" where that is the configured address
	Me         Person // the account Parley uses
	Statuses   []Status
	Priorities []Option            // highest first
	Containers []Container         // in the order of the configuration
	Labels     map[string][]string // GitHub: repo → label names that exist
	Fields     []OptionField       `json:",omitempty"` // GitHub: those that hold the status or the priority
	Expires    time.Time           // when the credential ends, zero where the tracker does not say
}

// OptionField is a field of a GitHub project or organisation that holds the status or the
// priority of issues.
type OptionField struct {
	Of      string   // "status", "priority"
	Holder  string   // in words: "project acme/12", "organisation acme"
	Name    string   // as the configuration writes it
	Options []string // by name, in their order
	Problem string   // in plain words, "" when all is well
}

// Status is a Jira status and where it is used.
type Status struct {
	Option
	Untranslated string
	Project      string   // id of the project that owns it; "" where shared
	Used         []string // project keys whose workflows contain it
}

// Container is a project or repository that the configuration names.
type Container struct {
	Key      string
	ID       string // immutable
	Readable bool
	Writable bool
	Public   bool   // anybody may read it
	Problem  string // in plain words, "" when all is well
	// Priorities are the ids of those of Jira's priorities that the project uses, highest
	// first; nil: all, or nobody knows.
	Priorities []string `json:",omitempty"`
	Called     string   // its name by now where Key is one that it had; it is read and written all the same
}

// Tracker is the set of requests that the runner sends. All methods are safe
// for concurrent use; every failure is an *Error.
type Tracker interface {
	// Check learns the tracker's directory. It needs several requests and runs
	// at start and when an unknown status turns up, never in a poll.
	Check(ctx context.Context) (Directory, error)
	// Sources names what is polled separately: repositories, or one "" per Jira site.
	Sources() []string
	// Changes reads the next page of what changed since the cursor.
	Changes(ctx context.Context, c Cursor) (Page, error)
	// Feed reads a source's history newest first, from the page that token names
	// ("" is the newest). Jira, whose pages bring their history, has none.
	Feed(ctx context.Context, source, token string) (FeedPage, error)
	// Read is a strong read of one issue by its id, with history where the tracker
	// sends both in one answer.
	Read(ctx context.Context, ref Ref) (Observation, error)
	// History reads the entries of one issue after Seq since, oldest first; more
	// says that another call is needed, since the last Seq returned.
	History(ctx context.Context, ref Ref, since int64) (entries []Entry, more bool, err error)
	// Transitions lists the ways out of the present status (Jira only).
	Transitions(ctx context.Context, ref Ref) ([]Transition, error)
	// Links lists the remote links of an issue (Jira only).
	Links(ctx context.Context, ref Ref) ([]Link, error)
	// Send performs one mutating request. An Error of kind Unknown means that it
	// may or may not have taken effect.
	Send(ctx context.Context, w Write) (Receipt, error)
}

// Besides is what a tracker offers that has sources beside those of its containers.
type Besides interface {
	// Beside reports whether a source only tells what moves issues of other sources: its
	// Changes bring no history, and it is never read from end to end.
	Beside(source string) bool
}

// Mirrors is what a tracker offers beyond Tracker for issues to be created in it.
type Mirrors interface {
	// Create makes an issue in one request. An Error of kind Unknown means that it may
	// or may not exist.
	Create(ctx context.Context, d Draft) (Issue, error)
	// Created lists issues made with Parley's own account, by reads that do not lag
	// behind where the tracker offers such. It needs one to a few requests.
	Created(ctx context.Context, s Search) ([]Issue, error)
}
