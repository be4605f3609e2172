package contract

import (
	"strings"
	"time"

	"parley/kanban"
)

// EntryKind is what an entry of the ledger books.
type EntryKind string

// Kinds of Entry.
const (
	Grant   EntryKind = "grant"   // the slots of a period
	Commit  EntryKind = "commit"  // a card takes a slot
	Release EntryKind = "release" // its requester withdrew it before the start
	Swap    EntryKind = "swap"    // a card has the slot of another one
	Void    EntryKind = "void"    // a swap that was written and cannot be booked; the note says why
	Lend    EntryKind = "lend"    // from one unit to another; booked with both
	Forfeit EntryKind = "forfeit" // the unit had nothing ready for it
	Refund  EntryKind = "refund"  // IT gave the card back
	Expire  EntryKind = "expire"  // owed by IT beyond the cap
	Contest EntryKind = "contest" // of a verdict, or what both sides agreed on
	Judged  EntryKind = "verdict" // a promise was decided for good, or what was decided does not follow any more; no slots
)

// Entry is one line of a unit's ledger. Lines are only ever added. The amounts of all lines
// add up to the slots that are free, below zero to those taken in advance.
type Entry struct {
	Seq      int64 // from 1 on
	Unit     kanban.UnitKey
	Period   Period
	At       time.Time // when it happened, to the millisecond
	Kind     EntryKind
	Amount   int
	Card     kanban.CardID
	Other    kanban.CardID  // of Swap: whose slot it has
	With     kanban.UnitKey // of Lend: the other unit
	Who      string         // did it, or "contract" for what follows from the terms
	Cause    string         // id of the event behind it, or of the terms
	Terms    int            // version in force
	Note     string
	Reverses int64 // Seq of the line that it takes back, 0: none

	// Of Judged alone. Note names the clock that decided and, of what was decided before
	// otherwise, what is known of why.
	Ref     string  // id of the verdict
	Outcome Outcome // by the record, whatever people agreed on; Pending: nothing is decided any more
	Was     Outcome // what the line Reverses said; "": nothing
	Basis   string  // names by their hashes the terms, the calendar and the rules that it was decided by
}

// readable is text as every store keeps it unchanged: without bytes that are no text. What
// people and trackers say goes into entries, and one that could not be written would hold
// up all after it.
func readable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// byContract does what follows from the terms alone.
const byContract = "contract"

// Balance adds up the amounts of entries.
func Balance(entries []Entry) int {
	sum := 0
	for _, e := range entries {
		sum += e.Amount
	}
	return sum
}
