// Package digest tells what came of one period of a contract: shortly, to both sides in
// the same words and the same size, and as nothing but what the reader may know. It is a
// pure function of the account.
package digest

import (
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// Version is that of the form of a Digest as JSON. A field is only ever added within it.
const Version = 1

// Digest is what is sent out of one unit's contract at the end of a period. As JSON it is
// the body of the webhook, see docs/CONTRACT.md.
type Digest struct {
	Version int            `json:"version"`
	ID      string         `json:"id"` // digest/UNIT/PERIOD: the same digest has the same one for ever
	Unit    kanban.UnitKey `json:"unit"`
	Name    string         `json:"name"`   // of the unit
	Period  string         `json:"period"` // 2026-W47
	From    string         `json:"from"`   // its first day
	To      string         `json:"to"`     // its last one
	Made    time.Time      `json:"made"`   // it tells how things stood then
	Line    string         `json:"line"`   // sums it up
	Sides   []Side         `json:"sides"`  // IT, then the unit
	Slots   Slots          `json:"slots"`
	AtRisk  []Promise      `json:"at_risk"` // what the three days after Made decide, the first due first
	Terms   []string       `json:"terms"`   // what changes in them, a sentence a version; none: they stay as they were
	Unread  []string       `json:"unread"`  // trackers that were not read when it was made, or not wholly, a sentence each
	Page    string         `json:"page,omitempty"`
	Ledger  Ledger         `json:"ledger"`
}

// Side is what one side promised and how that turned out.
type Side struct {
	By        kanban.Party `json:"by"`
	Name      string       `json:"name"`
	Score     string       `json:"score"` // in words
	Kept      int          `json:"kept"`
	Broken    int          `json:"broken"`
	Contested int          `json:"contested"`
	Unknown   int          `json:"unknown"`
	Open      int          `json:"open"`
	Promises  []Promise    `json:"promises"` // broken, contested, unknown and open ones before those kept
	More      int          `json:"more"`     // that the list leaves out
}

// Promise is one promise of the period.
type Promise struct {
	ID       string           `json:"id"`
	Promise  contract.Promise `json:"promise"` // P1 to P4 are IT's, R1 to R5 the unit's
	By       kanban.Party     `json:"by"`
	State    State            `json:"state"`
	Due      time.Time        `json:"due,omitzero"` // the moment that decides
	Sentence string           `json:"sentence"`
}

// State is how a promise stands: its outcome, or that it is contested.
type State string

// States, in the order in which they are told.
const (
	Broken    State = "broken"
	Contested State = "contested"
	Unknown   State = "unknown"
	Open      State = "open"
	Kept      State = "kept"
)

// Slots is what came of the slots of the period.
type Slots struct {
	Offered   int `json:"offered"`
	Due       int `json:"due"` // that IT had to take on
	Used      int `json:"used"`
	Expedites int `json:"expedites"` // of those used
	Missed    int `json:"missed"`    // by IT
	Carried   int `json:"carried"`   // of those missed: owed by IT in the next period
	Forfeited int `json:"forfeited"` // by the unit
	Advance   int `json:"advance"`   // used out of the next period
	Borrowed  int `json:"borrowed"`  // of those offered: from other units
	Lent      int `json:"lent"`      // to other units, and not offered
	Back      int `json:"back"`      // of those offered: given back for requests taken on before
}

// Ledger is the recorded ledger when the digest was made.
type Ledger struct {
	Entries int64  `json:"entries"`
	Head    string `json:"head"` // to be kept, and compared later: parley contract verify
	Problem string `json:"problem,omitempty"`
}

// ID names the digest of a unit and a period.
func ID(unit kanban.UnitKey, p contract.Period) string {
	return "digest/" + string(unit) + "/" + p.String()
}
