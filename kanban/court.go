package kanban

import (
	"slices"
	"time"
)

// Spell is a stretch of time in which one party had the turn.
type Spell struct {
	Party   Party     `json:"party"` // Nobody: the card had left the board, or stood where nobody has the turn
	Blocked bool      `json:"blocked"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

// Length is how long it lasted.
func (s Spell) Length() time.Duration { return s.To.Sub(s.From) }

// Hindrance is a stretch of time in which a card was blocked. A zero To is one that lasts.
type Hindrance struct {
	Party  Party     `json:"party"`
	Reason string    `json:"reason,omitempty"` // in words
	From   time.Time `json:"from"`
	To     time.Time `json:"to,omitzero"`
	Asked  bool      `json:"asked,omitempty"` // for the answer to a question
}

// AwaitsAnswer is the reason for which a card is blocked that waits for the answer to a
// question. What was asked is only for those who may read the card.
const AwaitsAnswer = "a question waits for its answer"

// Courts adds up how long cards were in each court. Blocked time counts as that and as
// nobody's own, whoever it waited for and wherever the card stood.
type Courts struct {
	Business, IT, Third, Blocked, Nobody time.Duration
}

// Span is what a card's age is counted over: from the start of work, else from the
// commitment, else from creation; until the finish, or now. It never ends before it begins.
func (j Journey) Span(now time.Time) (from, to time.Time) {
	from, to = j.Created, now
	if j.Committed != nil {
		from = *j.Committed
	}
	if j.Started != nil {
		from = *j.Started
	}
	if j.Finished != nil {
		to = *j.Finished
	}
	return from, latest(from, to)
}

// Spells tells in whose court a card was between two moments: by the columns it
// entered, oldest first, and by what blocked it. Together they last from the one to the
// other without a gap, and neighbours differ. Before its first step a card is taken to
// have been where that led; without any, with IT. While it had left the board nothing
// blocked it.
func Spells(steps []Step, blocks []Hindrance, l Layout, from, to time.Time) []Spell {
	var out []Spell
	for at := from; at.Before(to); {
		s := Spell{From: at, To: turning(steps, blocks, at, to)}
		s.Party, s.Blocked = court(steps, blocks, l, at)
		at = s.To
		if n := len(out); n > 0 && out[n-1].Party == s.Party && out[n-1].Blocked == s.Blocked {
			out[n-1].To = s.To
			continue
		}
		out = append(out, s)
	}
	return out
}

// TurnSince is since when the party that has the turn now has had it, blocked or not,
// without a break. It is not before from, where the card began.
func TurnSince(steps []Step, blocks []Hindrance, l Layout, from, now time.Time) time.Time {
	moments := make([]time.Time, 0, len(steps)+2*len(blocks))
	for _, s := range steps {
		moments = append(moments, s.At)
	}
	for _, b := range blocks {
		moments = append(moments, b.From, b.To)
	}
	moments = slices.DeleteFunc(moments, func(t time.Time) bool { return t.After(now) || !t.After(from) })
	slices.SortFunc(moments, func(a, b time.Time) int { return b.Compare(a) })
	turn, _ := court(steps, blocks, l, now)
	for _, at := range moments {
		if before, _ := court(steps, blocks, l, at.Add(-1)); before != turn {
			return at
		}
	}
	return from
}

// court is who had the turn at a moment, and whether the card was blocked then.
func court(steps []Step, blocks []Hindrance, l Layout, at time.Time) (turn Party, blocked bool) {
	turn = IT
	if i := standing(steps, at); i >= 0 {
		if turn = l.Turn(steps[i].Column); l.ended(steps[i].Column) {
			return turn, false
		}
	}
	if b := hindering(blocks, at); b != nil {
		return b.Party, true
	}
	return turn, false
}

// turning is the first moment after one, and to at the latest, at which something changes.
func turning(steps []Step, blocks []Hindrance, at, to time.Time) time.Time {
	cut := func(t time.Time) {
		if t.After(at) && t.Before(to) {
			to = t
		}
	}
	for _, step := range steps {
		cut(step.At)
	}
	for _, b := range blocks {
		cut(b.From)
		cut(b.To)
	}
	return to
}

// standing is the index of the step that a card stands at, -1 where it made none. Of steps
// at odds about their moments the later one in the record counts.
func standing(steps []Step, at time.Time) int {
	for i, s := range slices.Backward(steps) {
		if !s.At.After(at) {
			return i
		}
	}
	return min(len(steps), 1) - 1
}

func hindering(blocks []Hindrance, at time.Time) *Hindrance {
	for i, b := range blocks {
		if !b.From.After(at) && (b.To.IsZero() || b.To.After(at)) {
			return &blocks[i]
		}
	}
	return nil
}

// Turn says whose move it is while a card rests in a column that nothing blocks it in: IT's
// where the column does not say, and where it is not known; Nobody's once the card has left.
func (l Layout) Turn(key ColumnKey) Party {
	col, ok := l.Column(key)
	switch {
	case ok && col.Category.Ended():
		return Nobody
	case ok && col.Turn != "":
		return col.Turn
	default:
		return IT
	}
}

func (l Layout) ended(key ColumnKey) bool {
	col, ok := l.Column(key)
	return ok && col.Category.Ended()
}

// Add counts time in which one party had the turn, or in which the card was blocked.
func (c *Courts) Add(turn Party, blocked bool, d time.Duration) {
	switch {
	case blocked:
		c.Blocked += d
	case turn == Business:
		c.Business += d
	case turn == IT:
		c.IT += d
	case turn == Third:
		c.Third += d
	default:
		c.Nobody += d
	}
}

// Tally adds up spells.
func Tally(spells []Spell) Courts {
	var c Courts
	for _, s := range spells {
		c.Add(s.Party, s.Blocked, s.Length())
	}
	return c
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
