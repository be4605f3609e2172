package web

import (
	"fmt"
	"net/http"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

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
	b, ok := bodyOf[sortRequest](w, r)
	if !ok {
		return
	}
	s.intend(w, r, Intent{Field: fieldPlanned, To: b.To, Reason: b.Reason, Rev: b.Rev, Op: b.Op})
}

// sortForm says without scripts whether a card was planned.
func (s *server) sortForm(w http.ResponseWriter, r *http.Request) {
	rev, ok := s.formRev(w, r)
	if !ok {
		return
	}
	s.intendForm(w, r, Intent{Field: fieldPlanned, To: r.PostFormValue("to"), Reason: r.PostFormValue("reason"), Rev: rev, Op: r.PostFormValue("op")})
}

// Sorts are what a reader may say of a card's being planned: the opposite of what it counts
// as, and where somebody said that, to leave it to the rules again.
func (d cardData) Sorts() []offer {
	out := []offer{{Key: string(kanban.SortUnplanned), Name: "Count as unplanned"}}
	if !d.Card.Planned {
		out[0] = offer{Key: string(kanban.SortPlanned), Name: "Count as planned"}
	}
	if d.Card.Sorted != "" {
		out = append(out, offer{Key: string(kanban.SortRules), Name: "Leave it to the rules"})
	}
	return out
}

// sortWords says as what a card counts, and by whose word.
func sortWords(c view.Card, s *view.SortStory, tell func(time.Time) string) string {
	as := "Planned"
	if !c.Planned {
		as = "Unplanned"
	}
	switch {
	case s == nil:
		return as + "."
	case s.By != "" && s.Reason != "":
		return fmt.Sprintf("%s: %s said so, %s: %s", as, s.By, tell(s.At), s.Reason)
	case s.By != "":
		return fmt.Sprintf("%s: %s said so, %s.", as, s.By, tell(s.At))
	case s.Rule > 0:
		return fmt.Sprintf("%s: rule %d of the configuration says so.", as, s.Rule)
	case s.Arrived != nil:
		return fmt.Sprintf("%s: it was in work %s after it was created, and nobody had committed to it. No rule says otherwise.", as, soon(s.Arrived.Minutes))
	case !c.Planned:
		return as + ": it is expedited, and no rule says otherwise."
	}
	return as + ": no rule says otherwise."
}

// soon is a time of hours in words.
func soon(minutes int) string {
	switch {
	case minutes < 1:
		return "less than a minute"
	case minutes < 2*60:
		return kanban.Count(minutes, "minute", "minutes")
	case minutes < 2*24*60:
		return kanban.Count(minutes/60, "hour", "hours")
	}
	return kanban.Count(minutes/60/24, "day", "days")
}
