package contract

import (
	"fmt"
	"strings"
)

// Count is what happened to the slots of one period.
type Count struct {
	Slots      int  // agreed on
	CarryIn    int  // owed by IT from the period before
	OverdrawIn int  // taken in advance by the unit in periods before
	Borrowed   int  // from other units
	Lent       int  // to them
	Back       int  // given back for requests taken on in earlier periods
	Ready      int  // requests there to be taken: ready at the cut-off, or taken on before
	Taken      int  // taken on
	Expedites  int  // urgent ones, each of which costs a slot
	Cap        int  // most slots that carry over
	Idle       bool // nobody works in the period
}

// Slots is what follows from a count. Who failed decides what carries over: what IT did
// not take though it was ready is owed by IT; what the unit did not supply is forfeited.
type Slots struct {
	Offered   int
	Due       int // that IT has to take on: as many as offered, as far as requests were ready
	Charge    int // used
	Missed    int // due and not used
	Expired   int // of the missed ones: beyond the cap, owed no longer
	Forfeited int // neither used nor due
	Overdrawn int // used beyond what was offered
	CarryOut  int // of the missed ones: owed by IT in the next period
	Owed      int // by the unit in the next period, older debt that no slot paid included
}

// Facts say why as many slots are offered as there are: what was agreed on, and all that
// adds to it or takes from it. Nothing is said of what there was none of, but of what IT owed.
func (c Count) Facts() string {
	facts := []string{fmt.Sprintf("%d agreed on", c.Slots), fmt.Sprintf("%d owed by IT from before", c.CarryIn)}
	for _, f := range []struct {
		n    int
		what string
	}{{c.OverdrawIn, "taken in advance before"}, {c.Borrowed, "borrowed"}, {c.Lent, "lent"}, {c.Back, "given back"}} {
		if f.n != 0 {
			facts = append(facts, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	return strings.Join(facts, " · ")
}

// Reckon does the arithmetic of one period. In a period in which nobody works nothing is
// granted, due, or lost, and debts of both sides wait.
func (c Count) Reckon() Slots {
	balance := c.CarryIn - c.OverdrawIn + c.Borrowed - c.Lent + c.Back
	if !c.Idle {
		balance += c.Slots
	}
	s := Slots{Offered: max(0, balance), Charge: c.Taken + c.Expedites}
	s.Owed = max(0, s.Charge-balance)
	s.Overdrawn = max(0, s.Charge-s.Offered)
	if c.Idle {
		s.CarryOut = max(0, s.Offered-s.Charge)
		return s
	}
	s.Due = min(s.Offered, c.Ready)
	s.Missed = max(0, s.Due-s.Charge)
	s.Forfeited = max(0, s.Offered-s.Charge-s.Missed)
	s.CarryOut = min(c.Cap, s.Missed)
	s.Expired = s.Missed - s.CarryOut
	return s
}

// Outcome is the verdict on IT's promise to use the slots.
func (s Slots) Outcome() Outcome {
	switch {
	case s.Due == 0:
		return NotApplicable
	case s.Charge >= s.Due:
		return Kept
	}
	return Broken
}
