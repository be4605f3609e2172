package web

import "net/http"

// fieldBlocked is Intent.Field of a block.
const fieldBlocked = "blocked"

// blockRequest is the body of a block.
type blockRequest struct {
	Reason string `json:"reason"`
	Party  string `json:"party"` // business, it, third
	Rev    int64  `json:"rev"`
	Op     string `json:"op"`
}

// plainRequest is the body of what needs no more than which change it is.
type plainRequest struct {
	Rev int64  `json:"rev"`
	Op  string `json:"op"`
}

func (s *server) postBlock(w http.ResponseWriter, r *http.Request) {
	b, ok := bodyOf[blockRequest](w, r)
	if !ok {
		return
	}
	if b.Party == "" {
		writeError(w, http.StatusBadRequest, noParty)
		return
	}
	s.intend(w, r, Intent{Field: fieldBlocked, To: b.Party, Reason: b.Reason, Rev: b.Rev, Op: b.Op})
}

// noParty tells what is missing where nobody is named: without a party it would be an unblock.
const noParty = "party: say for whom it waits, business, it or third"

func (s *server) postUnblock(w http.ResponseWriter, r *http.Request) {
	b, ok := bodyOf[plainRequest](w, r)
	if !ok {
		return
	}
	s.intend(w, r, Intent{Field: fieldBlocked, Rev: b.Rev, Op: b.Op})
}

func (s *server) postUndo(w http.ResponseWriter, r *http.Request) {
	b, ok := bodyOf[plainRequest](w, r)
	if !ok {
		return
	}
	u := Undo{Card: r.PathValue("id"), Op: b.Op, Rev: b.Rev, By: viewer(r)}
	if problem := u.problem(); problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	answer, err := s.Intents.Undo(r.Context(), u)
	s.answer(w, r, "card", u.Card, answer, err)
}

// problem says what is missing.
func (u Undo) problem() string {
	switch {
	case u.Op == "":
		return "op: name the change that is to be taken back"
	case len(u.Op) > maxOp:
		return "op: it is longer than 200 bytes"
	case u.Rev < 0:
		return "rev: it is not a revision"
	}
	return ""
}

// blockForm blocks a card without scripts.
func (s *server) blockForm(w http.ResponseWriter, r *http.Request) {
	rev, ok := s.formRev(w, r)
	if !ok {
		return
	}
	if r.PostFormValue("party") == "" {
		s.malformed(w, r, noParty)
		return
	}
	s.intendForm(w, r, Intent{Field: fieldBlocked, To: r.PostFormValue("party"), Reason: r.PostFormValue("reason"), Rev: rev, Op: r.PostFormValue("op")})
}

// unblockForm unblocks a card without scripts.
func (s *server) unblockForm(w http.ResponseWriter, r *http.Request) {
	rev, ok := s.formRev(w, r)
	if !ok {
		return
	}
	s.intendForm(w, r, Intent{Field: fieldBlocked, Rev: rev, Op: r.PostFormValue("op")})
}

// undoForm takes a change back without scripts.
func (s *server) undoForm(w http.ResponseWriter, r *http.Request) {
	if !s.whole(w, r) {
		return
	}
	u := Undo{Card: r.PathValue("id"), Op: r.PostFormValue("op"), By: viewer(r)}
	if problem := u.problem(); problem != "" {
		s.malformed(w, r, problem)
		return
	}
	_, err := s.Intents.Undo(r.Context(), u)
	s.formDone(w, r, "", err)
}
