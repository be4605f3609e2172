package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/store"
)

// What the columns of a board can be divided by.
const (
	LanesUnit     = "unit"
	LanesClass    = "class"
	LanesAssignee = "assignee"
	LanesEpic     = "epic" // epic, parent or milestone
)

// Lane is a row of cards that have something in common: over the whole board, or in one
// column.
type Lane struct {
	Key   string // None: nothing of the kind; laneHidden: not for this viewer; laneRest
	Name  string
	Count int    // before the cut to what is shown
	Cards []Card // in a column
	Limit *Limit // of the whole board, nil where none is set or told
}

// maxLanes is how many lanes a board has; the smallest go together into one.
const maxLanes = 30

// Hidden is the key of what is not told to the viewer.
const Hidden = laneHidden

// Keys of lanes that stand for no value. A value never begins with a slash.
const (
	laneHidden = "/hidden"
	laneRest   = "/rest"
)

// lanes says which lane each card belongs to. A nil *lanes divides nothing.
type lanes struct {
	by    func(kanban.Card, grant) (key, name string)
	order []Lane
	at    map[string]int
}

// lanes finds out what the piles of the columns are divided into, the largest lane first.
func (v *Sight) lanes(piles [][]*store.Face, q Query) *lanes {
	l := &lanes{by: v.laneOf(q.Lanes), at: map[string]int{}}
	if l.by == nil {
		return nil
	}
	for _, pile := range piles {
		for _, f := range pile {
			key, name := l.by(f.Card, v.grant(f.Card))
			i, ok := l.at[key]
			if !ok {
				i, l.at[key] = len(l.order), len(l.order)
				l.order = append(l.order, Lane{Key: key, Name: name})
			}
			l.order[i].Count++
		}
	}
	l.settle(v.laneRank(q.Lanes))
	return l
}

// settle puts the lanes into order and joins those that are too many.
func (l *lanes) settle(rank func(Lane) int) {
	slices.SortFunc(l.order, func(a, b Lane) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Count, a.Count), strings.Compare(a.Key, b.Key))
	})
	if len(l.order) > maxLanes {
		rest := Lane{Key: laneRest, Name: "All others"}
		for _, o := range l.order[maxLanes-1:] {
			rest.Count += o.Count
		}
		l.order = append(l.order[:maxLanes-1], rest)
	}
	l.at = map[string]int{}
	for i, o := range l.order {
		l.at[o.Key] = i
	}
}

// of is the lane of a card.
func (l *lanes) of(c kanban.Card, g grant) int {
	key, _ := l.by(c, g)
	if i, ok := l.at[key]; ok {
		return i
	}
	return l.at[laneRest]
}

func (l *lanes) heads() []Lane {
	if l == nil {
		return nil
	}
	return l.order
}

// laneOf tells how a card's lane is found, nil where nothing is to be divided.
func (v *Sight) laneOf(by string) func(kanban.Card, grant) (key, name string) {
	named := func(may bool, value, none string) (string, string) {
		switch {
		case !may:
			return laneHidden, "Not shown to you"
		case value == "":
			return None, none
		}
		return value, value
	}
	switch by {
	case LanesUnit:
		return func(c kanban.Card, _ grant) (string, string) { return string(c.Unit), v.unitName(c.Unit) }
	case LanesClass:
		return func(c kanban.Card, _ grant) (string, string) { return c.Class, ClassName(c.Class) }
	case LanesAssignee:
		return func(c kanban.Card, g grant) (string, string) { return named(g.people, c.Assignee, "Nobody yet") }
	case LanesEpic:
		return func(c kanban.Card, g grant) (string, string) { return named(g.epic(c), c.Group, "On its own") }
	}
	return nil
}

// laneRank puts units and classes into the order of the configuration, and lanes that
// stand for no value last.
func (v *Sight) laneRank(by string) func(Lane) int {
	last := map[string]int{None: 1, laneHidden: 2, laneRest: 3}
	var keys []string
	switch by {
	case LanesClass:
		keys = classes()
	case LanesUnit:
		for _, u := range v.units() {
			keys = append(keys, u.Key)
		}
	default:
		return func(l Lane) int { return last[l.Key] }
	}
	return func(l Lane) int {
		if i := slices.Index(keys, l.Key); i >= 0 {
			return i
		}
		return len(keys)
	}
}

// classes are the classes of service, the most urgent first.
func classes() []string { return []string{"expedite", "fixed-date", "standard", "intangible"} }

// ClassName is what people call a class of service.
func ClassName(key string) string {
	switch key {
	case "expedite":
		return "Expedite"
	case "fixed-date":
		return "Fixed date"
	case "standard", "":
		return "Standard"
	case "intangible":
		return "Intangible"
	}
	return key
}

// divide puts the cards of a column, which are in order, into its lanes. The room is the
// column's: a lane gets what others leave.
func (v *Sight) divide(c *Column, pile []*store.Face, l *lanes, room int, now time.Time) {
	rows := make([][]*store.Face, len(l.order))
	for _, f := range pile {
		i := l.of(f.Card, v.grant(f.Card))
		rows[i] = append(rows[i], f)
	}
	counts := make([]int, len(rows))
	for i, row := range rows {
		counts[i] = len(row)
	}
	for i, n := range share(counts, room) {
		lane := Lane{Key: l.order[i].Key, Name: l.order[i].Name, Count: counts[i]}
		for _, f := range rows[i][:n] {
			lane.Cards = append(lane.Cards, v.card(f, now))
		}
		c.Cards = append(c.Cards, lane.Cards...)
		c.Lanes = append(c.Lanes, lane)
	}
}

// share gives each of those who want something an equal part of what there is, and what
// some do not need to the others. Of a rest that cannot be divided the first get more.
func share(wants []int, room int) []int {
	out, left := make([]int, len(wants)), room
	for left > 0 {
		open := 0
		for i, w := range wants {
			if out[i] < w {
				open++
			}
		}
		if open == 0 {
			return out
		}
		part := max(left/open, 1)
		for i, w := range wants {
			more := min(part, w-out[i], left)
			out[i] += more
			left -= more
		}
	}
	return out
}
