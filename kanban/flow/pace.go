package flow

import (
	"slices"
	"time"

	"parley/kanban"
)

// BaselineSize is how many finished items are needed before what is usual can be told.
const BaselineSize = 10

// Pace is what is usual, column by column: of the items that finished, how old they were
// when they left it for the last time (pace percentiles, as ActionableAgile and
// Lighthouse draw them). The lines never fall from one column to the next, and those of
// the last column are those of the cycle time. So no line lies above that of the cycle time
// either: where only what was slow passes a column, it is slow there too.
type Pace map[kanban.ColumnKey]Lines

// Ages are the ages in days that finished items had at their last exit from each column.
type Ages map[kanban.ColumnKey][]int

// ExitAges adds the ages that a finished card had.
func (a Ages) ExitAges(t *Track, zone *time.Location) {
	s := t.Stint()
	if s == nil || s.Outcome != Done {
		return
	}
	for _, v := range t.Visits() {
		if v.Left.After(s.Started) && !v.Left.After(s.Ended) {
			a[v.Column] = append(a[v.Column], kanban.Days(s.Started, v.Left, zone))
		}
	}
}

// QueueAges adds, for the columns in which committed work waits to be started, how long a
// finished card had been committed to when it left them.
func (a Ages) QueueAges(t *Track, b Board, zone *time.Location) {
	s := t.Stint()
	if s == nil || s.Outcome != Done {
		return
	}
	for _, v := range t.Visits() {
		if b.Category(v.Column) == kanban.Queue && v.Left.After(s.Committed) && !v.Left.After(s.Ended) {
			a[v.Column] = append(a[v.Column], kanban.Days(s.Committed, v.Left, zone))
		}
	}
}

// Sort sorts the ages of each column.
func (a Ages) Sort() {
	for _, ages := range a {
		slices.Sort(ages)
	}
}

// Exchange takes some ages out, each of which has to be there, and others in. All are sorted
// then, if they were.
func (a Ages) Exchange(out, in Ages) {
	for column := range out {
		a[column] = Exchanged(a[column], out[column], nil)
	}
	for column := range in {
		a[column] = Exchanged(a[column], nil, in[column])
	}
}

// Exchanged is a sorted sample without some of its values, and with others. It may be in the
// place of the sample.
func Exchanged(sorted, out, in []int) []int {
	for _, days := range out {
		n, _ := slices.BinarySearch(sorted, days)
		sorted = slices.Delete(sorted, n, n+1)
	}
	for _, days := range in {
		n, _ := slices.BinarySearch(sorted, days)
		sorted = slices.Insert(sorted, n, days)
	}
	return sorted
}

// NewPace draws the lines from the ages of finished items, for the started columns in
// their order; cycles are the whole cycle times in days. With fewer than BaselineSize
// items there are none, and a column that fewer have passed is held against the cycle
// time, as are those after it.
func NewPace(columns []kanban.ColumnKey, ages Ages, cycles []int) Pace {
	if len(cycles) < BaselineSize {
		return nil
	}
	out, cycle := Pace{}, LinesOf(cycles)
	var before Lines
	for i, column := range columns {
		lines := cycle
		if i < len(columns)-1 && len(ages[column]) >= BaselineSize {
			lines = LinesOf(ages[column])
			for _, p := range Percents() {
				lines[p] = min(max(lines[p], before[p]), cycle[p])
			}
		}
		out[column], before = lines, lines
	}
	return out
}

// Queued adds the lines of the columns in which committed work waits, those that enough
// finished items have passed.
func (p Pace) Queued(columns []kanban.ColumnKey, ages Ages) {
	for _, column := range columns {
		if len(ages[column]) >= BaselineSize {
			p[column] = LinesOf(ages[column])
		}
	}
}

// Band is that of a card which is so many days old in a column.
func (p Pace) Band(column kanban.ColumnKey, age int) kanban.Band { return p[column].Band(age) }
