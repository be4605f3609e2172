package contract

import (
	"cmp"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Promise is one of the promises of a contract.
type Promise string

// Promises of IT, and what the requester owes.
const (
	TakeOn     Promise = "P1" // IT takes on as many ready requests as there are slots
	Deliver    Promise = "P2" // IT delivers within the days agreed on, so often as agreed
	Reply      Promise = "P3" // IT replies to every new request in time
	Shield     Promise = "P4" // IT keeps unplanned work below the allowance, or says its cause
	AnswerDuty Promise = "R1" // the unit answers each question in time
	Accept     Promise = "R2" // the unit accepts or refuses in time what was delivered
	Order      Promise = "R3" // the unit ranks the requests to be taken next
	Restrain   Promise = "R4" // the unit keeps to its expedites, each with an approver
	Prepare    Promise = "R5" // the unit hands in requests that are complete
)

// Promises lists them, IT's first.
func Promises() []Promise {
	return []Promise{TakeOn, Deliver, Reply, Shield, AnswerDuty, Accept, Order, Restrain, Prepare}
}

// Words names the promise in a word or two, "" where it is none: for tables and lists, whose
// readers know no codes.
func (p Promise) Words() string {
	return map[Promise]string{
		TakeOn: "Takes requests on", Deliver: "Delivers in time", Reply: "Replies", Shield: "Unplanned work",
		AnswerDuty: "Answers", Accept: "Accepts", Order: "Order", Restrain: "Expedites", Prepare: "Arrive ready",
	}[p]
}

// By is who made it.
func (p Promise) By() kanban.Party {
	if p != "" && p[0] == 'P' {
		return kanban.IT
	}
	return kanban.Business
}

// Outcome is how a promise turned out.
type Outcome string

// Outcomes. Unknown is what would be broken, had the trackers been read when it was
// decided.
const (
	Kept          Outcome = "kept"
	Broken        Outcome = "broken"
	Pending       Outcome = "pending"
	NotApplicable Outcome = "n/a"
	Unknown       Outcome = "unknown"
)

// Verdict is how one promise of one period, or of one card, turned out.
type Verdict struct {
	ID        string // stays the same: decisions about it name it
	Former    string // what decisions and ledgers of earlier versions call it, by a number that can move; "": the same
	Promise   Promise
	Unit      kanban.UnitKey
	Period    Period        // that it counts in
	Card      kanban.CardID // "" where it is about the period
	Outcome   Outcome
	Contested bool      // it counts for nobody until both sides agree
	Settled   bool      // both sides agreed on the outcome
	Due       time.Time // the moment that decides
	Final     time.Time // what is known by then decides for good: Due, and never before it
	Found     Outcome   // by the record alone: what Outcome was before both sides agreed on one
	Version   int       // of the terms that it goes by
	Cause     string    // id of the event or decision that decided it, or of the terms
	Begun     string    // id of the event that began a card's duty; "" of others
	Facts     Facts
}

// Decided reports whether it counts: kept or broken, and not contested.
func (v Verdict) Decided() bool { return !v.Contested && (v.Outcome == Kept || v.Outcome == Broken) }

// VerdictOf finds the verdict that somebody names who may have read its id long ago: by its id,
// by what earlier versions called it, or likewise of a card that is a part of another one since.
// It is nil where there is none.
func (a Account) VerdictOf(id string) *Verdict {
	id = Renamed(id, a.As)
	for n := range a.Verdicts {
		if v := &a.Verdicts[n]; v.ID == id || v.Former != "" && v.Former == id {
			return v
		}
	}
	return nil
}

// Facts are the figures that decided a verdict. Which of them mean something depends on
// the promise.
type Facts struct {
	Met, Of  int             // cards that did, of so many; of Shield: unplanned ones
	Limit    int             // agreed on: days, percent, or expedites
	Share    int             // agreed on: percent of the cards
	Used     int             // days or expedites that there were
	From, To time.Time       // of a card's duty: since then it was owed, then it was done
	Left     kanban.Category // of a card's duty: of the column that the card is in since To
	DueDay   calendar.Day    // of a card's duty
	Slots    Slots           // of TakeOn
	Idle     bool            // nobody works in the period
	Failing  bool            // pending, and broken as things stand
	Cards    []kanban.CardID // that were in the way, by id
	Noted    string          // cause of unplanned work
	Gap      *Gap            // why it is unknown
}

// verdictID names the verdict about a period or a card, and of a card's duties which one: by
// the event that began it. "" is none.
func verdictID(unit kanban.UnitKey, p Promise, what, which string) string {
	id := string(unit) + "/" + string(p) + "/" + what
	if which == "" {
		return id
	}
	return id + "/" + which
}

// softened makes a broken promise unknown where a tracker was not read at a moment that
// mattered.
func (v Verdict) softened(gaps []Gap, moments ...time.Time) Verdict {
	if v.Outcome != Broken {
		return v
	}
	for _, at := range moments {
		if g := stale(gaps, at); g != nil {
			v.Outcome, v.Facts.Gap = Unknown, g
			return v
		}
	}
	return v
}

// Renamed is the id of a verdict in which a card has the id that it goes by now, by the ids
// that it had before.
func Renamed(id string, as map[kanban.CardID]kanban.CardID) string {
	if len(as) == 0 {
		return id
	}
	parts := strings.Split(id, "/")
	if len(parts) == 4 {
		parts[2] = string(cmp.Or(as[kanban.CardID(parts[2])], kanban.CardID(parts[2])))
	}
	return strings.Join(parts, "/")
}
