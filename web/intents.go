package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"parley/kanban"
)

// moveRequest is the body of a move.
type moveRequest struct {
	To     string  `json:"to"`
	After  *string `json:"after"` // of a card; the place within a column is by age, so it changes nothing
	Expect *string `json:"expect_column"`
	Rev    int64   `json:"rev"`
	Op     string  `json:"op"`
	Side   string  `json:"side"` // for which an ops lead acts, business or it
}

// priorityRequest is the body of a change of priority.
type priorityRequest struct {
	To     string  `json:"to"`
	Expect *string `json:"expect_priority"` // null or left out: does not matter
	Rev    int64   `json:"rev"`
	Op     string  `json:"op"`
}

func (s *server) postMove(w http.ResponseWriter, r *http.Request) {
	m, ok := bodyOf[moveRequest](w, r)
	if !ok {
		return
	}
	s.intend(w, r, Intent{Field: "status", To: m.To, Expect: m.Expect, Rev: m.Rev, Op: m.Op, Side: kanban.Party(m.Side)})
}

func (s *server) postPriority(w http.ResponseWriter, r *http.Request) {
	p, ok := bodyOf[priorityRequest](w, r)
	if !ok {
		return
	}
	s.intend(w, r, Intent{Field: "priority", To: p.To, Expect: p.Expect, Rev: p.Rev, Op: p.Op})
}

// intend hands an intent on and answers what came of it.
func (s *server) intend(w http.ResponseWriter, r *http.Request, in Intent) {
	if problem := complete(&in, r); problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	answer, err := s.Intents.Intend(r.Context(), in)
	s.answer(w, r, "card", in.Card, answer, err)
}

// answer tells what came of something that was asked about a card or a conflict.
func (s *server) answer(w http.ResponseWriter, r *http.Request, what, id string, answer Answer, err error) {
	var refused *Refusal
	switch {
	case err == nil:
		writeJSON(w, http.StatusAccepted, answer)
	case errors.As(err, &refused):
		writeJSON(w, refused.Status, apiError{Error: refused.Reason, Allowed: refused.Allowed, Card: refused.Card, Full: refused.Full})
	case r.Context().Err() != nil:
	default:
		s.Log.ErrorContext(r.Context(), "take an intent", what, id, "error", err)
		writeError(w, http.StatusInternalServerError, "Parley could not store this; nothing was changed, and the log says why")
	}
}

// maxOp bounds the asker's own id.
const maxOp = 200

// complete fills in what the asker may leave out and says what is missing.
func complete(in *Intent, r *http.Request) string {
	in.Card, in.By = r.PathValue("id"), viewer(r)
	switch {
	case in.To == "" && in.Field != fieldBlocked:
		return "to: name a " + map[string]string{"status": "column", "priority": "priority", fieldPlanned: "choice, planned, unplanned or rules"}[in.Field]
	case in.Rev < 0:
		return "rev: it is not a revision"
	case !slices.Contains([]kanban.Party{"", kanban.Business, kanban.IT}, in.Side):
		return "side: it is business or it"
	case len(in.Op) > maxOp:
		return "op: it is longer than 200 bytes"
	case in.Op == "":
		in.Op = newOp()
	}
	return ""
}

func newOp() string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}

// moveForm is a move made without scripts.
func (s *server) moveForm(w http.ResponseWriter, r *http.Request) { s.form(w, r, "status") }

// priorityForm is a change of priority made without scripts.
func (s *server) priorityForm(w http.ResponseWriter, r *http.Request) { s.form(w, r, "priority") }

// formRev reads the form of a request, and of it the revision; -1 where that is none. Of a
// form that did not arrive whole nothing is taken: ok is false, and it is answered.
func (s *server) formRev(w http.ResponseWriter, r *http.Request) (rev int64, ok bool) {
	if !s.whole(w, r) {
		return 0, false
	}
	rev, err := strconv.ParseInt(r.PostFormValue("rev"), 10, 64)
	if err != nil {
		rev = -1
	}
	return rev, true
}

// whole reads the form of a request. One that did not arrive whole is answered.
func (s *server) whole(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.ParseForm() != nil {
		s.malformed(w, r, "it did not arrive whole")
		return false
	}
	return true
}

// form takes an intent from a page's form and goes back to the page.
func (s *server) form(w http.ResponseWriter, r *http.Request, field string) {
	rev, ok := s.formRev(w, r)
	if !ok {
		return
	}
	s.intendForm(w, r, Intent{Field: field, To: r.PostFormValue("to"), Rev: rev, Op: r.PostFormValue("op"), Side: kanban.Party(r.PostFormValue("side"))})
}

// intendForm takes an intent that a form has made.
func (s *server) intendForm(w http.ResponseWriter, r *http.Request, in Intent) {
	if problem := complete(&in, r); problem != "" {
		s.malformed(w, r, problem)
		return
	}
	_, err := s.Intents.Intend(r.Context(), in)
	s.formDone(w, r, "?undo="+url.QueryEscape(in.Op), err)
}

// malformed answers a form that no page of ours has made.
func (s *server) malformed(w http.ResponseWriter, r *http.Request, problem string) {
	s.sorry(w, r, http.StatusBadRequest, "The form cannot be taken: "+problem+". Go back and try again.")
}

// formDone goes back to the card's page, or shows there why nothing was changed. query is
// what the page is to know.
func (s *server) formDone(w http.ResponseWriter, r *http.Request, query string, err error) {
	var refused *Refusal
	switch {
	case err == nil:
		http.Redirect(w, r, "/card/"+url.PathEscape(r.PathValue("id"))+query, http.StatusSeeOther)
	case errors.As(err, &refused):
		s.refusedPage(w, r, refused)
	default:
		s.fail(w, r, err)
	}
}
