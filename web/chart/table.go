package chart

import (
	"cmp"
	"fmt"
	"io"
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
func (t *Table) Add(cells ...any) {
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
	t.Rows = append(t.Rows, row)
}

// Shown is the table as a page shows it: a column in which nothing stands is left to the
// file, whose columns are always the same.
func (t *Table) Shown() Table {
	out := *t
	out.Head = slices.Clone(t.Head)
	for n := range out.Head {
		something := slices.ContainsFunc(t.Rows, func(row []Cell) bool { return n < len(row) && row[n].Text != "" })
		out.Head[n].File = out.Head[n].File || !something && len(t.Rows) > 0
	}
	return out
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
	rows := append(make([][]string, 0, len(t.Rows)+1), head)
	for _, r := range t.Rows {
		row := make([]string, len(r))
		for i, c := range r {
			row[i] = cmp.Or(c.Data, c.Text)
		}
		rows = append(rows, row)
	}
	return sheet.Write(w, rows...)
}
