package kanban

import (
	"strings"
	"time"
)

// Event is one change that a tracker recorded in its own history, in the
// tracker's own values. Events are the record; everything else is a fold of them.
// What no tracker knows is recorded beside them, as an event of the issue whose card
// it happened to: see SourceBoard.
type Event struct {
	Tracker  string    `json:"tracker"`       // configured name
	SourceID string    `json:"source_id"`     // unique within the tracker: changelog id, or event id
	Seq      int64     `json:"seq"`           // orders the events of one issue
	Issue    string    `json:"issue"`         // immutable issue id
	At       time.Time `json:"at"`            // the tracker's clock
	Actor    string    `json:"actor"`         // login or account id, "" where the account is gone
	Own      bool      `json:"own,omitempty"` // made with Parley's own account
	Op       string    `json:"op,omitempty"`  // the write it belongs to, where the tracker carried its id
	Changes  []Change  `json:"changes"`       // at least one
}

// Name is the event's own among those of all trackers.
func (e Event) Name() string {
	if e.SourceID == "" {
		return ""
	}
	return e.Tracker + "/" + e.SourceID
}

// SourceBoard begins the SourceID of what was done in Parley and is in no tracker's history.
const SourceBoard = "board/"

// BoardSource is the SourceID of what somebody did in Parley who acts for a side; "" or
// Nobody: it is not known for which. id is one of its own, without a slash.
func BoardSource(side Party, id string) string {
	switch side {
	case Business, IT, Third:
		return SourceBoard + string(side) + "/" + id
	}
	return SourceBoard + id
}

// BoardSide is the side for which somebody did what the SourceID tells of; "" where it is
// not known, and of what a tracker tells.
func BoardSide(source string) Party {
	rest, ok := strings.CutPrefix(source, SourceBoard)
	side, _, named := strings.Cut(rest, "/")
	if ok && named {
		return Party(side)
	}
	return ""
}

// Change is one thing that an event changed. Field is "status", "resolution",
// "priority", "label", "state" or the tracker's own name of anything else.
// Labels appear with To only (added) or From only (removed); a GitHub state is
// "open", "closed:completed", "closed:not_planned" or "closed:duplicate".
type Change struct {
	Field    string `json:"field"`
	From     string `json:"from,omitempty"` // id
	To       string `json:"to,omitempty"`   // id
	FromName string `json:"from_name,omitempty"`
	ToName   string `json:"to_name,omitempty"`
}

// Names of Change.Field that the mapping understands.
const (
	ChangeStatus     = "status"
	ChangeResolution = "resolution"
	ChangePriority   = "priority"
	ChangeLabel      = "label"
	ChangeState      = "state"
	ChangeTitle      = "title"
	ChangeDue        = "due"
	ChangeBlocked    = "blocked"  // of the board: From and To are parties, "" for not blocked, with the reasons as names
	ChangeAsked      = "asked"    // of the board: From and To are questions that the card waited, or waits, for an answer to
	ChangeColumn     = "column"   // of the board: To is the column that was chosen there, or that stayed where two edits met
	ChangePlanned    = "planned"  // of the board: To is what a person said, with the reason as name
	ChangeRank       = "rank"     // of the board: To is the priority, likewise
	ChangeAssignee   = "assignee" // To only: assigned; From only: unassigned; at Jira both: replaced
)
