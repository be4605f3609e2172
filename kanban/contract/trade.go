package contract

import (
	"errors"
	"fmt"
	"time"

	"parley/kanban"
)

// Half is one of the two priorities that a swap writes.
type Half struct {
	Card     kanban.CardID
	From, To kanban.PriorityKey
}

// back is the half that takes it back.
func (h Half) back() Half { return Half{Card: h.Card, From: h.To, To: h.From} }

// Phase is how far a swap has come.
type Phase string

// Phases of a Trade.
const (
	Lowering Phase = "lowering" // the request that steps down
	Raising  Phase = "raising"  // the one that has its slot
	Undoing  Phase = "undoing"  // what was written is written back: the second, where it was, then the first
	Traded   Phase = "traded"   // both are written
	Undone   Phase = "undone"   // neither is
)

// Ended reports whether nothing is left to be written.
func (p Phase) Ended() bool { return p == Traded || p == Undone }

// Trade is a swap of priorities between two requests of one unit: two writes as one unit,
// both or neither. It is kept before each write is sent, so that it goes on after a crash
// where it was; a write of which nobody knows what became is looked up, never guessed.
type Trade struct {
	ID       string // of the recorded decision
	Down, Up Half
	Phase    Phase
	Sent     bool   // a write of this phase was sent, and its outcome is not known
	Both     bool   // of Undoing: the second was written too, and goes back before the first
	Refused  int    // times that writing back was refused: a person has to look
	Problem  string // why it could not be done, in plain words
}

// Trade begins a swap: down gives its slot, which nobody may have begun to work on, to up.
func (a Account) Trade(id string, down, up Half) (Trade, error) {
	if down.Card == up.Card {
		return Trade{}, errors.New("swap: a request cannot step down for itself")
	}
	if !a.waits(up.Card) {
		return Trade{}, fmt.Errorf("swap: %s does not wait for a slot of %s", up.Card, a.Name)
	}
	for _, h := range a.Holders {
		if h.Card == down.Card && swappable(&h) {
			return Trade{ID: id, Down: down, Up: up, Phase: Lowering}, nil
		}
	}
	return Trade{}, fmt.Errorf("swap: %s holds no slot of %s that could pass to another; choose a request that is not begun", down.Card, a.Name)
}

func (a Account) waits(card kanban.CardID) bool {
	for _, o := range a.Over {
		if o.Card == card {
			return true
		}
	}
	return false
}

// Step is what to do next about a trade: to write a priority if it is still what it was,
// or to look up what became of the write before.
type Step struct {
	Half

	LookUp bool // only once the time is over in which a lost write can still take effect
}

// Next is the next step; ok is false where nothing is left.
func (t Trade) Next() (s Step, ok bool) {
	switch t.Phase {
	case Lowering:
		s.Half = t.Down
	case Raising:
		s.Half = t.Up
	case Undoing:
		s.Half = t.Down.back()
		if t.Both {
			s.Half = t.Up.back()
		}
	default:
		return Step{}, false
	}
	s.LookUp = t.Sent
	return s, true
}

// Sending is the trade to be kept before the write of the present phase is sent.
func (t Trade) Sending() Trade {
	t.Sent = true
	return t
}

// Result is what became of a step.
type Result string

// Results. Lost is of a write, Untouched of a look-up; the others are of both.
const (
	Wrote     Result = "wrote"     // the priority is what the step wants
	Refused   Result = "refused"   // the tracker will not have it
	Foreign   Result = "foreign"   // somebody set another one meanwhile
	Lost      Result = "lost"      // no answer
	Untouched Result = "untouched" // the write took no effect and never will
	Pointless Result = "pointless" // the priority is what the step wants, and the swap has no sense any more
)

// Heard is the trade after a step's result; problem tells a person why it was refused.
func (t Trade) Heard(r Result, problem string) Trade {
	if t.Phase.Ended() {
		return t
	}
	switch r {
	case Lost:
		t.Sent = true
		return t
	case Untouched:
		t.Sent = false
		return t
	case Wrote:
		return t.went()
	case Pointless:
		if t.Phase == Undoing {
			return t.went()
		}
		t.Both = t.Phase == Raising
		t.Phase, t.Sent, t.Problem = Undoing, false, problem
		return t
	default:
		return t.failed(r, problem)
	}
}

// went goes on after a write that took effect.
func (t Trade) went() Trade {
	t.Sent = false
	switch t.Phase {
	case Lowering:
		t.Phase = Raising
	case Raising:
		t.Phase = Traded
	case Undoing:
		if t.Both {
			t.Both = false // the first is next
			return t
		}
		t.Phase = Undone
	default:
		t.Phase = Undone
	}
	return t
}

// failed goes back after a write that cannot take effect. What somebody set meanwhile
// stays as they set it; a refusal to write back is tried again until it is not one.
func (t Trade) failed(r Result, problem string) Trade {
	t.Sent = false
	switch {
	case t.Phase == Undoing && r == Refused:
		t.Refused++
	case t.Phase == Raising:
		t.Phase, t.Problem = Undoing, problem
	case t.Phase == Lowering:
		t.Phase, t.Problem = Undone, problem
	case t.Both:
		t.Both = false // what somebody set stays; the first is next
	default:
		t.Phase = Undone
	}
	return t
}

// Event is the decision to be recorded once both priorities are written; ok is false
// before that, and where neither was.
func (t Trade) Event(at time.Time, who string) (e Event, ok bool) {
	if t.Phase != Traded {
		return Event{}, false
	}
	return Event{ID: t.ID, At: at, Kind: Swapped, Card: t.Up.Card, Other: t.Down.Card, Who: who, By: kanban.Business}, true
}
