package web

import "net/http"

// fieldPlanned is Intent.Field of whether a card counts as planned.
const fieldPlanned = "planned"

// sortRequest is the body of a correction of what was planned.
type sortRequest struct {
	To     string `json:"to"` // planned, unplanned, rules
	Reason string `json:"reason"`
	Rev    int64  `json:"rev"`
	Op     string `json:"op"`
}

func (s *server) postSort(w http.ResponseWriter, r *http.Request) {
	var b sortRequest
	if err := decode(w, r, &b); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.intend(w, r, Intent{Field: fieldPlanned, To: b.To, Reason: b.Reason, Rev: b.Rev, Op: b.Op})
}
