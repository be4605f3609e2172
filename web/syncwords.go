package web

import (
	"strconv"

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

// shareOf is a share of a whole, in per cent for an attribute.
func shareOf(n, of int) string {
	return strconv.FormatFloat(100*float64(min(max(n, 0), of))/float64(max(of, 1)), 'f', 1, 64) + "%"
}

// short is the beginning of a hash, as commands take it.
func short(hash string) string { return hash[:min(len(hash), 12)] }
