package chart

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"parley/kanban/sheet"
)

// Table is data in rows: what a chart shows, and what a page and a CSV file tell.
type Table struct {
	Key     string // its name in addresses
	Caption string
	Head    []Head
	Rows    [][]Cell
	// Later are the rows after those: of ten thousand cards a page shows the first few, and
	// only a file needs the rest.
	Later Later
}

// Later are rows that are made when somebody asks for them.
type Later struct {
	N   int
	Row func(n int) []any // the n-th of them from 0, as Add takes it
}

// Len is how many rows a table has.
func (t *Table) Len() int { return len(t.Rows) + t.Later.N }

// First cuts a table to its first rows, and makes them.
func (t *Table) First(n int) {
	t.Rows, t.Later = slices.Collect(t.rows(n)), Later{}
}

// row is the n-th.
func (t *Table) row(n int) []Cell {
	if n < len(t.Rows) {
		return t.Rows[n]
	}
	return rowOf(t.Later.Row(n - len(t.Rows)))
}

// rows are the first so many.
func (t *Table) rows(most int) iter.Seq[[]Cell] {
	return func(yield func([]Cell) bool) {
		for n := range min(most, t.Len()) {
			if !yield(t.row(n)) {
				return
			}
		}
	}
}

// Head is the heading of a column of a table.
type Head struct {
	Text string
	Num  bool // numbers stand in it
	File bool // it is in the file alone
}

// Cell is one value. Its link leads to the cards behind it, or to the card itself. Data is
// what stands in a file for it where that is not its text: a number without its unit.
type Cell struct{ Text, Link, Data string }

// Words and Nums make headings.
func Words(names ...string) []Head { return heads(false, names) }

// Nums are headings of columns with numbers.
func Nums(names ...string) []Head { return heads(true, names) }

func heads(numbers bool, names []string) []Head {
	out := make([]Head, len(names))
	for i, n := range names {
		out[i] = Head{Text: n, Num: numbers}
	}
	return out
}

// Add adds a row: each cell a Cell, a text or a number.
func (t *Table) Add(cells ...any) { t.Rows = append(t.Rows, rowOf(cells)) }

func rowOf(cells []any) []Cell {
	row := make([]Cell, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case Cell:
			row[i] = v
		case string:
			row[i] = Cell{Text: v}
		case int:
			row[i] = Cell{Text: strconv.Itoa(v)}
		case float64:
			row[i] = Cell{Text: strconv.FormatFloat(v, 'f', 1, 64)}
		default:
			row[i] = Cell{Text: fmt.Sprint(v)}
		}
	}
	return row
}

// Shown is the table as a page shows it: a column in which nothing stands is left to the
// file, whose columns are always the same.
func (t *Table) Shown() Table {
	out := *t
	out.Head = slices.Clone(t.Head)
	for n := range out.Head {
		out.Head[n].File = out.Head[n].File || t.Len() > 0 && !t.something(n)
	}
	return out
}

// something reports whether anything stands in a column.
func (t *Table) something(column int) bool {
	for row := range t.rows(t.Len()) {
		if column < len(row) && row[column].Text != "" {
			return true
		}
	}
	return false
}

// Num is a number with a way to the cards behind it.
func Num(n int, link string) Cell {
	if n == 0 {
		link = "" // there are none to show
	}
	return Cell{Text: strconv.Itoa(n), Link: link}
}

// CSV writes the table, as package sheet says.
func (t *Table) CSV(w io.Writer) error {
	head := make([]string, len(t.Head))
	for i, h := range t.Head {
		head[i] = h.Text
	}
	rows := append(make([][]string, 0, t.Len()+1), head)
	for r := range t.rows(t.Len()) {
		row := make([]string, len(r))
		for i, c := range r {
			row[i] = cmp.Or(c.Data, c.Text)
		}
		rows = append(rows, row)
	}
	return sheet.Write(w, rows...)
}
