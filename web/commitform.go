package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"parley/kanban"
	"parley/sync/view"
)

// replenishPage is the sheet that both sides have before them at the cut-off.
func (s *server) replenishPage(w http.ResponseWriter, r *http.Request) { s.showSheet(w, r, nil) }

// showSheet is the sheet, and why a request could not be committed to.
func (s *server) showSheet(w http.ResponseWriter, r *http.Request, refused *Refusal) {
	d, err := s.sheetOf(r)
	if err == nil && refused == nil {
		err = s.committed(r, &d)
	}
	if err != nil {
		s.failContract(w, r, err)
		return
	}
	d.Listed, d.Refused = true, refused
	s.render(w, r, statusOf(refused), "replenish-page", d)
}

// sheetOf reads what the sheet shows, and what its reader can commit to.
func (s *server) sheetOf(r *http.Request) (d replenishData, err error) {
	ctx := r.Context()
	if d.R, err = s.reader(r).Replenishment(ctx, kanban.UnitKey(r.PathValue("unit"))); err != nil {
		return d, err
	}
	var b view.Board
	if d.frame, b, err = s.framed(ctx, r, "contract", "Replenishment, "+d.R.Name+" and IT"); err != nil {
		return d, err
	}
	d.Op, d.To = newOp(), commitmentOf(b.Columns)
	who := viewer(r)
	for _, ready := range d.R.Ready {
		i := slices.IndexFunc(b.Columns, func(c view.Column) bool { return string(c.Key) == ready.Column })
		var from kanban.Column
		if i >= 0 {
			from = boardColumn(b.Columns[i])
		}
		why := who.Role.MayMove(who.Owns(d.R.Unit), from, boardColumn(d.To))
		if who.Link {
			why = "you came by a link that only shows"
		}
		d.May = append(d.May, why)
	}
	return d, nil
}

// commitmentOf is the column that a request enters when it is taken on: the first in which
// work waits for IT, else the first in which it is done.
func commitmentOf(columns []view.Column) view.Column {
	for _, category := range []kanban.Category{kanban.Queue, kanban.Active} {
		if i := slices.IndexFunc(columns, func(c view.Column) bool { return c.Category == category }); i >= 0 {
			return columns[i]
		}
	}
	return view.Column{}
}

// committed reads what was committed to just now.
func (s *server) committed(r *http.Request, d *replenishData) error {
	q := r.URL.Query()
	id, op := q.Get("card"), q.Get("undo")
	if id == "" || len(id) > maxOp || len(op) > maxOp {
		return nil
	}
	card, err := s.reader(r).Card(r.Context(), id)
	if err == nil {
		d.Committed, d.Undo = &card, op
	}
	return leftOut(err)
}

// commitForm commits to a ready request: it goes to the column of the commitment by an
// ordinary change on the board, so that both trackers are written.
func (s *server) commitForm(w http.ResponseWriter, r *http.Request) {
	rev, ok := s.formRev(w, r)
	if !ok {
		return
	}
	in := Intent{Card: r.PostFormValue("card"), Field: "status", Rev: rev, Op: r.PostFormValue("op"), By: viewer(r)}
	from := r.PostFormValue("from")
	in.Expect = &from
	if in.Card == "" || in.Op == "" || len(in.Op) > maxOp || rev < 0 {
		s.absent(w, r, absence{Status: http.StatusBadRequest, frame: frame{Title: sorryTitle(http.StatusBadRequest), Page: "contract"}, Way: contractAt(kanban.UnitKey(r.PathValue("unit")), "/replenish"), WayName: "Back to the sheet",
			Words: "The form cannot be taken: it does not say which request, at which revision, by which op."})
		return
	}
	err := s.commit(r, in)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case ok:
		s.showSheet(w, r, refused)
	case err != nil:
		s.failContract(w, r, err)
	default:
		http.Redirect(w, r, "/contract/"+url.PathEscape(r.PathValue("unit"))+"/replenish?card="+url.QueryEscape(in.Card)+"&undo="+url.QueryEscape(in.Op)+"#said", http.StatusSeeOther)
	}
}

// commit takes one request on. Beyond the free slots only where that was said: of two who
// want the last one, one is asked. What is no ready request any more was taken on by the same
// op, or is refused by where it was.
func (s *server) commit(r *http.Request, in Intent) error {
	s.meeting.Lock()
	defer s.meeting.Unlock()
	d, err := s.sheetOf(r)
	if err != nil {
		return err
	}
	in.To = string(d.To.Key)
	at := func(list []view.ReadyRequest) int {
		return slices.IndexFunc(list, func(q view.ReadyRequest) bool { return string(q.Card) == in.Card })
	}
	n := at(d.R.Ready)
	switch {
	case in.To == "":
		return &Refusal{Status: http.StatusUnprocessableEntity, Reason: "the board has no column for work that is taken on"}
	case at(d.R.Unready) >= 0:
		return &Refusal{Status: http.StatusUnprocessableEntity, Reason: "it is not ready: it lacks " + d.Lacks(d.R.Unready[at(d.R.Unready)])}
	case n >= 0 && d.May[n] != "":
		return &Refusal{Status: http.StatusForbidden, Reason: d.May[n]}
	case n >= 0 && !d.R.Ready[n].Slotted && d.R.Free < 1 && r.PostFormValue("beyond") == "":
		return &Refusal{Status: http.StatusUnprocessableEntity, Reason: "no slot is free; tick “beyond the slots” to take one in advance, out of the next weeks"}
	}
	_, err = s.Intents.Intend(r.Context(), in)
	return err
}
