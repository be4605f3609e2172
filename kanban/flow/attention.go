package flow

import (
	"cmp"
	"math"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Drain is how the work of one unit comes in and goes out, and how long what is open will
// take.
type Drain struct {
	Unit kanban.UnitKey
	Open int // cards that are neither done nor given up
	Came int // created within the span
	Left int // finished or given up within it
	Days int // of the span since the unit's first card, and a week at least
}

// Arrivals is how many cards are created per week.
func (d Drain) Arrivals() float64 { return PerWeek(d.Came, d.Days) }

// Done is how many cards are finished or given up per week.
func (d Drain) Done() float64 { return PerWeek(d.Left, d.Days) }

// PerWeek is how many of something there are in a week, of so many in some days.
func PerWeek(n, days int) float64 {
	if days == 0 {
		return 0
	}
	return 7 * float64(n) / float64(days)
}

// Weeks is how many weeks the open work takes at this pace; ok is false where it will
// never be done, because as much or more comes in.
func (d Drain) Weeks() (weeks float64, ok bool) {
	if d.Open == 0 {
		return 0, true
	}
	if d.Left <= d.Came {
		return math.Inf(1), false
	}
	return float64(d.Open) / (d.Done() - d.Arrivals()), true
}

// Drains measures every unit over a span, by unit.
func Drains(items []Item, b Board, c Clock, span Span) []Drain {
	units := map[kanban.UnitKey]*Drain{}
	for _, i := range items {
		d := units[i.Unit]
		if d == nil {
			d = &Drain{Unit: i.Unit}
			units[i.Unit] = d
		}
		created := c.Day(i.Created)
		if d.Days = max(d.Days, span.Recorded(created).Len()); span.Has(created) {
			d.Came++
		}
		if !b.Category(i.Column).Ended() {
			d.Open++
		} else if span.Has(c.Day(i.Since)) {
			d.Left++
		}
	}
	out := make([]Drain, 0, len(units))
	for _, d := range units {
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Drain) int { return cmp.Compare(a.Unit, b.Unit) })
	return out
}

// Untouched are the open cards to which nothing happened for so many days, the longest
// first.
func Untouched(items []Item, b Board, c Clock, days int) []Item {
	type since struct {
		Item
		last calendar.Day
	}
	var found []since
	today := c.Today()
	for _, i := range items {
		if last := i.LastTouch(c); int(today-last) >= days && !b.Category(i.Column).Ended() {
			found = append(found, since{i, last})
		}
	}
	slices.SortFunc(found, func(a, b since) int { return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(a.Card, b.Card)) })
	out := make([]Item, len(found))
	for n, f := range found {
		out[n] = f.Item
	}
	return out
}

// LastTouch is the day on which anything happened to a card for the last time.
func (i Item) LastTouch(c Clock) calendar.Day {
	if n := len(i.Touched); n > 0 {
		return i.Touched[n-1]
	}
	return c.Day(i.Created)
}

// Starved says of a work type how its finished share compares with the share that was
// meant for it.
type Starved struct {
	Type  string
	Open  int     // cards that wait or are under way
	Share float64 // of what was finished, 0 to 1
	Floor float64 // that was meant for it, 0 to 1
}

// Starving lists the work types of which cards are open and less was finished within a
// span than their floor: what is always put off. floors are shares, 0 to 1, by type.
func Starving(items []Item, b Board, c Clock, span Span, floors map[string]float64) []Starved {
	open, done := map[string]int{}, map[string]int{}
	for _, i := range items {
		if !b.Category(i.Column).Ended() {
			open[i.Type]++
		}
		if i.finished(c, span) != nil {
			done[i.Type]++
		}
	}
	return StarvingOf(open, done, floors)
}

// StarvingOf is Starving of cards that were counted by type: those that are open, and those
// that were finished.
func StarvingOf(open, done map[string]int, floors map[string]float64) []Starved {
	all := 0
	for _, n := range done {
		all += n
	}
	var out []Starved
	for kind, floor := range floors {
		s := Starved{Type: kind, Open: open[kind], Share: ratio(done[kind], all), Floor: floor}
		if s.Open > 0 && s.Share < floor {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Starved) int { return cmp.Compare(a.Type, b.Type) })
	return out
}

// Inflation is how much of a unit's open work claims to be urgent.
type Inflation struct {
	Unit kanban.UnitKey
	Top  int // urgent open cards
	Open int
}

// Share is the part of the open cards that is urgent, 0 to 1.
func (i Inflation) Share() float64 { return ratio(i.Top, i.Open) }

// UrgentRank is the lowest rank that counts as urgent on a scale of so many priorities: of
// the second one, but never of the lowest while there is another.
func UrgentRank(priorities int) int {
	if priorities == 1 || priorities == 2 {
		return 1
	}
	return 2
}

// Urgent reports whether a card's priority is of a rank or higher.
func (i Item) Urgent(rank int) bool { return i.Rank > 0 && i.Rank <= rank }

// Inflations measures every unit, by unit. Urgent is what is of a rank or higher.
func Inflations(items []Item, b Board, rank int) []Inflation {
	units := map[kanban.UnitKey]*Inflation{}
	for _, i := range items {
		if b.Category(i.Column).Ended() {
			continue
		}
		u := units[i.Unit]
		if u == nil {
			u = &Inflation{Unit: i.Unit}
			units[i.Unit] = u
		}
		if u.Open++; i.Urgent(rank) {
			u.Top++
		}
	}
	out := make([]Inflation, 0, len(units))
	for _, u := range units {
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b Inflation) int { return cmp.Compare(a.Unit, b.Unit) })
	return out
}

// After is the date so many days from now.
func (c Clock) After(days int) time.Time { return (c.Today() + calendar.Day(days)).Start(c.Zone) }
