// Package view holds the read models that pages, API, CLI and exports are made
// of, one per audience. It is the only place that redacts and the only one that
// turns moments into ages.
package view

import (
	"time"

	"parley/kanban"
)

// Board is the whole board as one audience sees it.
type Board struct {
	Seq        int64     `json:"seq"` // data sequence this picture was taken at
	At         time.Time `json:"at"`
	Write      string    `json:"write"` // plan or on
	Columns    []Column  `json:"columns"`
	Limits     []Limit   `json:"limits"` // of units, classes of service and people
	Units      []Named   `json:"units"`
	Priorities []Named   `json:"priorities"`
	Freshness  []Fresh   `json:"freshness"`
	Pulse      Pulse     `json:"pulse"`
	Lanes      []Lane    `json:"-"` // what the columns are divided into, none where nothing was asked for
	Sides      Sides     `json:"-"`
}

// Column is one column with its cards, oldest in the column first.
type Column struct {
	Key      kanban.ColumnKey `json:"key"` // "unmapped" for cards whose status no column claims
	Name     string           `json:"name"`
	Category kanban.Category  `json:"category,omitempty"`
	Turn     kanban.Party     `json:"turn,omitempty"`
	WIP      int              `json:"wip,omitempty"`
	WIPHard  bool             `json:"wip_hard,omitempty"` // moves made in Parley beyond WIP are refused
	Count    int              `json:"count"`              // those asked for, before the cut to what is shown
	Oldest   int              `json:"oldest_days,omitempty"`
	Cards    []Card           `json:"cards"`

	All       int    `json:"all"`                 // whatever the query selects: what limits are about
	Unplanned int    `json:"unplanned,omitempty"` // of all
	Ready     int    `json:"ready,omitempty"`     // of all in an option column: IT has the turn
	Longest   int    `json:"longest_days,omitempty"`
	Earlier   int    `json:"earlier,omitempty"` // ended too long ago for the board
	Lanes     []Lane `json:"-"`                 // the cards again, divided as asked for
}

// Named is a key with the words people use for it.
type Named struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Card is a card as the JSON API and the pages show it.
type Card struct {
	ID           kanban.CardID     `json:"id"`
	Rev          int64             `json:"rev"`
	Title        string            `json:"title"`
	Column       string            `json:"column"`   // a column key, or "unmapped"
	Priority     *string           `json:"priority"` // a priority key, or null
	PriorityName string            `json:"priority_name,omitempty"`
	PriorityRank int               `json:"-"` // 1 is the highest, 0 none
	Unit         kanban.UnitKey    `json:"unit"`
	UnitName     string            `json:"unit_name"`
	Turn         kanban.Party      `json:"turn"`
	TurnDays     int               `json:"turn_days"`
	Class        string            `json:"class"`
	Planned      bool              `json:"planned"`
	Sorted       string            `json:"planned_by,omitempty"` // who said so in Parley; "" where the rules of the configuration do
	Type         string            `json:"type,omitempty"`
	Blocked      *kanban.Block     `json:"blocked"`
	AgeDays      int               `json:"age_days"`
	Band         kanban.Band       `json:"band,omitempty"` // of its age, while it is in work
	BlockedDays  int               `json:"blocked_days,omitempty"`
	Since        string            `json:"since,omitempty"` // date of its entry into the column
	Ask          string            `json:"ask,omitempty"`   // what the business has the turn for: asked (to answer), delivered (to accept)
	Due          string            `json:"due,omitempty"`
	Group        string            `json:"group,omitempty"`
	Assignee     string            `json:"assignee,omitempty"`
	Requester    string            `json:"requester,omitempty"`
	Masked       bool              `json:"masked,omitempty"` // its words are not for this reader
	Sides        []kanban.CardSide `json:"sides"`
	Pending      []kanban.Pending  `json:"pending"`
	Badges       []kanban.Badge    `json:"badges"`
	Over         *CardOver         `json:"over,omitempty"`    // its priority was raised without a free slot
	Targets      []Target          `json:"targets,omitempty"` // of a single card: every other column
	Seq          int64             `json:"seq"`               // of its last change; an older picture never replaces a newer one
}

// Fresh says how true the picture of one tracker is.
type Fresh struct {
	Tracker string    `json:"tracker"`
	Kind    string    `json:"kind"` // jira, github
	Source  string    `json:"source,omitempty"`
	OKAt    time.Time `json:"ok_at,omitzero"` // last answer that was believed
	Age     int       `json:"age_seconds"`    // -1: never read
	Poll    int       `json:"poll_seconds"`   // the configured interval
	Level   string    `json:"level"`          // live, late (2 polls), stale (5 polls), never
	Problem string    `json:"problem,omitempty"`
	Import  string    `json:"import,omitempty"`  // progress of a first import, in words
	Notice  string    `json:"notice,omitempty"`  // what a person has to do soon for it to go on
	History string    `json:"history,omitempty"` // how far the import of old history is, in words; "" when all is there
	Pauses  []Pause   `json:"pauses,omitempty"`  // in which it, or a part of it, is not asked
	Hooks   *Hooks    `json:"hooks,omitempty"`   // nil where no webhooks are taken
}

// Explanation tells, per field, why a card shows what it shows.
type Explanation struct {
	Card   Card         `json:"card"`
	Paired string       `json:"paired,omitempty"`  // how and when the sides were paired
	Sort   *SortStory   `json:"planned,omitempty"` // nil where no more may be known than the card shows
	Fields []FieldStory `json:"fields"`
	Log    []Line       `json:"log"` // newest first

	Questions []Question `json:"questions,omitempty"` // to the business, newest first
}

// SortStory tells why a card counts as planned or as unplanned. Without a person's word and
// without a rule its class of service decides, what is expedited is unplanned, and then how
// it came into work.
type SortStory struct {
	Planned bool      `json:"planned"`
	By      string    `json:"by,omitempty"` // who said so in Parley; "" where nobody did
	At      time.Time `json:"at,omitzero"`
	Reason  string    `json:"reason,omitempty"`
	Rule    int       `json:"rule,omitempty"`    // which rule of the configuration says so, counted from 1; 0: none
	Arrived *Arrival  `json:"arrived,omitempty"` // it is unplanned for this; nil where it is for something else
}

// Arrival is how a card came into work soon after it was created, and before anybody had
// committed to it.
type Arrival struct {
	At      time.Time `json:"at"`
	Minutes int       `json:"minutes"` // after its creation
}

// FieldStory is one field's part of an Explanation.
type FieldStory struct {
	Field   kanban.Field `json:"field"`
	Name    string       `json:"name"` // what people call it
	Agreed  string       `json:"agreed"`
	Version int64        `json:"version"`
	Since   time.Time    `json:"since,omitzero"`
	By      string       `json:"by,omitempty"` // whose edit made it so, and where
	// First says that nobody is known to have made it so: it stood there when the issue was
	// first seen, and Since is when the issue had last been changed in any way.
	First  bool         `json:"first,omitempty"`
	Frozen string       `json:"frozen,omitempty"`
	Carry  string       `json:"carry"`    // whose changes are carried
	Policy string       `json:"conflict"` // who wins
	Sides  []SideStory  `json:"sides"`
	Writes []WriteStory `json:"writes"` // newest first
	Lost   []Clash      `json:"lost"`   // conflicts over this field, newest first
}

// SideStory is what one tracker shows for a field.
type SideStory struct {
	Side    string `json:"side"`
	Key     string `json:"key"`
	Native  string `json:"native"` // in the tracker's words
	Means   string `json:"means"`  // board value, "no opinion", "unmapped" or "ambiguous"
	Agrees  bool   `json:"agrees"`
	Seen    int64  `json:"seen"` // version its people have had before them
	Refused string `json:"refused,omitempty"`
}

// WriteStory is one write of the journal.
type WriteStory struct {
	Op      string    `json:"op"`
	Side    string    `json:"side"` // jira, github
	Tracker string    `json:"tracker"`
	Issue   string    `json:"issue"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	State   string    `json:"state"`
	Held    string    `json:"held,omitempty"` // why it is held, in words
	Reason  string    `json:"reason"`
	Problem string    `json:"problem,omitempty"`
	At      time.Time `json:"at"`
}

// Line is one line of the account of what happened.
type Line struct {
	Seq   int64         `json:"seq"`
	At    time.Time     `json:"at"`
	Card  kanban.CardID `json:"card,omitempty"`
	Kind  string        `json:"kind"`
	Who   string        `json:"who,omitempty"`
	Where string        `json:"where,omitempty"`
	Field kanban.Field  `json:"field,omitempty"`
	Text  string        `json:"text"`
	Why   string        `json:"why,omitempty"`   // of a write, whose edit it carried on
	Key   string        `json:"key,omitempty"`   // of the card's leading issue
	Title string        `json:"title,omitempty"` // of the card
}

// Delta is what changed on the board after a data sequence.
type Delta struct {
	Seq       int64           `json:"seq"` // up to here
	Cards     []Card          `json:"cards"`
	Gone      []kanban.CardID `json:"gone"` // no longer cards of their own
	Freshness []Fresh         `json:"freshness"`
	Pulse     Pulse           `json:"pulse"`
	Counts    map[string]int  `json:"counts"` // cards per column key
	Columns   []Column        `json:"-"`      // without their cards
	Limits    []Limit         `json:"limits"`
}
