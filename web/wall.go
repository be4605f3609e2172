package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// wallData is the board on a screen that nobody sits at.
type wallData struct {
	frame
	Board   view.Board
	Columns []wallColumn
	Over    []view.Over
	Late    []view.Card // the oldest of those that are older than usual
	LateAll int
	Blocked []view.Card
	Now     string
	Zone    string // in which the wall tells the time, as browsers know it
}

// wallColumn is a column of the wall and the page of it that it stands on.
type wallColumn struct {
	view.Column
	Page int
}

// wallPerPage is how many columns stand side by side; wallCards how many cards at most
// have room in one.
const (
	wallPerPage = 3
	wallCards   = 8
	wallLate    = 7
)

func (s *server) wallPage(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query(), wallCards, wallCards)
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, sentence(err.Error()))
		return
	}
	q.Column = ""
	board, err := s.reader(r).Board(r.Context(), q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	zone := cmp.Or(s.Zone, time.UTC)
	d := wallData{Board: board, Over: board.Pulse.Over, Now: board.At.In(zone).Format("15:04"), Zone: zone.String()}
	d.frame = s.frameOf(r, "wall", "Board", board)
	for _, c := range board.Columns {
		if !c.Category.Ended() {
			d.Columns = append(d.Columns, wallColumn{c, len(d.Columns)/wallPerPage + 1})
		}
	}
	if d.Late, d.LateAll, err = s.worst(r, q, func(q *view.Query) { q.Age = view.AgeOlder }); err == nil {
		d.Blocked, _, err = s.worst(r, q, func(q *view.Query) { q.State = view.StateBlocked })
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "wall-page", d)
}

// worst are the oldest cards of a narrower query, and how many there are.
func (s *server) worst(r *http.Request, q view.Query, narrow func(*view.Query)) ([]view.Card, int, error) {
	narrow(&q)
	q.Limit = 1000
	b, err := s.reader(r).Board(r.Context(), q)
	if err != nil {
		return nil, 0, fmt.Errorf("read the oldest cards: %w", err)
	}
	var all []view.Card
	for _, c := range b.Columns {
		if !c.Category.Ended() {
			all = append(all, c.Cards...)
		}
	}
	return oldestFirst(all, wallLate), len(all), nil
}

// Pages is how many pages the wall turns over: the columns, and then the summary.
func (d wallData) Pages() int { return (len(d.Columns)+wallPerPage-1)/wallPerPage + 1 }

// WithWhom says whose turn it is for so many days.
func (wallData) WithWhom(c view.Card) string {
	if c.Blocked != nil && c.Turn == kanban.Third {
		return "third party, " + since(c.BlockedDays)
	}
	return turnName(c.Turn) + ", " + since(c.TurnDays)
}

// oldestFirst sorts cards by age, and leaves so many.
func oldestFirst(cards []view.Card, most int) []view.Card {
	slices.SortStableFunc(cards, func(a, b view.Card) int { return cmp.Compare(b.AgeDays, a.AgeDays) })
	return cards[:min(len(cards), most)]
}
