package web

import (
	"context"
	"maps"
	"net/http"

	"parley/sync/view"
)

// exportCards gives the cards that the filters of an address select as CSV.
func (s *server) exportCards(w http.ResponseWriter, r *http.Request) {
	s.export(w, r, "cards.csv", s.reader(r).CardTable)
}

// exportEvents gives what happened to those cards, of which flow is computed.
func (s *server) exportEvents(w http.ResponseWriter, r *http.Request) {
	s.export(w, r, "events.csv", s.reader(r).EventTable)
}

func (s *server) export(w http.ResponseWriter, r *http.Request, name string, read func(context.Context, view.Query) (view.Table, error)) {
	q, err := queryOf(r.URL.Query(), 0, 1000)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	table, err := read(r.Context(), q)
	if err != nil {
		s.reply(w, r, nil, err)
		return
	}
	s.sheet(w, r, name, table)
}

// Export is where what the page shows is given as a file.
func (d *boardData) Export(name string) string {
	values := maps.Clone(d.Address.values)
	for _, key := range append(lookKeys(), "column") {
		values.Del(key)
	}
	return at("/export/"+name, values)
}
