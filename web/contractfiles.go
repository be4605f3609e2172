package web

import (
	"net/http"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// ledgerCSV is all of a ledger as a file.
func (s *server) ledgerCSV(w http.ResponseWriter, r *http.Request) {
	unit := kanban.UnitKey(r.PathValue("unit"))
	lines, err := s.reader(r).Ledger(r.Context(), unit)
	if err != nil {
		s.failContract(w, r, err)
		return
	}
	s.sheet(w, r, "ledger.csv", view.LedgerTable(lines))
}

// verdictsCSV is what came of the promises of the last weeks as a file.
func (s *server) verdictsCSV(w http.ResponseWriter, r *http.Request) {
	c, err := s.reader(r).ContractWith(r.Context(), kanban.UnitKey(r.PathValue("unit")), view.VerdictQuery{Limit: -1})
	if err != nil {
		s.failContract(w, r, err)
		return
	}
	s.sheet(w, r, "verdicts.csv", verdictTable(c))
}

func verdictTable(c view.Contract) view.Table {
	t := view.Table{Columns: []string{"id", "unit", "period", "promise", "by", "outcome", "failing", "contested", "card", "key", "due", "clock", "sentence"}}
	for _, v := range c.Verdicts {
		due := ""
		if !v.Due.IsZero() {
			due = v.Due.UTC().Format(time.RFC3339)
		}
		t.Rows = append(t.Rows, []string{v.ID, string(c.Unit), v.Period, string(v.Promise), string(v.By), string(v.Outcome), view.YesNo(v.Failing), view.YesNo(v.Contested), string(v.Card),
			v.Called, due, v.Clock, v.Sentence})
	}
	return t
}

// sheet answers with a table as a file.
func (s *server) sheet(w http.ResponseWriter, r *http.Request, name string, t view.Table) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if err := t.Write(w); err != nil && r.Context().Err() == nil {
		s.Log.WarnContext(r.Context(), "write an export", "path", r.URL.Path, "error", err)
	}
}
