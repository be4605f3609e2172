package kanban

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"parley/kanban/calendar"
)

// NewCardID derives the id of the card that an issue starts: twelve letters and
// digits of a hash over the tracker's configured name and the issue's immutable
// id. The same issue gives the same id on every machine and after a lost store.
func NewCardID(tracker, issueID string) CardID {
	sum := sha256.Sum256([]byte(tracker + "\x00" + issueID))
	text := base32.StdEncoding.EncodeToString(sum[:8])
	return CardID(strings.ToLower(text[:12]))
}

// Card is the unified picture of one piece of work: what the board shows,
// before redaction and without anything that depends on the present moment.
type Card struct {
	ID         CardID      `json:"id"`
	Rev        int64       `json:"rev"` // +1 per change; the precondition of writes
	Title      string      `json:"title"`
	Column     ColumnKey   `json:"column"`
	Priority   PriorityKey `json:"priority"`
	Unit       UnitKey     `json:"unit"`
	Requester  string      `json:"requester,omitempty"`
	Assignee   string      `json:"assignee,omitempty"`
	Person     string      `json:"person,omitempty"` // the assignee by name, where the configuration knows the account
	Class      string      `json:"class,omitempty"`  // class of service: expedite, fixed-date, standard, intangible
	Planned    bool        `json:"planned"`
	Sorted     string      `json:"sorted,omitempty"`     // who said in Parley whether it was planned, "" where rules do
	Type       string      `json:"type,omitempty"`       // work type
	Group      string      `json:"group,omitempty"`      // epic, parent or milestone
	GroupDue   string      `json:"group_due,omitempty"`  // date by which the milestone is due
	GroupSide  string      `json:"group_side,omitempty"` // whose word it is: jira, github
	Due        string      `json:"due,omitempty"`
	Blocked    *Block      `json:"blocked,omitempty"`
	Restricted bool        `json:"restricted,omitempty"` // readable only by those its tracker lets read it
	Turn       Party       `json:"turn"`
	Team       string      `json:"team,omitempty"`       // of the person
	Components []string    `json:"components,omitempty"` // Jira's
	Journey    Journey     `json:"journey"`
	Past       Past        `json:"past,omitzero"`
	Sides      []CardSide  `json:"sides"`
	Pending    []Pending   `json:"pending,omitempty"`
	Badges     []Badge     `json:"badges,omitempty"`
}

// Block says that work cannot go on, why, on whom it waits and since when.
type Block struct {
	Reason string    `json:"reason"`
	Party  Party     `json:"party"`
	Since  time.Time `json:"since"`
	Here   bool      `json:"here"`            // a person said so in Parley, where it can be ended; else a rule, of what a tracker shows
	Asked  bool      `json:"asked,omitempty"` // it waits for the answer to a question
}

// CardSide is one tracker's issue as people know it there.
type CardSide struct {
	Side     string    `json:"side"` // jira, github
	Tracker  string    `json:"tracker"`
	Key      string    `json:"key"`
	URL      string    `json:"url"`
	Status   string    `json:"status"`   // in the tracker's words
	Priority string    `json:"priority"` // in the tracker's words, "" for none
	Labels   []string  `json:"labels"`
	SeenAt   time.Time `json:"seen_at"`
	Error    string    `json:"error,omitempty"` // what keeps this side from being read or written
}

// Pending is a change that has not arrived in a tracker yet.
type Pending struct {
	Op      string    `json:"op"`
	Side    string    `json:"side"`
	Tracker string    `json:"tracker"`
	Field   Field     `json:"field"`
	To      string    `json:"to"`    // in the tracker's words
	State   string    `json:"state"` // planned, held, sending, acked, unknown
	Since   time.Time `json:"since"`
	Problem string    `json:"problem,omitempty"`
}

// Badge is something about a card that a person should notice.
type Badge struct {
	Kind  string `json:"kind"` // one of the Badge constants
	Text  string `json:"text"` // a sentence in plain words
	Side  string `json:"side,omitempty"`
	Field Field  `json:"field,omitempty"`
}

// Kinds of Badge, by rank: the first is shown where there is room for one.
const (
	BadgeRefused   = "refused"    // a tracker refused a write
	BadgeConflict  = "conflict"   // both sides were changed; a person may want to choose
	BadgeUnmapped  = "unmapped"   // a value the configuration does not know
	BadgeAmbiguous = "ambiguous"  // two values at once, equally well
	BadgeDiffers   = "differs"    // the sides say different things and that is left alone
	BadgeHeld      = "held"       // computed, not sent
	BadgeClash     = "link-clash" // more than one issue claims to be the twin
	BadgeAway      = "away"       // the tracker no longer shows the issue
	BadgeArchived  = "archived"   // the issue can only be read until it is restored
)

// Step is one entry into a column.
type Step struct {
	Column ColumnKey `json:"column"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`    // the tracker's account, or who signed in to the board; "" nobody knows, or Parley
	Event  string    `json:"event,omitempty"` // that told it, by its tracker and SourceID with a slash between; "" none did
}

// Ranking is a priority that a card was given, by whichever side.
type Ranking struct {
	Priority PriorityKey `json:"priority"`
	At       time.Time   `json:"at"`
	By       string      `json:"by,omitempty"`    // as of a Step
	Event    string      `json:"event,omitempty"` // as of a Step
}

// Journey sums up where a card has been: the moments that ages are counted from.
type Journey struct {
	Created   time.Time  `json:"created"`
	Entered   time.Time  `json:"entered"`             // the present column
	Committed *time.Time `json:"committed,omitempty"` // first non-option column since the last stay in an option one
	Started   *time.Time `json:"started,omitempty"`   // first active or waiting column since then
	Finished  *time.Time `json:"finished,omitempty"`  // done, while it still is
}

// Travel folds the steps of a card, oldest first, into its journey. A return to
// an option column ends the commitment; a return from done keeps the start and
// drops the finish (Kanban Guide 2025.5, points and clocks).
func Travel(created time.Time, steps []Step, layout Layout) Journey {
	j := Journey{Created: created, Entered: created}
	for _, s := range steps {
		col, ok := layout.Column(s.Column)
		j.Entered = s.At
		if !ok {
			continue
		}
		at := s.At
		switch {
		case col.Category == Option:
			j.Committed, j.Started, j.Finished = nil, nil, nil
		case col.Category == Done:
			j.Committed, j.Started = first(j.Committed, at), first(j.Started, at)
			j.Finished = &at
		case col.Category == Cancelled:
			j.Finished = nil
		default:
			j.Finished = nil
			j.Committed = first(j.Committed, at)
			if col.Category.Started() {
				j.Started = first(j.Started, at)
			}
		}
	}
	return j
}

func first(have *time.Time, at time.Time) *time.Time {
	if have != nil {
		return have
	}
	return &at
}

// AgeDays is the age the board shows, in days begun (Open Guide to Kanban
// 2025.7: elapsed calendar days, rounded up): from the start of work, else from
// the commitment, else from creation; until the finish, or now. Days are dates
// in loc.
func (j Journey) AgeDays(now time.Time, loc *time.Location) int {
	from, to := j.Span(now)
	return Days(from, to, loc)
}

// Days counts the dates touched from a to b in loc: 1 within one day, 0 where b
// lies before a.
func Days(a, b time.Time, loc *time.Location) int {
	if b.Before(a) {
		return 0
	}
	return int(calendar.Of(b, loc)-calendar.Of(a, loc)) + 1
}
