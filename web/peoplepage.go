package web

import (
	"maps"
	"net/http"
	"net/url"

	"parley/kanban"
	"parley/sync/view"
)

// peopleData is the page that tells who works on what.
type peopleData struct {
	frame
	People   view.People
	Columns  []view.Column // of the board: the way that cards go
	Controls []control
	Hidden   []option
	LeftOut  []string // filters of the address whose values cannot be, in words
	ByEpic   viewLink
	ByProj   viewLink
}

func (s *server) peoplePage(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	board, err := s.reader(r).Board(r.Context(), view.Query{Limit: 1})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var people view.People
	leftOut, err := lenient(v, func(v url.Values) error {
		q, err := queryOf(v, 0, 1000)
		if err != nil {
			return badAddress{err}
		}
		people, err = s.reader(r).People(r.Context(), q, v.Get("by"))
		return err
	})
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	a := addressOf("/people", v)
	d := peopleData{People: people, LeftOut: leftOut, Controls: controlsOf(a, board).Main, frame: s.frameOf(r, "people", "People", board)}
	epics := url.Values{"by": {view.PeopleEpic}}
	maps.Copy(epics, a.values)
	d.ByProj = viewLink{Name: "Projects", Link: at("/people", a.values), Current: people.By != view.PeopleEpic}
	d.ByEpic = viewLink{Name: "Epics", Link: at("/people", epics), Current: people.By == view.PeopleEpic}
	if d.ByEpic.Current {
		d.Hidden = append(d.Hidden, option{Text: "by", Value: view.PeopleEpic})
	}
	for _, c := range board.Columns {
		if c.Category != kanban.Option && !c.Category.Ended() && c.Key != view.ColumnUnmapped {
			d.Columns = append(d.Columns, c)
		}
	}
	s.render(w, r, http.StatusOK, "people-page", d)
}

// Row is the board with everything of one row.
func (d peopleData) Row(row view.PeopleRow) string {
	if !d.People.Named {
		return "/?unit=" + url.QueryEscape(row.Key)
	}
	return "/?assignee=" + url.QueryEscape(row.Key)
}

// Cell is the board with everything of one cell, "" where no filter says that.
func (d peopleData) Cell(row view.PeopleRow, col view.Named) string {
	if col.Key[:1] == "/" || row.Key[:1] == "/" {
		return ""
	}
	key := "project"
	if d.People.By == view.PeopleEpic {
		key = "epic"
	}
	return d.Row(row) + "&" + key + "=" + url.QueryEscape(col.Key)
}

// Steps are the columns of the way with the one in which a card is.
func (d peopleData) Steps(c view.Card) []string {
	out := make([]string, len(d.Columns))
	for i := range d.Columns {
		out[i] = "ahead"
	}
	for i, col := range d.Columns {
		if string(col.Key) == c.Column {
			out[i] = "here"
			break
		}
		out[i] = "behind"
	}
	return out
}

// ColumnName is the column in which a card is.
func (d peopleData) ColumnName(c view.Card) string {
	for _, col := range d.Columns {
		if string(col.Key) == c.Column {
			return col.Name
		}
	}
	return c.Column
}
