package view

import (
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/sync/store"
)

// usually is what is usual in each column, by the cards that were finished in the last days.
// It is asked for every card of a board: a card that comes or goes is counted in or out, and
// all are looked at again when the date has changed.
type usually struct {
	pace   flow.Pace
	ages   flow.Ages // each sorted
	cycles []int     // sorted
	day    calendar.Day
	known  bool
	stale  bool // pace is not that of ages and cycles
	// end is when the next card ends that was left out for not having ended yet: of the minute
	// that is not over, or by a clock that is ahead. Zero: none.
	end time.Time

	came, left []finish // since
}

// finish is a card that is finished.
type finish struct {
	at    time.Time
	track *flow.Track
}

// mostFinishes is how many are counted in and out one by one.
const mostFinishes = 200

func (u *usually) come(f *store.Face, base *flow.Track)  { u.note(&u.came, f, base) }
func (u *usually) leave(f *store.Face, base *flow.Track) { u.note(&u.left, f, base) }

func (u *usually) note(in *[]finish, f *store.Face, base *flow.Track) {
	if f.Card.Journey.Finished == nil || !u.known {
		return
	}
	if *in = append(*in, finish{*f.Card.Journey.Finished, base}); len(*in) > mostFinishes {
		u.known, u.came, u.left = false, nil, nil
	}
}

// at brings it up to date.
func (u *usually) at(cards []*store.Face, bases []*flow.Track, l kanban.Layout, b flow.Board, now time.Time, zone *time.Location) flow.Pace {
	today := calendar.Of(now, zone)
	if !u.known || u.day != today || !u.end.IsZero() && !now.Before(u.end) {
		*u = usually{pace: u.pace, ages: flow.Ages{}, day: today, known: true, stale: true}
		for i, f := range cards {
			if end := f.Card.Journey.Finished; end != nil {
				u.count(finish{*end, bases[i]}, b, now, zone)
			}
		}
		u.ages.Sort()
		slices.Sort(u.cycles)
	}
	u.follow(b, now, zone)
	if u.stale {
		u.pace, u.stale = newPace(l, u.ages, u.cycles), false
	}
	return u.pace
}

// follow counts out those that left and in those that came.
func (u *usually) follow(b flow.Board, now time.Time, zone *time.Location) {
	if len(u.left)+len(u.came) == 0 {
		return
	}
	out, in := usually{ages: flow.Ages{}}, usually{ages: flow.Ages{}}
	for _, f := range u.left {
		out.count(f, b, now, zone) // what ends later was not counted, and is not now
	}
	for _, f := range u.came {
		in.count(f, b, now, zone)
	}
	u.ages.Exchange(out.ages, in.ages)
	u.cycles = flow.Exchanged(u.cycles, out.cycles, in.cycles)
	if !in.end.IsZero() && (u.end.IsZero() || in.end.Before(u.end)) {
		u.end = in.end
	}
	u.came, u.left, u.stale = nil, nil, true
}

// count adds a card, if it was finished in the last days.
func (u *usually) count(f finish, b flow.Board, now time.Time, zone *time.Location) {
	if f.at.After(now) {
		if u.end.IsZero() || f.at.Before(u.end) {
			u.end = f.at
		}
		return
	}
	if kanban.Days(f.at, now, zone) > kanban.BaselineDays {
		return
	}
	if s := f.track.Stint(); s != nil && s.Outcome == flow.Done {
		u.ages.ExitAges(f.track, zone)
		u.ages.QueueAges(f.track, b, zone)
		u.cycles = append(u.cycles, kanban.Days(s.Started, s.Ended, zone))
	}
}

func newPace(l kanban.Layout, ages flow.Ages, cycles []int) flow.Pace {
	var started, queues []kanban.ColumnKey
	for _, c := range l.Columns {
		switch {
		case c.Category.Started():
			started = append(started, c.Key)
		case c.Category == kanban.Queue:
			queues = append(queues, c.Key)
		}
	}
	p := flow.NewPace(started, ages, cycles)
	if p != nil {
		p.Queued(queues, ages)
	}
	return p
}
