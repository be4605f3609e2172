package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/sync/view"
)

// mappedRows is a table of the mapping.
type mappedRows struct {
	Rows  []view.Mapped
	Most  int
	Reach bool // it tells whether workflows lead there
}

func rowsOf(rows []view.Mapped, most int, reach bool) mappedRows {
	return mappedRows{rows, most, reach}
}

// lostCards counts what loses its place on the board, or is hidden.
func lostCards(p view.Preview) (n int) {
	for _, s := range p.Shifts {
		if s.Lost {
			n += s.Cards
		}
	}
	return n
}

// grouped is a number with its thousands apart.
func grouped(n any) string {
	digits := []byte(fmt.Sprint(n))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = slices.Insert(digits, i, ',')
	}
	return string(digits)
}

// shareOf is a share of a whole, in per cent for an attribute.
func shareOf(n, of int) string {
	return strconv.FormatFloat(100*float64(min(max(n, 0), of))/float64(max(of, 1)), 'f', 1, 64) + "%"
}

// short is the beginning of a hash, as commands take it.
func short(hash string) string { return hash[:min(len(hash), 12)] }

// capital begins a sentence.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
