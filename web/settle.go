package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/sync/view"
)

// Settlement is one word of a person about several conflicts.
type Settlement struct {
	Conflicts []string // whole ids, each once
	Choice    string   // ChoiceRestore or ChoiceDismiss
	Op        string   // the asker's own id of all of it: the same one gets the same answers
	Dry       bool     // only tell what would come of it
	By        view.Viewer
}

// Settled is what came of a Settlement.
type Settled struct {
	Dry bool `json:"dry_run"`
	// Writes are what follows from it, by tracker, as it was foreseen before the first
	// conflict was ended.
	Writes  map[string]int `json:"writes"`
	Results []SettledOne   `json:"results"`
}

// SettledOne is what came of one conflict.
type SettledOne struct {
	Conflict string `json:"conflict"`
	State    string `json:"state"` // sent, held, done; SettledRefused or SettledWould
	Problem  string `json:"problem,omitempty"`
}

// States of a conflict of which nothing is settled.
const (
	SettledRefused = "refused"
	SettledWould   = "would" // it would be settled
)

// Total is the number of all writes.
func (s Settled) Total() (n int) {
	for w := range maps.Values(s.Writes) {
		n += w
	}
	return n
}

// Refused are the conflicts that cannot be settled so.
func (s Settled) Refused() []SettledOne {
	return slices.DeleteFunc(slices.Clone(s.Results), func(r SettledOne) bool { return r.State != SettledRefused })
}

// Ends is how many conflicts are settled, or would be.
func (s Settled) Ends() int { return len(s.Results) - len(s.Refused()) }

// WriteWords count the writes, by tracker.
func (s Settled) WriteWords() string {
	if s.Total() == 0 {
		return "nothing has to be written"
	}
	var parts []string
	for _, tracker := range slices.Sorted(maps.Keys(s.Writes)) {
		parts = append(parts, fmt.Sprintf("%d to %s", s.Writes[tracker], tracker))
	}
	if s.Total() == 1 {
		return "1 write: " + parts[0]
	}
	return fmt.Sprintf("%d writes: %s", s.Total(), strings.Join(parts, ", "))
}

// mostSettled is how many conflicts are settled at once.
const mostSettled = 500

// settleRequest is the body of a settlement.
type settleRequest struct {
	Conflicts []string `json:"conflicts"`
	Field     string   `json:"field"` // with Side: instead of Conflicts
	Side      string   `json:"side"`
	Choice    string   `json:"choice"`
	Op        string   `json:"op"`
	Dry       bool     `json:"dry_run"`
}

func (s *server) postSettle(w http.ResponseWriter, r *http.Request) {
	var body settleRequest
	if err := decode(w, r, &body); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	in, problem, err := s.settlement(r, body)
	if err == nil && problem == "" {
		var done Settled
		if done, err = s.Intents.Settle(r.Context(), in); err == nil {
			writeJSON(w, http.StatusOK, done)
			return
		}
	}
	if problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	s.answer(w, r, "conflicts", in.Op, Answer{}, err)
}

// settlement is what a body asks for, and what is wrong with it.
func (s *server) settlement(r *http.Request, body settleRequest) (Settlement, string, error) {
	in := Settlement{Choice: body.Choice, Op: orElse(body.Op, newOp()), Dry: body.Dry, By: viewer(r)}
	grouped := body.Field != "" || body.Side != ""
	switch {
	case in.Choice != ChoiceRestore && in.Choice != ChoiceDismiss:
		return in, "choice: it is restore or dismiss", nil
	case len(in.Op) > maxOp:
		return in, "op: it is longer than 200 bytes", nil
	case grouped == (len(body.Conflicts) > 0):
		return in, "name either conflicts, or a field or side", nil
	}
	all, err := s.reader(r).Conflicts(r.Context(), true)
	if err != nil {
		return in, "", err
	}
	if in.Conflicts = chosen(all, body); len(in.Conflicts) > mostSettled {
		return in, fmt.Sprintf("conflicts: %d are more than %d; settle them in parts", len(in.Conflicts), mostSettled), nil
	}
	return in, "", nil
}

// chosen are the conflicts that a body means: those that it names, or of a group all that
// can be acted on. What it names and the reader does not know is left for the answer to
// refuse.
func chosen(all []view.Clash, body settleRequest) []string {
	out := []string{}
	for _, id := range body.Conflicts {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, c := range all {
		if c.Actionable() && c.In(body.Field, body.Side) {
			out = append(out, c.ID)
		}
	}
	return out
}

// settleData is the page that tells what settling several conflicts would write.
type settleData struct {
	frame
	In      Settlement
	Settled Settled
	Clashes map[string]view.Clash // by id
}

// Of is a conflict of the page.
func (d settleData) Of(id string) view.Clash { return d.Clashes[id] }

// settleForm tells what would come of settling conflicts; once that is confirmed, it
// settles them.
func (s *server) settleForm(w http.ResponseWriter, r *http.Request) {
	if !s.whole(w, r) {
		return
	}
	body := settleRequest{Choice: r.PostFormValue("choice"), Op: r.PostFormValue("op"), Dry: r.PostFormValue("confirmed") == ""}
	group := r.PostFormValue("group")
	if field, side, ok := strings.Cut(group, " "); ok {
		body.Field, body.Side = field, side
	} else {
		body.Conflicts = r.PostForm["conflict"]
	}
	if group == "" && len(body.Conflicts) == 0 {
		s.showSync(w, r, http.StatusUnprocessableEntity, &Refusal{Status: http.StatusUnprocessableEntity, Reason: "No conflict is chosen: tick some, or choose a group"})
		return
	}
	in, problem, err := s.settlement(r, body)
	switch {
	case problem != "":
		s.malformed(w, r, problem)
	case err != nil:
		s.fail(w, r, err)
	default:
		s.settle(w, r, in)
	}
}

func (s *server) settle(w http.ResponseWriter, r *http.Request, in Settlement) {
	done, err := s.Intents.Settle(r.Context(), in)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case ok:
		s.showSync(w, r, refused.Status, refused)
	case err != nil:
		s.fail(w, r, err)
	case !in.Dry && len(done.Refused()) == 0:
		http.Redirect(w, r, "/sync?settled="+url.QueryEscape(fmt.Sprint(done.Ends()))+"#conflicts", http.StatusSeeOther)
	default:
		s.showSettled(w, r, in, done)
	}
}

// showSettled is the page before a settlement, and after one of which something was refused.
func (s *server) showSettled(w http.ResponseWriter, r *http.Request, in Settlement, done Settled) {
	all, err := s.reader(r).Conflicts(r.Context(), true)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := settleData{In: in, Settled: done, Clashes: map[string]view.Clash{}}
	for _, c := range all {
		d.Clashes[c.ID] = c
	}
	if d.frame, _, err = s.framed(r.Context(), r, "sync", "Settle conflicts"); err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "settle-page", d)
}
