// Package reconcile decides, for one field of one card, what the sides agree on
// and what has to be written where. It folds the history entries of each
// tracker (a side is compared only with its own past) and plans the writes that
// are missing. It is pure: a state and entries in, a state and outcomes out.
//
// The rules are F0 to F6 of the specification in docs/ARCHITECTURE.md; each is
// named where it is applied.
package reconcile

import (
	"time"

	"parley/kanban"
)

// Lens translates between a board value and what one tracker holds for it.
// It must be lawful, which mapping checks at start: what Forward gives, Back
// returns, and a native value that already fits is kept (no ping-pong).
type Lens interface {
	// Back gives the board value that native n names, and m itself where n is
	// consistent with m. The value counts only where the opinion is Says.
	Back(side kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion)
	// Forward gives the native values that show m, best first; n alone where it
	// already does. None means that this side cannot show m.
	Forward(side kanban.Side, f kanban.Field, m kanban.Value, n kanban.Native) []kanban.Native
	// Apply gives the native value after the changes of one history entry, and
	// whether the entry touches the field at all.
	Apply(side kanban.Side, f kanban.Field, n kanban.Native, changes []kanban.Change) (kanban.Native, bool)
	// Explains reports whether c is one of the single steps of a write towards to.
	Explains(side kanban.Side, f kanban.Field, to kanban.Native, c kanban.Change) bool
}

// Carry says whose changes of a field are carried to the other side.
type Carry string

// Directions as they stand in the configuration.
const (
	CarryBoth   Carry = "both"
	CarryJira   Carry = "jira"
	CarryGitHub Carry = "github"
	CarryOff    Carry = "off"
)

// From reports whether changes made on side s make the agreed value. Where
// nothing is carried the board follows Jira, where the request was made.
func (c Carry) From(s kanban.Side) bool {
	switch c {
	case CarryJira, CarryOff:
		return s == kanban.Jira
	case CarryGitHub:
		return s == kanban.GitHub
	default:
		return true
	}
}

// Verdict says who wins where both sides were changed at once.
type Verdict string

// Conflict policies as they stand in the configuration.
const (
	JiraWins   Verdict = "jira"
	GitHubWins Verdict = "github"
	NewestWins Verdict = "newest"
	Ask        Verdict = "ask"
)

// Policy is what the configuration says about one field of one pair.
type Policy struct {
	Carry    Carry
	Conflict Verdict
}

// Freeze is the reason for which a field is left alone; "" means that it is not.
type Freeze string

// Reasons to leave a field alone until somebody acts.
const (
	Thawed          Freeze = ""
	FrozenUnmapped  Freeze = "unmapped"  // F1: a value the mapping does not know
	FrozenAmbiguous Freeze = "ambiguous" // F1: two values at once
	FrozenAsk       Freeze = "ask"       // a person has to choose between the sides
)

// State is everything that is remembered of one field of one card. It is stored
// whole; nothing else is needed to go on after a crash.
type State struct {
	Agreed  kanban.Value `json:"agreed,omitempty"` // M: the value both sides are to show
	Version int64        `json:"ver"`              // counts the edits that made or confirmed M
	Changed int64        `json:"changed"`          // the version in which M last took another value
	At      time.Time    `json:"at"`               // when the newest of those edits was made, by its tracker's clock
	Support []Edit       `json:"sup,omitempty"`    // the edits that stand behind M
	Before  kanban.Value `json:"before,omitempty"` // agreed before a change on the board that no side shows yet
	Frozen  Freeze       `json:"frozen,omitempty"`
	Sides   [2]SideState `json:"sides"`
}

// SideState is one side's own past of a field.
type SideState struct {
	Known   bool          `json:"known,omitempty"`   // this side has an issue that was read
	Native  kanban.Native `json:"native"`            // the value after the last entry folded
	Seq     int64         `json:"seq"`               // the last entry folded
	Seen    int64         `json:"seen"`              // version of M that people on this side have had before them
	Ahead   time.Time     `json:"ahead,omitzero"`    // the native was read off the issue as of then, before its history
	Ours    bool          `json:"ours,omitempty"`    // that state was taken for nobody's edit: for the effect of our own write, or as it was when the mapping changed
	Alone   *Edit         `json:"alone,omitempty"`   // a person's edit that stands here only: not agreed, in no conflict
	Half    bool          `json:"half,omitempty"`    // the native is a step of our own write on its way
	Unshown bool          `json:"unshown,omitempty"` // our own write made the native, by its history; no picture has shown it yet
	Refused *Refusal      `json:"refused,omitempty"`
}

// Refusal remembers that a write to a side is impossible, so that it is not
// tried again until the value wanted or the value there has changed.
type Refusal struct {
	Version int64         `json:"ver"`
	Native  kanban.Native `json:"native"`
	Reason  string        `json:"reason"`
	At      time.Time     `json:"at"`
}

// Edit is one person's change, wherever it was made.
type Edit struct {
	Side   string        `json:"side"` // jira, github, board
	Source string        `json:"source,omitempty"`
	Actor  string        `json:"actor,omitempty"`
	Value  kanban.Value  `json:"value"`
	Native kanban.Native `json:"native,omitempty"`
	At     time.Time     `json:"at"`
	// Met says that it is not known who set this and when: it stood there when the issue was
	// first seen, and At is when somebody had last changed anything of the issue.
	Met bool `json:"met,omitempty"`
}

// SideBoard is Edit.Side of a change made on the board.
const SideBoard = "board"
