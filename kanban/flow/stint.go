package flow

import (
	"time"

	"parley/kanban"
)

// Outcome is how a stint ended.
type Outcome string

// Outcomes of a stint.
const (
	Open      Outcome = "open"
	Done      Outcome = "done"
	Cancelled Outcome = "cancelled" // gave up after the commitment
	Returned  Outcome = "returned"  // went back to the options, from work or after it had ended
)

// Stint is one passage of a card over the board, from the commitment to its end. A card
// has one after the other; history never rewrites them, except that a card that comes
// back from done or cancelled to work takes its stint up again: what it was away for counts
// as under way then, and as neither active, nor waiting, nor blocked.
type Stint struct {
	Committed time.Time // entry into the first column that is no option
	Started   time.Time // entry into the first that is no queue either; zero: not yet
	Ended     time.Time // zero: it is open
	Outcome   Outcome
	Reopened  int           // times it came back after it had ended
	Active    time.Duration // in active columns, not blocked
	Wait      time.Duration // in waiting columns
	Blocked   time.Duration // blocked in active columns
	Spent     []Spent       // by column from the commitment on, while it was open
}

// Spent is the time that a stint had in one column.
type Spent struct {
	Column  kanban.ColumnKey
	All     time.Duration
	Blocked time.Duration // of All, in whatever column it was
}

// Elapsed is the time from start to end that its card was not away from the board for:
// active, waiting and blocked.
func (s *Stint) Elapsed() time.Duration { return s.Active + s.Wait + s.Blocked }

// Cycle is the time from start to end, or to now while it is open. It is zero before the
// start.
func (s *Stint) Cycle(now time.Time) time.Duration {
	if s.Started.IsZero() {
		return 0
	}
	return s.end(now).Sub(s.Started)
}

func (s *Stint) end(now time.Time) time.Time {
	if s.Ended.IsZero() {
		return now
	}
	return s.Ended
}

// reopen takes up again what was done or given up. Where it becomes an option again nobody
// works on it: the stint ended when it did, and to say now that it lasted until now would
// make work of the time that its card lay done.
func (s *Stint) reopen(to kanban.Category) {
	s.Reopened++
	if to == kanban.Option {
		s.Outcome = Returned
		return
	}
	s.Ended, s.Outcome = time.Time{}, Open
}

// in is the time in a column, to be added to.
func (s *Stint) in(key kanban.ColumnKey) *Spent {
	for n := range s.Spent {
		if s.Spent[n].Column == key {
			return &s.Spent[n]
		}
	}
	s.Spent = append(s.Spent, Spent{Column: key})
	return &s.Spent[len(s.Spent)-1]
}

// spend counts time that a stint spent in a column.
func (s *Stint) spend(key kanban.ColumnKey, c kanban.Category, blocked bool, d time.Duration) {
	if !s.Ended.IsZero() {
		return
	}
	in := s.in(key)
	if in.All += d; blocked {
		in.Blocked += d
	}
	switch {
	case s.Started.IsZero():
	case c == kanban.Wait:
		s.Wait += d
	case c == kanban.Active && blocked:
		s.Blocked += d
	case c == kanban.Active:
		s.Active += d
	}
}

// Courts tells in whose court a card was during the stint, as kanban.Spells does for one
// card; queue is the part of IT's time in which it was committed to and nobody had begun.
func (s *Stint) Courts(l kanban.Layout) (c kanban.Courts, queue time.Duration) {
	for _, in := range s.Spent {
		turn := l.Turn(in.Column)
		c.Add(turn, false, in.All-in.Blocked)
		c.Add(turn, true, in.Blocked)
		if col, _ := l.Column(in.Column); col.Category == kanban.Queue && turn == kanban.IT {
			queue += in.All - in.Blocked
		}
	}
	return c, queue
}
