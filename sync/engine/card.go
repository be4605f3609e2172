// Package engine is the whole machine that keeps one card's two sides in step:
// a pure function from a card and something that happened to the card after it,
// the record to keep and the one request to send next. All I/O, time and ids come
// from outside, so that the same engine runs in production and under simulation.
package engine

import (
	"maps"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/calendar"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Card is all that is remembered of one card between two steps.
type Card struct {
	ID       kanban.CardID   `json:"id"`
	Rev      int64           `json:"rev"` // +1 per visible change
	Sides    [2]*Side        `json:"sides"`
	Status   reconcile.State `json:"status"`
	Priority reconcile.State `json:"priority"`
	// More is what else the pair rule carries: texts, and the elements of sets.
	More      map[kanban.Field]reconcile.State `json:"more,omitempty"`
	Pairing   *Pairing                         `json:"pairing,omitempty"`
	Mirror    *mirror.Saga                     `json:"mirror,omitempty"`    // the twin of one of its issues that Parley creates, or has created
	Clash     string                           `json:"clash,omitempty"`     // why no twin was chosen, in plain words
	BlockedAt time.Time                        `json:"blocked_at,omitzero"` // since when rules call the card blocked; zero: they do not
	Block     *Block                           `json:"block,omitempty"`     // that a person has made in Parley
	Await     *Await                           `json:"await,omitempty"`     // the answer to a question that it waits for
	Sorted    *Sorted                          `json:"sorted,omitempty"`    // what a person said of its being planned
	Deeds     []Deed                           `json:"deeds,omitempty"`     // changes made on the board a moment ago, in their order
	Asking    []Question                       `json:"asking,omitempty"`    // conflicts that wait for a person
	Steps     []kanban.Step                    `json:"steps,omitempty"`     // columns entered, oldest first
	Ranks     []kanban.Ranking                 `json:"ranks,omitempty"`     // priorities it was given, oldest first
	Blocks    []kanban.Hindrance               `json:"blocks,omitempty"`    // in which it was blocked, by a person or by rules; the last one may last
	Profiles  []kanban.Profile                 `json:"profiles,omitempty"`  // what it was beside that, oldest first
	Touched   []calendar.Day                   `json:"touched,omitempty"`   // on which somebody did anything to it, ascending
	Told      string                           `json:"told,omitempty"`      // how the past was told, see Engine.Telling
	Mapping   string                           `json:"mapping"`             // fingerprint of the rules by which the natives were read
	Ops       []reconcile.Op                   `json:"-"`                   // open ones, and closed ones that may still have to be recognised

	// Lock is the store's version of the row this card was loaded from; a commit
	// on another version is refused. Zero means that the card is new.
	Lock int64 `json:"-"`
}

// Side is one tracker's issue on a card, as last read.
type Side struct {
	Issue   connectors.Issue `json:"issue"` // without its body
	SeenAt  time.Time        `json:"seen_at"`
	Strong  bool             `json:"strong,omitempty"` // Issue came from a read by id, not from a list
	Reads   int64            `json:"reads,omitempty"`  // strong reads so far; tells before a write from after it
	Folded  time.Time        `json:"folded,omitzero"`  // moment of the newest history entry folded
	Need    Need             `json:"need,omitempty"`   // what has to be read before anything is decided
	Gap     bool             `json:"gap,omitempty"`    // history went by unread: nothing after it is folded before it
	Lags    int              `json:"lags,omitempty"`   // reads by id in a row that were behind what was known
	Problem *Problem         `json:"problem,omitempty"`
	Pace    Pace             `json:"pace,omitzero"`  // of the writes to it
	Away    *Away            `json:"away,omitempty"` // it cannot be read
	Told    string           `json:"told,omitempty"` // the last problem that is on record, so that it is told once
}

// Need is a read that a side waits for.
type Need string

// Reads a side can wait for.
const (
	NeedNothing Need = ""
	NeedRead    Need = "read"    // the issue itself, by its id
	NeedHistory Need = "history" // the entries since the last one folded
)

// Problem keeps one side from being read or written. It never stops another card.
type Problem struct {
	Kind    connectors.ErrorKind `json:"kind"`
	Text    string               `json:"text"` // plain words: what happened, what to do
	At      time.Time            `json:"at"`
	Until   time.Time            `json:"until,omitzero"` // this side is left in peace until then
	Retries int                  `json:"retries,omitempty"`
}

// Pairing says how two issues became one card.
type Pairing struct {
	How string    `json:"how"` // remote-link, key-in-title, url-in-description, hand
	At  time.Time `json:"at"`
	By  string    `json:"by,omitempty"` // who, where it was done by hand
}

// Question is an open conflict of one field.
type Question struct {
	Conflict string       `json:"conflict"`
	Field    kanban.Field `json:"field"`
}

// Field gives the state of one field; the zero state where it is not kept in agreement.
func (c *Card) Field(f kanban.Field) reconcile.State {
	switch f {
	case kanban.FieldStatus:
		return c.Status
	case kanban.FieldPriority:
		return c.Priority
	default:
		return c.More[f]
	}
}

// put replaces the state of one field. The card is a turn's own copy.
func (c *Card) put(f kanban.Field, s reconcile.State) {
	switch f {
	case kanban.FieldStatus:
		c.Status = s
	case kanban.FieldPriority:
		c.Priority = s
	default:
		if c.More == nil {
			c.More = map[kanban.Field]reconcile.State{}
		}
		c.More[f] = s
	}
}

// Fields lists the fields of the card that are kept in agreement, status and priority
// first and the others by name.
func (c *Card) Fields() []kanban.Field {
	return append(kanban.Fields[:], slices.Sorted(maps.Keys(c.More))...)
}

// Record is what a step adds to the append-only memory, in the same transaction
// as the card itself.
type Record struct {
	Events    []kanban.Event       // history entries; known ones are ignored
	Conflicts []reconcile.Conflict // new, or with a new state
	Activity  []Activity
}

// Activity is one line of the account of who did what, and why.
type Activity struct {
	Seq   int64         `json:"seq"` // data sequence of the commit, set by the store
	At    time.Time     `json:"at"`
	Card  kanban.CardID `json:"card,omitempty"`
	Kind  string        `json:"kind"`            // one of the Did constants
	Actor string        `json:"actor,omitempty"` // "" for Parley itself
	Side  string        `json:"side,omitempty"`  // jira, github, board
	Field kanban.Field  `json:"field,omitempty"`
	Op    string        `json:"op,omitempty"`
	Text  string        `json:"text"`
}

// Kinds of Activity.
const (
	DidChange   = "changed"  // a person changed a tracker and the board followed
	DidIntend   = "intended" // a person changed the board
	DidWrite    = "wrote"    // a write was confirmed in a tracker
	DidRefuse   = "refused"  // a tracker refused a write
	DidClash    = "conflict" // two edits met
	DidCreate   = "created"  // a twin was created
	DidPair     = "paired"
	DidPart     = "parted"
	DidFreeze   = "froze" // a field is left alone
	DidProblem  = "problem"
	DidLose     = "lost"     // an issue counts as deleted
	DidApprove  = "approved" // a person let a held write go
	DidDecide   = "decided"  // a person ended a conflict
	DidRetry    = "retried"  // a person asked to try again what was refused or failed
	DidBlock    = "blocked"  // a person blocked the card in Parley, or said anew why
	DidUnblock  = "unblocked"
	DidSort     = "sorted"    // a person said whether the card was planned
	DidUndo     = "undid"     // a person took back what was changed on the board
	DidAsk      = "asked"     // IT put a question to the business
	DidAnswer   = "answered"  // the business answered
	DidConclude = "concluded" // the question is not open any more
	DidSwap     = "swapped"   // a slot of a contract passed from one card to another, or did not
)

// Intent is a change asked for on the board, by the API or the CLI: of status or priority,
// or with the field kanban.FieldBlocked that the card waits for the party To, "" for that it
// waits no more, or with kanban.FieldPlanned whether somebody had planned it.
type Intent struct {
	Key    string        `json:"key"` // the asker's own id of it: the same key gets the same answer
	Card   kanban.CardID `json:"card"`
	Field  kanban.Field  `json:"field"`
	To     kanban.Value  `json:"to"`
	Reason string        `json:"reason,omitempty"` // of a block, in words
	Expect *kanban.Value `json:"expect,omitempty"` // what the asker saw there
	Rev    int64         `json:"rev"`              // the revision the asker saw
	Actor  string        `json:"actor"`
	Side   kanban.Party  `json:"side,omitempty"` // for which the actor acts; "": not known
	At     time.Time     `json:"at"`
}
