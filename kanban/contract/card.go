package contract

import (
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Holding is a slot that a card took, and what came of it.
type Holding struct {
	Card      kanban.CardID
	Unit      kanban.UnitKey // that pays
	Period    Period         // in which the slot was used
	Taken     time.Time
	Committed time.Time // zero: it has the slot by a swap and waits
	Started   time.Time // zero: it can still be given back, or swapped
	Delivered time.Time // first delivery that was not refused
	ITDays    int       // from commitment to delivery, by dates on IT's clock
	Expedited time.Time // zero: it is none
	Approver  string
	GivenBack bool // nobody pays for it any more
	Consumed  bool // given up after the start: it stays spent
	Swapped   bool // another card has it now
	haste     bool // it was an expedite already in the period that it is of
}

// open reports whether the card still has it.
func (h *Holding) open() bool { return h != nil && !h.GivenBack && !h.Consumed && !h.Swapped }

// turning is a moment at which the turn passed to a party.
type turning struct {
	at    time.Time
	party kanban.Party
}

// card is what the fold knows of one card.
type card struct {
	id        kanban.CardID
	created   time.Time
	column    kanban.Column
	traits    Traits
	sponsor   kanban.UnitKey
	pledges   map[kanban.UnitKey]Pledge // of the units that may come to pay for it
	payer     kanban.UnitKey            // of the present stint, also where no slot was taken
	blocker   kanban.Party              // "": it is not blocked
	asked     bool                      // a question is open
	question  string                    // which one; "" where nobody says
	triaged   bool
	committed time.Time // zero: it is an option
	taken     bool      // it was committed to some time
	started   time.Time
	finished  time.Time // reached done, while no later stint began
	excused   bool      // of the present stint: it needs no slot
	approver  string
	holding   *Holding
	raised    raise
	low       kanban.PriorityKey // the last one that asked for no slot
	turns     []turning
	debts     [3]debt // see debt
	fresh     bool    // it came while the contract was in force, and nobody replied yet
}

// raise is a priority that asks for a slot and has none.
type raise struct {
	at     time.Time // zero: there is none
	from   kanban.PriorityKey
	cause  string
	who    string
	told   time.Time
	mute   string // why the choices could not be put on the ticket
	choice Choice
	back   int // times the priority was put back so far
}

func newCard(id kanban.CardID, at time.Time) *card {
	return &card{id: id, created: at}
}

// debt is what the sides owe each other for a card by one promise.
type debt struct {
	owed  bool  // the card's state asks for it, whether or not it was agreed on
	open  *Duty // not done yet; nil: there is none
	count int
	cause string // id of the event that began the last one
	nth   int    // of those that it began
}

// debt is that of the reply, of an answer, or of the acceptance.
func (c *card) debt(p Promise) *debt {
	switch p {
	case Reply:
		return &c.debts[0]
	case AnswerDuty:
		return &c.debts[1]
	}
	return &c.debts[2]
}

func (c *card) ended() bool { return c.column.Category.Ended() }

// underWay reports whether it is committed to and not ended.
func (c *card) underWay() bool { return !c.committed.IsZero() && !c.ended() }

// unit is whose request it is: who pays, where that was decided.
func (c *card) unit() kanban.UnitKey {
	if c.sponsor != "" {
		return c.sponsor
	}
	return c.traits.Unit
}

// debtor is the unit whose duties the card brings: the slot stays with the unit that had
// it at the commitment.
func (c *card) debtor() kanban.UnitKey {
	if c.payer != "" {
		return c.payer
	}
	return c.unit()
}

// turn is whose move it is.
func (c *card) turn() kanban.Party {
	switch {
	case c.ended():
		return kanban.Nobody
	case c.blocker != "":
		return c.blocker
	case c.asked:
		return kanban.Business
	}
	return mover(c.column)
}

// mover is whose move it is while a card rests in a column.
func mover(column kanban.Column) kanban.Party {
	return partyOr(column.Turn, kanban.IT)
}

// pass notes whose turn it is from now on.
func (c *card) pass(at time.Time) {
	party := c.turn()
	if n := len(c.turns); n == 0 || c.turns[n-1].party != party {
		c.turns = append(c.turns, turning{at, party})
	}
}

// accepting reports whether it was delivered and waits to be accepted.
func (c *card) accepting() bool {
	return c.column.Category == kanban.Active && c.column.Turn == kanban.Business
}

// refusable reports whether it can be refused: it was delivered, and not accepted before.
func (c *card) refusable() bool {
	return c.accepting() && c.finished.IsZero() && c.holding.open() && !c.holding.Delivered.IsZero()
}

// questioned reports whether it waits for the business to answer.
func (c *card) questioned() bool {
	waits := c.column.Category == kanban.Wait && mover(c.column) == kanban.Business
	return !c.ended() && (c.asked || c.blocker == kanban.Business || waits && c.blocker == "")
}

// itDays are the dates between two moments on which IT had the turn, for whatever part.
func (c *card) itDays(from, to time.Time, cal calendar.Calendar) int {
	days, last := 0, cal.Of(from)-1
	for n, t := range c.turns {
		begin, end := t.at, to
		if n+1 < len(c.turns) && c.turns[n+1].at.Before(to) {
			end = c.turns[n+1].at
		}
		if begin.Before(from) {
			begin = from
		}
		if t.party != kanban.IT || !end.After(begin) {
			continue
		}
		if a, b := max(cal.Of(begin), last+1), cal.Of(end.Add(-1)); b >= a { // midnight is no part of the day that it begins
			days, last = days+int(b-a)+1, b
		}
	}
	return days
}
