package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
)

// decideRequest is the body of a decision about a conflict.
type decideRequest struct {
	Op string `json:"op"`
}

func (s *server) postRestore(w http.ResponseWriter, r *http.Request) { s.decide(w, r, ChoiceRestore) }
func (s *server) postDismiss(w http.ResponseWriter, r *http.Request) { s.decide(w, r, ChoiceDismiss) }

// decide hands a decision on and answers what came of it.
func (s *server) decide(w http.ResponseWriter, r *http.Request, choice string) {
	body, ok := bodyOf[decideRequest](w, r)
	if !ok {
		return
	}
	d, problem := decision(r, choice, body.Op)
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	answer, err := s.Intents.Decide(r.Context(), d)
	s.answer(w, r, "conflict", d.Conflict, answer, err)
}

// decision is what was decided, and what is wrong with it.
func decision(r *http.Request, choice, op string) (Decision, string) {
	if len(op) > maxOp {
		return Decision{}, "op: it is longer than 200 bytes"
	}
	return Decision{Conflict: r.PathValue("id"), Choice: choice, Op: cmp.Or(op, newOp()), By: viewer(r)}, ""
}

func (s *server) restoreForm(w http.ResponseWriter, r *http.Request) {
	s.decideForm(w, r, ChoiceRestore)
}
func (s *server) dismissForm(w http.ResponseWriter, r *http.Request) {
	s.decideForm(w, r, ChoiceDismiss)
}

// decideForm takes a decision made without scripts and goes back to the page it was
// made on: the card's, else that about the trackers.
func (s *server) decideForm(w http.ResponseWriter, r *http.Request, choice string) {
	if !s.whole(w, r) { // what it decides is not known to be all it says
		return
	}
	card := r.PostFormValue("card")
	d, problem := decision(r, choice, r.PostFormValue("op"))
	if problem != "" {
		s.malformed(w, r, problem)
		return
	}
	_, err := s.Intents.Decide(r.Context(), d)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case err == nil && card != "":
		http.Redirect(w, r, "/card/"+url.PathEscape(card), http.StatusSeeOther)
	case err == nil:
		http.Redirect(w, r, "/sync#conflicts", http.StatusSeeOther)
	case ok && card != "":
		s.showCardOf(w, r, card, refused.Status, refused)
	case ok:
		s.showSync(w, r, refused.Status, refused)
	default:
		s.fail(w, r, err)
	}
}
