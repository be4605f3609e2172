// Package contract is the trust contract between a business unit and IT: so many
// priority requests are taken on in every period, and the requester has duties too. What
// was promised, used and kept follows from what happened in the trackers and from the
// decisions that were recorded, by pure folds. Nobody writes a number into it.
package contract

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Contract is what a business unit and IT agreed on, version by version.
type Contract struct {
	Unit     kanban.UnitKey
	Name     string // of the unit, as people say it
	Versions []Terms
}

// Terms are one version of a contract. A number of days or a share that is 0 was not
// agreed on, and the promise that needs it does not apply; slots and expedites of 0 are
// none.
type Terms struct {
	From       calendar.Day // in force from the first period that begins on this day or later
	Slots      int          // requests that IT takes on in a period
	Carry      int          // most slots that IT can owe from the period before
	Cutoff     Cutoff       // what is ready by then counts
	Expedites  int          // urgent requests in four periods, each of which costs a slot
	SLEDays    int          // days on IT's clock, from commitment to delivery …
	SLEShare   int          // … that hold for so many percent of the requests
	AnswerDays int          // working days for an answer, and for the reply to a new request
	AcceptDays int          // working days to accept or refuse what was delivered
	Unplanned  int          // percent of the work begun that may be unplanned
	Ready      []string     // fields that a ready request has filled in
	Holidays   []calendar.Day
	Priorities []kanban.PriorityKey // that ask for a slot; none: every request does
	Over       Answer               // to a priority raised without a free slot
	ChooseDays int                  // working days to choose in, once asked
	Agreed     Agreed
}

// Agreed names who agreed to a version on each side.
type Agreed struct{ Business, IT string }

// Answer is what is done about a priority that was raised without a free slot.
type Answer string

// Answers, the gentlest first. The empty one is Show.
const (
	Show    Answer = "show"    // a badge
	Ask     Answer = "ask"     // and the choices on the ticket
	Enforce Answer = "enforce" // and, where nobody chose in time, the priority as it was before
)

// Cutoff is when a period's requests are counted: a day of the week and a time of day in
// the calendar's zone. Where that day is not worked on it is the next working day of the
// period at this time, or else the last one.
type Cutoff struct {
	Day          time.Weekday
	Hour, Minute int
}

// String is the cut-off as it is configured, "tue 12:00".
func (c Cutoff) String() string {
	days := [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	return fmt.Sprintf("%s %02d:%02d", days[c.Day], c.Hour, c.Minute)
}

// Words is the cut-off as people are told it, "Tue 12:00". Of midnight it says which one is
// meant: a day ends in one, too.
func (c Cutoff) Words() string {
	text := fmt.Sprintf("%s %02d:%02d", c.Day.String()[:3], c.Hour, c.Minute)
	if c.Hour == 0 && c.Minute == 0 {
		text += ", the start of that day"
	}
	return text
}

// Check says what is wrong with a contract: of which version, and how to mend it.
func (c Contract) Check() error {
	var all []error
	for n, t := range c.Versions {
		if err := t.check(); err != nil {
			all = append(all, fmt.Errorf("contract of %s, version %d: %w", c.Unit, n+1, err))
		}
	}
	return errors.Join(all...)
}

func (t Terms) check() error {
	for _, n := range []int{t.Slots, t.Carry, t.Expedites, t.SLEDays, t.AnswerDays, t.AcceptDays, t.ChooseDays} {
		if n < 0 {
			return errors.New("a number is negative; write 0 or more")
		}
	}
	for _, share := range []int{t.SLEShare, t.Unplanned} {
		if share < 0 || share > 100 {
			return fmt.Errorf("a share is %d percent; write 0 to 100", share)
		}
	}
	switch {
	case t.From < Earliest():
		return fmt.Errorf("it begins on %s; write a date after 2000", t.From)
	case t.Cutoff.Hour < 0 || t.Cutoff.Hour > 23 || t.Cutoff.Minute < 0 || t.Cutoff.Minute > 59 || t.Cutoff.Day < 0 || t.Cutoff.Day > 6:
		return errors.New("the cut-off is no day and time; write tue 12:00")
	case t.Over != "" && t.Over != Show && t.Over != Ask && t.Over != Enforce:
		return fmt.Errorf("%.20q is no answer to a request over the contract; write show, ask or enforce", string(t.Over))
	case t.Agreed.Business == "" || t.Agreed.IT == "":
		return errors.New("it does not say who agreed; name somebody of the unit and somebody of IT")
	}
	return nil
}

// Earliest is the day before which nobody agreed on anything: a slip of the pen would make
// thousands of periods.
func Earliest() calendar.Day { return calendar.On(2000, time.January, 1) }

// Version is the terms of a period, and which version they are, from 1 on; 0 before the
// contract begins. Of versions that begin with the same period the last one listed counts.
func (c Contract) Version(p Period) (Terms, int) {
	best := 0
	for n, t := range c.Versions {
		if from := first(t.From); from <= p && (best == 0 || from >= first(c.Versions[best-1].From)) {
			best = n + 1
		}
	}
	if best == 0 {
		return Terms{}, 0
	}
	return c.Versions[best-1], best
}

// Begins is the first period of the contract; ok is false where nothing was agreed.
func (c Contract) Begins() (p Period, ok bool) {
	if len(c.Versions) == 0 {
		return 0, false
	}
	earliest := slices.MinFunc(c.Versions, func(a, b Terms) int { return cmp.Compare(a.From, b.From) })
	return first(earliest.From), true
}

// asks reports whether a request of this priority needs a slot.
func (t Terms) asks(p kanban.PriorityKey) bool {
	return len(t.Priorities) == 0 || slices.Contains(t.Priorities, p)
}
